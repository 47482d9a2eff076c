/** What cachelib's caches put around a key and a pickle before their back end has them. */
import { DecodeError, StoreError } from "../../errors.ts";
import type { StoredRecord } from "../../session/store.ts";

/** The caches that are no file system's, by the names of their classes. */
export type CacheName = "RedisCache" | "MemcachedCache";

interface Form {
  /** What stands before each pickle. */
  readonly mark: Uint8Array;
  /** Keys that the cache finds again: under others MemcachedCache stores, and its `get` does not look. */
  readonly keys: RegExp;
}

/** As cachelib 0.13 and 0.17 have them. What bears no mark in Redis is a number to cachelib, or what others put there. */
const FORMS: Readonly<Record<CacheName, Form>> = {
  RedisCache: { mark: Buffer.from("!"), keys: /^/ },
  MemcachedCache: { mark: new Uint8Array(), keys: /^[^\0-\x21\xff]+$/ },
};

/** The framing of one cache. */
export class Framing {
  readonly #form: Form;
  readonly #keyPrefix: string;

  constructor(cache: CacheName, keyPrefix: string) {
    this.#form = FORMS[cache];
    this.#keyPrefix = keyPrefix;
  }

  /** @throws StoreError for a key that the cache would not find again */
  keyOf(key: string): string {
    const framed = this.prefixed(key);
    if (!this.#form.keys.test(framed)) {
      throw new StoreError("Cannot use the key with MemcachedCache, which does not look for keys with spaces, ! or ÿ");
    }
    return framed;
  }

  /** A key, or the beginning of one. */
  prefixed(key: string): string {
    return this.#keyPrefix + key;
  }

  /** The key of the sessions in one of the cache. */
  bare(framed: string): string {
    return framed.slice(this.#keyPrefix.length);
  }

  marked(pickle: Uint8Array): Uint8Array {
    return Buffer.concat([this.#form.mark, pickle]);
  }

  markedRecord(record: StoredRecord): StoredRecord {
    return { ...record, bytes: this.marked(record.bytes) };
  }

  isMarked({ bytes }: StoredRecord): boolean {
    return this.#form.mark.every((byte, index) => bytes[index] === byte);
  }

  /** @throws DecodeError for what is none of the cache's pickles */
  unmarkedRecord(record: StoredRecord): StoredRecord {
    if (!this.isMarked(record)) throw new DecodeError("Cannot read the record of RedisCache: it is no pickle", 0);
    return { ...record, bytes: record.bytes.subarray(this.#form.mark.length) };
  }
}
