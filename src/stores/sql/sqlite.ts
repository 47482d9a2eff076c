/** SQLite through better-sqlite3, `node:sqlite` or @photostructure/sqlite, all of which work synchronously. */
import { setImmediate } from "node:timers/promises";
import { type Dialect, naiveUtc } from "./dialect.ts";
import { codeOf, type Driver, type Failure, type Outcome, type Reason, type Row } from "./driver.ts";
import { raw, type Sql, type SqlValue, sql } from "./sql-text.ts";

/** What is bound to a statement. Without `null`: with it TypeScript before 6.0 refuses better-sqlite3. */
export type SqliteValue = string | number | bigint | Uint8Array;

/** A prepared statement, by what is called of it. */
export interface SqliteStatement {
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

/** Codes of SQLite, without what further digits say, by their number. */
const CODES: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  26: "SQLITE_NOTADB",
};

/** A number that says more than its last byte: a violation of UNIQUE. */
const UNIQUE = { code: "SQLITE_CONSTRAINT_UNIQUE", number: 2067 };

const REASONS: ReadonlyMap<string, Reason> = new Map([
  ["SQLITE_BUSY", "busy"],
  ["SQLITE_LOCKED", "busy"],
  ["SQLITE_NOMEM", "unavailable"],
  ["SQLITE_IOERR", "unavailable"],
  ["SQLITE_CANTOPEN", "unavailable"],
  ["SQLITE_TOOBIG", "too large"],
]);

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

/** What a package threw, be it for a statement or for the file. */
export function sqliteFailure(thrown: unknown): Failure {
  const code = sqliteCode(thrown);
  if (code === UNIQUE.code) return { reason: "duplicate", code };
  if ((thrown as Error).message.startsWith("no such table: ")) return { reason: "missing", code };
  const reason = code.startsWith("SQLITE_") ? "refused" : "unavailable";
  return { reason: REASONS.get(/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? "") ?? reason, code };
}

function bound(value: SqlValue): SqliteValue {
  return value instanceof Date ? naiveUtc(value) : value;
}

/** better-sqlite3 names the code, the others give its number. A closed database has neither. */
function sqliteCode(thrown: unknown): string {
  const { errcode } = thrown as { readonly errcode?: unknown };
  if (typeof errcode !== "number") return codeOf(thrown);
  return errcode === UNIQUE.number ? UNIQUE.code : (CODES[errcode & 0xff] ?? "SQLITE_ERROR");
}
