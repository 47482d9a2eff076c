/** The table of Flask-Session: made where that is asked for, else looked at once, before it is used. */
import { RecordTooLargeError } from "../../errors.ts";
import type { Database } from "./database.ts";
import { type Limits, quoted, type TableName, tableOf } from "./dialect.ts";
import { numberIn } from "./driver.ts";
import { raw, sql } from "./sql-text.ts";
import type { Content } from "./statements.ts";

const NO_LIMITS: Limits = {
  recordBytes: Number.POSITIVE_INFINITY,
  keyCharacters: Number.POSITIVE_INFINITY,
  statementBytes: Number.POSITIVE_INFINITY,
};

/** What a statement has beside its records, which stand in it as hex: names and keys, generously. */
const STATEMENT_BYTES = 8192;

/** Makes the table, and its sequence, as the `create_all` of Flask-Session 0.8 would, where they are missing. @throws StoreError */
export async function createTable(database: Database, name: TableName): Promise<void> {
  const { dialect } = database;
  const { sequence } = name;
  const hasSequence = sequence !== undefined && dialect.nextId(sequence) !== undefined;
  if (hasSequence) await database.run(raw(`CREATE SEQUENCE IF NOT EXISTS ${quoted(sequence, dialect)}`));
  const { id, data, expiry } = dialect.types;
  const columns = `id ${hasSequence ? "INTEGER" : id} NOT NULL, session_id VARCHAR(255), data ${data}, expiry ${expiry}`;
  await database.run(
    sql`CREATE TABLE IF NOT EXISTS ${tableOf(name, dialect)} (${raw(columns)}, PRIMARY KEY (id), UNIQUE (session_id))`,
  );
}

/**
 * Asks for the columns, so that a wrong name shows now, and for what they can hold.
 * @throws ConfigError where there is no such table, StoreError
 */
export async function lookAtTable(database: Database, name: TableName): Promise<Limits> {
  const { dialect } = database;
  await database.rows(sql`SELECT id, session_id, data, expiry FROM ${tableOf(name, dialect)} WHERE 1 = 0`);
  const question = dialect.limits(name);
  if (question === undefined) return NO_LIMITS;
  const [found] = await database.rows(question);
  const limit = (column: keyof Limits): number => numberIn(found?.[column]);
  return {
    recordBytes: limit("recordBytes"),
    keyCharacters: limit("keyCharacters"),
    statementBytes: limit("statementBytes"),
  };
}

/** Refuses what would be cut off. @throws RecordTooLargeError */
export function refuseLarge(key: string, { bytes }: Content, expected: Uint8Array | undefined, limits: Limits): void {
  const { recordBytes, keyCharacters, statementBytes } = limits;
  if (bytes.length > recordBytes) {
    throw new RecordTooLargeError(
      `The record has ${bytes.length} bytes, the column data takes ${recordBytes}: make it a MEDIUMBLOB`,
    );
  }
  if (Array.from(key).length > keyCharacters) {
    throw new RecordTooLargeError(`The key has more than the ${keyCharacters} characters of the column session_id`);
  }
  if (2 * (bytes.length + (expected?.length ?? 0)) + STATEMENT_BYTES > statementBytes) {
    throw new RecordTooLargeError(
      `The record has ${bytes.length} bytes, which make a statement longer than the server's max_allowed_packet`,
    );
  }
}
