/** Errors of the store: the class says whether to try again, and nothing in them shows a key, a record or a password. */
import { inspect } from "node:util";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import { createConnection, createPool } from "mysql2/promise";
import { Client, Pool } from "pg";
import { StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import type { Store } from "../../../src/session/store.ts";
import { MysqlDriver } from "../../../src/stores/sql/mysql.ts";
import { PostgresDriver } from "../../../src/stores/sql/postgresql.ts";
import { sqliteFailure } from "../../../src/stores/sql/sqlite.ts";
import { freePort } from "../../services/free-port.ts";
import { atEnd } from "../redis/at-end.ts";
import { databases, openStore, sqliteFile, type TestDatabase } from "./databases.ts";
import { mariadb, mysqlUrl, postgresql, postgresUrl } from "./servers.ts";

const KEY = "session:SidThatNobodyMaySee";
const BYTES = Buffer.from("ValueThatNobodyMaySee");
const PASSWORD = "PasswordThatNobodyMaySee";
const soon = (): Date => new Date(Date.now() + 60_000);

const calls: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ["get", (store) => store.get(KEY)],
  ["set", (store) => store.set(KEY, BYTES, soon())],
  ["set with null", (store) => store.set(KEY, BYTES, soon(), null)],
  ["set with an expectation", (store) => store.set(KEY, BYTES, soon(), { bytes: BYTES })],
  ["touch", (store) => store.touch(KEY, soon())],
  ["delete", (store) => store.delete(KEY)],
  ["delete with an expectation", (store) => store.delete(KEY, { bytes: BYTES })],
];

/** Everything a log could show of an error, its causes included. */
function everything(error: unknown): string {
  return `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${String((error as Error).stack)}`;
}

function expectSafe(error: unknown): void {
  const shown = everything(error).toLowerCase();
  const spaced = BYTES.toString("hex").replace(/..(?!$)/g, "$& ");
  const hexes = [KEY, "SidThatNobodyMaySee", BYTES].map((secret) => Buffer.from(secret).toString("hex"));
  for (const secret of [KEY, "SidThatNobodyMaySee", BYTES.toString(), PASSWORD, spaced, ...hexes]) {
    expect(shown).to.not.include(secret.toLowerCase());
  }
}

