/** Flask-Session's DynamoDB back end: one item a session, its expiry beside it. */
import { ConfigError } from "../errors.ts";
import type { Found, InspectableStore, ListedRecord, SetResult, StoreCheck, StoredRecord } from "../session/store.ts";
import {
  type Answer,
  type Attribute,
  type CommandName,
  Commands,
  type DynamodbAddress,
  type DynamodbClient,
  type Item,
  PROBE,
} from "./dynamodb/client.ts";
import { Expiry } from "./dynamodb/expiry.ts";
import { isRefusal } from "./dynamodb/failure.ts";
import { checkSize, isLive, readable, recordOf } from "./dynamodb/items.ts";
import { missingRights } from "./dynamodb/rights.ts";

export type { DynamodbAddress, DynamodbClient } from "./dynamodb/client.ts";

/** Where sessions are kept, and in whose time. */
export interface DynamodbOptions {
  /** Flask: SESSION_DYNAMODB. @defaultValue `http://localhost:8000` in "us-west-2", as Flask-Session has it */
  readonly address?: DynamodbAddress | undefined;
  /** In place of `address`: a client of the application, which also closes it. */
  readonly client?: DynamodbClient | undefined;
  /** Flask: SESSION_DYNAMODB_TABLE. @defaultValue "Sessions" */
  readonly table?: string | undefined;
  /** The zone of the machine that Flask runs on, by which Flask-Session 0.8 is wrong about expiry. @defaultValue "UTC" */
  readonly flaskTimeZone?: string | undefined;
}

/**
 * A store in DynamoDB, as Flask-Session 0.8 writes it with SESSION_TYPE "dynamodb". It needs the package
 * `@aws-sdk/client-dynamodb`; a client of its own is made at the first call, and `close()` closes it.
 * @throws ConfigError for a zone that is none
 */
export function dynamodbStore(options: DynamodbOptions = {}): InspectableStore {
  return new ItemStore(options);
}

const STORED: SetResult = { stored: true };
/** Expired items that are deleted at once. */
const BATCH = 25;
const SET = "SET val = :val, expiration = :expiration";
const FAILED = "ConditionalCheckFailedException";

type Values = Readonly<Record<string, Attribute>>;

class ItemStore implements InspectableStore {
  readonly compareAndSet = "everyone";
  readonly #commands: Commands;
  readonly #table: string;
  readonly #expiry: Expiry;

  constructor({ address, client, table = "Sessions", flaskTimeZone = "UTC" }: DynamodbOptions) {
    this.#commands = new Commands(client, address);
    this.#table = table;
    this.#expiry = new Expiry(flaskTimeZone);
  }

