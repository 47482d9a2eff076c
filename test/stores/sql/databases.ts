/** An empty database of each kind, for tests that run over all of them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InspectableStore } from "../../../src/session/store.ts";
import { type SqlOptions, sqlStore } from "../../../src/stores/sql.ts";
import { atEnd } from "../redis/at-end.ts";
import { mariadb, mysqlUrl, postgresql, postgresUrl } from "./servers.ts";

/** A kind of database. */
export interface TestDatabase {
  readonly name: "SQLite" | "PostgreSQL" | "MariaDB";
  /** How messages call it. */
  readonly called: "SQLite" | "PostgreSQL" | "MySQL";
  /** The URL of an empty one, which is gone after the test. @param context of mocha, which is skipped where there is no server */
  readonly url: (context: Mocha.Context) => Promise<string>;
}

/** The path of a file that is gone, with its folder, after the test. */
export async function sqliteFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sql-"));
  atEnd(() => rm(folder, { recursive: true }));
  return join(folder, "app.db");
}

/** The databases that the store is for. */
export const databases: readonly TestDatabase[] = [
  { name: "SQLite", called: "SQLite", url: async () => `sqlite:///${await sqliteFile()}` },
  { name: "PostgreSQL", called: "PostgreSQL", url: async (context) => postgresUrl(await postgresql(context)) },
  { name: "MariaDB", called: "MySQL", url: async (context) => mysqlUrl(await mariadb(context)) },
];

/** A store that is closed after the test, and makes its table. */
export function openStore(client: SqlOptions["client"], options: Partial<SqlOptions> = {}): InspectableStore {
  const store = sqlStore({ client, create: true, ...options });
  atEnd(() => store.close());
  return store;
}
