/** Flask-Session's memcached back end: one item a session, its lifetime the server's. */
import { isUtf8 } from "node:buffer";
import { ConfigError, RecordTooLargeError, StoreConflictError, StoreError } from "../errors.ts";
import type { Found, SetResult, Store, StoreCheck, StoredRecord } from "../session/store.ts";
import type { MemcachedClient, MemcachedItem, NewItem } from "./memcached/client.ts";
import { isRefusal, unreachable } from "./memcached/failure.ts";
import { addressOf, type MemcachedServer } from "./memcached/server.ts";
import { TextClient } from "./memcached/text-client.ts";
import { bytesOf, type Content, checkKey, EXPIRED, exptimeOf, FLAGS } from "./memcached/values.ts";
import { isSameRecord } from "./same-record.ts";

export type { MemcachedClient, MemcachedItem, NewItem } from "./memcached/client.ts";
export type { MemcachedServer } from "./memcached/server.ts";

/** Where sessions are kept, and who reads them. */
export interface MemcachedOptions {
  /** Flask: SESSION_MEMCACHED. @defaultValue "127.0.0.1:11211" */
  readonly server?: MemcachedServer | undefined;
  /** In place of `server`: a client of the application, which also closes it. */
  readonly client?: MemcachedClient | undefined;
  /** Within which the server must answer each command, in milliseconds; not of a client that was given. @defaultValue 2000 */
  readonly timeoutMillis?: number | undefined;
  /** Whether records are objects that the Python client pickles (flags 1), as those of cachelib's MemcachedCache. @defaultValue false */
  readonly pickled?: boolean | undefined;
  /** Whether the Python client hands out bytes as they are: all but python-memcached up to 1.58 do. @defaultValue true */
  readonly readsBytes?: boolean | undefined;
}

/** A store that cannot be listed: memcached does not tell its keys. */
export interface MemcachedStore extends Store {
  /** Reaches the server by asking for a key that nobody has. @throws StoreError */
  open(): Promise<void>;
  /** Reaches the server and tells what it is. @throws StoreError */
  check(): Promise<StoreCheck>;
}

/**
 * A store in memcached, as Flask-Session 0.1 to 0.8 writes it with SESSION_TYPE "memcached". It connects at its first
 * call; `close()` closes what it has opened.
 * @throws ConfigError for more than one server, and for what names none
 */
export function memcachedStore(options: MemcachedOptions = {}): MemcachedStore {
  return new ItemStore(options);
}

/** What memcached has for the overhead of an item and its cas id; of the 1.6 line 49 bytes and some for large items. */
const OVERHEAD_BYTES = 512;
const DEFAULT_ITEM_BYTES = 1024 * 1024;
const PROBE = "flask-session-node:probe";
/** How often a write is tried that others get in the way of. Only a client whose cas never stores needs as many. */
const TURNS = 1000;

/** A record with its cas id as its version. Without a byte it is an item, and yet no record. */
type Item = StoredRecord;

class ItemStore implements MemcachedStore {
  readonly compareAndSet = "everyone";
  readonly format?: "pickle";
  readonly #client: MemcachedClient;
  readonly #own: TextClient | undefined;
  readonly #content: Content;
  readonly #readsBytes: boolean;
  /** Until a server says otherwise: gats came with memcached 1.5.3. */
  #hasGats = true;
  #itemBytes = 0;