async function failureOf(call: Promise<unknown>): Promise<StoreError> {
  const outcome: unknown = await call.then(
    () => "no failure",
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(StoreError);
  return outcome as StoreError;
}

/** Lets the table be seen and nothing be done with it: a trigger, a constraint or a right refuses every write. */
const refuseAll: Readonly<Record<TestDatabase["name"], (url: string) => Promise<void>>> = {
  SQLite: async (url) => {
    const database = new DatabaseSync(url.replace("sqlite:///", ""));
    for (const verb of ["INSERT", "UPDATE", "DELETE"]) {
      database.exec(
        `CREATE TRIGGER no_${verb} BEFORE ${verb} ON sessions BEGIN SELECT raise(ABORT, 'no ' || ${verb === "DELETE" ? "old" : "new"}.session_id); END`,
      );
    }
    database.close();
  },
  PostgreSQL: async (url) => {
    const client = new Client(url.replace("+psycopg2", ""));
    await client.connect();
    await client.query(
      "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no %', coalesce(new.session_id, old.session_id) USING DETAIL = coalesce(new.session_id, old.session_id); END $$",
    );
    await client.query(
      "CREATE TRIGGER no BEFORE INSERT OR UPDATE OR DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION no()",
    );
    await client.end();
  },
  MariaDB: async (url) => {
    const client = await createConnection(url.replace("+pymysql", ""));
    for (const verb of ["INSERT", "UPDATE", "DELETE"]) {
      await client.query(
        `CREATE TRIGGER no_${verb} BEFORE ${verb} ON sessions FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${KEY}'`,
      );
    }
    await client.end();
  },
};

for (const { name, called, url } of databases) {
  describe(`failures of ${name}`, () => {
    it("that refuses writes are StoreErrors with its code, and show nothing", async function () {
      const client = await url(this);
      await openStore(client).set(KEY, BYTES, soon());
      await refuseAll[name](client);
      const store = openStore(client);
      for (const [call, ask] of calls.slice(1)) {
        const error = await failureOf(ask(store));
        expect(error, call).to.not.be.instanceOf(StoreUnavailableError);
        expect(error.message).to.match(new RegExp(`^${called} refused (INSERT|UPDATE|DELETE): \\w+$`));
        expectSafe(error);
      }
    });
  });
}

describe("failures of a connection", () => {
  for (const [called, urlOf] of [
    ["PostgreSQL", postgresUrl],
    ["MySQL", mysqlUrl],
  ] as const) {
    it(`to ${called} are StoreUnavailableErrors, and tried again at the next call`, async () => {
      const address = { host: "127.0.0.1", port: await freePort(), user: `u:${PASSWORD}`, database: "d" };
      const store = openStore(urlOf(address));
      for (const [, ask] of [...calls, ["open", (opened: Store) => opened.open?.() ?? Promise.resolve()] as const]) {
        const error = await failureOf(ask(store));
        expect(error).to.be.instanceOf(StoreUnavailableError);
        expect(error.message).to.equal(`Cannot reach ${called}: ECONNREFUSED in CONNECT`);
        expectSafe(error);
      }
    });
  }

  it("to a pool of pg that the application has ended are StoreUnavailableErrors", async function () {
    const pool = new Pool(await postgresql(this));
    const store = openStore(pool);
    await store.open?.();
    await pool.end();
    const error = await failureOf(store.get(KEY));
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect(error.message).to.equal("Cannot reach PostgreSQL: Error in SELECT");
    expectSafe(error);
  });

  it("to a pool of mysql2 that the application has ended are StoreUnavailableErrors", async function () {
    const pool = createPool(await mariadb(this));
    const store = openStore(pool);
    await store.open?.();
    await pool.end();
    const error = await failureOf(store.get(KEY));
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect(error.message).to.equal("Cannot reach MySQL: Error in SELECT");
    expectSafe(error);
  });

  it("to a database of SQLite that the application has closed are StoreUnavailableErrors", async () => {
    const database = new DatabaseSync(await sqliteFile());
    const store = openStore(database);
    await store.open?.();
    database.close();
    const error = await failureOf(store.get(KEY));
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect(error.message).to.equal("Cannot reach SQLite: ERR_INVALID_STATE in SELECT");
    expectSafe(error);
  });

  it("that one client of pg has lost are StoreUnavailableErrors", async function () {
    const address = await postgresql(this);
    const client = new Client(address).on("error", () => {});
    await client.connect();
    const store = openStore(client);
    await store.open?.();
    const admin = new Client(address);
    await admin.connect();
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
      [address.database],
    );
    await admin.end();
    expect(await failureOf(store.get(KEY))).to.be.instanceOf(StoreUnavailableError);
  });

  it("that say who may come in are StoreErrors with the server's code", async function () {
    const address = await postgresql(this);
    const store = openStore(postgresUrl({ ...address, database: "no_such_database" }));
    const error = await failureOf(store.get(KEY));
    expect(error.message).to.equal("PostgreSQL refused CONNECT: 3D000");
    const other = openStore(mysqlUrl({ ...(await mariadb(this)), user: `nobody:${PASSWORD}` }));
    const refusal = await failureOf(other.get(KEY));
    expect(refusal.message).to.equal("MySQL refused CONNECT: ER_ACCESS_DENIED_ERROR");
    expectSafe(refusal);
  });
});

describe("a file that is no database", () => {
  it("is a StoreError", async () => {
    const path = await sqliteFile();
    const { writeFile } = await import("node:fs/promises");
    await writeFile(path, "x".repeat(5000));
    const error = await failureOf(openStore(`sqlite:///${path}`).get(KEY));
    expect(error.message).to.match(/^SQLite refused (OPEN|CREATE|SELECT): SQLITE_NOTADB$/);
  });
});

