/** Flask-Session's MongoDB back end: one document a session, its expiry beside it. */
import type { Found, InspectableStore, ListedRecord, SetResult, StoreCheck, StoredRecord } from "../session/store.ts";
import {
  type ClientSource,
  givenClient,
  type MongoClient,
  type MongoCollection,
  OwnClient,
  type Query,
} from "./mongodb/client.ts";
import {
  asBuffer,
  checkSize,
  expired,
  isLive,
  keyOf,
  live,
  patternOf,
  readable,
  recordOf,
  expected as still,
} from "./mongodb/documents.ts";
import { storeError } from "./mongodb/failure.ts";
import { missingRights } from "./mongodb/rights.ts";
import { acknowledged, inTurns, unlessDuplicate } from "./mongodb/writes.ts";

export type { MongoClient } from "./mongodb/client.ts";

/** Where a server keeps the sessions. */
export interface MongodbOptions {
  /** Flask: SESSION_MONGODB_DB. @defaultValue "flask_session" */
  readonly db?: string | undefined;
  /** Flask: SESSION_MONGODB_COLLECT. @defaultValue "sessions" */
  readonly collection?: string | undefined;
}

/**
 * A store in MongoDB, as Flask-Session 0.1 to 0.8 writes it with SESSION_TYPE "mongodb".
 * @param client the driver's `MongoClient`; or a URL, which the driver opens at the first call and `close()` closes
 * @throws ConfigError for a text that is no URL of MongoDB
 */
export function mongodbStore(client: MongoClient | string, options: MongodbOptions = {}): InspectableStore {
  return new DocumentStore(typeof client === "string" ? new OwnClient(client) : givenClient(client), options);
}

const STORED: SetResult = { stored: true };
/** Documents that a listing or a clean-up has in memory at once. */
const BATCH = 100;

/**
 * Flask-Session makes no unique index on `id`, so that two of its requests can make two documents of one session. It
 * reads and writes the first of them, and so does Node; it deletes one, Node deletes all. What Node makes has the key as
 * its `_id`, of which there can be but one.
 */
class DocumentStore implements InspectableStore {
  readonly compareAndSet = "everyone";
  readonly #source: ClientSource;
  readonly #db: string;
  readonly #name: string;

  constructor(source: ClientSource, { db = "flask_session", collection = "sessions" }: MongodbOptions) {
    this.#source = source;
    this.#db = db;
    this.#name = collection;
  }

