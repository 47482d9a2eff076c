/**
 * One login on both sides: for each way in which a Flask app may be set up, the walk from a login on Flask through a
 * change in Node back to Flask, and from a login in Node to a log-out on Flask. Python says what every value is.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Redis } from "ioredis";
import { type FlaskConfigOptions } from "../../src/config/index.ts";
import { py } from "../../src/values/py.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, type FlaskConfig, startFlask } from "../services/flask-app.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { type NodeApp, startNode } from "./node-app.ts";

/** What every format holds. */
const PLAIN = [
  ["price", "10.0"],
  ["count", "3"],
  ["big", "2**53 + 1"],
  ["negative", "-2**63"],
  ["ratio", "1.1"],
  ["minus_zero", "-0.0"],
  ["text", "'é€😀' * 3"],
  ["nothing", "None"],
  ["flag", "True"],
  ["cart", "[{'name': 'tea', 'price': 4.0, 'count': 1}, {'name': 'jam', 'price': 2.5, 'count': 2}]"],
  ["order", "{'10': 'a', '2': 'b', 'x': {'__proto__': 1}}"],
] as const;

/** What msgspec's msgpack holds beyond that. */
const MSGPACK = [
  ...PLAIN,
  ["data", "b'\\x00\\xff'"],
  ["not_a_number", "float('nan')"],
  ["unsigned", "2**64 - 1"],
  ["when", "datetime.datetime(2024, 2, 29, 12, 30, 45, 123456, datetime.timezone.utc)"],
  ["by_number", "{1: 'a', None: 2.0, b'k': [1.0]}"],
] as const;

const JSON_VALUES = [...PLAIN, ["huge", "2**70"]] as const;

/** What a pickle holds and msgspec can still encode, so that Flask-Session 0.8 can save it next. */
const OLD_PICKLE = [
  ...MSGPACK,
  ["pair", "(1, 2.0)"],
  ["colours", "{'red', 'blue'}"],
  ["frozen", "frozenset([1])"],
  ["array", "bytearray(b'ab')"],
  ["naive", "datetime.datetime(2024, 2, 29, 12, 30, 45, 123456)"],
  ["day", "datetime.date(2024, 2, 29)"],
  ["span", "datetime.timedelta(days=1, microseconds=3)"],
  ["amount", "decimal.Decimal('1.10')"],
  ["id", "uuid.UUID('12345678-1234-5678-1234-567812345678')"],
  ["ordered", "collections.OrderedDict([('b', 1.0), ('a', 2)])"],
  ["colour", "shop.Colour.RED"],
  ["line", "shop.Line('tea', 4.0)"],
] as const;

const PICKLE = [
  ...OLD_PICKLE,
  ["huge", "2**70"],
  ["markup", "Markup('<b>x</b>')"],
  ["complex", "1 + 2j"],
  ["surrogate", "'\\ud800'"],
  ["paris", "datetime.datetime(2024, 10, 27, 2, 30, tzinfo=zoneinfo.ZoneInfo('Europe/Paris'), fold=1)"],
  ["offset", "datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))"],
  ["basket", "shop.Basket('alice', [shop.Point(1, 2.0)])"],
  ["queue", "collections.deque([1, 2.0], maxlen=5)"],
  ["counts", "collections.Counter('hello')"],
  ["shared", "(lambda items: [items, items])([1.0])"],
  ["cycle", "(lambda items: (items.append(items), items)[1])([2.0])"],
] as const;

/** How a Flask app is set up. */
interface Cell {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly store: "redis" | "filesystem";
  readonly values: readonly (readonly [string, string])[];
  readonly config: FlaskConfig;
  readonly options?: FlaskConfigOptions;
  /** The record is a pickle that an old version has left. */
  readonly planted?: boolean;
}

const OLD: FlaskConfigOptions = { flaskSessionVersion: "0.5", flaskVersion: "2.2" };
const both = [true, false].map((signed) => ({ signed, config: { SESSION_USE_SIGNER: signed } }));
const on = (signed: boolean) => `signer ${signed ? "on" : "off"}`;

