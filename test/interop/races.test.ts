/**
 * Requests that meet: 200 rounds of each pair over real Redis, each side on a connection of its own, as two servers
 * would be. Calls of the store are delayed at random and the starts spread over 14 ms, so that every order is met.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Redis } from "ioredis";
import { decodeRecord } from "../../src/codecs/fallback.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import type { OpenedSession } from "../../src/session/opened-session.ts";
import type { ResponseHeaders } from "../../src/session/response-headers.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { type Exact, PyDict } from "../../src/values/exact.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";

const ROUNDS = 200;
const PREFIX = "N:";

/** A server: its sessions, and the events of the round. */
interface Side {
  readonly sessions: Sessions;
  readonly events: string[];
  readonly client: Redis;
}

/** What a round left behind. */
interface Round {
  readonly first: ResponseHeaders;
  readonly second: ResponseHeaders;
  readonly firstEvents: readonly string[];
  readonly secondEvents: readonly string[];
  /** The record under the sid that both opened. */
  readonly old: PyDict | undefined;
  /** The record under the sid that the first side's cookie names. */
  readonly fresh: PyDict | undefined;
}

type Act = (opened: OpenedSession) => Promise<ResponseHeaders>;

const jitter = () => sleep(Math.random() * 2);
const start = () => sleep(Math.random() * 14);

