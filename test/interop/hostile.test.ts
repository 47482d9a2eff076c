/** What a client can send, what can lie in a store, and what a handler can put into a session by mistake. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Redis } from "ioredis";
import { decodeRecord } from "../../src/codecs/fallback.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { EncodeError, StoreRecordError, StoreTimeoutError } from "../../src/errors.ts";
import type { SessionEvent } from "../../src/session/events.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { PyDict } from "../../src/values/exact.ts";
import { judgeOf } from "../python/judge.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";

const SID = "known";
const KEY = `session:${SID}`;
const COOKIE = `session=${SID}`;

describe("hostile input", function () {
  this.timeout(30_000);
  let server: RedisServer;
  let redis: Redis;
  let events: SessionEvent[];
  let calls: string[];
  let sessions: Sessions;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis();
    redis = new Redis(server.port);
  });

  after(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  beforeEach(async () => {
    await redis.flushdb();
    events = [];
    calls = [];
    sessions = make({});
  });

  function make(options: Partial<SessionOptions>): Sessions {
    return createSessions({
      store: counted(redisStore(redis), calls),
      permanent: false,
      onEvent: (event) => {
        events.push(event);
      },
      ...options,
    });
  }

  const types = () => events.map(({ type }) => type);

  describe("in the Cookie header", () => {
    const headers: readonly (readonly [string, string | undefined])[] = [
      ["nothing", undefined],
      ["an empty header", ""],
      ["an empty value", "session="],
      ["another cookie", "sessions=x; xsession=y"],
      ["a path", "session=../../x"],
      ["a pattern", "session=*"],
      ["a space", 'session="a b"'],
      ["a line break", 'session="x\\015\\012flush_all"'],
      ["a NUL", 'session="x\\000"'],
      ["300 characters", `session=${"a".repeat(300)}`],
      ["129 characters", `session=${"a".repeat(129)}`],
      ["an object", 'session={"$ne":1}'],
      ["an array", "session[]=a"],
      ["letters beyond ASCII", "session=é"],
      ["100 KB", `session=${SID}; x=${"y".repeat(100_000)}`],
      ["a signed sid where nothing is signed", "session=abc.def"],
    ];
    for (const [name, header] of headers) {
      it(`${name}: a new session, the store is not asked, nothing is echoed`, async () => {
        await redis.set(KEY, "\x80");
        const opened = await sessions.open(header);
        expect(opened.session.new).to.equal(true);
        expect(calls).to.deep.equal([]);
        expect((await opened.finish()).setCookie).to.deep.equal([]);
        opened.session["a"] = 1;
        expect(calls).to.deep.equal([]);
      });
    }

    it("a badly signed sid is told of and never looked up", async () => {
      sessions = make({ secretKey: "0123456789abcdef", useSigner: true });
      const opened = await sessions.open(`session=${SID}.vAiUXk5_3dGGarlTQiOmfAGE3SY`);
      expect(opened.session.new).to.equal(true);
      expect(calls).to.deep.equal([]);
      expect(types()).to.deep.equal(["signature-refused"]);
    });

    it("a sid that the visitor chose is never adopted", async () => {
      const opened = await sessions.open("session=chosen");
      opened.session["uname"] = "u1";
      const { setCookie } = await opened.finish();
      expect(setCookie[0]).to.match(/^session=(?!chosen)[A-Za-z0-9_-]{43}; HttpOnly; Path=\/$/);
      expect(await redis.keys("*")).to.have.length(1);
      expect(await redis.exists("session:chosen")).to.equal(0);
    });

    it("a planted record with nothing but _permanent gives its sid to no login", async () => {
      await redis.set(KEY, Buffer.from(msgpack.encode(new PyDict(["_permanent"], [true]))));
      const opened = await sessions.open(COOKIE);
      await opened.session.regenerate();
      opened.session["uname"] = "u1";
      const { setCookie } = await opened.finish();
      expect(setCookie[0]).not.to.include(SID);
      expect(await redis.exists(KEY)).to.equal(0);
    });
  });

  describe("in the store", () => {
    const corrupt: readonly (readonly [string, Buffer | string])[] = [
      ["garbage", "garbage"],
      ["NULs", Buffer.of(0, 0)],
      ["a truncated msgpack", Buffer.of(0x81, 0xa1)],
      ["a truncated pickle", Buffer.of(0x80, 4)],
      ["a msgpack with a trailing byte", Buffer.of(0x80, 0)],
      ["JSON behind a byte order mark", '\ufeff{"a":1}'],
      ["JSON with NaN", '{"a":NaN}'],
      ["invalid UTF-8 in msgpack", Buffer.of(0x81, 0xa1, 0xff, 1)],
      ["invalid UTF-8 in JSON", Buffer.from("7b2261223a22ff227d", "hex")],
      ["a lone surrogate in JSON", '{"a":"\\ud800"}'],
      ["a map as a msgpack key", Buffer.of(0x81, 0x80, 1)],
      ["a list", "[1]"],
      ["a string", '"x"'],
      ["a digit", "5"],
      ["a session of express-session", '{"cookie":{"originalMaxAge":60000,"path":"/"},"user":1}'],
      [
        "50,000 levels of msgpack",
        Buffer.concat([Buffer.of(0x81, 0xa1, 0x61), Buffer.alloc(50_000, 0x91), Buffer.of(1)]),
      ],
      ["50,000 levels of JSON", `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
      ["501 levels", Buffer.concat([Buffer.of(0x81, 0xa1, 0x61), Buffer.alloc(501, 0x91), Buffer.of(1)])],
      ["5 MiB", Buffer.concat([Buffer.from("81a161c600500000", "hex"), Buffer.alloc(0x500000)])],
      ["a length that is not there", Buffer.from("81a161dfffffffff", "hex")],
    ];
    for (const [name, bytes] of corrupt) {
      it(`${name}: told of, a fresh session, the old bytes stay`, async () => {
        await redis.set(KEY, bytes, "EX", 1000);
        const opened = await sessions.open(COOKIE);
        expect(Object.keys(opened.session)).to.deep.equal([]);
        expect(opened.session.new).to.equal(true);
        expect(types()).to.include("corrupt");
        opened.session["a"] = 1;
        const { setCookie } = await opened.finish();
        expect(setCookie[0]).not.to.include(SID);
        expect(await redis.getBuffer(KEY)).to.deep.equal(Buffer.from(bytes));
        expect(Object.keys(await sessions.read(COOKIE))).to.deep.equal([]);
      });
    }

    it("a Redis hash under the key: told of, a fresh session", async () => {
      await redis.hset(KEY, "a", "1");
      const opened = await sessions.open(COOKIE);
      expect(opened.session.new).to.equal(true);
      expect(types()).to.include("corrupt");
      expect(await redis.hget(KEY, "a")).to.equal("1");
    });

    for (const [name, bytes] of [
      ["no bytes", ""],
      ["JSON null", "null"],
      ["msgpack nil", Buffer.of(0xc0)],
      ["pickled None", Buffer.from("80044e2e", "hex")],
    ] as const) {
      it(`${name}: no record, as Flask-Session 0.8.0 has it`, async () => {
        await redis.set(KEY, bytes);
        const opened = await sessions.open(COOKIE);
        expect(opened.session.new).to.equal(true);
        expect(types()).to.deep.equal(["opened"]);
      });
    }

    it("one byte 0x80 is an empty msgpack map, 0x80 0x04 … a pickle", async () => {
      await redis.set(KEY, Buffer.of(0x80));
      expect((await sessions.open(COOKIE)).session.new).to.equal(false);
      await redis.set(KEY, Buffer.from("80047d948c0161944b01732e", "hex"));
      expect((await sessions.open(COOKIE)).session["a"]).to.equal(1);
    });

    it("keys named like parts of every object are keys, and survive a round trip", async () => {
      const text = '{"__proto__":{"polluted":1},"constructor":1,"toString":2,"save":3,"sid":4,"twice":1,"twice":2}';
      await redis.set(KEY, text, "EX", 1000);
      sessions = make({ serializationFormat: "json" });
      const opened = await sessions.open(COOKIE);
      const { session } = opened;
      expect(Object.keys(session)).to.deep.equal(["__proto__", "constructor", "toString", "save", "sid", "twice"]);
      expect(({} as Record<string, unknown>)["polluted"]).to.equal(undefined);
      expect(Session.of(session).sid).to.equal(SID);
      expect(session["twice"]).to.equal(2);
      session["more"] = 5;
      await opened.finish();
      expect(await redis.get(KEY)).to.equal(
        text.replace('"twice":1,', "").replace("}", "}").replace(/}$/, ',"more":5}'),
      );
    });
  });

  describe("a pickle that would run code", () => {
    const marker = join(tmpdir(), `flask-session-node-marker-${process.pid}`);
    let bytes: Buffer;

    beforeEach(async () => {
      const judge = await judgeOf("fs080-flask31");
      const program = `
import os, pickle
class Evil:
    def __reduce__(self):
        return os.system, (input,)
result = pickle.dumps({'_permanent': True, 'uname': 'alice', 'evil': Evil()}).hex()`;
      bytes = Buffer.from((await judge.run(program, `touch ${marker}`)) as string, "hex");
      await redis.set(KEY, bytes, "EX", 1000);
    });

    afterEach(() => {
      expect(existsSync(marker), "nothing has run").to.equal(false);
    });

    it("is read as data and told of", async () => {
      const { session } = await sessions.open(COOKIE);
      expect(session["uname"]).to.equal("alice");
      expect(JSON.stringify(session["evil"])).to.match(/^"<(os|posix)\.system>"$/);
      expect(events.find(({ type }) => type === "dangerous-pickle")).to.include({ name: "posix.system" });
    });

    for (const [name, change] of [
      ["a changed key", (session: Session) => void (session["n"] = 1)],
      ["regenerate()", (session: Session) => session.regenerate()],
      [
        "what was taken from it before clear()",
        (session: Session) => {
          const { evil } = session;
          session.clear();
          session["kept"] = evil;
        },
      ],
    ] as const) {
      it(`is never stored again: ${name}`, async () => {
        const opened = await sessions.open(COOKIE);
        const error = await failure(async () => {
          await change(opened.session);
          await opened.finish();
        });
        expect(error).to.be.instanceOf(StoreRecordError);
        expect(await redis.getBuffer(KEY)).to.deep.equal(bytes);
        expect(await redis.keys("*")).to.have.length(1);
      });
    }

    for (const [name, leave] of [
      ["clear()", (session: Session) => session.clear()],
      ["destroy()", (session: Session) => session.destroy()],
      ["regenerate(callback)", (session: Session) => new Promise((resolve) => session.regenerate(resolve))],
    ] as const) {
      it(`is deleted by ${name}`, async () => {
        const opened = await sessions.open(COOKIE);
        await leave(opened.session);
        const { setCookie } = await opened.finish();
        expect(setCookie).to.deep.equal(["session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/"]);
        expect(await redis.keys("*")).to.deep.equal([]);
      });
    }

    it("gives way to what is set after clear()", async () => {
      const opened = await sessions.open(COOKIE);
      opened.session.clear();
      opened.session["a"] = 1;
      await opened.finish();
      const { dangerous, value } = decodeRecord((await redis.getBuffer(KEY)) as Buffer, "msgpack");
      expect(dangerous).to.equal(undefined);
      expect((value as PyDict).get("a")).to.equal(1);
    });
  });

  describe("from a handler", () => {
    class Foreign {
      readonly x = 1;
    }
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const refused: readonly (readonly [string, unknown, string])[] = [
      ["a function", () => 1, "session.cart[1].x"],
      ["a symbol", Symbol("s"), "session.cart[1].x"],
      ["an Invalid Date", new Date(Number.NaN), "session.cart[1].x"],
      ["a class instance", new Foreign(), "session.cart[1].x"],
      ["undefined in an array", [undefined], "session.cart[1].x[0]"],
      ["a hole", Object.assign([], { length: 1 }), "session.cart[1].x[0]"],
      ["a lone surrogate", "\ud800", "session.cart[1].x"],
      ["a bigint beyond 64 bits", 2n ** 64n, "session.cart[1].x"],
      ["a cycle", cyclic, "session.cart[1].x"],
      ["100,000 levels", deep, "session.cart[1].x"],
      [
        "keys that are equal in Python",
        new Map<unknown, unknown>([
          [1, "a"],
          [true, "b"],
        ]),
        "session.cart[1].x",
      ],
      ["a Map key that Python cannot hash", new Map([[{}, 1]]), "session.cart[1].x"],
      ["a Promise", Promise.resolve(1), "session.cart[1].x"],
    ];
    for (const [name, value, path] of refused) {
      it(`${name} is refused with its path, and the store keeps what it had`, async () => {
        const before = Buffer.from(msgpack.encode(new PyDict(["cart"], [1])));
        await redis.set(KEY, before, "EX", 1000);
        const opened = await sessions.open(COOKIE);
        opened.session["fine"] = 1;
        opened.session["cart"] = [0, { x: value }];
        const error = await failure(async () => {
          await opened.finish();
        });
        expect(error).to.be.instanceOf(EncodeError);
        expect((error as EncodeError).path.startsWith(path), (error as EncodeError).path).to.equal(true);
        expect(await redis.getBuffer(KEY)).to.deep.equal(before);
        expect(await opened.finish(), "an error page says nothing").to.deep.equal({ setCookie: [], vary: true });
      });
    }

    it("undefined deletes a key", async () => {
      await redis.set(KEY, '{"a":1,"b":2}', "EX", 1000);
      const opened = await sessions.open(COOKIE);
      opened.session["a"] = undefined;
      await opened.finish();
      expect(await redis.get(KEY)).to.equal('{"b":2}');
    });
  });

  describe("a store that does not answer", () => {
    it("fails a read at its deadline, a save at its own", async () => {
      sessions = make({ readTimeoutMillis: 100, saveTimeoutMillis: 200 });
      const opened = await sessions.open(undefined);
      opened.session["a"] = 1;
      await redis.client("PAUSE", 1000, "ALL");
      const started = performance.now();
      expect(await failure(() => sessions.open(COOKIE))).to.be.instanceOf(StoreTimeoutError);
      expect(performance.now() - started).to.be.within(90, 190);
      expect(await failure(async () => opened.finish())).to.be.instanceOf(StoreTimeoutError);
      expect(performance.now() - started).to.be.within(290, 500);
    });
  });
});

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

/** The same store; the names of its calls are noted. */
function counted(store: Store, calls: string[]): Store {
  const noted =
    <A extends unknown[], R>(name: string, call: (...args: A) => R) =>
    (...args: A): R => {
      calls.push(name);
      return call(...args);
    };
  return {
    compareAndSet: store.compareAndSet,
    get: noted("get", (...args: Parameters<Store["get"]>) => store.get(...args)),
    set: noted("set", (...args: Parameters<Store["set"]>) => store.set(...args)),
    touch: noted("touch", (...args: Parameters<Store["touch"]>) => store.touch(...args)),
    delete: noted("delete", (...args: Parameters<Store["delete"]>) => store.delete(...args)),
    close: () => store.close(),
  };
}
