/** A disk that is full after some kilobytes, where these tests may mount one: as root, with the right to. */
import { spawnSync } from "node:child_process";
import { chmod, mkdtemp, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own. */
export interface SmallDisk {
  readonly path: string;
  /** From here on nothing can be written to it. */
  makeReadOnly(): void;
  end(): Promise<void>;
}

const mounted = new Set<string>();

process.on("exit", () => {
  for (const path of mounted) run("umount", "-l", path);
});

/** @returns `undefined` where nothing may be mounted */
export async function smallDisk(kilobytes: number): Promise<SmallDisk | undefined> {
  const path = await mkdtemp(join(tmpdir(), "disk-"));
  if (!run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k`, "sessions", path)) {
    await rmdir(path);
    return undefined;
  }
  mounted.add(path);
  await chmod(path, 0o777);
  return {
    path,
    makeReadOnly: () => {
      if (!run("mount", "-o", "remount,ro", path)) throw new Error(`Cannot make ${path} read-only`);
    },
    end: async () => {
      run("umount", "-l", path);
      mounted.delete(path);
      await rmdir(path);
    },
  };
}

/** @returns whether it succeeded */
function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
