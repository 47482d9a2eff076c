/** The contracts over each database, through every kind of client that the store takes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection, createPool } from "mysql2/promise";
import { Client, Pool } from "pg";
import type { InspectableStore } from "../../src/session/store.ts";
import { sqlStore } from "../../src/stores/sql.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type MakeStore, type StoreUnderTest } from "../contracts/store.ts";
import { type Address, mariadb, postgresql } from "./sql/servers.ts";
import { openSqlite } from "./sql/sqlite-client.ts";

type Opened = StoreUnderTest<InspectableStore>;

interface Kind {
  readonly name: string;
  readonly server: RegExp;
  readonly make: MakeStore<InspectableStore>;
}

async function sqlite(timeout: number): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), "sql-"));
  const database = openSqlite(join(folder, "sessions.db"), { timeout });
  // A test has nothing to lose in a power cut.
  database.exec("PRAGMA synchronous = OFF");
  return {
    store: sqlStore({ client: database, create: true }),
    end: async () => {
      database.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** A database of MariaDB whose records may have more than the 65,535 bytes of the column that Flask-Session makes. */
async function roomyMariadb(context: Mocha.Context): Promise<Address> {
  const address = await mariadb(context);
  const pool = createPool(address);
  await sqlStore({ client: pool, create: true }).open?.();
  await pool.query("ALTER TABLE sessions MODIFY data MEDIUMBLOB");
  await pool.end();
  return address;
}

const kinds: readonly Kind[] = [
  { name: "SQLite", server: /^sqlite 3\.\d+\.\d+$/, make: () => sqlite(0) },
  { name: "SQLite with a busy timeout", server: /^sqlite /, make: () => sqlite(5000) },
  {
    name: "PostgreSQL, a pool",
    server: /^postgresql \d+\.\d+$/,
    make: async (context) => {
      const pool = new Pool(await postgresql(context));
      return { store: sqlStore({ client: pool, create: true }), end: () => pool.end() };
    },
  },
  {
    name: "PostgreSQL, a client, serializable, in another time zone and with other forms of bytes and dates",
    server: /^postgresql /,
    make: async (context) => {
      const settings = ["TimeZone=Asia/Kolkata", "DateStyle=German", "bytea_output=escape", "IntervalStyle=iso_8601"];
      const options = [...settings, "default_transaction_isolation=serializable"].map((setting) => `-c ${setting}`);
      const client = new Client({ ...(await postgresql(context)), options: options.join(" ") });
      await client.connect();
      return { store: sqlStore({ client, create: true }), end: () => client.end() };
    },
  },
  {
    name: "MariaDB, a pool",
    server: /^mariadb \d+\.\d+\.\d+$/,
    make: async (context) => {
      const pool = createPool(await roomyMariadb(context));
      return { store: sqlStore({ client: pool }), end: () => pool.end() };
    },
  },
  {
    name: "MariaDB, a connection with options that change what it is told and what it answers",
    server: /^mariadb /,
    make: async (context) => {
      const connection = await createConnection({
        ...(await roomyMariadb(context)),
        flags: ["-FOUND_ROWS"],
        charset: "latin1",
        timezone: "+05:30",
        dateStrings: true,
        rowsAsArray: true,
        nestTables: "_",
        namedPlaceholders: true,
        supportBigNumbers: true,
        bigNumberStrings: true,
        decimalNumbers: true,
      });
      await connection.query("SET time_zone = '+05:30', sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,HIGH_NOT_PRECEDENCE'");
      return { store: sqlStore({ client: connection }), end: () => connection.end() };
    },
  },
];

for (const { name, server, make } of kinds) {
  describeStore(`sql through ${name}`, make, {
    compareAndSet: "everyone",
    format: undefined,
    touchesInGet: false,
    tellsExpiry: true,
  });
  describeInspectableStore(`sql through ${name}`, make, { listsKeys: true, expires: "on demand", server });
}
