/** What this process may do in a session directory, found out by trying it. */
import { open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { StoreCheck } from "../../session/store.ts";
import { tryFile } from "./cache-file.ts";
import { nothingIfCorrupt } from "./failure.ts";
import { sessionNames, temporaryPath } from "./names.ts";

const REFUSED: ReadonlySet<string | undefined> = new Set(["EACCES", "EPERM", "EROFS"]);

/** The clock is the file system's: on a share it is another than ours, and locks are as old as it says. */
export async function checkDirectory(directory: string): Promise<StoreCheck> {
  const missingRights: string[] = [];
  const attempt = async <T>(right: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!REFUSED.has((error as NodeJS.ErrnoException).code)) throw error;
      missingRights.push(right);
      return undefined;
    }
  };
  const name = await attempt("reading the directory (listing sessions)", () => firstName(directory));
  const serverTime = await attempt("making files in the directory (writing sessions)", () => timeOfNewFile(directory));
  if (name !== undefined) {
    await attempt(
      "reading and writing the files that Flask has made (SESSION_FILE_MODE, or run as the same user)",
      () => tryFile(join(directory, name)).catch(nothingIfCorrupt),
    );
  }
  return { ...(serverTime !== undefined && { serverTime }), missingRights };
}

async function firstName(directory: string): Promise<string | undefined> {
  for await (const name of sessionNames(directory)) return name;
  return undefined;
}

async function timeOfNewFile(directory: string): Promise<Date> {
  const path = temporaryPath(directory);
  const handle = await open(path, "wx", 0o600);
  try {
    return (await handle.stat()).mtime;
  } finally {
    await handle.close();
    await unlink(path);
  }
}
