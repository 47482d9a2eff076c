/** Expired rows are never served, whatever zone either side or the connection lives in, and whatever stands in the column. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { isFull } from "../../contracts/long-form.ts";
import { pythonPath } from "../../python/judge.ts";
import { compiled } from "../program.ts";
import { atEnd } from "../redis/at-end.ts";
import { databases, openStore, sqliteFile, type TestDatabase } from "./databases.ts";
import { flaskProgram } from "./flask-session.ts";

const run = promisify(execFile);
const ALL_ZONES = ["UTC", "Asia/Kolkata", "America/New_York"] as const;
const pairs: readonly (readonly [nodeZone: string, flaskZone: string])[] = isFull
  ? ALL_ZONES.flatMap((one) => ALL_ZONES.map((other) => [one, other] as const))
  : [["Asia/Kolkata", "America/New_York"]];

/** How long the short sessions live: longer than either side takes to start. */
const SHORT_SECONDS = 5;

const NODE = `
import { sqlStore } from ${JSON.stringify(compiled("stores/sql.js"))};
const [url, verb] = process.argv.slice(1);
const store = sqlStore({ client: url, create: true });
const inSeconds = (seconds) => new Date(Date.now() + 1000 * seconds);
if (verb === "write") {
  await store.set("session:node-short", Buffer.from([0x81, 0xa1, 0x61, 0x01]), inSeconds(${SHORT_SECONDS}));
  await store.set("session:node-long", Buffer.from([0x81, 0xa1, 0x61, 0x02]), inSeconds(3600));
}
const found = {};
for (const sid of ["node-short", "node-long", "flask-short", "flask-long"]) {
  const record = (await store.get("session:" + sid))?.record;
  found[sid] = record === undefined ? null : Math.round((record.expiresAt - Date.now()) / 1000);
}
console.log(JSON.stringify(found));
await store.close();
`;

/** Node in a zone. @returns the remaining seconds of each session that it finds */
async function node(zone: string, url: string, verb: string): Promise<Readonly<Record<string, number | null>>> {
  const env = { ...process.env, TZ: zone };
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", NODE, url, verb], { env });
  return JSON.parse(stdout) as Readonly<Record<string, number | null>>;
}

/** Flask in a zone. @returns which sessions it finds */
async function flask(zone: string, url: string, lines: string, seconds = 3600): Promise<unknown> {
  const program = `import json\ninput = json.loads(${JSON.stringify(JSON.stringify({ config: { SQLALCHEMY_DATABASE_URI: url, LIFETIME: seconds } }))})\n${flaskProgram(lines)}\nprint(json.dumps(result))\n`;
  const { stdout } = await run(await pythonPath("fs080-stores"), ["-c", program], {
    env: { ...process.env, TZ: zone },
  });
  return JSON.parse(stdout);
}

const FIND = `
sids = ["node-short", "node-long", "flask-short", "flask-long"]
result = {sid: "'a'" in read(sid) for sid in sids}
`;

/** Where the connection's own zone is set, neither UTC nor that of a side. */
const inOtherZone: Readonly<Record<TestDatabase["name"], (url: string) => Promise<void>>> = {
  SQLite: () => Promise.resolve(),
  PostgreSQL: async (url) => {
    const client = new Client(url.replace("+psycopg2", ""));
    await client.connect();
    await client.query(`ALTER DATABASE ${client.database} SET timezone = 'Pacific/Auckland'`);
    await client.end();
  },
  MariaDB: async (url) => {
    const client = await createConnection(url.replace("+pymysql", ""));
    await client.query("SET GLOBAL time_zone = '+12:00'");
    atEnd(async () => {
      await client.query("SET GLOBAL time_zone = 'SYSTEM'");
      await client.end();
    });
  },
};

for (const { name, url } of databases) {
  describe(`expiry in ${name}`, function () {
    this.timeout(120_000);
    // Each pair starts five programs, which on a busy machine may take longer than the short sessions live.
    this.retries(2);
    for (const [nodeZone, flaskZone] of pairs) {
      it(`is one instant for Node in ${nodeZone} and Flask in ${flaskZone}`, async function () {
        const client = await url(this);
        await inOtherZone[name](client);
        await openStore(client).open?.();
        await flask(flaskZone, client, '\nsave("flask-long", {"a": 2})\nresult = None\n');
        const [, found] = await Promise.all([
          flask(flaskZone, client, '\nsave("flask-short", {"a": 1})\nresult = None\n', SHORT_SECONDS),
          node(nodeZone, client, "write"),
        ]);
        expect(found["node-long"]).to.be.within(3590, 3600);
        expect(found["flask-long"]).to.be.within(3540, 3600);
        expect(found["node-short"]).to.be.within(1, SHORT_SECONDS);
        await sleep(SHORT_SECONDS * 1000 + 500);
        const left = await node(nodeZone, client, "read");
        expect([left["node-short"], left["flask-short"]]).to.deep.equal([null, null]);
        expect(await flask(flaskZone, client, FIND)).to.deep.equal({
          "node-short": false,
          "node-long": true,
          "flask-short": false,
          "flask-long": true,
        });
      });
    }
  });
}

