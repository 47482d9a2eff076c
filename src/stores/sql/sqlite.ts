/** SQLite through better-sqlite3, `node:sqlite` or @photostructure/sqlite, all of which work synchronously. */
import { setImmediate } from "node:timers/promises";
import { type Dialect, naiveUtc } from "./dialect.ts";
import { codeOf, type Driver, type Failure, type Outcome, type Reason, type Row } from "./driver.ts";
import { raw, type Sql, type SqlValue, sql } from "./sql-text.ts";

/** What is bound to a statement. Without `null`: with it TypeScript before 6.0 refuses better-sqlite3. */
type SqliteValue = string | number | bigint | Uint8Array;

/** A prepared statement, by what is called of it. */
interface SqliteStatement {
  all(...values: SqliteValue[]): unknown[];
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
}

/** A database of better-sqlite3, `node:sqlite` or @photostructure/sqlite, by what is called of it. */
export interface SqliteDatabase {
  prepare(text: string): SqliteStatement;
  exec(text: string): unknown;
}

/** Columns of type DATETIME hold text. As a number of days `julianday` reads every form in which it can stand there. */
const SQLITE: Dialect = {
  name: "SQLite",
  quote: '"',
  data: raw("CAST(coalesce(data, '') AS BLOB)"),
  shownData: raw("CAST(coalesce(data, '') AS BLOB)"),
  shownKey: raw("session_id"),
  expiry: raw("round((julianday(expiry) - 2440587.5) * 86400000.0)"),
  isKey: (key) => sql`session_id = ${key}`,
  nextId: () => undefined,
  limits: () => undefined,
  mayNumber: () => undefined,
  server: raw("SELECT 'sqlite ' || sqlite_version() AS server, (julianday('now') - 2440587.5) * 86400000.0 AS clock"),
  types: { id: "INTEGER", data: "BLOB", expiry: "DATETIME" },
};

/** A result code of SQLite, without what its higher bytes say. */
interface Code {
  readonly name: string;
  readonly number: number;
  /** The text of `sqlite3_errstr`. */
  readonly text: string;
  readonly reason: Reason;
}

const CODES: readonly Code[] = [
  { name: "SQLITE_BUSY", number: 5, text: "database is locked", reason: "busy" },
  { name: "SQLITE_LOCKED", number: 6, text: "database table is locked", reason: "busy" },
  { name: "SQLITE_NOMEM", number: 7, text: "out of memory", reason: "unavailable" },
  { name: "SQLITE_READONLY", number: 8, text: "attempt to write a readonly database", reason: "refused" },
  { name: "SQLITE_IOERR", number: 10, text: "disk I/O error", reason: "unavailable" },
  { name: "SQLITE_CORRUPT", number: 11, text: "database disk image is malformed", reason: "refused" },
  { name: "SQLITE_FULL", number: 13, text: "database or disk is full", reason: "refused" },
  { name: "SQLITE_CANTOPEN", number: 14, text: "unable to open database file", reason: "unavailable" },
  { name: "SQLITE_TOOBIG", number: 18, text: "string or blob too big", reason: "too large" },
  { name: "SQLITE_NOTADB", number: 26, text: "file is not a database", reason: "refused" },
];

/** A violation of UNIQUE, the one code whose higher byte counts. */
const UNIQUE = { name: "SQLITE_CONSTRAINT_UNIQUE", number: 2067 };

/** Sends statements to a SQLite database. */
export class SqliteDriver implements Driver {
  readonly dialect: Dialect = SQLITE;
  readonly #database: SqliteDatabase;
  #last: Promise<void> = Promise.resolve();
  readonly #prepared = new Map<string, SqliteStatement>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async send(statement: Sql): Promise<Outcome> {
    await this.#turn();
    const values = statement.values.map(bound);
    return this.#unblocked(() => {
      const prepared = this.#prepare(statement.render(() => "?"));
      return statement.verb === "SELECT"
        ? { rows: prepared.all(...values) as Row[], changed: 0 }
        : { rows: [], changed: Number(prepared.run(...values).changes) };
    });
  }

  failureOf(thrown: unknown): Failure {
    return sqliteFailure(thrown);
  }

  /** One statement for each turn of the event loop: each may wait for the disk, and others want to work between them. */
  #turn(): Promise<void> {
    this.#last = this.#last.then(() => setImmediate());
    return this.#last;
  }

  /** A busy database is an error at once: a driver that waits for it, better-sqlite3 for 5 s, blocks the event loop. */
  #unblocked<T>(work: () => T): T {
    const [found] = this.#database.prepare("PRAGMA busy_timeout").all() as [{ readonly timeout: number | bigint }];
    const timeout = Number(found.timeout);
    if (timeout === 0) return work();
    this.#database.exec("PRAGMA busy_timeout = 0");
    try {
      return work();
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${timeout}`);
    }
  }

  #prepare(text: string): SqliteStatement {
    let prepared = this.#prepared.get(text);
    if (prepared === undefined) {
      prepared = this.#database.prepare(text);
      this.#prepared.set(text, prepared);
    }
    return prepared;
  }
}

/** What of an error tells which it is: better-sqlite3 has the code's name, the others its number. */
interface SqliteError {
  readonly message: string;
  readonly code?: unknown;
  readonly errcode?: unknown;
}

/** What a package threw, be it for a statement or for the file. */
export function sqliteFailure(thrown: unknown): Failure {
  const { message, code, errcode } = thrown as SqliteError;
  if (errcode === UNIQUE.number || code === UNIQUE.name) return { reason: "duplicate", code: UNIQUE.name };
  if (message.startsWith("no such table: ")) return { reason: "missing", code: "SQLITE_ERROR" };
  const found = CODES.find((known) => isCode(known, thrown as SqliteError));
  if (found !== undefined) return { reason: found.reason, code: found.name };
  // A database that was closed is no error of SQLite's.
  const isReply = typeof errcode === "number" || codeOf(thrown).startsWith("SQLITE_");
  return { reason: isReply ? "refused" : "unavailable", code: codeOf(thrown) };
}

/** @photostructure/sqlite gives no number where it is a row that cannot be read, but always SQLite's own text. */
function isCode({ name, number, text }: Code, { message, code, errcode }: SqliteError): boolean {
  if (typeof errcode === "number") return (errcode & 0xff) === number;
  return code === name || (typeof code === "string" && code.startsWith(`${name}_`)) || message === text;
}

function bound(value: SqlValue): SqliteValue {
  return value instanceof Date ? naiveUtc(value) : value;
}
