/** Flask-Session's Redis back end: one string key a session, its lifetime the server's. Redis, Valkey, alone or as a Cluster. */
import { ConfigError, DecodeError } from "../errors.ts";
import type { Found, InspectableStore, ListedRecord, SetResult, StoreCheck, StoredRecord } from "../session/store.ts";
import {
  asBuffer,
  type ClientSource,
  givenClient,
  OwnClient,
  type RedisClient,
  scannedClients,
  send,
} from "./redis/client.ts";
import { isReply, storeError } from "./redis/failure.ts";
import { walk } from "./redis/listing.ts";
import { missingRights } from "./redis/rights.ts";
import { COMPARE_AND_DELETE, COMPARE_AND_SET, type Script, sha1hex } from "./redis/scripts.ts";

export type { RedisClient } from "./redis/client.ts";

/**
 * A store in Redis, as Flask-Session 0.1 to 0.8 writes it with SESSION_TYPE "redis".
 * @param client ioredis' `Redis` or `Cluster`; a client or pool of node-redis with bulk strings mapped to Buffer; or a
 * URL, which ioredis opens at the first call and `close()` closes
 * @throws ConfigError for a text that is no URL of Redis
 */
export function redisStore(client: RedisClient | string): InspectableStore {
  return new RedisStore(typeof client === "string" ? new OwnClient(client) : givenClient(client));
}

class RedisStore implements InspectableStore {
  readonly compareAndSet = "everyone";
  readonly #source: ClientSource;
  /** Until a server says otherwise: GETEX came with Redis 6.2. */
  #hasGetex = true;

  constructor(source: ClientSource) {
    this.#source = source;
  }

  async get(key: string, options: { readonly touchUntil?: Date } = {}): Promise<Found | undefined> {
    const { touchUntil } = options;
    try {
      const { reply, touched } = await this.#read(key, touchUntil);
      const record = recordOf(reply);
      return record && { record, touched };
    } catch (error) {
      if (!isReply(error, "WRONGTYPE")) throw error;
      throw new DecodeError("Cannot read the record from Redis: its key holds another type than a string", 0, {
        cause: error,
      });
    }
  }

  async set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    const value = asBuffer(bytes);
    const millis = millisUntil(expiresAt);
    if (expected === undefined) {
      await this.#run("SET", key, value, "PX", millis);
      return { stored: true };
    }
    const hash = expected === null ? "" : sha1hex(expected.bytes);
    const reply = await this.#runScript(COMPARE_AND_SET, key, hash, value, millis);
    return isOne(reply) ? { stored: true } : { stored: false, current: recordOf(reply) };
  }

  async touch(key: string, expiresAt: Date): Promise<boolean> {
    return isOne(await this.#run("PEXPIRE", key, millisUntil(expiresAt)));
  }

  async delete(key: string, expected?: StoredRecord): Promise<boolean> {
    return isOne(
      expected === undefined
        ? await this.#run("DEL", key)
        : await this.#runScript(COMPARE_AND_DELETE, key, sha1hex(expected.bytes)),
    );
  }

  /** Connects, so that a wrong address or password shows now. */
  async open(): Promise<void> {
    await this.#ifAllowed("PING");
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async *list(prefix: string): AsyncGenerator<ListedRecord> {
    await this.open();
    for (const node of scannedClients(await this.#source.client())) {
      yield* walk(
        {
          scan: async (cursor, pattern) => {
            const reply = await this.#sendTo(node, "SCAN", cursor, "MATCH", pattern, "COUNT", "100");
            return reply as [unknown, unknown[]];
          },
          read: async (key) => {
            const [found, millis] = await Promise.all([this.get(key), this.#run("PTTL", key)]);
            return found && { record: found.record, millis: Number(millis) };
          },
        },
        prefix,
      );
    }
  }

  deleteListed({ ref, record }: ListedRecord): Promise<boolean> {
    return this.delete(ref, record);
  }

  /** Nothing to do: Redis deletes what has expired. */
  deleteExpired(): Promise<number> {
    return Promise.resolve(0);
  }

  async check(): Promise<StoreCheck> {
    await this.open();
    const [info, time] = await Promise.all([this.#ifAllowed("INFO", "server"), this.#ifAllowed("TIME")]);
    return {
      ...(info !== undefined && { server: serverOf(info as string | Buffer) }),
      ...(time !== undefined && { serverTime: timeOf(time as [unknown, unknown]) }),
      missingRights: await missingRights(await this.#source.client()),
    };
  }

  async #read(key: string, touchUntil: Date | undefined): Promise<{ reply: unknown; touched: boolean }> {
    if (touchUntil !== undefined && this.#hasGetex) {
      try {
        return { reply: await this.#run("GETEX", key, "PX", millisUntil(touchUntil)), touched: true };
      } catch (error) {
        if (!isReply(error, "ERR unknown command")) throw error;
        this.#hasGetex = false;
      }
    }
    return { reply: await this.#run("GET", key), touched: false };
  }

  /** What a command answers that the store can do without; `undefined` where the user may not ask it. */
  #ifAllowed(command: string, ...args: string[]): Promise<unknown> {
    return this.#run(command, ...args).catch((error: unknown) => {
      if (!isReply(error, "NOPERM")) throw error;
      return undefined;
    });
  }

  async #run(command: string, ...args: (string | Buffer)[]): Promise<unknown> {
    return this.#sendTo(await this.#source.client(), command, ...args);
  }

  #sendTo(client: RedisClient, command: string, ...args: (string | Buffer)[]): Promise<unknown> {
    return send(client, command, args).catch((error: unknown) => {
      throw storeError(error, command);
    });
  }

  async #runScript({ sha1, text }: Script, key: string, ...args: (string | Buffer)[]): Promise<unknown> {
    return this.#run("EVALSHA", sha1, "1", key, ...args).catch((error: unknown) => {
      if (!isReply(error, "NOSCRIPT")) throw error;
      return this.#run("EVAL", text, "1", key, ...args);
    });
  }
}

/**
 * Lifetimes are sent as milliseconds from now, as Flask-Session sends seconds: where the clock here is behind the
 * server's, an absolute instant would end the session that it was to renew.
 */
function millisUntil(instant: Date): string {
  return String(Math.max(1, instant.getTime() - Date.now()));
}

/** Integers come as numbers or, by a client's option, as text; a record comes as a Buffer. */
function isOne(reply: unknown): boolean {
  return !Buffer.isBuffer(reply) && Number(reply) === 1;
}

/** An empty value is no record: Flask-Session takes it for none. */
function recordOf(reply: unknown): StoredRecord | undefined {
  if (typeof reply === "string") {
    throw new ConfigError(
      "Cannot read from Redis: the client answers with text, which spoils bytes; give node-redis the option " +
        "commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }",
    );
  }
  const bytes = reply as Buffer | null;
  return bytes === null || bytes.length === 0 ? undefined : { bytes };
}

/** Such as `redis 7.0.15`. Valkey tells its name and version beside the version of Redis that it began as. */
function serverOf(info: string | Buffer): string {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.+?)\r?$`, "m").exec(String(info))?.[1];
  const name = field("server_name") ?? "redis";
  return `${name} ${field(`${name}_version`)}`;
}

/** TIME answers seconds and microseconds. */
function timeOf([seconds, micros]: readonly [unknown, unknown]): Date {
  return new Date(Number(seconds) * 1000 + Number(micros) / 1000);
}