  /** Reads what was written last: by default DynamoDB may answer with an older item. */
  async get(key: string): Promise<Found | undefined> {
    const { Item: item } = await this.#send("GetItem", { Key: { id: { S: key } }, ConsistentRead: true });
    if (item === undefined || !isLive(item, this.#expiry)) return undefined;
    return { record: recordOf(item, this.#expiry), touched: false };
  }

  async set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    checkSize(key, bytes);
    const written = { ":val": { B: bytes }, ":expiration": this.#expiry.stored(expiresAt) };
    const { condition, values } = this.#expecting(expected);
    if (await this.#write("UpdateItem", key, condition, { ...written, ...values }, SET)) return STORED;
    const found = await this.get(key);
    return { stored: false, current: found?.record };
  }

  touch(key: string, expiresAt: Date): Promise<boolean> {
    const values = { ":now": this.#now(), ":expiration": this.#expiry.stored(expiresAt) };
    return this.#write("UpdateItem", key, "expiration > :now", values, "SET expiration = :expiration");
  }

  delete(key: string, expected?: StoredRecord): Promise<boolean> {
    if (expected === undefined) return this.#write("DeleteItem", key, "attribute_exists(id)");
    return this.#write("DeleteItem", key, "val = :expected", { ":expected": { B: expected.bytes } });
  }

  /** Reaches the table by asking for a key that nobody has. */
  async open(): Promise<void> {
    await this.#send("GetItem", { Key: { id: { S: PROBE } } });
  }

  close(): Promise<void> {
    return this.#commands.close();
  }

  async *list(prefix: string): AsyncGenerator<ListedRecord> {
    // An empty text begins everything, and is refused as a value.
    const filter = prefix !== "" && {
      FilterExpression: "begins_with(id, :prefix)",
      ExpressionAttributeValues: { ":prefix": { S: prefix } },
    };
    for await (const items of this.#pages({ ...filter })) {
      for (const item of items) {
        const key = String(item["id"]?.S);
        const record = isLive(item, this.#expiry) ? readable(item, this.#expiry) : undefined;
        if (record !== undefined && key.startsWith(prefix)) yield { ref: key, key, record };
      }
    }
  }

  deleteListed({ ref, record }: ListedRecord): Promise<boolean> {
    return this.delete(ref, record);
  }

  /** Those with a number, as DynamoDB itself does where it is told to. */
  async deleteExpired(options: Parameters<InspectableStore["deleteExpired"]>[0] = {}): Promise<number> {
    const { signal, onProgress } = options;
    let deleted = 0;
    signal?.throwIfAborted();
    const filter = {
      FilterExpression: "expiration <= :now",
      ExpressionAttributeValues: { ":now": this.#expiry.stored(new Date()) },
      ProjectionExpression: "id, expiration",
    };
    for await (const items of this.#pages(filter)) {
      const over = items.filter((item) => !isLive(item, this.#expiry));
      for (let start = 0; start < over.length; start += BATCH) {
        signal?.throwIfAborted();
        const outcomes = await Promise.all(over.slice(start, start + BATCH).map((item) => this.#deleteSeen(item)));
        deleted += outcomes.filter(Boolean).length;
        onProgress?.(deleted);
      }
    }
    return deleted;
  }

  async check(): Promise<StoreCheck> {
    await this.open();
    const serverTime = await this.#commands.clock(this.#table);
    return { serverTime, missingRights: await missingRights(this.#commands, this.#table) };
  }

  /** What must be so for a write, and what stands in it. An expired item is none. */
  #expecting(expected: StoredRecord | null | undefined): { readonly condition?: string; readonly values?: Values } {
    if (expected === undefined) return {};
    const now = { ":now": this.#now() };
    if (expected === null) return { condition: "attribute_not_exists(id) OR NOT expiration > :now", values: now };
    const values = { ...now, ":expected": { B: expected.bytes } };
    return { condition: "val = :expected AND expiration > :now", values };
  }

  #now(): Attribute {
    return this.#expiry.threshold(new Date());
  }

  /** @returns whether the condition held */
  async #write(
    name: CommandName,
    key: string,
    condition: string | undefined,
    values?: Values,
    update?: string,
  ): Promise<boolean> {
    try {
      await this.#send(name, {
        Key: { id: { S: key } },
        ConditionExpression: condition,
        ExpressionAttributeValues: values,
        ...(update !== undefined && { UpdateExpression: update }),
      });
      return true;
    } catch (error) {
      if (isRefusal(error, FAILED)) return false;
      throw error;
    }
  }

  #deleteSeen({ id, expiration }: Item): Promise<boolean> {
    return this.#write("DeleteItem", String(id?.S), "expiration = :seen", { ":seen": expiration as Attribute });
  }

  /** The items of a Scan, at most 1 MB of them at once. */
  async *#pages(input: object): AsyncGenerator<readonly Item[]> {
    let from: Item | undefined;
    do {
      const { Items: items = [], LastEvaluatedKey: last } = await this.#send("Scan", {
        ...input,
        ExclusiveStartKey: from,
      });
      yield items;
      from = last;
    } while (from !== undefined);
  }

  async #send(name: CommandName, input: object): Promise<Answer> {
    try {
      return await this.#commands.send(name, { TableName: this.#table, ...input });
    } catch (error) {
      if (!isRefusal(error, "ResourceNotFoundException")) throw error;
      throw new ConfigError(
        `Cannot use DynamoDB: there is no table ${JSON.stringify(this.#table)}; Flask-Session makes it when it starts`,
        { cause: (error as Error).cause },
      );
    }
  }
}
