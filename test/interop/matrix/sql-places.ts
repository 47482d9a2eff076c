/** SQLite, PostgreSQL and MariaDB in the matrix, a database for each app. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { createPool } from "mysql2/promise";
import { Pool } from "pg";
import { sqlStore } from "../../../src/stores/sql.ts";
import { MARIADB_USER, startMariadb } from "../../services/mariadb.ts";
import { POSTGRES_USER, startPostgresql } from "../../services/postgresql.ts";
import { type SqlServer, sharedServer } from "../../services/sql-server.ts";
import { type Address, mysqlUrl, postgresUrl } from "../../stores/sql/servers.ts";
import { hasFlaskSessionBefore, type Side } from "../sides.ts";
import { type Lying, PERMANENT_ALONE, type Place, type Places, SETTINGS, served } from "./place.ts";

/** A connection of the tests' own, by what they ask of it. */
interface Connection {
  rows(text: string, values: readonly unknown[]): Promise<readonly unknown[]>;
  end(): Promise<void>;
}

/** How a database says what the tests ask. */
interface Words {
  /** Seconds until the expiry, which is naive UTC. */
  readonly secondsLeft: string;
  /** What replaces the only row, by its bytes and by the seconds until its expiry. */
  readonly replace: string;
}

function transient(side: Side): ReturnType<NonNullable<Places["transient"]>> {
  if (hasFlaskSessionBefore(side, 0, 6)) return "error";
  return hasFlaskSessionBefore(side, 0, 7) ? "blank" : undefined;
}

const ABOUT = `Records are pickles up to 0.6, msgpack and JSON from 0.7. ${SETTINGS} ${PERMANENT_ALONE}`;
const both = { about: ABOUT, serializes: true, transient };

const SQLITE: Words = {
  secondsLeft: "(julianday(expiry) - julianday('now')) * 86400",
  replace:
    "UPDATE sessions SET data = ?, expiry = strftime('%Y-%m-%d %H:%M:%f', 'now', format('%.3f seconds', ?)) || '000'",
};
const POSTGRESQL: Words = {
  secondsLeft: "extract(epoch FROM expiry - (now() AT TIME ZONE 'utc'))::float",
  replace: "UPDATE sessions SET data = $1, expiry = (now() AT TIME ZONE 'utc') + $2 * interval '1 second'",
};
const MARIADB: Words = {
  secondsLeft: "timestampdiff(MICROSECOND, utc_timestamp(6), expiry) / 1000000",
  replace: "UPDATE sessions SET data = ?, expiry = timestampadd(MICROSECOND, ? * 1000000, utc_timestamp(6))",
};

export const sqlite: Places = {
  name: "SQLite",
  ...both,
  ...served(
    () => {
      const folder = mkdtempSync(join(tmpdir(), "matrix-"));
      const connections: Connection[] = [];
      const stop = async (): Promise<void> => {
        for (const connection of connections) await connection.end();
        rmSync(folder, { recursive: true });
      };
      return Promise.resolve({ folder, connections, stop });
    },
    async ({ folder, connections }, side) => {
      const path = join(folder, `${connections.length}.db`);
      const connection = sqliteConnection(path);
      connections.push(connection);
      return tablePlace(side, `sqlite:///${path}`, connection, SQLITE);
    },
  ),
};

export const postgresql: Places = {
  name: "PostgreSQL",
  service: "postgresql",
  lendsDriver: true,
  ...both,
  ...onServer(startPostgresql, POSTGRES_USER, (side, address) => {
    const pool = new Pool(address);
    // What is left of its connections at the end of the server is no news.
    pool.on("error", () => {});
    const connection: Connection = {
      rows: async (text, values) => (await pool.query(text, [...values])).rows as unknown[],
      end: () => pool.end(),
    };
    return [connection, tablePlace(side, postgresUrl(address), connection, POSTGRESQL)];
  }),
};

export const mariadb: Places = {
  name: "MariaDB",
  service: "mariadb",
  lendsDriver: true,
  ...both,
  ...onServer(startMariadb, MARIADB_USER, (side, address) => {
    const pool = createPool(address);
    const connection: Connection = {
      rows: async (text, values) => {
        const [rows] = await pool.query(text, [...values]);
        return Array.isArray(rows) ? rows : [];
      },
      end: () => pool.end(),
    };
    return [connection, tablePlace(side, mysqlUrl(address), connection, MARIADB)];
  }),
};

/** The server that all tests share, with a database for each place. */
function onServer(
  start: () => Promise<SqlServer>,
  user: string,
  open: (side: Side, address: Address) => readonly [Connection, Promise<Place>],
): Pick<Places, "place" | "end"> {
  return served(
    async () => {
      const server = await sharedServer(start);
      const connections: Connection[] = [];
      const stop = async (): Promise<void> => {
        for (const connection of connections) await connection.end();
      };
      return { server, connections, stop };
    },
    async ({ server, connections }, side) => {
      const database = await server.makeDatabase();
      const [connection, place] = open(side, { host: "127.0.0.1", port: server.port, user, database });
      connections.push(connection);
      return place;
    },
  );
}

function sqliteConnection(path: string): Connection {
  const database = new DatabaseSync(path, { timeout: 5000 });
  return {
    rows: (text, values) => Promise.resolve(database.prepare(text).all(...(values as (Uint8Array | number)[]))),
    end: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

async function tablePlace(side: Side, url: string, connection: Connection, words: Words): Promise<Place> {
  // Flask-Session before 0.6 leaves it to the app to make the table.
  if (hasFlaskSessionBefore(side, 0, 6)) {
    const store = sqlStore({ client: url, create: true });
    await store.open?.();
    await store.close();
  }
  return {
    config: { SESSION_TYPE: "sqlalchemy", SQLALCHEMY_DATABASE_URI: url, SQLALCHEMY_TRACK_MODIFICATIONS: false },
    async lying() {
      const found = (await connection.rows(`SELECT data, ${words.secondsLeft} AS seconds FROM sessions`, [])) as {
        readonly data: Uint8Array;
        readonly seconds: number | string;
      }[];
      return found.map(({ data, seconds }): Lying => ({ bytes: data, secondsLeft: Number(seconds) }));
    },
    async replace({ bytes, secondsLeft }) {
      await connection.rows(words.replace, [Buffer.from(bytes), secondsLeft]);
    },
    async clear() {
      await connection.rows("DELETE FROM sessions", []);
    },
  };
}
