/** Deletes what processes that died have left in a session directory beside the sessions. */
import { lstat } from "node:fs/promises";
import { basename } from "node:path";
import { removeFile } from "./cache-file.ts";
import { valueAt } from "./failure.ts";
import { takeAwayIfStale } from "./lock.ts";
import { isLockName, isTemporaryName } from "./names.ts";

/** Age from which a temporary file is nobody's any more: longer than any save takes, and than clocks differ by. */
const ABANDONED_MILLIS = 3_600_000;

/** Old temporary files and locks alone, and plain files: all else in the directory is somebody's. */
export async function deleteIfLeftOver(path: string): Promise<void> {
  const name = basename(path);
  if (!isTemporaryName(name) && !isLockName(name)) return;
  const stats = await lstat(path).catch(valueAt("ENOENT", undefined));
  if (stats?.isFile() !== true) return;
  if (isLockName(name)) await takeAwayIfStale(path);
  else if (Date.now() - stats.mtimeMs > ABANDONED_MILLIS) await removeFile(path);
}
