/** A session as an item of DynamoDB: `{ id: S, val: B, expiration: N }`, as Flask-Session 0.8 stores it. */
import { DecodeError, RecordTooLargeError } from "../../errors.ts";
import type { StoredRecord } from "../../session/store.ts";
import type { Item } from "./client.ts";
import type { Expiry } from "./expiry.ts";

/** The record in an item. @throws DecodeError where it holds no bytes */
export function recordOf(item: Item, expiry: Expiry): StoredRecord {
  const record = readable(item, expiry);
  if (record !== undefined) return record;
  throw new DecodeError("Cannot read the record from DynamoDB: its val is not binary", 0);
}

/** What lies in an item, where that can be a record: a listing passes over others. */
export function readable({ val, expiration }: Item, expiry: Expiry): StoredRecord | undefined {
  return val?.B && { bytes: Uint8Array.from(val.B), expiresAt: expiry.instant(expiration) as Date };
}

/**
 * Whether an item has not expired. DynamoDB deletes expired items only where the table is told to, and days later. Without
 * a number there is no end: such an item counts as expired.
 */
export function isLive({ expiration }: Item, expiry: Expiry): boolean {
  const instant = expiry.instant(expiration);
  return instant !== undefined && instant.getTime() > Date.now();
}

/** DynamoDB's own bound. Names of attributes count too. */
const MAX_ITEM_BYTES = 400 * 1024;
const NAMES_BYTES = "id".length + "val".length + "expiration".length;
/** The most that a number takes. */
const NUMBER_BYTES = 21;

/** @throws RecordTooLargeError for what no item can hold */
export function checkSize(key: string, { length }: Uint8Array): void {
  const limit = MAX_ITEM_BYTES - NAMES_BYTES - NUMBER_BYTES - Buffer.byteLength(key);
  if (length <= limit) return;
  throw new RecordTooLargeError(`The record has ${length} bytes; an item of DynamoDB takes ${limit} with its key`);
}
