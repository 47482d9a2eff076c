/** The table that `create` makes, and what is said where there is none. */
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { ConfigError } from "../../../src/errors.ts";
import { sqlStore } from "../../../src/stores/sql.ts";
import { atEnd } from "../redis/at-end.ts";
import { databases, openStore, type TestDatabase } from "./databases.ts";
import { runFlask } from "./flask-session.ts";

/** Everything that a database knows of a table, as text in which its name is `T`. */
const descriptions: Readonly<Record<TestDatabase["name"], (url: string, table: string) => Promise<string>>> = {
  SQLite: (url, table) => {
    const database = new DatabaseSync(url.replace("sqlite:///", ""));
    const columns = database.prepare(`PRAGMA table_info(${table})`).all();
    const indexes = database.prepare(`PRAGMA index_list(${table})`).all();
    database.close();
    return Promise.resolve(JSON.stringify([columns, indexes]).replaceAll(table, "T"));
  },
  PostgreSQL: async (url, table) => {
    const client = new Client(url.replace("+psycopg2", ""));
    await client.connect();
    const columns = await client.query(
      "SELECT column_name, data_type, character_maximum_length, is_nullable, column_default FROM information_schema.columns WHERE table_name = $1 ORDER BY 1",
      [table],
    );
    const constraints = await client.query(
      "SELECT pg_get_constraintdef(oid), conname FROM pg_constraint WHERE conrelid = $1::regclass ORDER BY 1",
      [table],
    );
    await client.end();
    return JSON.stringify([columns.rows, constraints.rows]).replaceAll(table, "T");
  },
  MariaDB: async (url, table) => {
    const client = await createConnection(url.replace("+pymysql", ""));
    const [rows] = await client.query(`SHOW CREATE TABLE ${table}`);
    await client.end();
    return JSON.stringify(rows).replaceAll(table, "T");
  },
};

for (const { name, called, url } of databases) {
  describe(`the table in ${name}`, () => {
    for (const sequence of [undefined, "ids"]) {
      it(`is made as Flask-Session 0.8.0 makes it, with ${sequence === undefined ? "no" : "a"} sequence`, async function () {
        const client = await url(this);
        await runFlask("", {
          SQLALCHEMY_DATABASE_URI: client,
          SESSION_SQLALCHEMY_TABLE: "by_flask",
          ...(sequence && { SESSION_SQLALCHEMY_SEQUENCE: sequence }),
        });
        await openStore(client, { table: "by_node", sequence }).open?.();
        const described = descriptions[name];
        expect(await described(client, "by_node")).to.equal(await described(client, "by_flask"));
      });
    }

    it("is made once, by however many that open at once, and kept as it is", async function () {
      const client = await url(this);
      const stores = Array.from({ length: 4 }, () => openStore(client));
      await Promise.all(stores.map(async (store) => store.open?.()));
      await stores[0]?.set("session:a", Uint8Array.of(1), new Date(Date.now() + 60_000));
      expect(await openStore(client).get("session:a")).to.not.equal(undefined);
    });

    it("is not made where that is not asked for; once Flask has made it, the next call finds it", async function () {
      const client = await url(this);
      if (name === "SQLite") new DatabaseSync(client.replace("sqlite:///", "")).close();
      const store = sqlStore({ client });
      atEnd(() => store.close());
      for (const call of [() => store.open?.(), () => store.get("session:a"), () => store.check()]) {
        const error: unknown = await Promise.resolve(call()).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(ConfigError);
        expect((error as Error).message).to.equal(
          `There is no table "sessions" in ${called}: start Flask first, which makes it, or give the option create: true`,
        );
      }
      await runFlask("", { SQLALCHEMY_DATABASE_URI: client });
      expect(await store.get("session:a")).to.equal(undefined);
    });

    it("is missing in a schema that does not exist", async function () {
      const client = await url(this);
      await openStore(client).open?.();
      const store = openStore(client, { schema: "nowhere", create: false });
      const error: unknown = await store.get("session:a").catch((thrown: unknown) => thrown);
      expect(error)
        .to.be.instanceOf(ConfigError)
        .with.property("message")
        .that.includes('There is no table "sessions"');
    });

    it("may vanish: the next call says so", async function () {
      const client = await url(this);
      const store = openStore(client);
      await store.open?.();
      await drop[name](client);
      const error: unknown = await store.get("session:a").catch((thrown: unknown) => thrown);
      expect(error)
        .to.be.instanceOf(ConfigError)
        .with.property("message")
        .that.includes('There is no table "sessions"');
    });
  });
}

const drop: Readonly<Record<TestDatabase["name"], (url: string) => Promise<unknown>>> = {
  SQLite: async (url) => {
    const database = new DatabaseSync(url.replace("sqlite:///", ""));
    database.exec("DROP TABLE sessions");
    database.close();
  },
  PostgreSQL: async (url) => {
    const client = new Client(url.replace("+psycopg2", ""));
    await client.connect();
    await client.query("DROP TABLE sessions");
    await client.end();
  },
  MariaDB: async (url) => {
    const client = await createConnection(url.replace("+pymysql", ""));
    await client.query("DROP TABLE sessions");
    await client.end();
  },
};
