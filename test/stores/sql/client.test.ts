/** Clients: what is taken for one, what a URL becomes and when it ends. */
import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import mysql from "mysql2";
import { createConnection } from "mysql2/promise";
import { Client, Pool } from "pg";
import { ConfigError, StoreUnavailableError } from "../../../src/errors.ts";
import type { SqlClient } from "../../../src/stores/sql.ts";
import { sqlStore } from "../../../src/stores/sql.ts";
import { requireNode } from "../../package/nodes.ts";
import { compiled, runProgram } from "../program.ts";
import { atEnd } from "../redis/at-end.ts";
import { databases, openStore, sqliteFile } from "./databases.ts";
import { mariadb, postgresql, postgresUrl } from "./servers.ts";

const A = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const soon = (): Date => new Date(Date.now() + 60_000);
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("a client of sqlStore", () => {
  const others: readonly (readonly [what: string, client: unknown, reason: string])[] = [
    ["nothing", undefined, "it must be a database of SQLite, a pool of pg or a pool of mysql2/promise"],
    ["null", null, "it must be a database of SQLite"],
    ["a number", 5432, "it must be a database of SQLite"],
    ["a client of another kind", { get() {}, set() {} }, "it must be a database of SQLite"],
    [
      "a pool of mysql2 with callbacks",
      mysql.createPool({}),
      "it is a client of mysql2 with callbacks: import it from mysql2/promise",
    ],
  ];
  for (const [what, client, reason] of others) {
    it(`is not ${what}`, () => {
      expect(() => sqlStore({ client: client as SqlClient })).to.throw(
        ConfigError,
        `Cannot use the client of sqlStore: ${reason}`,
      );
    });
  }

  it("stays open when the store is closed, which serves nobody then", async function () {
    const database = new DatabaseSync(await sqliteFile());
    atEnd(() => database.close());
    const pool = new Pool(await postgresql(this));
    atEnd(() => pool.end());
    const connection = await createConnection(await mariadb(this));
    atEnd(() => connection.end());
    for (const client of [database, pool, connection]) {
      const store = openStore(client);
      await store.open?.();
      await store.close();
      await store.close();
      const error = await failure(store.get("session:a"));
      expect(error)
        .to.be.instanceOf(StoreUnavailableError)
        .with.property("message", "Cannot reach the database: the store is closed");
      expect(await openStore(client).get("session:a")).to.equal(undefined);
    }
  });

  it("of pg is asked one question at a time, as pg 9 wants it, where it is no pool", async function () {
    const client = new Client(await postgresql(this));
    await client.connect();
    atEnd(() => client.end());
    const warnings: string[] = [];
    const note = ({ message }: Error): void => {
      warnings.push(message);
    };
    process.on("warning", note);
    const store = openStore(client);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.set(`session:${index}`, A, soon(), null)));
    expect(await failure(store.set("k".repeat(300), A, soon(), null))).to.not.equal("no failure");
    expect(await store.get("session:7")).to.not.equal(undefined);
    process.off("warning", note);
    expect(warnings.filter((message) => message.includes("already executing"))).to.deep.equal([]);
  });
});

