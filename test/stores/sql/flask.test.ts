/** Real Flask-Session and Node on the same rows, in both directions, under every kind of name. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { codecOf, decodeRecord } from "../../../src/codecs/fallback.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { type SqlOptions, sqlStore } from "../../../src/stores/sql.ts";
import { PyDict } from "../../../src/values/exact.ts";
import type { EnvironmentName } from "../../python/judge.ts";
import { atEnd } from "../redis/at-end.ts";
import { type Config, runFlask } from "./flask-session.ts";
import { mariadb, postgresql } from "./servers.ts";

interface Side {
  readonly name: string;
  readonly environment?: EnvironmentName;
  /** The URL of an empty database. */
  readonly url: (context: Mocha.Context) => Promise<string>;
  /** Makes a schema, where there are schemas. */
  readonly schema?: (url: string, name: string) => Promise<string>;
}

async function sqliteUrl(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sql-"));
  atEnd(() => rm(folder, { recursive: true }));
  return `sqlite:///${folder}/app.db`;
}

const sides: readonly Side[] = [
  { name: "SQLite", url: sqliteUrl },
  { name: "SQLite and Flask-Session 0.5.0", environment: "fs050-flask22", url: sqliteUrl },
  {
    name: "PostgreSQL",
    url: async (context) => {
      const { host, port, user, database } = await postgresql(context);
      return `postgresql+psycopg2://${user}@${host}:${port}/${database}`;
    },
  },
  {
    name: "MariaDB",
    url: async (context) => {
      const { host, port, user, database } = await mariadb(context);
      return `mysql+pymysql://${user}@${host}:${port}/${database}`;
    },
  },
];

interface Naming {
  readonly name: string;
  readonly flask: Config;
  readonly node: Omit<SqlOptions, "client">;
  /** Flask-Session has these keys since 0.6. */
  readonly since06?: boolean;
}

const namings: readonly Naming[] = [
  { name: "the names that are the default", flask: {}, node: {} },
  ...["Sessions", "order", "a.b", 'we"ird`?', "ключ"].map((table) => ({
    name: `the table ${JSON.stringify(table)}`,
    flask: { SESSION_SQLALCHEMY_TABLE: table },
    node: { table },
  })),
  {
    name: "a sequence",
    flask: { SESSION_SQLALCHEMY_TABLE: "order", SESSION_SQLALCHEMY_SEQUENCE: "Order.Ids" },
    node: { table: "order", sequence: "Order.Ids" },
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

for (const { name: side, environment = "fs080-stores", url } of sides) {
  const old = environment === "fs050-flask22";
  const format = old ? "pickle" : "msgpack";

  describe(`a session in ${side}`, () => {
    for (const { name, flask, node } of namings.filter((naming) => !(old && naming.since06))) {
      for (const maker of ["Flask", "Node"] as const) {
        it(`is shared under ${name}, in a table that ${maker} made`, async function () {
          this.timeout(60_000);
          const client = await url(this);
          const config = { SQLALCHEMY_DATABASE_URI: client, ...flask };
          const run = (lines: string, input: unknown = {}): Promise<unknown> =>
            runFlask(lines, config, input, environment);
          const store = sqlStore({ client, ...node, create: maker === "Node" });
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
