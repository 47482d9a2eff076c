/** The one place that knows the MongoDB driver: what a store needs of its client, and how a URL becomes one. */
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError, MissingPackageError, StoreUnavailableError } from "../../errors.ts";

/** A filter, an update or a command, as MongoDB spells it. */
export type Query = Readonly<Record<string, unknown>>;

/** What a write tells. */
interface Written {
  /** False under a write concern that waits for no answer; then the counts say nothing. */
  readonly acknowledged: boolean;
}

/** A collection of the driver's, by what is called of it. */
export interface MongoCollection {
  findOne(filter: Query): Promise<object | null>;
  findOneAndUpdate(
    filter: Query,
    update: Query,
    options: { readonly returnDocument: "after"; readonly includeResultMetadata: false },
  ): Promise<object | null>;
  updateOne(
    filter: Query,
    update: Query,
    options: { readonly upsert: boolean },
  ): Promise<Written & { readonly matchedCount: number; readonly upsertedCount: number }>;
  insertOne(document: Query): Promise<Written>;
  deleteOne(filter: Query): Promise<Written & { readonly deletedCount: number }>;
  deleteMany(filter: Query): Promise<Written & { readonly deletedCount: number }>;
  find(
    filter: Query,
    options: { readonly batchSize: number; readonly projection?: Readonly<Record<string, number>> },
  ): AsyncIterable<object>;
}

/** A database of the driver's. */
interface MongoDatabase {
  collection(name: string): MongoCollection;
  command(command: Query): Promise<object>;
}

/** What sessions need of a client: the driver's `MongoClient`, version 6 or later. */
export interface MongoClient {
  /** Does nothing where it is connected. After a failed attempt the driver's other methods do not make another. */
  connect(): Promise<unknown>;
  db(name: string): MongoDatabase;
}

/** Gives the client that commands go to. */
export interface ClientSource {
  /**
   * Connected. Rejects with what the driver throws where it cannot connect.
   * @throws ConfigError, MissingPackageError, StoreUnavailableError
   */
  client(): Promise<MongoClient>;
  /** Closes what the source itself opened. */
  close(): Promise<void>;
}

/** A client that belongs to the application, which also closes it. */
export function givenClient(client: MongoClient): ClientSource {
  return { client: () => connected(client), close: () => Promise.resolve() };
}

/** What a URL of MongoDB is, as a message says it that does not show the URL. */
export const A_MONGO_URL =
  "a URL starts with mongodb:// or mongodb+srv:// and percent-encodes what is special in a user or a password (@ as %40)";

/** Whether the driver can take a text for a URL, as far as that can be seen without it. */
export function isMongoUrl(text: string): boolean {
  const userInfo = /^mongodb(?:\+srv)?:\/\/(?:([^@/?#]*)@)?[^@/?#]+(?:\/[^@?]*)?(?:\?.*)?$/.exec(text);
  if (userInfo === null) return false;
  try {
    decodeURIComponent(userInfo[1] ?? "");
    return true;
  } catch {
    return false;
  }
}

/** How long the driver looks for a server, in milliseconds. Its own 30 s are more than any request waits. */
const SELECTION_MILLIS = 5000;

/** The driver waits for a server that hangs, to tell it good-bye. */
const CLOSING_MILLIS = 1000;

/** A client of our own: made by the first command, closed with the store. */
export class OwnClient implements ClientSource {
  readonly #url: string;
  #making: ReturnType<typeof make> | undefined;
  #closed = false;

  /** @throws ConfigError for what is no URL of MongoDB; the message does not show it, because URLs hold passwords */
  constructor(url: string) {
    if (!isMongoUrl(url)) throw new ConfigError(`mongodbStore takes a client or a URL: ${A_MONGO_URL}`);
    this.#url = url;
  }

  async client(): Promise<MongoClient> {
    if (this.#closed) throw new StoreUnavailableError("Cannot reach MongoDB: the store is closed");
    this.#making ??= make(this.#url);
    return connected(await this.#making);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#making?.catch(() => undefined);
    await Promise.race([client?.close(), sleep(CLOSING_MILLIS, undefined, { ref: false })]);
  }
}

async function connected(client: MongoClient): Promise<MongoClient> {
  await client.connect();
  return client;
}

async function make(url: string): Promise<MongoClient & { close(): Promise<void> }> {
  const { MongoClient: Client } = await import("mongodb").catch((cause: unknown) => {
    throw new MissingPackageError('Cannot open MongoDB by its URL: the package "mongodb" is not installed', { cause });
  });
  const chosen = /[?&]serverSelectionTimeoutMS=/i.test(url);
  try {
    return new Client(url, chosen ? {} : { serverSelectionTimeoutMS: SELECTION_MILLIS });
  } catch (error) {
    throw new ConfigError(`Cannot open MongoDB by its URL: ${reasonOf(error as Error)}`);
  }
}

/** Names what the driver does not know, such as pymongo's `uuidRepresentation`; of its message nothing else is shown. */
function reasonOf({ message }: Error): string {
  const names = /^options? ([\w, ]+) (?:is|are) not supported$/.exec(message)?.[1];
  return names === undefined ? A_MONGO_URL : `its driver for Node has no option ${names}`;
}