for (const { name, url } of databases) {
  describe(`a store of ${name} by its URL`, () => {
    it("is opened once by calls side by side, and closed once", async function () {
      const store = openStore(await url(this));
      await Promise.all(Array.from({ length: 10 }, () => store.get("session:a")));
      await store.close();
      await store.close();
      expect(await failure(store.get("session:a"))).to.be.instanceOf(StoreUnavailableError);
    });

    it("is closed without ever having been opened", async function () {
      await openStore(await url(this)).close();
    });

    it("answers what was asked before it is closed", async function () {
      const store = openStore(await url(this));
      await store.set("session:a", A, soon());
      const asked = Array.from({ length: 30 }, () => store.get("session:a"));
      await Promise.all([store.close(), ...asked]);
      for (const found of await Promise.all(asked)) expect(found).to.not.equal(undefined);
    });

    it("lets the process end by itself once it is closed", async function () {
      const { code, stdout, stderr } = await runProgram(
        `import { sqlStore } from ${JSON.stringify(compiled("stores/sql.js"))};
         const store = sqlStore({ client: process.argv[2], create: true });
         await store.set("session:a", Uint8Array.of(0x80), new Date(Date.now() + 60_000));
         await store.close();
         const closed = performance.now();
         process.on("exit", () => { console.log(performance.now() - closed < 1000); });`,
        [await url(this)],
      );
      expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: "true\n", stderr: "" });
    });

    const packages = {
      SQLite: ["better-sqlite3", "@photostructure/sqlite"],
      PostgreSQL: ["pg"],
      MariaDB: ["mysql2/promise"],
    }[name];
    const missing = {
      SQLite:
        'Cannot open SQLite by its URL: neither "better-sqlite3" nor "@photostructure/sqlite" is installed, and this Node has no node:sqlite',
      PostgreSQL: 'Cannot open PostgreSQL by its URL: the package "pg" is not installed',
      MariaDB: 'Cannot open MySQL by its URL: the package "mysql2" is not installed',
    }[name];
    it("names the package that it misses", async function () {
      if (name === "SQLite" && process.getBuiltinModule("node:sqlite") !== undefined) return;
      const { code, stdout, stderr } = await runProgram(
        `${hiding(packages)}
         const { sqlStore } = await import(${JSON.stringify(compiled("stores/sql.js"))});
         const store = sqlStore({ client: process.argv[2], create: true });
         for (const attempt of [1, 2]) await store.open().catch((error) => { console.log(error.code, error.message); });
         await store.close();`,
        [await url(this)],
      );
      const line = `ERR_MISSING_PACKAGE ${missing}\n`;
      expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: line + line, stderr: "" });
    });
  });
}

/** Lines of a program for which packages are not installed, or are others than they seem. */
function hiding(packages: readonly string[], instead: Readonly<Record<string, string>> = {}): string {
  const hooks = `export const resolve = (name, context, next) => {
    if (${JSON.stringify(packages)}.includes(name)) throw new Error("hidden");
    const other = ${JSON.stringify(instead)}[name];
    return other === undefined ? next(name, context) : { url: other, shortCircuit: true };
  };`;
  return `import { register } from "node:module";
    register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
}

describe("a file of SQLite by its URL", () => {
  it("must be there", async () => {
    const path = await sqliteFile();
    const error = await failure(openStore(`sqlite:///${path}`, { create: false }).get("session:a"));
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as Error).message).to.equal(
      `The session database ${path} does not exist: start Flask first, which makes it, or give the option create: true`,
    );
  });

  it("must be a file", async () => {
    const folder = dirname(await sqliteFile());
    for (const create of [true, false]) {
      const error = await failure(openStore(`sqlite:///${folder}`, { create }).get("session:a"));
      expect(error).to.be.instanceOf(ConfigError).with.property("message", `The session database ${folder} is no file`);
    }
    const error = await failure(openStore("sqlite:////dev/null").get("session:a"));
    expect(error).to.be.instanceOf(ConfigError).with.property("message", "The session database /dev/null is no file");
  });

  it("must lie in a folder, which is never made", async () => {
    const path = await sqliteFile();
    await writeFile(path, "");
    for (const folder of [`${path}.d`, path]) {
      const error = await failure(openStore(`sqlite:///${folder}/app.db`).get("session:a"));
      expect(error).to.be.instanceOf(ConfigError);
      expect((error as Error).message).to.equal(`The folder ${folder} of the session database does not exist`);
    }
  });

  it("may be one that SQLite cannot open", async () => {
    // SQLite takes paths of 512 bytes at most, the system longer ones.
    const folder = join(dirname(await sqliteFile()), ...["a", "b", "c"].map((letter) => letter.repeat(200)));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "app.db"), "");
    const error = await failure(openStore(`sqlite:///${folder}/app.db`).get("session:a"));
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect((error as Error).message).to.equal("Cannot reach SQLite: SQLITE_CANTOPEN in OPEN");
  });

  it("is opened through better-sqlite3 where that is installed, whose class is its default export", async () => {
    const real = import.meta.resolve("@photostructure/sqlite");
    const alike = `data:text/javascript,${encodeURIComponent(`export { DatabaseSync as default } from ${JSON.stringify(real)}`)}`;
    const { code, stdout, stderr } = await runProgram(
      `${hiding(["@photostructure/sqlite"], { "better-sqlite3": alike })}
       const { sqlStore } = await import(${JSON.stringify(compiled("stores/sql.js"))});
       const store = sqlStore({ client: process.argv[2], create: true });
       console.log(await store.get("session:a"));
       await store.close();`,
      [`sqlite:///${await sqliteFile()}`],
    );
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: "undefined\n", stderr: "" });
  });

  for (const version of ["22", "24"]) {
    it(`is opened through node:sqlite by Node ${version} where nothing is installed`, async function () {
      const source = `${hiding(["better-sqlite3", "@photostructure/sqlite"])}
        const { sqlStore } = await import(${JSON.stringify(compiled("stores/sql.js"))});
        const store = sqlStore({ client: process.argv[2], create: true });
        const soon = new Date(Date.now() + 60_000);
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
        const stored = async (...args) => (await store.set("session:a", ...args)).stored;
        console.log(await stored(bytes, soon, null), await stored(bytes, soon, null));
        const { record } = await store.get("session:a");
        console.log(Buffer.compare(record.bytes, bytes), record.expiresAt.getTime() - soon.getTime());
        console.log(await stored(Uint8Array.of(1), soon, record), await stored(bytes, soon, record));
        const { DatabaseSync } = await import("node:sqlite");
        const other = new DatabaseSync(process.argv[2].slice(10).split("?")[0]);
        other.exec("BEGIN EXCLUSIVE");
        for (const call of [() => store.get("session:a"), () => store.touch("session:a", soon)]) {
          await call().catch(({ message }) => { console.log(message); });
        }
        other.exec("ROLLBACK");
        console.log(await store.touch("session:a", soon), await store.delete("session:a"), (await store.check()).missingRights);
        await store.close();`;
      const { stdout } = await runProgram(
        source,
        [`sqlite:///${await sqliteFile()}?timeout=0.1`],
        20_000,
        requireNode(this, version),
      );
      expect(stdout.split("\n")).to.deep.equal([
        "true false",
        "0 0",
        "true false",
        "SQLite cannot serve SELECT now: SQLITE_BUSY",
        "SQLite cannot serve UPDATE now: SQLITE_BUSY",
        "true true []",
        "",
      ]);
    });
  }
});