const cells: readonly Cell[] = [
  ...both.map(({ signed, config }) => cell(`0.8.0, Redis, msgpack, ${on(signed)}`, "fs080-flask31", MSGPACK, config)),
  ...both.map(({ signed, config }) =>
    cell(`0.8.0, Redis, json, ${on(signed)}`, "fs080-flask31", JSON_VALUES, {
      ...config,
      SESSION_SERIALIZATION_FORMAT: "json",
    }),
  ),
  ...both.map(({ signed, config }) => ({
    ...cell(`0.8.0, Redis, a pickle left by an old version, ${on(signed)}`, "fs080-flask31", OLD_PICKLE, config),
    planted: true,
  })),
  ...both.map(({ signed, config }) => ({
    ...cell(`0.5.0, Redis, pickle, ${on(signed)}`, "fs050-flask22", PICKLE, config),
    options: OLD,
  })),
  { ...cell("0.8.0, files with sha256 names", "fs080-newest", PICKLE, {}), store: "filesystem" },
  { ...cell("0.5.0, files with md5 names", "fs050-flask22", PICKLE, {}), store: "filesystem", options: OLD },
  cell("0.8.0, Redis, another prefix and cookie name", "fs080-flask31", MSGPACK, {
    SESSION_KEY_PREFIX: "a_b%[*]?\\:",
    SESSION_COOKIE_NAME: "shop-session",
    SESSION_PERMANENT: false,
  }),
];

function cell(name: string, environment: EnvironmentName, values: Cell["values"], config: FlaskConfig): Cell {
  return { name, environment, store: "redis", values, config };
}

/** A key as Python finds it. */
interface Described {
  readonly key: string;
  readonly type: string;
  readonly repr: string;
  readonly canonical: unknown;
}

