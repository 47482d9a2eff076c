/** The one place that tells database clients apart. */
import { refused } from "../../session/checks.ts";
import { DEFAULT_BUSY_MILLIS } from "./database.ts";
import type { Driver } from "./driver.ts";
import { type MysqlClient, MysqlDriver } from "./mysql.ts";
import { type PostgresClient, PostgresDriver } from "./postgresql.ts";
import { type SqliteDatabase, SqliteDriver } from "./sqlite.ts";

/**
 * Where sessions can lie: a database of better-sqlite3, `node:sqlite` or @photostructure/sqlite, a pool of pg, or a pool
 * of mysql2/promise. In place of a pool one connection will do, but it does not come back once it is lost.
 */
export type SqlClient = SqliteDatabase | PostgresClient | MysqlClient;

/** A driver and its end. */
export interface Opened {
  readonly driver: Driver;
  /** How long a statement may be tried that others stand in the way of. */
  readonly busyMillis: number;
  /** Closes what was opened, nothing of a client that was given. */
  close(): Promise<void>;
}

/** Opens a driver. */
export type OpenDriver = () => Promise<Opened>;

/** A client that belongs to the application, which also closes it. @throws ConfigError for what is no client */
export function givenClient(client: SqlClient, option: string): OpenDriver {
  const driver = driverOf(client, option);
  const opened: Opened = { driver, busyMillis: DEFAULT_BUSY_MILLIS, close: () => Promise.resolve() };
  return () => Promise.resolve(opened);
}

function driverOf(client: SqlClient, option: string): Driver {
  if (has(client, "prepare") && has(client, "exec")) return new SqliteDriver(client as SqliteDatabase);
  if (has(client, "promise"))
    throw refused(option, "it is a client of mysql2 with callbacks: import it from mysql2/promise");
  if (has(client, "query") && has(client, "execute")) return new MysqlDriver(client as MysqlClient);
  if (has(client, "query")) return new PostgresDriver(client as PostgresClient);
  throw refused(option, "it must be a database of SQLite, a pool of pg or a pool of mysql2/promise");
}

function has(client: unknown, method: string): boolean {
  return (
    typeof client === "object" && client !== null && typeof (client as Record<string, unknown>)[method] === "function"
  );
}
