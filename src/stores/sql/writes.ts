/** How a row is found and written, so that of several who write at once one wins and the others are told. */
import { StoreConflictError } from "../../errors.ts";
import type { SetResult, StoredRecord } from "../../session/store.ts";
import { isSameRecord } from "../same-record.ts";
import { bytesIn, numberIn, type Row } from "./driver.ts";
import type { SessionTable } from "./session-table.ts";
import type { Content } from "./statements.ts";

/** Tries of a write that meets a row at one moment and none at the next. */
const TRIES = 3;

const STORED: SetResult = { stored: true };

/** The live record of a key. */
export async function find({ database, statements }: SessionTable, key: string): Promise<StoredRecord | undefined> {
  const [row] = await database.rows(statements.find(key));
  return row && recordOf(row);
}

/** The record in a row that was read. */
export function recordOf(row: Row): StoredRecord {
  return { bytes: bytesIn(row["record_data"]), expiresAt: new Date(numberIn(row["record_expiry"])) };
}

/** Over whatever is there. */
export async function overwrite(table: SessionTable, key: string, content: Content): Promise<SetResult> {
  const { database, statements } = table;
  for (let tries = 0; tries < TRIES; tries++) {
    if ((await database.run(statements.overwrite(key, content))) > 0) return STORED;
    if ((await database.run(statements.insert(key, content))) > 0) return STORED;
    if (isAsWritten(await find(table, key), content)) return STORED;
  }
  throw unclear();
}

/** Where there is none, or only an expired one. */
export async function add(table: SessionTable, key: string, content: Content): Promise<SetResult> {
  const { database, statements } = table;
  for (let tries = 0; tries < TRIES; tries++) {
    if ((await database.run(statements.insert(key, content))) > 0) return STORED;
    if ((await database.run(statements.overwriteExpired(key, content))) > 0) return STORED;
    const current = await find(table, key);
    if (current !== undefined) return { stored: false, current };
  }
  throw unclear();
}

/** Over the record that is expected. */
export async function replace(
  table: SessionTable,
  key: string,
  content: Content,
  expected: StoredRecord,
): Promise<SetResult> {
  const { database, statements } = table;
  if ((await database.run(statements.replace(key, content, expected.bytes))) > 0) return STORED;
  const current = await find(table, key);
  return isSameRecord(current, expected) && isAsWritten(current, content) ? STORED : { stored: false, current };
}

/** With its flag -FOUND_ROWS mysql2 does not count a row that already held what was to be written. */
function isAsWritten(current: StoredRecord | undefined, { bytes }: Content): boolean {
  return isSameRecord(current, { bytes });
}

/** A row of the key is there, so that none can be inserted, and is not: the database takes another key for the same. */
function unclear(): StoreConflictError {
  return new StoreConflictError(
    "The database has a row under another session_id that it takes for the same; nothing was stored",
  );
}