  async get(key: string, { touchUntil }: { readonly touchUntil?: Date } = {}): Promise<Found | undefined> {
    if (touchUntil === undefined) {
      const record = await this.#find(key);
      return record && { record, touched: false };
    }
    const update = { $set: { expiration: touchUntil } };
    const document = await this.#run("findAndModify", (collection) =>
      collection.findOneAndUpdate(live({ id: key }), update, { returnDocument: "after", includeResultMetadata: false }),
    );
    return document === null ? undefined : { record: recordOf(document), touched: true };
  }

  async set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    checkSize(key, bytes);
    const fields = { val: asBuffer(bytes), expiration: expiresAt };
    if (expected === undefined) return this.#replace(key, fields);
    if (expected === null) return this.#create(key, fields);
    if (await this.#update(still(key, expected), { $set: fields })) return STORED;
    return { stored: false, current: await this.#find(key) };
  }

  touch(key: string, expiresAt: Date): Promise<boolean> {
    return this.#update(live({ id: key }), { $set: { expiration: expiresAt } });
  }

  async delete(key: string, expected?: StoredRecord): Promise<boolean> {
    if (expected !== undefined && (await this.#delete("deleteOne", still(key, expected))) === 0) return false;
    // A second document of the session would be its next one.
    const deleted = await this.#delete("deleteMany", { id: key });
    return expected !== undefined || deleted > 0;
  }

  /** Connects, so that a wrong address or password shows now. */
  async open(): Promise<void> {
    await this.#command({ ping: 1 });
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async *list(prefix: string): AsyncGenerator<ListedRecord> {
    for await (const document of this.#documents(live({ id: { $regex: patternOf(prefix) } }))) {
      const key = keyOf(document);
      const record = readable(document);
      if (record !== undefined && key.startsWith(prefix)) yield { ref: key, key, record };
    }
  }

  deleteListed({ ref, record }: ListedRecord): Promise<boolean> {
    return this.delete(ref, record);
  }

  /** Those with a date, as the server's index does; Flask-Session >= 0.7 reads what has none. */
  async deleteExpired(options: Parameters<InspectableStore["deleteExpired"]>[0] = {}): Promise<number> {
    const { signal, onProgress } = options;
    const over = { expiration: { $lte: new Date() } };
    let [deleted, ids]: [number, unknown[]] = [0, []];
    const deleteBatch = async (): Promise<void> => {
      signal?.throwIfAborted();
      deleted += await this.#delete("deleteMany", { _id: { $in: ids }, ...over });
      ids = [];
      onProgress?.(deleted);
    };
    signal?.throwIfAborted();
    for await (const { _id } of this.#documents(over, { _id: 1 })) {
      if (ids.push(_id) === BATCH) await deleteBatch();
    }
    if (ids.length > 0) await deleteBatch();
    return deleted;
  }

  async check(): Promise<StoreCheck> {
    const { localTime } = await this.#command({ hello: 1 });
    const { version } = await this.#command({ buildInfo: 1 });
    const status = await this.#command({ connectionStatus: 1, showPrivileges: true });
    return {
      server: `mongodb ${String(version)}`,
      serverTime: localTime as Date,
      missingRights: missingRights(status, this.#db, this.#name),
    };
  }

  async #find(key: string): Promise<StoredRecord | undefined> {
    const document = await this.#run("find", (collection) => collection.findOne(live({ id: key })));
    return document === null ? undefined : recordOf(document);
  }

  /** Into whatever document the key has, else into a new one. */
  async #replace(key: string, fields: Query): Promise<SetResult> {
    const update = { $set: fields, $setOnInsert: { _id: key } };
    return inTurns(async () => {
      const written = await this.#update({ id: key }, update, true).catch(unlessDuplicate);
      return written ? STORED : undefined;
    });
  }

  /** Makes a document where there is none. That nobody else does is seen by its `_id`: what has expired must go first. */
  async #create(key: string, fields: Query): Promise<SetResult> {
    return inTurns(async () => {
      const there = await this.#run("find", (collection) => collection.findOne({ id: key }));
      if (there !== null && isLive(there)) return { stored: false, current: recordOf(there) };
      if (there !== null) await this.#delete("deleteMany", expired({ id: key }));
      const inserted = await this.#insert({ _id: key, id: key, ...fields }).catch(unlessDuplicate);
      return inserted ? STORED : undefined;
    });
  }

  async #insert(document: Query): Promise<true> {
    acknowledged(await this.#run("insert", (collection) => collection.insertOne(document)));
    return true;
  }

  async #update(filter: Query, update: Query, upsert = false): Promise<boolean> {
    const written = await this.#run("update", (collection) => collection.updateOne(filter, update, { upsert }));
    return acknowledged(written).matchedCount + written.upsertedCount > 0;
  }

  async #delete(method: "deleteOne" | "deleteMany", filter: Query): Promise<number> {
    return acknowledged(await this.#run("delete", (collection) => collection[method](filter))).deletedCount;
  }

  async *#documents(filter: Query, projection?: Readonly<Record<string, number>>): AsyncGenerator<SessionLike> {
    const options = { batchSize: BATCH, ...(projection && { projection }) };
    const cursor = await this.#run("find", async (collection) => collection.find(filter, options));
    try {
      yield* cursor as AsyncIterable<SessionLike>;
    } catch (error) {
      throw storeError(error, "find");
    }
  }

  async #run<T>(command: string, ask: (collection: MongoCollection) => Promise<T>): Promise<T> {
    try {
      const client = await this.#source.client();
      return await ask(client.db(this.#db).collection(this.#name));
    } catch (error) {
      throw storeError(error, command);
    }
  }

  async #command(command: Query): Promise<Readonly<Record<string, unknown>>> {
    try {
      const client = await this.#source.client();
      return { ...(await client.db(this.#db).command(command)) };
    } catch (error) {
      throw storeError(error, Object.keys(command)[0] as string);
    }
  }
}

interface SessionLike {
  readonly _id?: unknown;
}
