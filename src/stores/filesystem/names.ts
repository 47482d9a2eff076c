/** Names of files in a session directory: a hash of the key, MD5 up to cachelib 0.15, SHA-256 from 0.16. */
import { createHash, randomBytes } from "node:crypto";
import { opendir } from "node:fs/promises";
import { basename, join } from "node:path";

/** The hash that file names are made with. */
export type FileNames = "md5" | "sha256";

/** Files with this suffix cachelib neither counts nor deletes. */
const SUFFIX = ".__wz_cache";

const LOCK = `.lock${SUFFIX}`;

/** The names of the key `__wz_cache_count`, under which cachelib keeps the number of files. */
const COUNT_FILES: Readonly<Record<FileNames, string>> = {
  md5: "2029240f6d1128be89ddc32729463129",
  sha256: "79bc207ee04a581ab2348ca1f3494e64cd0ec36128735b8c6bc85ddd8fe1938c",
};

/** The name of a key's file. */
export function fileName(kind: FileNames, key: string): string {
  return createHash(kind).update(key).digest("hex");
}

/** A name of our own for a file that is to be renamed or deleted soon. */
export function temporaryPath(directory: string): string {
  return join(directory, `tmp${randomBytes(8).toString("hex")}${SUFFIX}`);
}

/** The lock beside a file. */
export function lockPath(file: string): string {
  return `${file}${LOCK}`;
}

/** Whether a name can be a session's: not the count file's, a temporary one's, a lock's or a stranger's. */
export function isSessionName(name: string): boolean {
  return /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/.test(name) && name !== COUNT_FILES.md5 && name !== COUNT_FILES.sha256;
}

/** Whether a name is that of a temporary file, Python's (`mkstemp`) or ours. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith("tmp") && name.endsWith(SUFFIX);
}

/** Whether a name is that of a session's lock. */
export function isLockName(name: string): boolean {
  return name.endsWith(LOCK) && isSessionName(name.slice(0, -LOCK.length));
}

/** The names of the session files in a directory, in no order. */
export async function* sessionNames(directory: string): AsyncGenerator<string> {
  for await (const name of namesIn(directory)) if (isSessionName(name)) yield name;
}

/** All names in a directory, in no order. */
export async function* namesIn(directory: string): AsyncGenerator<string> {
  for await (const { name } of await opendir(directory)) yield name;
}

/** Both paths at which cachelib counts the files of a directory, by the names that it gives. */
export function countPaths(directory: string): readonly string[] {
  return [join(directory, COUNT_FILES.md5), join(directory, COUNT_FILES.sha256)];
}

/** The hash that a name was made with. */
export function namesOf(path: string): FileNames {
  return basename(path).length === COUNT_FILES.md5.length ? "md5" : "sha256";
}