  constructor({ server, client, timeoutMillis, pickled, readsBytes }: MemcachedOptions) {
    if (client === undefined) {
      const address = addressOf(server ?? "127.0.0.1:11211", "the option server");
      this.#own = new TextClient(address, timeoutMillis ?? 2000);
    }
    this.#client = client ?? (this.#own as TextClient);
    this.#content = pickled === true ? "pickle" : "bytes";
    if (this.#content === "pickle") this.format = "pickle";
    this.#readsBytes = readsBytes ?? true;
  }

  async get(key: string, { touchUntil }: { readonly touchUntil?: Date } = {}): Promise<Found | undefined> {
    checkKey(key);
    const touched = touchUntil && (await this.#touching(key, touchUntil));
    const record = nonEmpty(touched === undefined ? await this.#find(key) : touched.item);
    return record && { record, touched: touched !== undefined };
  }

  async set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    await this.#checkSize(bytes, checkKey(key));
    if (!this.#readsBytes && !isUtf8(bytes)) {
      throw new StoreError(
        "Cannot store for python-memcached up to 1.58: it reads nothing but UTF-8, so Flask would need pickles of " +
          "protocol 0, which are not written here; python-memcached 1.59 reads all",
      );
    }
    const item = { value: bytes, flags: FLAGS[this.#content], exptime: exptimeOf(expiresAt) };
    return this.#swap(key, item, expected);
  }

  async touch(key: string, expiresAt: Date): Promise<boolean> {
    checkKey(key);
    return this.#run("TOUCH", () => this.#client.touch(key, exptimeOf(expiresAt)));
  }

  /** An expected record is written over with an item that is expired at once: there is a cas, and no such delete. */
  async delete(key: string, expected?: StoredRecord): Promise<boolean> {
    checkKey(key);
    if (expected === undefined) return this.#run("DELETE", () => this.#client.delete(key));
    const expired = { value: new Uint8Array(), flags: FLAGS[this.#content], exptime: EXPIRED };
    const { stored } = await this.#swap(key, expired, expected);
    return stored;
  }

  async open(): Promise<void> {
    await this.#run("GETS", () => this.#client.gets(PROBE));
  }

  close(): Promise<void> {
    this.#own?.close();
    return Promise.resolve();
  }

  async check(): Promise<StoreCheck> {
    await this.open();
    const stats = await this.#stats();
    const [version, time] = [stats?.get("version"), stats?.get("time")];
    return {
      ...(version !== undefined && { server: `memcached ${version}` }),
      ...(time !== undefined && { serverTime: new Date(Number(time) * 1000) }),
      missingRights: [],
    };
  }

  /**
   * Writes where the expected record still is; where none is expected, whatever is there. An item that exists is written
   * by cas only: a `set` that memcached refuses, because it is too large or the memory is full, drops the old one.
   */
  async #swap(key: string, item: NewItem, expected: StoredRecord | null | undefined): Promise<SetResult> {
    let there = expected === null || expected?.version !== undefined ? (expected ?? undefined) : await this.#find(key);
    for (let turn = 0; turn < TURNS; turn++) {
      const current = nonEmpty(there);
      if (expected !== undefined && !isSameRecord(current, expected ?? undefined)) return { stored: false, current };
      if (await this.#write(key, item, there)) return { stored: true };
      there = await this.#find(key);
    }
    throw new StoreConflictError("The record kept changing; nothing was stored");
  }

  #write(key: string, item: NewItem, there: Item | undefined): Promise<boolean> {
    if (there === undefined) return this.#run("ADD", () => this.#client.add(key, item));
    const cas = there.version as MemcachedItem["cas"];
    if (String(cas) === "0") {
      throw new ConfigError("Cannot store in memcached: it was started with -C, and hands out no cas ids");
    }
    return this.#run("CAS", () => this.#client.cas(key, item, cas));
  }

  async #find(key: string): Promise<Item | undefined> {
    return this.#itemOf(await this.#run("GETS", () => this.#client.gets(key)));
  }

  /** What is there, its lifetime renewed; `undefined` where the client or the server cannot do both at once. */
  async #touching(key: string, until: Date): Promise<{ readonly item: Item | undefined } | undefined> {
    const { gats } = this.#client;
    if (gats === undefined || !this.#hasGats) return undefined;
    try {
      const found = await this.#run("GATS", () => gats.call(this.#client, key, exptimeOf(until)));
      return { item: await this.#itemOf(found) };
    } catch (error) {
      if (!isRefusal(error, /^ERROR$/)) throw error;
      this.#hasGats = false;
      return undefined;
    }
  }

  async #itemOf(found: MemcachedItem | undefined): Promise<Item | undefined> {
    return found && { bytes: await bytesOf(found, this.#content), version: found.cas };
  }

  /** The server is asked anew before a record is refused: it may have come back with a larger limit. */
  async #checkSize({ length }: Uint8Array, keyBytes: number): Promise<void> {
    const needed = length + keyBytes + OVERHEAD_BYTES;
    if (needed <= this.#itemBytes) return;
    const stats = await this.#stats("settings");
    this.#itemBytes = Number(stats?.get("item_size_max") ?? DEFAULT_ITEM_BYTES);
    if (needed <= this.#itemBytes) return;
    const limit = this.#itemBytes - OVERHEAD_BYTES - keyBytes;
    throw new RecordTooLargeError(`The record has ${length} bytes; memcached takes ${limit} with its key (option -I)`);
  }

  /** `undefined` where the client has none, or what stands between it and the server. */
  async #stats(group?: "settings"): Promise<ReadonlyMap<string, string> | undefined> {
    const { stats } = this.#client;
    if (stats === undefined) return undefined;
    return this.#run("STATS", () => stats.call(this.#client, group)).catch((error: unknown) => {
      if (!isRefusal(error, /^(?:CLIENT_|SERVER_)?ERROR$/)) throw error;
      return undefined;
    });
  }

  async #run<T>(command: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw unreachable(error, command);
    }
  }
}

/** An item without a byte is no record: Flask-Session takes it for none. */
function nonEmpty(item: Item | undefined): StoredRecord | undefined {
  return item?.bytes.length === 0 ? undefined : item;
}