describe("the codes of", () => {
  const sqlite: readonly (readonly [thrown: object, code: string, reason: string])[] = [
    [{ message: "", code: "SQLITE_BUSY" }, "SQLITE_BUSY", "busy"],
    [{ message: "", code: "SQLITE_BUSY_SNAPSHOT" }, "SQLITE_BUSY", "busy"],
    [{ message: "", errcode: 517 }, "SQLITE_BUSY", "busy"],
    [{ message: "database is locked", code: "ERR_SQLITE_ERROR" }, "SQLITE_BUSY", "busy"],
    [{ message: "", code: "SQLITE_IOERR_READ" }, "SQLITE_IOERR", "unavailable"],
    [{ message: "", code: "SQLITE_CONSTRAINT_UNIQUE" }, "SQLITE_CONSTRAINT_UNIQUE", "duplicate"],
    [{ message: "", errcode: 2067 }, "SQLITE_CONSTRAINT_UNIQUE", "duplicate"],
    [{ message: "", code: "SQLITE_CONSTRAINT_NOTNULL" }, "SQLITE_CONSTRAINT_NOTNULL", "refused"],
    [{ message: "", code: "ERR_SQLITE_ERROR", errcode: 1299 }, "ERR_SQLITE_ERROR", "refused"],
    [{ message: "no such table: a", errcode: 1 }, "SQLITE_ERROR", "missing"],
    [{ message: "string or blob too big", errcode: 18 }, "SQLITE_TOOBIG", "too large"],
    [new TypeError("The database connection is not open"), "", "unavailable"],
  ];
  for (const [thrown, code, reason] of sqlite) {
    it(`SQLite, whichever package tells them: ${inspect(thrown, { breakLength: Number.POSITIVE_INFINITY }).split("\n")[0]}`, () => {
      expect(sqliteFailure(thrown)).to.deep.equal({ reason, code });
    });
  }

  const postgres = new PostgresDriver({ query: () => Promise.reject(new Error("unused")) });
  for (const [code, reason] of [
    ["08006", "unavailable"],
    ["23505", "duplicate"],
    ["40001", "busy"],
    ["40P01", "busy"],
    ["53300", "unavailable"],
    ["53100", "refused"],
    ["57P03", "unavailable"],
    ["54000", "too large"],
  ] as const) {
    it(`PostgreSQL: ${code}`, () => {
      expect(postgres.failureOf({ code, severity: "ERROR" })).to.deep.equal({ reason, code });
    });
  }
  it("PostgreSQL are not taken for the system's", () => {
    expect(postgres.failureOf(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))).to.deep.equal({
      reason: "unavailable",
      code: "EPIPE",
    });
  });

  const mysql = new MysqlDriver({
    query: () => Promise.reject(new Error("unused")),
    execute: () => Promise.reject(new Error("unused")),
  });
  for (const [code, reason] of [
    ["ER_DUP_ENTRY", "duplicate"],
    ["ER_LOCK_DEADLOCK", "busy"],
    ["ER_CON_COUNT_ERROR", "unavailable"],
    ["ER_NET_PACKET_TOO_LARGE", "too large"],
    ["ER_DISK_FULL", "refused"],
  ] as const) {
    it(`MySQL: ${code}`, () => {
      expect(mysql.failureOf({ code, sqlState: "HY000" })).to.deep.equal({ reason, code });
    });
  }

  it("a driver show what it keeps, so that the tests above can fail", async function () {
    const pool = createPool(await mariadb(this));
    atEnd(() => pool.end());
    const error: unknown = await pool.query(`SELECT '${KEY}' FROM nowhere`).catch((thrown: unknown) => thrown);
    expect(everything(error)).to.include(KEY);
  });
});

describe("what PostgreSQL cannot serialize", () => {
  it("is tried again", async function () {
    const pool = new Pool({
      ...(await postgresql(this)),
      options: "-c default_transaction_isolation=repeatable\\ read",
    });
    atEnd(() => pool.end());
    const codes: unknown[] = [];
    const client: typeof pool = Object.create(pool, {
      query: {
        value: (question: { readonly text: string }) =>
          pool.query(question).catch((error: { readonly code?: unknown }) => {
            codes.push(error.code);
            throw error;
          }),
      },
    });
    const store = openStore(client);
    await store.set(KEY, BYTES, soon());
    const saves = Array.from({ length: 100 }, (_, index) => store.set(KEY, Uint8Array.of(index), soon()));
    for (const result of await Promise.all(saves)) expect(result).to.deep.equal({ stored: true });
    expect(new Set(codes)).to.deep.equal(new Set(["40001"]));
  });
});
