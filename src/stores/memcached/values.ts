/** What is put into an item of memcached beside the record: its flags, its lifetime, its key. */
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { isWellFormed } from "../../bytes/utf8.ts";
import { DecodeError, LimitError, StoreError } from "../../errors.ts";
import type { MemcachedItem } from "./client.ts";

/**
 * What the Python side hands to its client: bytes, as Flask-Session does, or an object that the client pickles, as
 * cachelib does. Flags as pylibmc 1.6, python-memcached 1.59 to 1.62 and pymemcache 4.0 set them.
 */
export type Content = "bytes" | "pickle";

const PICKLE = 1;
const COMPRESSED = 8;
const TEXT = 16;

/** What items of ours are marked with. */
export const FLAGS: Readonly<Record<Content, number>> = { bytes: 0, pickle: PICKLE };

/** Text comes out as bytes: pymemcache's own serializer and python-memcached up to 1.58 mark it as such. */
const READ_FLAGS: Readonly<Record<Content, readonly number[]>> = { bytes: [0, TEXT], pickle: [PICKLE] };

/** More than any decoder is set to take. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;
const inflated = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(inflate);

/** The record in an item, inflated where pymemcache's `compressed_serde` has compressed it. @throws DecodeError */
export async function bytesOf({ value, flags }: MemcachedItem, content: Content): Promise<Uint8Array> {
  if (!READ_FLAGS[content].includes(flags & ~COMPRESSED)) {
    throw new DecodeError(`Cannot read the record from memcached: its flags, ${flags}, are not those of a session`, 0);
  }
  if ((flags & COMPRESSED) === 0) return value;
  return inflated(value, { maxOutputLength: MAX_INFLATED_BYTES }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ERR_BUFFER_TOO_LARGE"
      ? new LimitError(`Cannot read the record from memcached: it inflates to over ${MAX_INFLATED_BYTES} bytes`, 0)
      : new DecodeError("Cannot read the record from memcached: its flags call it compressed, and it is not", 0);
  });
}

/** Over 30 days memcached takes a number of seconds for an instant. */
const MAX_RELATIVE_SECONDS = 30 * 24 * 3600;
/** memcached reads 32 bits, with a sign. */
const MAX_EXPTIME = 2 ** 31 - 1;
/** Expired when it is stored. */
export const EXPIRED = -1;

/**
 * An instant as memcached takes it. Seconds from now where that can be, as Flask-Session sends them: where the clock
 * here is behind the server's, an absolute instant would end the session that it was to renew. A part of a second is a whole one.
 */
export function exptimeOf(instant: Date): number {
  const seconds = Math.ceil((instant.getTime() - Date.now()) / 1000);
  if (seconds <= 0) return EXPIRED;
  if (seconds <= MAX_RELATIVE_SECONDS) return seconds;
  return Math.min(Math.ceil(instant.getTime() / 1000), MAX_EXPTIME);
}

const MAX_KEY_BYTES = 250;
/** The bytes that pylibmc and python-memcached take; pymemcache takes ASCII only. */
const KEY = /^[^\0-\x20\x7f]+$/;

/** Whether a text can be a key, or the beginning of one: what ends a word or a line would be a command of its own. */
export function isKeyText(text: string): boolean {
  return KEY.test(text) && isWellFormed(text) && Buffer.byteLength(text) <= MAX_KEY_BYTES;
}

/** @returns the key's length in bytes. @throws StoreError for what memcached cannot have as a key */
export function checkKey(key: string): number {
  if (!isKeyText(key)) {
    throw new StoreError(
      `Cannot use the key with memcached: it must have 1 to ${MAX_KEY_BYTES} bytes, without spaces and control characters`,
    );
  }
  return Buffer.byteLength(key);
}
