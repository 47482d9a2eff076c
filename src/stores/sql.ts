/** Flask-Session's SQLAlchemy back end: one row a session, in SQLite, PostgreSQL, MariaDB or MySQL. */
import type { Found, InspectableStore, ListedRecord, SetResult, StoreCheck, StoredRecord } from "../session/store.ts";
import type { SqlClient } from "./sql/client.ts";
import type { TableName } from "./sql/dialect.ts";
import { numberIn, type Row, textIn } from "./sql/driver.ts";
import { opening } from "./sql/open.ts";
import { missingRights } from "./sql/rights.ts";
import { SessionTableSource } from "./sql/session-table.ts";
import { refuseLarge } from "./sql/table.ts";
import { add, find, overwrite, recordOf, replace } from "./sql/writes.ts";

export type { SqlClient } from "./sql/client.ts";

/** Which table sessions lie in, and how it is reached. */
export interface SqlOptions {
  /**
   * A database of better-sqlite3, `node:sqlite` or @photostructure/sqlite, a pool of pg or of mysql2/promise; or a URL as
   * SQLAlchemy takes it, which the first call opens and `close()` closes. Flask: SQLALCHEMY_DATABASE_URI.
   */
  readonly client: SqlClient | string;
  /** Flask's `app.instance_path`, where a relative path of SQLite starts. @defaultValue the folder `instance` in the working directory */
  readonly flaskInstancePath?: string | undefined;
  /** Flask: SESSION_SQLALCHEMY_TABLE. @defaultValue "sessions" */
  readonly table?: string | undefined;
  /** Flask: SESSION_SQLALCHEMY_SCHEMA. @defaultValue the connection's own */
  readonly schema?: string | undefined;
  /** Flask: SESSION_SQLALCHEMY_SEQUENCE. @defaultValue none: the column id numbers by itself */
  readonly sequence?: string | undefined;
  /** Whether to make the table if it does not exist. @defaultValue false, because Flask-Session makes it at its start */
  readonly create?: boolean | undefined;
}

/** Before every id. */
const FIRST = Number.MIN_SAFE_INTEGER;

/**
 * A store in the table that Flask-Session 0.3.1 to 0.8 makes with SESSION_TYPE "sqlalchemy". The table is looked at by
 * the first call, or by `open()`.
 * @throws ConfigError for what is no client, and for a URL of another database or with parameters that Node does not know
 */
export function sqlStore(options: SqlOptions): InspectableStore {
  return new SqlStore(options);
}

class SqlStore implements InspectableStore {
  readonly compareAndSet = "everyone";
  readonly #source: SessionTableSource;
  readonly #name: TableName;

  constructor({ client, table = "sessions", schema, sequence, flaskInstancePath, create = false }: SqlOptions) {
    this.#name = { table, schema, sequence };
    const open = opening({ client, option: "the client of sqlStore", flaskInstancePath, create });
    this.#source = new SessionTableSource({ open, name: this.#name, create });
  }

  async get(key: string): Promise<Found | undefined> {
    const record = await find(await this.#source.table(), key);
    return record && { record, touched: false };
  }

  async set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    const table = await this.#source.table();
    const content = { bytes, expiresAt };
    refuseLarge(key, content, expected?.bytes, table.limits);
    if (expected === undefined) return overwrite(table, key, content);
    return expected === null ? add(table, key, content) : replace(table, key, content, expected);
  }

  async touch(key: string, expiresAt: Date): Promise<boolean> {
    const table = await this.#source.table();
    if ((await table.database.run(table.statements.touch(key, expiresAt))) > 0) return true;
    // By its flag -FOUND_ROWS mysql2 does not count a row that was moved to where it is: DATETIME has whole seconds.
    return (await find(table, key)) !== undefined;
  }

  async delete(key: string, expected?: StoredRecord): Promise<boolean> {
    const { database, statements } = await this.#source.table();
    const statement = expected === undefined ? statements.delete(key) : statements.deleteExpected(key, expected.bytes);
    return (await database.run(statement)) > 0;
  }

  async open(): Promise<void> {
    await this.#source.table();
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async *list(prefix: string): AsyncGenerator<ListedRecord> {
    const { database, statements } = await this.#source.table();
    let rows: readonly Row[];
    let last = FIRST;
    do {
      rows = await database.rows(statements.page(last, prefix));
      for (const row of rows) {
        last = numberIn(row["record_id"]);
        const key = textIn(row["record_key"]);
        // A database may take letters of other case for the same.
        if (key.startsWith(prefix)) yield { ref: key, key, record: recordOf(row) };
      }
    } while (rows.length > 0);
  }

  deleteListed({ ref, record }: ListedRecord): Promise<boolean> {
    return this.delete(ref, record);
  }

  async deleteExpired(options: Parameters<InspectableStore["deleteExpired"]>[0] = {}): Promise<number> {
    const { database, statements } = await this.#source.table();
    let [done, deleted] = [0, 0];
    for (let after = FIRST; ; ) {
      options.signal?.throwIfAborted();
      const ids = (await database.rows(statements.step(after))).map((row) => numberIn(row["record_id"]));
      const last = ids.at(-1);
      if (last === undefined) return deleted;
      deleted += await database.run(statements.deleteExpired(after, last));
      after = last;
      done += ids.length;
      options.onProgress?.(done);
    }
  }

  async check(): Promise<StoreCheck> {
    const { database } = await this.#source.table();
    const [about] = await database.rows(database.dialect.server);
    return {
      server: textIn(about?.["server"]),
      serverTime: new Date(numberIn(about?.["clock"])),
      missingRights: await missingRights(database, this.#name),
    };
  }
}
