/** What the store needs of a memcached client: the port that our own fits, and that a user's can be fitted to. */

/** What memcached holds under a key. */
export interface MemcachedItem {
  readonly value: Uint8Array;
  /** What the client that wrote it says of the value; memcached keeps the number and asks nothing. */
  readonly flags: number;
  /** memcached's cas id: another one after every write, the same after a touch. */
  readonly cas: string | number | bigint;
}

/** What is to be held. */
export interface NewItem {
  readonly value: Uint8Array;
  readonly flags: number;
  /** Seconds from now, over 2,592,000 seconds since 1970; negative: expired at once. */
  readonly exptime: number;
}

/**
 * A client of one memcached server. Keys and values go out as they are: nothing is hashed, compressed, prefixed or
 * turned into text. Every method rejects where the server cannot be reached, and never answers "not there" instead.
 */
export interface MemcachedClient {
  /** @returns `undefined` for none */
  gets(key: string): Promise<MemcachedItem | undefined>;
  /** As `gets`, and moves the expiry. Absent: lifetimes are renewed after the response, by `touch`. */
  readonly gats?: (key: string, exptime: number) => Promise<MemcachedItem | undefined>;
  /** @returns whether it was stored; false: there is something */
  add(key: string, item: NewItem): Promise<boolean>;
  /** @returns whether it was stored; false: what is there has another cas id, or nothing is there */
  cas(key: string, item: NewItem, cas: MemcachedItem["cas"]): Promise<boolean>;
  /** @returns whether there was something */
  touch(key: string, exptime: number): Promise<boolean>;
  /** @returns whether there was something */
  delete(key: string): Promise<boolean>;
  /** The server's own names and words, such as `item_size_max` in the group `settings`. Absent: items are taken to be 1 MiB at most. */
  readonly stats?: (group?: "settings") => Promise<ReadonlyMap<string, string>>;
}

/** Whether a value has the methods of a client that a store cannot do without. */
export function isMemcachedClient(value: unknown): value is MemcachedClient {
  const client = (typeof value === "object" && value !== null ? value : {}) as Partial<Record<string, unknown>>;
  return ["gets", "add", "cas", "touch", "delete"].every((method) => typeof client[method] === "function");
}
