/** The way to the table of sessions: opened at the first call, tried again after a failure, closed once. */
import { setTimeout as sleep } from "node:timers/promises";
import { StoreUnavailableError } from "../../errors.ts";
import type { OpenDriver, Opened } from "./client.ts";
import { Database } from "./database.ts";
import type { Limits, TableName } from "./dialect.ts";
import { Statements } from "./statements.ts";
import { createTable, lookAtTable } from "./table.ts";

/** How long statements under way may take to be answered once the store is to close. */
const FAREWELL_MILLIS = 1000;

/** What the store works with. */
export interface SessionTable {
  readonly database: Database;
  readonly statements: Statements;
  readonly limits: Limits;
}

/** How the table is to be opened. */
interface SessionTableOptions {
  readonly open: OpenDriver;
  readonly name: TableName;
  readonly create: boolean;
}

/** Opens the table once. */
export class SessionTableSource {
  readonly #options: SessionTableOptions;
  #opening: Promise<SessionTable> | undefined;
  #opened: Opened | undefined;
  #closed = false;

  constructor(options: SessionTableOptions) {
    this.#options = options;
  }

  /** @throws StoreError, ConfigError where there is no such table, MissingPackageError */
  table(): Promise<SessionTable> {
    if (this.#closed)
      return Promise.reject(new StoreUnavailableError("Cannot reach the database: the store is closed"));
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Closes what was opened; a given client stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    const table = await this.#opening?.catch(() => undefined);
    // A pool that ends forgets who waits for a connection.
    await Promise.race([table?.database.settled(), sleep(FAREWELL_MILLIS, undefined, { ref: false })]);
    await this.#opened?.close();
    this.#opened = undefined;
  }

  async #open(): Promise<SessionTable> {
    const { open, name, create } = this.#options;
    this.#opened ??= await open();
    const { driver, busyMillis } = this.#opened;
    const database = new Database(driver, name.table, busyMillis);
    if (create) await createTable(database, name);
    const limits = await lookAtTable(database, name);
    return { database, statements: new Statements(driver.dialect, name), limits };
  }
}
