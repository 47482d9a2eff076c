/**
 * One login on both sides, beside the newest cachelib and under other names: the walk from a login on Flask through a
 * change in Node back to Flask, and from a login in Node to a log-out on Flask. `matrix.test.ts` walks in all else.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Redis } from "ioredis";
import { py } from "../../src/values/py.ts";
import type { EnvironmentName } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, type FlaskConfig, startFlask } from "../services/flask-app.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { type NodeApp, startNode } from "./node-app.ts";
import { assignment, type Described, MSGPACK, PICKLE, reprOf, type Value } from "./values.ts";

/** How a Flask app is set up. */
interface Cell {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly store: "redis" | "filesystem";
  readonly values: readonly Value[];
  readonly config: FlaskConfig;
}

const cells: readonly Cell[] = [
  {
    name: "files with sha256 names",
    environment: "fs080-newest",
    store: "filesystem",
    values: PICKLE,
    config: {},
  },
  {
    name: "Redis with another prefix and cookie name",
    environment: "fs080-flask31",
    store: "redis",
    values: MSGPACK,
    config: {
      SESSION_KEY_PREFIX: "a_b%[*]?\\:",
      SESSION_COOKIE_NAME: "shop-session",
      SESSION_PERMANENT: false,
    },
  },
];

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
        node = await startNode(config, handlers);
        browser = new Browser();
      });

      after(async () => {
        await node?.stop();
        await flask?.stop();
        rmSync(directory, { recursive: true });
      });

      it("who logs in on Flask is known in Node, and Python finds every value as it left it", async () => {
        await inFlask([...current.values, ["uname", "'alice'"] as const].map(assignment));
        const before = await types();
        expect(await inNode("who")).to.equal("alice");
        await inNode("change");
        const after = await types();
        expect(after.map(({ key }) => key)).to.deep.equal([...before.map(({ key }) => key), "seen"]);
        for (const was of before) {
          const now = after.find(({ key }) => key === was.key);
          if (was.key === "cart" || was.key === "count") continue;
          expect([now?.type, now?.canonical], was.key).to.deep.equal([was.type, was.canonical]);
        }
        expect(reprOf(after, "count")).to.equal("4");
        expect(reprOf(after, "seen")).to.equal("True");
        expect(reprOf(after, "cart")).to.equal(
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
        expect(reprOf(found, "uname")).to.equal("'bob'");
        expect(reprOf(found, "price")).to.equal("10.0");
        expect(reprOf(found, "count")).to.equal("3");
        expect(reprOf(found, "nested")).to.equal("{'a': [1, 2.5, None, 'é']}");
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
