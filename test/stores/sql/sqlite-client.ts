/**
 * SQLite as the tests open it: with @photostructure/sqlite, or the package that SQLITE_CLIENT names, by which
 * `npm run interop:all` runs them with each that the store takes.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { SqliteDatabase } from "../../../src/stores/sql/sqlite.ts";
import { projectFolder } from "../../python/judge.ts";

/** A database with what the tests call of it beside. */
export interface TestSqlite extends SqliteDatabase {
  close(): void;
}

interface Options {
  /** How long a statement waits for a lock, in milliseconds. */
  readonly timeout?: number;
}

type Database = new (path: string, options: Options) => TestSqlite;

const ours = createRequire(import.meta.url);
/** Its package has a folder of its own, because it compiles for minutes where its binary cannot be had. */
const apart = createRequire(join(projectFolder, "test", "stores", "sql", "better-sqlite3", "package.json"));

const clients: Readonly<Record<string, () => Database>> = {
  "@photostructure/sqlite": () => (ours("@photostructure/sqlite") as { readonly DatabaseSync: Database }).DatabaseSync,
  "node:sqlite": () => (ours("node:sqlite") as { readonly DatabaseSync: Database }).DatabaseSync,
  "better-sqlite3": () => apart("better-sqlite3") as Database,
};

/** The package of this run. */
export const sqliteClient: string = process.env["SQLITE_CLIENT"] ?? "@photostructure/sqlite";

/** Opens a file, which is made where there is none. @throws Error for a SQLITE_CLIENT that is none of ours */
export function openSqlite(path: string, options: Options = {}): TestSqlite {
  const client = clients[sqliteClient];
  if (client === undefined) throw new Error(`SQLITE_CLIENT: the tests do not know ${sqliteClient}`);
  return new (client())(path, options);
}
