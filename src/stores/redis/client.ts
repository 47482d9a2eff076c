/** The one place that knows the Redis clients: what a store needs of one, and how a URL becomes one. */
import { ConfigError, MissingPackageError, StoreUnavailableError } from "../../errors.ts";
import { storeError } from "./failure.ts";

/** ioredis' `Redis` and `Cluster`, by what is called of them. */
interface IoRedisClient {
  callBuffer(command: string, ...args: (string | Buffer)[]): Promise<unknown>;
  /** Cluster only: a SCAN answers for one node. */
  nodes?(role: "master"): readonly IoRedisClient[];
}

/** A client or pool of node-redis whose bulk strings are mapped to Buffer. */
interface NodeRedisClient {
  sendCommand(args: (string | Buffer)[]): Promise<unknown>;
}

/** What sessions need of a client: ioredis' `Redis` and `Cluster`, or node-redis with bulk strings mapped to Buffer. */
export type RedisClient = IoRedisClient | NodeRedisClient;

/** Gives the client that commands go to. */
export interface ClientSource {
  /** @throws StoreError, MissingPackageError */
  client(): Promise<RedisClient>;
  /** Closes what the source itself opened. */
  close(): Promise<void>;
}

/** Sends a command as it is. Rejects with what the driver throws. */
export async function send(client: RedisClient, command: string, args: readonly (string | Buffer)[]): Promise<unknown> {
  return "callBuffer" in client ? client.callBuffer(command, ...args) : client.sendCommand([command, ...args]);
}

/** The clients to ask one by one for what a SCAN finds: the masters of a Cluster, else the client itself. */
export function scannedClients(client: RedisClient): readonly RedisClient[] {
  return "nodes" in client && client.nodes !== undefined ? client.nodes("master") : [client];
}

/** Clients stringify a bare Uint8Array to `1,2,255`; a Buffer over the same memory they send as it is. */
export function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** A client that belongs to the application, which also closes it. */
export function givenClient(client: RedisClient): ClientSource {
  return { client: () => Promise.resolve(client), close: () => Promise.resolve() };
}

/** What a URL of Redis is, as a message says it that does not show the URL. */
export const A_REDIS_URL =
  "a URL starts with redis:// or rediss:// and percent-encodes what is special in a password (# as %23, % as %25)";

/** Whether ioredis can take a text for a URL: of another it throws an error that shows it, password and all. */
export function isRedisUrl(text: string): boolean {
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** A client of our own: opened by the first command, closed with the store. */
export class OwnClient implements ClientSource {
  readonly #url: string;
  #opening: ReturnType<typeof connect> | undefined;
  #closed = false;

  /** @throws ConfigError for what is no URL of Redis; the message does not show it, because URLs hold passwords */
  constructor(url: string) {
    if (!isRedisUrl(url)) throw new ConfigError(`redisStore takes a client or a URL: ${A_REDIS_URL}`);
    this.#url = url;
  }

  client(): Promise<RedisClient> {
    if (this.#closed) return Promise.reject(new StoreUnavailableError("Cannot reach Redis: the store is closed"));
    this.#opening ??= connect(this.#url).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#opening?.catch(() => undefined);
    client?.disconnect();
  }
}

/** Connected, so that a wrong address shows now and not after the twenty tries of a command. */
async function connect(url: string): Promise<RedisClient & { disconnect(): void }> {
  const { Redis } = await import("ioredis").catch((cause: unknown) => {
    throw new MissingPackageError('Cannot open Redis by its URL: the package "ioredis" is not installed', { cause });
  });
  const client = new Redis(url, { lazyConnect: true });
  try {
    await new Promise<void>((resolve, reject) => {
      // The event says why, `connect` only that; it comes first. The listener stays: an event that nobody hears is printed.
      client.on("error", reject);
      client.connect().then(resolve, reject);
    });
  } catch (error) {
    client.disconnect();
    throw storeError(error, "CONNECT");
  }
  return client;
}
