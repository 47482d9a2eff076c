/** Flask-Session's cachelib back end: the form that cachelib's caches give a session, over the store of their back end. */
import { ConfigError } from "../errors.ts";
import type {
  Found,
  InspectableStore,
  ListedRecord,
  SetResult,
  Store,
  StoreCheck,
  StoredRecord,
} from "../session/store.ts";
import { Framing } from "./cachelib/framing.ts";

/** Sessions of cachelib's RedisCache. */
export interface RedisCacheOptions {
  readonly cache: "RedisCache";
  /** What `redisStore` makes. */
  readonly store: InspectableStore;
  /** As Python's `key_prefix`: stands before the sessions' own. @defaultValue "" */
  readonly keyPrefix?: string | undefined;
}

/** Sessions of cachelib's MemcachedCache. */
export interface MemcachedCacheOptions {
  readonly cache: "MemcachedCache";
  /** What `memcachedStore({ pickled: true })` makes. */
  readonly store: Store;
  /** As Python's `key_prefix`: stands before the sessions' own. @defaultValue "" */
  readonly keyPrefix?: string | undefined;
}

/**
 * A store that Flask-Session 0.7 and 0.8 read and write with SESSION_TYPE "cachelib". The files of cachelib's
 * FileSystemCache are those of `filesystemStore`, as they are.
 * @throws ConfigError for another cache, and for a store in memcached that does not mark its records as pickles
 */
export function cachelibStore(options: RedisCacheOptions): InspectableStore;
export function cachelibStore(options: MemcachedCacheOptions): Store;
export function cachelibStore(options: RedisCacheOptions | MemcachedCacheOptions): Store {
  const { cache, store, keyPrefix = "" } = options;
  if (cache === "RedisCache") return new InspectableCacheStore(store, new Framing(cache, keyPrefix));
  if (cache !== "MemcachedCache") throw new ConfigError('The option cache must be "RedisCache" or "MemcachedCache"');
  if (store.format === "pickle") return new CacheStore(store, new Framing(cache, keyPrefix));
  throw new ConfigError("MemcachedCache needs the store of memcachedStore({ pickled: true })");
}

class CacheStore<S extends Store> implements Store {
  readonly compareAndSet: Store["compareAndSet"];
  readonly format = "pickle";
  protected readonly store: S;
  protected readonly framing: Framing;

  constructor(store: S, framing: Framing) {
    this.compareAndSet = store.compareAndSet;
    this.store = store;
    this.framing = framing;
  }

  async get(key: string, options?: { readonly touchUntil?: Date }): Promise<Found | undefined> {
    const found = await this.store.get(this.framing.keyOf(key), options);
    return found && { ...found, record: this.framing.unmarkedRecord(found.record) };
  }

  async set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    const marked = expected && this.framing.markedRecord(expected);
    const result = await this.store.set(this.framing.keyOf(key), this.framing.marked(bytes), expiresAt, marked);
    if (result.stored || result.current === undefined) return result;
    return { stored: false, current: this.framing.unmarkedRecord(result.current) };
  }

  async touch(key: string, expiresAt: Date): Promise<boolean> {
    return this.store.touch(this.framing.keyOf(key), expiresAt);
  }

  async delete(key: string, expected?: StoredRecord): Promise<boolean> {
    return this.store.delete(this.framing.keyOf(key), expected && this.framing.markedRecord(expected));
  }

  async open(): Promise<void> {
    await this.store.open?.();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

class InspectableCacheStore extends CacheStore<InspectableStore> implements InspectableStore {
  /** What else lies under these keys is passed over. In Redis a ref is a key. */
  async *list(prefix: string): AsyncGenerator<ListedRecord> {
    for await (const { ref, record } of this.store.list(this.framing.prefixed(prefix))) {
      if (!this.framing.isMarked(record)) continue;
      yield { ref, key: this.framing.bare(ref), record: this.framing.unmarkedRecord(record) };
    }
  }

  deleteListed({ ref, record }: ListedRecord): Promise<boolean> {
    return this.store.deleteListed({ ref, record: this.framing.markedRecord(record) });
  }

  deleteExpired(options?: Parameters<InspectableStore["deleteExpired"]>[0]): Promise<number> {
    return this.store.deleteExpired(options);
  }

  check(): Promise<StoreCheck> {
    return this.store.check();
  }
}
