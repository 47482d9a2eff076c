/** Deletes a session file that nobody reads any more. */
import { isExpired, removeFile } from "./cache-file.ts";
import { nothingIfCorrupt } from "./failure.ts";
import { withLocks } from "./lock.ts";

/** Looked at again under the lock: a session that was renewed meanwhile stays. @returns whether a file was deleted */
export async function deleteIfExpired(path: string): Promise<boolean> {
  if (!(await hasExpired(path))) return false;
  return withLocks([path], async () => (await hasExpired(path)) && removeFile(path));
}

async function hasExpired(path: string): Promise<boolean> {
  return (await isExpired(path).catch(nothingIfCorrupt)) ?? false;
}
