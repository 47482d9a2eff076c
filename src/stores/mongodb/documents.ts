/** A session as a document of MongoDB: `{ id, val, expiration }`, as Flask-Session 0.1 to 0.8 stores it. */
import { DecodeError, RecordTooLargeError } from "../../errors.ts";
import type { StoredRecord } from "../../session/store.ts";
import type { Query } from "./client.ts";

/** What of a document must still be so for it to be the record that was read. */
export interface Version {
  /** An ObjectId where Flask made the document, the key where Node did. Absent: whichever document has the key. */
  readonly _id?: unknown;
  /** As it lies there, which the server compares: text is not equal to the bytes of it. */
  readonly val: unknown;
}

/** A document as the driver gives it. Whoever may write to the database decides what is in it. */
interface SessionDocument {
  readonly _id: unknown;
  readonly id?: unknown;
  readonly val?: unknown;
  readonly expiration?: unknown;
}

/**
 * Finds the documents of a filter that have not expired. The server deletes expired ones about once a minute, and only
 * where Flask-Session >= 0.7 has made its index. Without a date there is no end: such a document counts as expired.
 */
export function live(filter: Query): Query {
  return { ...filter, expiration: { $gt: new Date() } };
}

/** Finds the documents of a filter that {@link live} does not find. */
export function expired(filter: Query): Query {
  return { ...filter, expiration: { $not: { $gt: new Date() } } };
}

/** Whether {@link live} would find a document. */
export function isLive(document: object): boolean {
  const { expiration } = document as SessionDocument;
  return expiration instanceof Date && expiration.getTime() > Date.now();
}

/** Finds the expected record, and no other. */
export function expected(key: string, { bytes, version = { val: asBuffer(bytes) } }: StoredRecord): Query {
  return live({ id: key, ...(version as Version) });
}

/** The record in a document. @throws DecodeError where it holds neither bytes nor text */
export function recordOf(document: object): StoredRecord {
  const record = readable(document);
  if (record !== undefined) return record;
  throw new DecodeError("Cannot read the record from MongoDB: its val is neither binary nor text", 0);
}

/** What lies in a document, where that can be a record: a listing passes over others. */
export function readable(document: object): StoredRecord | undefined {
  const { _id, val, expiration } = document as SessionDocument;
  const bytes = bytesOf(val);
  return bytes && { bytes, expiresAt: expiration as Date, version: { _id, val } satisfies Version };
}

/** The storeKey of a document. */
export function keyOf(document: object): string {
  return String((document as SessionDocument).id);
}

/** Python 2 stored its pickles of protocol 0 as text, of which Flask-Session takes the UTF-8. */
function bytesOf(val: unknown): Uint8Array | undefined {
  if (typeof val === "string") return Buffer.from(val);
  if (val instanceof Uint8Array) return Uint8Array.from(val);
  return isBinary(val) ? Uint8Array.from(val.buffer.subarray(0, val.position)) : undefined;
}

/** The driver's class for bytes of any subtype; its buffer may be longer than they are. */
function isBinary(val: unknown): val is { readonly buffer: Uint8Array; readonly position: number } {
  return typeof val === "object" && val !== null && "_bsontype" in val && val._bsontype === "Binary";
}

/** The driver writes a Buffer as binary of subtype 0, as pymongo does bytes. */
export function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The server's `maxBsonObjectSize`, the same since MongoDB 1.8. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** Of a document of ours what is neither key nor record: types, names, lengths, a date. */
const FRAME_BYTES = 64;

/** @throws RecordTooLargeError for what no document can hold */
export function checkSize(key: string, { length }: Uint8Array): void {
  // The key is there twice, as `_id` and as `id`.
  const limit = MAX_DOCUMENT_BYTES - FRAME_BYTES - 2 * Buffer.byteLength(key);
  if (length <= limit) return;
  throw new RecordTooLargeError(`The record has ${length} bytes; a document of MongoDB takes ${limit} with its key`);
}

/** A pattern for texts that start with the prefix, all of it literal. */
export function patternOf(prefix: string): string {
  return `^${prefix.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`;
}
