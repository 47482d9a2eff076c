/** Real Flask-Session and Node on the same rows, in both directions, under every kind of name. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Client } from "pg";
import { codecOf, decodeRecord } from "../../../src/codecs/fallback.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { type SqlOptions, sqlStore } from "../../../src/stores/sql.ts";
import { PyDict } from "../../../src/values/exact.ts";
import type { EnvironmentName } from "../../python/judge.ts";
import { atEnd } from "../redis/at-end.ts";
import { type Config, runFlask } from "./flask-session.ts";
import { mariadb, mysqlUrl, postgresql, postgresUrl } from "./servers.ts";

/** An empty database and another schema beside its own. */
interface Place {
  readonly url: string;
  readonly schema: string;
}

interface Side {
  readonly name: string;
  readonly environment?: EnvironmentName;
  readonly place: (context: Mocha.Context) => Promise<Place>;
}

async function sqlite(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "sql-"));
  atEnd(() => rm(folder, { recursive: true }));
  return { url: `sqlite:///${folder}/app.db`, schema: "main" };
}

const sides: readonly Side[] = [
  { name: "SQLite", place: sqlite },
  { name: "SQLite and Flask-Session 0.5.0", environment: "fs050-flask22", place: sqlite },
  {
    name: "PostgreSQL",
    place: async (context) => {
      const address = await postgresql(context);
      const client = new Client(address);
      await client.connect();
      await client.query('CREATE SCHEMA "Web.App"');
      await client.end();
      return { url: postgresUrl(address), schema: "Web.App" };
    },
  },
  {
    name: "MariaDB",
    place: async (context) => {
      const address = await mariadb(context);
      return { url: mysqlUrl(address), schema: (await mariadb(context)).database };
    },
  },
];

interface Naming {
  readonly name: string;
  readonly flask: (place: Place) => Config;
  readonly node: (place: Place) => Omit<SqlOptions, "client">;
  /** Flask-Session has these keys since 0.6. */
  readonly since06?: boolean;
  /** Who may have made the table. @defaultValue Flask alone */
  readonly makers?: readonly ("Flask" | "Node")[];
}

const namings: readonly Naming[] = [
  { name: "the names that are the default", flask: () => ({}), node: () => ({}), makers: ["Flask", "Node"] },
  ...["Sessions", "order", "a.b", 'we"ird`?', "ключ"].map((table) => ({
    name: `the table ${JSON.stringify(table)}`,
    flask: () => ({ SESSION_SQLALCHEMY_TABLE: table }),
    node: () => ({ table }),
  })),
  {
    name: "a sequence",
    flask: () => ({ SESSION_SQLALCHEMY_TABLE: "order", SESSION_SQLALCHEMY_SEQUENCE: "Order.Ids" }),
    node: () => ({ table: "order", sequence: "Order.Ids" }),
    since06: true,
    makers: ["Flask", "Node"],
  },
  {
    name: "a schema and a sequence",
    flask: ({ schema }) => ({ SESSION_SQLALCHEMY_SCHEMA: schema, SESSION_SQLALCHEMY_SEQUENCE: "ids" }),
    node: ({ schema }) => ({ schema, sequence: "ids" }),
    since06: true,
    makers: ["Flask", "Node"],
  },
  {
    name: "a bind",
    flask: ({ url }) => ({
      SQLALCHEMY_DATABASE_URI: "sqlite://",
      SQLALCHEMY_BINDS: { web: url },
      SESSION_SQLALCHEMY_BIND_KEY: "web",
    }),
    node: () => ({}),
    since06: true,
  },
];

const soon = (): Date => new Date(Date.now() + 60_000);
/** A permanent session: Flask-Session before 0.7 writes no expiry for any other, and cannot read it then. */
const record = (values: Readonly<Record<string, string>>, format: "msgpack" | "pickle"): Uint8Array =>
  codecOf(format).encode(new PyDict(["_permanent", ...Object.keys(values)], [true, ...Object.values(values)]), {
    maxBytes: 1000,
    pickleProtocol: 4,
  });

for (const { name: side, environment = "fs080-stores", place } of sides) {
  const old = environment === "fs050-flask22";
  const format = old ? "pickle" : "msgpack";

  describe(`a session in ${side}`, () => {
    for (const { name, flask, node, makers = ["Flask"] } of namings.filter(({ since06 }) => !(old && since06))) {
      for (const maker of makers) {
        it(`is shared under ${name}, in a table that ${maker} made`, async function () {
          this.timeout(60_000);
          const there = await place(this);
          const { url: client } = there;
          const config = { SQLALCHEMY_DATABASE_URI: client, ...flask(there) };
          const run = (lines: string, input: unknown = {}): Promise<unknown> =>
            runFlask(lines, config, input, environment);
          const store = sqlStore({ client, ...node(there), create: maker === "Node" });
          atEnd(() => store.close());
          // Flask-Session before 0.6 leaves it to the app to make the table.
          if (maker === "Node") await store.open?.();
          else await run(old ? "\nwith app.app_context():\n    database.create_all()\n" : "");
          await sharedBy(run, store);
        });
      }
    }
  });

  /** What each side makes the other reads, changes and deletes. */
  async function sharedBy(
    run: (lines: string, input?: unknown) => Promise<unknown>,
    store: InspectableStore,
  ): Promise<void> {
    await run('\nsave("python", {"a": "ä", "_permanent": True})\n');
    const found = await store.get("session:python");
    const tree = decodeRecord(found?.record.bytes ?? new Uint8Array(), format).value as PyDict;
    expect(tree.get("a")).to.equal("ä");
    expect(found?.record.expiresAt?.getTime()).to.be.closeTo(Date.now() + 100_000, 15_000);

    const changed = record({ a: "b", c: "d" }, format);
    expect(await store.set("session:python", changed, soon(), found?.record)).to.deep.equal({ stored: true });
    expect(await store.set("session:node", record({ n: "1" }, format), soon(), null)).to.deep.equal({ stored: true });
    expect(await run('\nresult = [read("python"), read("node")]\n')).to.deep.equal([
      "{'_permanent': True, 'a': 'b', 'c': 'd'}",
      "{'_permanent': True, 'n': '1'}",
    ]);

    await run('\nchange("node", {"m": "2"})\nlog_out("python")\n');
    expect(await store.get("session:python")).to.equal(undefined);
    const again = await store.get("session:node");
    expect((decodeRecord(again?.record.bytes ?? new Uint8Array(), format).value as PyDict).get("m")).to.equal("2");
    expect(await store.touch("session:node", soon())).to.equal(true);
    expect(await store.delete("session:node", again?.record)).to.equal(true);
    expect(await run('\nresult = read("node")\n')).to.equal("{'_permanent': True}");
  }
}
