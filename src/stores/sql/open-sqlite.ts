/** Opens a file of SQLite with whichever package is installed, or with Node's own module. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError, MissingPackageError } from "../../errors.ts";
import type { SqliteAddress } from "./address.ts";
import type { Opened } from "./client.ts";
import { sqlError } from "./failure.ts";
import { type SqliteDatabase, SqliteDriver, sqliteFailure } from "./sqlite.ts";

type OpenFile = new (path: string) => SqliteDatabase & { close(): void };

/** Each throws where it is not there. Node's own comes last: up to Node 24 it prints a warning. */
const PACKAGES: readonly (() => Promise<OpenFile>)[] = [
  // @ts-ignore -- its types are another package, which need not be there
  async () => (await import("better-sqlite3")).default as OpenFile,
  async () => (await import("@photostructure/sqlite")).DatabaseSync,
  async () => (process.getBuiltinModule("node:sqlite") as { readonly DatabaseSync: OpenFile }).DatabaseSync,
];

/**
 * @param create whether the file may be made, its folder never
 * @throws ConfigError with the path where there is no file, MissingPackageError, StoreError
 */
export async function openSqlite({ path, busyMillis }: SqliteAddress, create: boolean): Promise<Opened> {
  await lookAt(path, create);
  const OpenFile = await classToOpen();
  try {
    const database = new OpenFile(path);
    database.exec("PRAGMA busy_timeout = 0");
    return {
      driver: new SqliteDriver(database),
      busyMillis,
      close: async () => {
        database.close();
      },
    };
  } catch (thrown) {
    throw sqlError(thrown, sqliteFailure(thrown), { database: "SQLite", table: "", command: "OPEN" });
  }
}

async function lookAt(path: string, create: boolean): Promise<void> {
  const [file, folder] = await Promise.all([path, dirname(path)].map(kindOf));
  if (folder !== "folder") throw new ConfigError(`The folder ${dirname(path)} of the session database does not exist`);
  if (file === "file" || (file === "nothing" && create)) return;
  throw new ConfigError(
    file === "nothing"
      ? `The session database ${path} does not exist: start Flask first, which makes it, or give the option create: true`
      : `The session database ${path} is no file`,
  );
}

async function kindOf(path: string): Promise<"file" | "folder" | "nothing" | "other"> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return "nothing";
  if (stats.isFile()) return "file";
  return stats.isDirectory() ? "folder" : "other";
}

async function classToOpen(): Promise<OpenFile> {
  for (const load of PACKAGES) {
    const found = await load().catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new MissingPackageError(
    'Cannot open SQLite by its URL: neither "better-sqlite3" nor "@photostructure/sqlite" is installed, and this Node has no node:sqlite',
  );
}
