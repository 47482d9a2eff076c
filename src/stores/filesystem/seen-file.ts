/** Files as they were seen: which is newer, and whether one is still the same. */
import { lstatSync, renameSync, type Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { valueAt } from "./failure.ts";

/** A file at one moment. */
export interface SeenFile {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
  /** The inode: another one once somebody has renamed a new file over this one. */
  readonly ino: number;
  /** Who may read and write it. */
  readonly mode: number;
}

/** @returns `undefined` for no file */
export async function seen(path: string): Promise<SeenFile | undefined> {
  return seenFile(path, await lstat(path).catch(valueAt("ENOENT", undefined)));
}

/** Whether two looks at one path saw the same file. */
export function isSameFile(one: SeenFile, other: SeenFile): boolean {
  return one.path === other.path && one.ino === other.ino && one.changedAt === other.changedAt;
}

/** Those of the files that exist, the newest first; of two of the same age the later named. */
export async function newestFirst(paths: readonly string[]): Promise<readonly SeenFile[]> {
  const files = await Promise.all(paths.map(seen));
  return files
    .filter((file) => file !== undefined)
    .toReversed()
    .toSorted((one, other) => other.changedAt - one.changedAt);
}

/**
 * Renames a file over another if all the paths are as they were seen. Synchronously, because Python takes no lock: what
 * it writes between a look and the renaming would be lost, and in the thread pool that is a third of a millisecond.
 * @returns false: something has changed, and nothing was renamed
 */
export function renameIfUnchanged(
  from: string,
  to: string,
  paths: readonly string[],
  files: readonly SeenFile[],
): boolean {
  for (const path of paths) {
    const before = files.find((file) => file.path === path);
    const now = seenFile(path, lstatSync(path, { throwIfNoEntry: false }));
    if (now?.ino !== before?.ino || now?.changedAt !== before?.changedAt) return false;
  }
  renameSync(from, to);
  return true;
}

function seenFile(path: string, stats: Stats | undefined): SeenFile | undefined {
  return stats && { path, changedAt: stats.mtimeMs, ino: stats.ino, mode: stats.mode & 0o777 };
}
