/** One file of cachelib: the expiry, then the record. Expiry 0 is never. */
import { constants, type Stats } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { DecodeError, LimitError, StoreError, TruncatedError } from "../../errors.ts";
import { valueAt } from "./failure.ts";
import { encodeHeader, HEAD_BYTES, type Header, type HeaderForm, headerIn, movedHeader } from "./header.ts";

/** A session file as it lies there, expired or not. */
export interface CacheFile {
  readonly bytes: Uint8Array;
  /** Seconds since 1970; 0: never. */
  readonly expiry: number;
  /** How the expiry is written. */
  readonly form: HeaderForm;
}

/** Every header has as many. */
const LEAST_BYTES = 4;
/** More than any decoder is set to take; a planted file must not fill the memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const PRIVATE = 0o600;
/** Age from which a file without a byte is not one that somebody is about to fill. */
const EMPTY_MILLIS = 60_000;
/** Where Windows lacks a flag, it is `undefined`, which counts as 0. */
const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** What `open` says of links, directories and sockets; a pipe it opens, because it must not wait. */
const NOT_A_FILE: ReadonlySet<string | undefined> = new Set(["EISDIR", "ELOOP", "EMLINK", "ENXIO"]);

/**
 * The expiry of a file for an instant. Python rounds down too: int(now) + timeout.
 * @throws StoreError after 2106, where Python's `struct.pack` raises
 */
export function expiryOf(instant: Date): number {
  const seconds = Math.floor(instant.getTime() / 1000);
  if (seconds > 0xffffffff)
    throw new StoreError("Cannot store in a file what expires after 2106: four bytes hold no more");
  return Math.max(1, seconds);
}

/** Whether cachelib would still read a file with this expiry: in its last second it does. */
export function isLive(expiry: number): boolean {
  return expiry === 0 || expiry >= Date.now() / 1000;
}

/** The whole content of a file. */
export function encodeFile(bytes: Uint8Array, expiry: number, form: HeaderForm = "packed"): Uint8Array {
  return Buffer.concat([encodeHeader(form, expiry), bytes]);
}

/** @returns `undefined` where there is no file. @throws DecodeError where what is there cannot be a session */
export function readFile(path: string): Promise<CacheFile | undefined> {
  return withFile(path, constants.O_RDONLY, async (handle, { size }) => {
    const content = new Uint8Array(size);
    const { bytesRead } = await handle.read(content, 0, size, 0);
    if (bytesRead <= LEAST_BYTES) {
      throw new TruncatedError("Cannot read the session file: it ends before its record", bytesRead);
    }
    const { expiry, form, length } = headerIn(content.subarray(0, HEAD_BYTES));
    return { bytes: content.subarray(length), expiry, form };
  });
}

/** Writes a file that must not exist. It is for its owner alone until all of it is written, as in Python. */
export async function writeFile(path: string, content: Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, "wx", PRIVATE);
  try {
    await handle.writeFile(content);
    if (mode !== PRIVATE) await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

/** @returns whether there was a file */
export function removeFile(path: string): Promise<boolean> {
  return unlink(path).then(() => true, valueAt("ENOENT", false));
}

/**
 * Whether a file is there that nobody reads any more: an expired one, by its header alone, or one that has had no byte for
 * a minute, as a crash or a full disk leaves it; of that one cachelib complains at every look.
 * @throws DecodeError as {@link readFile}
 */
export async function isExpired(path: string): Promise<boolean> {
  const expired = await withFile(path, constants.O_RDONLY, async (handle, { size, mtimeMs }) => {
    return size === 0 ? Date.now() - mtimeMs > EMPTY_MILLIS : !isLive((await headerAt(handle)).expiry);
  });
  return expired === true;
}

/**
 * Writes a new expiry over the old one, in place: where somebody renames a new file over this one meanwhile, that stays
 * as it is. @returns `undefined` where no live file is, `unfit` where the new expiry is longer or shorter
 * @throws DecodeError as {@link readFile}
 */
export function moveExpiry(path: string, expiry: number): Promise<"moved" | "unfit" | undefined> {
  return withFile(path, constants.O_RDWR, async (handle) => {
    const header = await headerAt(handle);
    if (!isLive(header.expiry)) return undefined;
    const patch = movedHeader(header, expiry);
    if (patch === undefined) return "unfit";
    await handle.write(patch.bytes, 0, patch.bytes.length, patch.offset);
    return "moved";
  });
}

/** Opens and closes a file, if it is there: whether this user may read and write it. @throws DecodeError as {@link readFile} */
export async function tryFile(path: string): Promise<void> {
  await withFile(path, constants.O_RDWR, () => Promise.resolve());
}

/**
 * Works on an open file, which must be a plain one with one name: a link that somebody has planted must not let us read
 * or write elsewhere, and a pipe must not make us wait.
 */
async function withFile<T>(
  path: string,
  access: number,
  work: (handle: FileHandle, stats: Stats) => Promise<T>,
): Promise<T | undefined> {
  const handle = await open(path, access | SAFELY).catch(noFile);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat();
    expectPlain(stats);
    return await work(handle, stats);
  } finally {
    await handle.close();
  }
}

/** What stands in the way of a file: `undefined` where nothing is there at all. */
function noFile(error: NodeJS.ErrnoException): undefined {
  if (NOT_A_FILE.has(error.code)) throw notPlain();
  if (error.code !== "ENOENT") throw error;
}

function expectPlain(stats: Stats): void {
  // No name at all: it was replaced or deleted since, and still is what was there when it was opened.
  if (!stats.isFile() || stats.nlink > 1) throw notPlain();
  if (stats.size > MAX_FILE_BYTES) {
    throw new LimitError(`Cannot read the session file: it is larger than ${MAX_FILE_BYTES} bytes`, MAX_FILE_BYTES);
  }
}

function notPlain(): DecodeError {
  return new DecodeError("Cannot read the session file: it is no plain file with one name", 0);
}

async function headerAt(handle: FileHandle): Promise<Header> {
  const head = new Uint8Array(HEAD_BYTES);
  const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
  if (bytesRead < LEAST_BYTES)
    throw new TruncatedError("Cannot read the session file: it ends in its expiry", bytesRead);
  return headerIn(head.subarray(0, bytesRead));
}
