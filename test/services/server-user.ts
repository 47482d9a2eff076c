/** Servers that refuse to run as root: started as the user that their package has made, where the tests run as root. */
import { spawnSync } from "node:child_process";
import { chown, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whose rights a server has, or `undefined`: those of the tests. */
export type ServerUser = { readonly uid: number; readonly gid: number } | undefined;

/** @param name of the user of the package */
export function serverUser(name: string): ServerUser {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ["-u", "-g"].map((option) => Number(spawnSync("id", [option, name]).stdout));
  return { uid: uid as number, gid: gid as number };
}

/** A folder of that user's own. Its path is short, because that of a socket in it may have 107 bytes. */
export async function serverFolder(prefix: string, user: ServerUser): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

/** Runs a program to its end. @throws Error with what it wrote */
export function runAs(user: ServerUser, command: string, args: readonly string[], cwd: string): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", ...user });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`);
}