describe("a URL of PostgreSQL without a host", () => {
  it("goes where PGHOST says, else to the socket of Debian's server", async function () {
    const { port, user, database } = await postgresql(this);
    const { PGHOST } = process.env;
    const client = `postgresql://${user}@:${port}/${database}?connect_timeout=5`;
    delete process.env["PGHOST"];
    const error = await failure(openStore(client).get("session:a"));
    expect((error as Error).message).to.equal("Cannot reach PostgreSQL: ENOENT in CONNECT");
    process.env["PGHOST"] = "127.0.0.1";
    expect(await openStore(client).get("session:a")).to.equal(undefined);
    if (PGHOST === undefined) delete process.env["PGHOST"];
    else process.env["PGHOST"] = PGHOST;
  });
});

describe("a URL of MariaDB that says little", () => {
  it("goes to localhost, as the user of the process", async function () {
    const address = await mariadb(this);
    const { username } = userInfo();
    const admin = await createConnection(address);
    await admin.query(`CREATE USER IF NOT EXISTS \`${username}\`@'127.0.0.1'`);
    await admin.query(`GRANT ALL ON ${address.database}.* TO \`${username}\`@'127.0.0.1'`);
    await admin.end();
    const store = openStore(`mysql://:${address.port}?connect_timeout=5`, { schema: address.database });
    expect(await store.get("session:a")).to.equal(undefined);
  });
});

describe("two tables of one database", () => {
  it("hold sessions of their own", async function () {
    const client = postgresUrl(await postgresql(this));
    await openStore(client, { table: "one" }).set("session:a", A, soon());
    expect(await openStore(client, { table: "two" }).get("session:a")).to.equal(undefined);
  });
});
