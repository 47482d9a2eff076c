/** What `check` says of users that may not do everything. */
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import { createConnection, createPool } from "mysql2/promise";
import { Client, Pool } from "pg";
import { StoreUnavailableError } from "../../../src/errors.ts";
import { sqlStore } from "../../../src/stores/sql.ts";
import { atEnd } from "../redis/at-end.ts";
import { openStore, sqliteFile } from "./databases.ts";
import { mariadb, mysqlUrl, postgresql, postgresUrl } from "./servers.ts";

const soon = (): Date => new Date(Date.now() + 60_000);

describe("check of PostgreSQL", () => {
  const cases: readonly (readonly [grants: string, sequence: string | undefined, missing: readonly string[]])[] = [
    ["GRANT ALL ON sessions TO $; GRANT USAGE ON sessions_id_seq TO $", undefined, []],
    ["GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO $; GRANT UPDATE ON sessions_id_seq TO $", undefined, []],
    [
      "GRANT SELECT ON sessions TO $; GRANT USAGE ON sessions_id_seq TO $",
      undefined,
      ["INSERT (writing new sessions): 42501", "UPDATE (saving sessions): 42501", "DELETE (logging out): 42501"],
    ],
    ["GRANT ALL ON sessions TO $", undefined, ["INSERT (writing new sessions): no right to the sequence of its ids"]],
    ['GRANT ALL ON sessions TO $; GRANT USAGE ON "Ids" TO $', "Ids", []],
    ["GRANT ALL ON sessions TO $", "Ids", ["INSERT (writing new sessions): no right to the sequence of its ids"]],
  ];
  for (const [grants, sequence, missing] of cases) {
    it(`after ${grants} says what is missing${sequence === undefined ? "" : " with a named sequence"}`, async function () {
      const address = await postgresql(this);
      await openStore(postgresUrl(address), { sequence }).open?.();
      const user = `user_${address.database}`;
      const admin = new Client(address);
      await admin.connect();
      await admin.query(`CREATE ROLE ${user} LOGIN; ${grants.replaceAll("$", user)}`);
      await admin.end();
      const pool = new Pool({ ...address, user });
      atEnd(() => pool.end());
      const store = sqlStore({ client: pool, sequence });
      expect((await store.check()).missingRights).to.deep.equal(missing);
      const saved = await store.set("session:a", Uint8Array.of(1), soon(), null).then(
        () => true,
        () => false,
      );
      expect(saved).to.equal(missing.length === 0);
    });
  }

  it("says that a server takes no writes", async function () {
    const address = await postgresql(this);
    await openStore(postgresUrl(address)).open?.();
    const pool = new Pool({ ...address, options: "-c default_transaction_read_only=on" });
    atEnd(() => pool.end());
    expect((await sqlStore({ client: pool }).check()).missingRights).to.deep.equal([
      "INSERT (writing new sessions): 25006",
      "UPDATE (saving sessions): 25006",
      "DELETE (logging out): 25006",
    ]);
  });
});

describe("check of MariaDB", () => {
  it("says what a user that may only read misses", async function () {
    const address = await mariadb(this);
    await openStore(mysqlUrl(address)).open?.();
    const admin = await createConnection(address);
    await admin.query("CREATE USER IF NOT EXISTS checker@'127.0.0.1'");
    await admin.query(`GRANT SELECT ON ${address.database}.sessions TO checker@'127.0.0.1'`);
    await admin.end();
    const pool = createPool({ ...address, user: "checker" });
    atEnd(() => pool.end());
    expect((await sqlStore({ client: pool }).check()).missingRights).to.deep.equal([
      "INSERT (writing new sessions): ER_TABLEACCESS_DENIED_ERROR",
      "UPDATE (saving sessions): ER_TABLEACCESS_DENIED_ERROR",
      "DELETE (logging out): ER_TABLEACCESS_DENIED_ERROR",
    ]);
  });
});

describe("check of SQLite", () => {
  it("says that a file is read-only", async () => {
    const path = await sqliteFile();
    await openStore(`sqlite:///${path}`).open?.();
    const database = new DatabaseSync(path, { readOnly: true });
    atEnd(() => database.close());
    expect((await sqlStore({ client: database }).check()).missingRights).to.deep.equal([
      "INSERT (writing new sessions): SQLITE_READONLY",
      "UPDATE (saving sessions): SQLITE_READONLY",
      "DELETE (logging out): SQLITE_READONLY",
    ]);
  });

  it("fails where the database cannot be asked, rather than call it a missing right", async () => {
    const path = await sqliteFile();
    const store = openStore(`sqlite:///${path}?timeout=0`);
    await store.open?.();
    const other = new DatabaseSync(path);
    atEnd(() => other.close());
    other.exec("BEGIN IMMEDIATE");
    const error: unknown = await store.check().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StoreUnavailableError);
  });
});