describe("the expiry of a row in SQLite", () => {
  const future = new Date(Date.now() + 86_400_000).toISOString();
  const past = new Date(Date.now() - 86_400_000).toISOString();
  /** What stands in the column, and whether the row is served. */
  const forms: readonly (readonly [what: string, value: string | number | null, served: boolean])[] = [
    ["Python's text, to the microsecond", `${future.slice(0, 10)} ${future.slice(11, 19)}.123456`, true],
    ["Python's text, without a fraction", `${future.slice(0, 10)} ${future.slice(11, 19)}`, true],
    ["ISO's text", future, true],
    ["Python's text of yesterday", `${past.slice(0, 10)} ${past.slice(11, 19)}.123456`, false],
    ["ISO's text of yesterday", past, false],
    ["nothing, as Flask-Session before 0.7 has it for sessions that are not permanent", null, false],
    ["an empty text", "", false],
    ["no date", "soon", false],
    ["seconds since 1970", Math.floor(Date.now() / 1000) + 86_400, false],
    ["milliseconds since 1970", Date.now() + 86_400_000, false],
  ];
  for (const [what, value, served] of forms) {
    it(`that is ${what} makes it ${served ? "live" : "expired"}, for every call`, async () => {
      const database = new DatabaseSync(await sqliteFile());
      atEnd(() => database.close());
      const store = openStore(database);
      await store.open?.();
      const bytes = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
      const insert = database.prepare("INSERT INTO sessions (session_id, data, expiry) VALUES ('session:a', ?, ?)");
      insert.run(bytes, value);
      const soon = new Date(Date.now() + 60_000);
      const listed = [];
      for await (const { ref } of store.list("session:")) listed.push(ref);
      expect(listed).to.deep.equal(served ? ["session:a"] : []);
      expect((await store.get("session:a")) !== undefined).to.equal(served);
      expect((await store.set("session:a", bytes, soon, { bytes })).stored).to.equal(served);
      if (served) return;
      expect(await store.touch("session:a", soon)).to.equal(false);
      expect(await store.deleteExpired()).to.equal(1);
      insert.run(bytes, value);
      expect(await store.set("session:a", bytes, soon, null)).to.deep.equal({ stored: true });
      expect(await store.get("session:a")).to.not.equal(undefined);
    });
  }

  it("is written to the microsecond, as text that Python's SQLAlchemy writes", async () => {
    const database = new DatabaseSync(await sqliteFile());
    atEnd(() => database.close());
    const store = openStore(database);
    await store.set("session:a", Uint8Array.of(1), new Date(Date.UTC(2099, 1, 3, 4, 5, 6, 78)));
    const [row] = database.prepare("SELECT expiry, typeof(expiry) AS type FROM sessions").all();
    expect({ ...(row as object) }).to.deep.equal({ expiry: "2099-02-03 04:05:06.078000", type: "text" });
    expect((await store.get("session:a"))?.record.expiresAt).to.deep.equal(new Date(Date.UTC(2099, 1, 3, 4, 5, 6, 78)));
  });
});

describe("the expiry of a row in PostgreSQL", () => {
  for (const [value, served] of [
    ["infinity", false],
    ["-infinity", false],
    ["2099-02-03 04:05:06.789012", true],
  ] as const) {
    it(`that is ${value} makes it ${served ? "live" : "expired"}`, async function () {
      const client = await (databases[1] as TestDatabase).url(this);
      const store = openStore(client);
      await store.open?.();
      const admin = new Client(client.replace("+psycopg2", ""));
      await admin.connect();
      await admin.query("INSERT INTO sessions (session_id, data, expiry) VALUES ('session:a', 'x', $1)", [value]);
      await admin.end();
      const found = await store.get("session:a");
      expect(found?.record.expiresAt?.toISOString()).to.equal(served ? "2099-02-03T04:05:06.789Z" : undefined);
    });
  }
});