const save: Act = async (opened) => {
  await start();
  opened.session["k"] = 1;
  return opened.finish();
};
const destroy: Act = async (opened) => {
  await start();
  await opened.session.destroy();
  return opened.finish();
};
const clear: Act = async (opened) => {
  await start();
  opened.session.clear();
  return opened.finish();
};
const regenerate: Act = async (opened) => {
  await start();
  await opened.session.regenerate();
  opened.session["uname"] = "new";
  await jitter();
  return opened.finish();
};
const restart: Act = async (opened) => {
  await start();
  await new Promise<void>((resolve, reject) => {
    opened.session.regenerate((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
  });
  opened.session["uname"] = "new";
  return opened.finish();
};

describe("requests that meet", function () {
  this.timeout(120_000);
  let server: RedisServer;
  let admin: Redis;
  let a: Side;
  let b: Side;
  let rounds = 0;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis();
    admin = new Redis(server.port);
    a = side(server.port);
    b = side(server.port);
  });

  after(async () => {
    for (const client of [admin, a?.client, b?.client]) client?.disconnect();
    await server?.stop();
  });

  it("a destroyed session is never revived by a save", async () => {
    const results = await played(destroy, save);
    expect(results.filter(({ old }) => old !== undefined)).to.deep.equal([]);
    const gone = results.filter(({ secondEvents }) => secondEvents.includes("gone"));
    expect(gone.length, "both orders are met").to.be.within(1, ROUNDS - 1);
    expect(gone.filter(({ second }) => second.setCookie.length > 0)).to.deep.equal([]);
  });

  it("every save that was not told `gone` is in the record that regenerate() makes", async () => {
    const results = await played(regenerate, save);
    expect(results.filter(({ old }) => old !== undefined)).to.deep.equal([]);
    const gone = results.filter(({ secondEvents }) => secondEvents.includes("gone"));
    const kept = results.filter(({ fresh }) => fresh?.get("k") === 1);
    expect(kept.length + gone.length).to.equal(ROUNDS);
    expect(kept.length, "both orders are met").to.be.within(1, ROUNDS - 1);
    expect(results.filter(({ fresh }) => fresh?.get("uname") !== "new")).to.deep.equal([]);
  });

  it("no old key survives a regenerate() that comes after a destroy, the old record never does", async () => {
    const results = await played(regenerate, destroy);
    expect(results.filter(({ old }) => old !== undefined)).to.deep.equal([]);
    const late = results.filter(({ firstEvents }) => firstEvents.includes("gone"));
    expect(late.length, "both orders are met").to.be.within(1, ROUNDS - 1);
    expect(late.filter(({ fresh }) => fresh?.get("old") !== undefined)).to.deep.equal([]);
    expect(results.filter(({ fresh }) => fresh?.get("uname") !== "new")).to.deep.equal([]);
  });

  it("no old key ever survives express-session's regenerate", async () => {
    const results = await played(restart, destroy);
    expect(results.filter(({ old, fresh }) => old !== undefined || fresh?.get("old") !== undefined)).to.deep.equal([]);
  });

  it("what clear() emptied stays empty, whatever was saved meanwhile", async () => {
    const results = await played(clear, save);
    expect(results.filter(({ old }) => old !== undefined)).to.deep.equal([]);
  });

  it("a login by regenerate() holds while 20 requests that opened the old session before change it", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const header = await plant({ cart: 1 });
      let jar: string | undefined;
      const opened = await Promise.all(Array.from({ length: 21 }, () => a.sessions.open(header)));
      await Promise.all(
        opened.map(async (request, index) => {
          await jitter();
          if (index === 10) await request.session.regenerate();
          request.session[index === 10 ? "uname" : `k${index}`] = "u";
          jar = sidOf(await request.finish()) ?? jar;
        }),
      );
      const record = jar === undefined ? undefined : await read(jar);
      expect(record?.get("uname"), `round ${round}`).to.equal("u");
    }
  });

  it("50 parallel requests that each add a key lose none", async () => {
    const header = await plant({ u: "a" });
    const sides = Array.from({ length: 50 }, () => side(server.port));
    const opened = await Promise.all(sides.map(({ sessions }) => sessions.open(header)));
    await Promise.all(
      opened.map(async (request, index) => {
        request.session[`k${index}`] = index;
        await request.finish();
      }),
    );
    for (const { client } of sides) client.disconnect();
    const record = await read(header.replace("session=", ""));
    expect(record?.keys).to.have.members(["u", ...Array.from({ length: 50 }, (_, index) => `k${index}`)]);
  });

  async function played(first: Act, second: Act): Promise<readonly Round[]> {
    const results: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) results.push(await play(first, second));
    return results;
  }

  async function play(first: Act, second: Act): Promise<Round> {
    const header = await plant({ u: "a", old: 1 });
    a.events.length = 0;
    b.events.length = 0;
    const opened = await Promise.all([a.sessions.open(header), b.sessions.open(header)]);
    const [firstHeaders, secondHeaders] = await Promise.all([first(opened[0]), second(opened[1])]);
    const fresh = sidOf(firstHeaders);
    return {
      first: firstHeaders,
      second: secondHeaders,
      firstEvents: [...a.events],
      secondEvents: [...b.events],
      old: await read(header.replace("session=", "")),
      fresh: fresh === undefined ? undefined : await read(fresh),
    };
  }

  async function plant(values: Readonly<Record<string, Exact>>): Promise<string> {
    const sid = `sid${rounds++}`;
    const bytes = msgpack.encode(new PyDict(Object.keys(values), Object.values(values)));
    await admin.set(PREFIX + sid, Buffer.from(bytes), "EX", 1000);
    return `session=${sid}`;
  }

  async function read(sid: string): Promise<PyDict | undefined> {
    const bytes = await admin.getBuffer(PREFIX + sid);
    return bytes === null ? undefined : (decodeRecord(bytes, "msgpack").value as PyDict);
  }
});

function side(port: number): Side {
  const client = new Redis(port);
  const events: string[] = [];
  const sessions = createSessions({
    store: delayed(redisStore(client)),
    keyPrefix: PREFIX,
    permanent: false,
    onEvent: ({ type }) => {
      events.push(type);
    },
  });
  return { sessions, events, client };
}

/** Each call takes up to 4 ms more. */
function delayed(store: Store): Store {
  const late =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await jitter();
      const result = await call(...args);
      await jitter();
      return result;
    };
  return {
    compareAndSet: store.compareAndSet,
    get: late((...args: Parameters<Store["get"]>) => store.get(...args)),
    set: late((...args: Parameters<Store["set"]>) => store.set(...args)),
    touch: late((...args: Parameters<Store["touch"]>) => store.touch(...args)),
    delete: late((...args: Parameters<Store["delete"]>) => store.delete(...args)),
    close: () => store.close(),
  };
}

function sidOf({ setCookie }: ResponseHeaders): string | undefined {
  return /^session=([^;]+)/.exec(setCookie[0] ?? "")?.[1];
}