describe("one login on both sides", function () {
  this.timeout(60_000);
  let server: RedisServer;
  let redis: Redis;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis();
    redis = new Redis(server.port);
  });

  after(async () => {
    await redis?.quit();
    await server?.stop();
  });

  it("is walked in eleven cells", () => {
    expect(cells).to.have.length(11);
  });

  for (const current of cells) {
    describe(current.name, () => {
      let directory: string;
      let flask: FlaskApp;
      let node: NodeApp;
      let browser: Browser;

      before(async () => {
        directory = mkdtempSync(join(tmpdir(), "cells-"));
        await redis.flushdb();
        const config = {
          SECRET_KEY: "your-super-secret-key",
          SESSION_TYPE: current.store,
          ...(current.store === "redis" ? { SESSION_REDIS: server.url } : { SESSION_FILE_DIR: directory }),
          ...current.config,
        };
        flask = await startFlask({ environment: current.environment, app: "workbench", config });
        node = await startNode(config, handlers, current.options);
        browser = new Browser();
      });

      after(async () => {
        await node?.stop();
        await flask?.stop();
        rmSync(directory, { recursive: true });
      });

      it("who logs in on Flask is known in Node, and Python finds every value as it left it", async () => {
        const steps = [...current.values, ["uname", "'alice'"] as const];
        await inFlask(steps.map(([key, value]) => `session[${JSON.stringify(key)}] = ${value}`));
        if (current.planted) await plant(steps);
        const before = current.planted ? await describeInPython(steps) : await types();
        expect(await inNode("who")).to.equal("alice");
        await inNode("change");
        const after = await types();
        expect(after.map(({ key }) => key)).to.deep.equal([...before.map(({ key }) => key), "seen"]);
        for (const was of before) {
          const now = after.find(({ key }) => key === was.key);
          if (was.key === "cart" || was.key === "count") continue;
          expect([now?.type, now?.canonical], was.key).to.deep.equal([was.type, was.canonical]);
        }
        expect(repr(after, "count")).to.equal("4");
        expect(repr(after, "seen")).to.equal("True");
        expect(repr(after, "cart")).to.equal(
          "[{'name': 'tea', 'price': 4.0, 'count': 1}, {'name': 'jam', 'price': 2.5, 'count': 2}, {'name': 'nut', 'price': 7.0, 'count': 1}]",
        );
      });

      it("who logs out in Node is nobody in Flask, and no record is left", async () => {
        await inNode("leave");
        expect(browser.cookies.size).to.equal(0);
        expect(await records()).to.equal(0);
        expect((await types()).filter(({ key }) => key !== "_permanent")).to.deep.equal([]);
      });

      it("who logs in in Node is known in Flask, with the types that Node said", async () => {
        await inNode("enter");
        const found = await types();
        expect(repr(found, "uname")).to.equal("'bob'");
        expect(repr(found, "price")).to.equal("10.0");
        expect(repr(found, "count")).to.equal("3");
        expect(repr(found, "nested")).to.equal("{'a': [1, 2.5, None, 'é']}");
        await inFlask(["session['count'] += 1", "session['nested']['a'].append(5)"]);
        expect(await inNode("show")).to.deep.equal({ uname: "bob", count: 4, nested: { a: [1, 2.5, null, "é", 5] } });
      });

      it("who logs out on Flask is nobody in Node, and no record is left", async () => {
        await inFlask(["session.clear()"]);
        expect(await records()).to.equal(0);
        expect(await inNode("who")).to.equal(null);
        expect(await records()).to.equal(0);
      });

      async function inFlask(steps: readonly string[]): Promise<void> {
        const reply = await browser.postJson(`${flask.url}/do`, steps);
        expect(reply.status, flask.log()).to.equal(200);
      }

      async function inNode(name: keyof typeof handlers): Promise<unknown> {
        const reply = await browser.post(`${node.url}/${name}`);
        expect(reply.status, reply.text).to.equal(200);
        return JSON.parse(reply.text);
      }

      async function types(): Promise<readonly Described[]> {
        const reply = await browser.get(`${flask.url}/types`);
        expect(reply.status, flask.log()).to.equal(200);
        return JSON.parse(reply.text) as Described[];
      }

      /** Puts the pickle that Flask-Session < 0.7 would have left in the record's place. */
      async function plant(steps: Cell["values"]): Promise<void> {
        const judge = await judgeOf(current.environment);
        const pickled = (await judge.run(`${SESSION_OF_STEPS}\nresult = pickle.dumps(session).hex()`, steps)) as string;
        const [key = ""] = await redis.keys("*");
        await redis.set(key, Buffer.from(pickled, "hex"), "EX", 1000);
      }

      async function describeInPython(steps: Cell["values"]): Promise<readonly Described[]> {
        const judge = await judgeOf(current.environment);
        return (await judge.run(`${SESSION_OF_STEPS}${DESCRIBE}`, steps)) as Described[];
      }

      async function records(): Promise<number> {
        if (current.store === "redis") return redis.dbsize();
        return readdirSync(directory).filter((name) => !COUNT_FILES.includes(name) && !name.endsWith(".__wz_cache"))
          .length;
      }
    });
  }
});

const COUNT_FILES = [
  "2029240f6d1128be89ddc32729463129",
  "79bc207ee04a581ab2348ca1f3494e64cd0ec36128735b8c6bc85ddd8fe1938c",
];

const SESSION_OF_STEPS = `
import collections, datetime, decimal, json, pickle, uuid, zoneinfo
import shop
session = {'_permanent': True}
for key, value in input:
    session[key] = eval(value)
`;

const DESCRIBE = `
from canonical import canonical
def name(kind):
    return kind.__qualname__ if kind.__module__ == 'builtins' else '%s.%s' % (kind.__module__, kind.__qualname__)
result = [{'key': k, 'type': name(type(v)), 'repr': repr(v), 'canonical': canonical(v)} for k, v in session.items()]
`;

const handlers = {
  who: (session) => session["uname"],
  change: (session) => {
    session["seen"] = true;
    session["count"] = (session["count"] as number) + 1;
    (session["cart"] as unknown[]).push({ name: "nut", price: 7, count: 1 });
  },
  leave: (session) => session.destroy(),
  enter: (session) => {
    session["uname"] = "bob";
    session["price"] = py.float(10);
    session["count"] = 3;
    session["nested"] = { a: [1, 2.5, null, "é"] };
  },
  show: (session) => ({ uname: session["uname"], count: session["count"], nested: session["nested"] }),
} as const satisfies Record<string, (session: import("../../src/session/session.ts").Session) => unknown>;

function repr(described: readonly Described[], key: string): string | undefined {
  return described.find((entry) => entry.key === key)?.repr;
}
