/** What a request does to its session, over a store in memory. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { json } from "../../src/codecs/json.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import {
  EncodeError,
  HeadersSentError,
  LimitError,
  StoreConflictError,
  StoreError,
  StoreRecordError,
} from "../../src/errors.ts";
import type { SessionEvent } from "../../src/session/events.ts";
import type { OpenedSession } from "../../src/session/opened-session.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import { tooDeep } from "../../src/session/record.ts";
import { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { type Exact, PyDict, PyExt, PyFloat, PyGlobal, PyList, PyObject } from "../../src/values/exact.ts";

const SID = "known";
const KEY = `session:${SID}`;
const COOKIE = `session=${SID}`;
const DELETED = "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/";
const later = () => new Date(Date.now() + 1_000_000);

describe("sessions", () => {
  let store: Store;
  let events: SessionEvent[];
  let sessions: Sessions;

  beforeEach(() => {
    store = memoryStore();
    events = [];
    sessions = make({});
  });

  function make(options: Partial<SessionOptions>): Sessions {
    return createSessions({
      store,
      permanent: false,
      onEvent: (event) => {
        events.push(event);
      },
      ...options,
    });
  }

  async function plant(values: Readonly<Record<string, Exact>>): Promise<void> {
    await store.set(KEY, msgpack.encode(dict(values)), later());
  }

  async function stored(key = KEY): Promise<Readonly<Record<string, Exact>> | undefined> {
    const found = await store.get(key);
    if (found === undefined) return undefined;
    const { keys, values } = msgpack.decode(found.record.bytes).value as PyDict;
    return Object.fromEntries(keys.map((name, index) => [name, values[index] as Exact]));
  }

  const types = () => events.map(({ type }) => type);
  const event = <T extends SessionEvent["type"]>(type: T) =>
    events.find((candidate) => candidate.type === type) as Extract<SessionEvent, { type: T }> | undefined;

  describe("save()", () => {
    it("stores now; the request still counts as changed", async () => {
      const request = await sessions.open(undefined);
      request.session["a"] = 1;
      await request.session.save();
      expect(await stored(`session:${request.session.sid}`)).to.deep.equal({ a: 1 });
      expect(request.session.modified).to.equal(true);
      expect((await request.finish()).setCookie).to.have.length(1);
    });

    it("of nothing changed does nothing", async () => {
      const request = await sessions.open(undefined);
      await request.session.save();
      expect(types()).to.deep.equal([]);
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
    });

    it("twice, with another writer between, keeps every key", async () => {
      await plant({ u: "a" });
      const [one, two] = await Promise.all([sessions.open(COOKIE), sessions.open(COOKIE)]);
      one.session["a1"] = 1;
      await one.session.save();
      two.session["b1"] = 1;
      await two.finish();
      one.session["a2"] = 2;
      await one.session.save();
      one.session["a3"] = new Date(0);
      await one.finish();
      expect(Object.keys((await stored()) ?? {})).to.deep.equal(["u", "a1", "b1", "a2", "a3"]);
      expect(one.session["b1"], "the handler's object never changes under it").to.equal(undefined);
    });

    for (const serializationFormat of ["msgpack", "json"] as const) {
      it(`refuses what it could not read again, in ${serializationFormat}`, async () => {
        sessions = make({ serializationFormat });
        const request = await sessions.open(undefined);
        request.session["list"] = Array.from({ length: 99_990 }, () => 1);
        await request.session.save();
        request.session["more"] = Array.from({ length: 10 }, () => 1);
        expect(await rejection(request.session.save()))
          .to.be.instanceOf(EncodeError)
          .with.property("message")
          .that.matches(/^Cannot store session\.more: the record becomes too large \(.*: more than 100000 items/);
        Reflect.deleteProperty(request.session, "more");
        await request.finish();
        expect(Object.keys((await sessions.open(`session=${request.session.sid}`)).session)).to.deep.equal(["list"]);
      });
    }

    it("refuses what is deeper than the limits that it was given", async () => {
      sessions = make({ limits: { maxDepth: 3 } });
      const request = await sessions.open(undefined);
      request.session["list"] = [[1]];
      await request.session.save();
      request.session["list"] = [[[1]]];
      expect(await rejection(request.session.save())).to.be.instanceOf(EncodeError);
    });

    it("that nobody awaits is before the one at the end", async () => {
      const request = await sessions.open(undefined);
      request.session["a"] = 1;
      const saved = request.session.save();
      request.session["b"] = 2;
      const { setCookie } = await request.finish();
      await saved;
      expect(setCookie).to.have.length(1);
      expect(await stored(`session:${request.session.sid}`)).to.deep.equal({ a: 1, b: 2 });
      expect(types()).to.deep.equal(["saved", "saved"]);
    });

    it("keeps what is changed while the store answers", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      request.session["a"] = 1;
      const saved = request.session.save();
      await Promise.resolve();
      request.session["a"] = 2;
      expect(request.session.modified).to.equal(true);
      await saved;
      await request.finish();
      expect(await stored()).to.deep.equal({ u: "a", a: 2 });
    });

    it("that fails leaves the changes pending", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      const set = store.set.bind(store);
      store.set = () => Promise.reject(new StoreError("no"));
      request.session["a"] = 1;
      expect(await rejection(request.session.save())).to.be.instanceOf(StoreError);
      store.set = set;
      await request.finish();
      expect(await stored()).to.deep.equal({ u: "a", a: 1 });
    });

    it("that is refused can be mended", async () => {
      const request = await sessions.open(undefined);
      request.session["f"] = () => 1;
      expect(await rejection(request.session.save())).to.be.instanceOf(EncodeError);
      request.session["f"] = 1;
      await request.session.save();
      expect(await stored(`session:${request.session.sid}`)).to.deep.equal({ f: 1 });
    });

    it("takes express-session's callback", async () => {
      const { session } = await sessions.open(undefined);
      session["a"] = 1;
      expect(await called((done) => session.save(done))).to.equal(undefined);
      session["f"] = () => 1;
      expect(await called((done) => session.save(done))).to.be.instanceOf(EncodeError);
    });

    it("takes another sid where a record lies under the new one", async () => {
      const request = await sessions.open(undefined);
      const { sid } = request.session;
      await store.set(`session:${sid}`, msgpack.encode(dict({ other: 1 })), later());
      request.session["a"] = 1;
      await request.finish();
      expect(request.session.sid).not.to.equal(sid);
      expect(await stored(`session:${sid}`)).to.deep.equal({ other: 1 });
      expect(await stored(`session:${request.session.sid}`)).to.deep.equal({ a: 1 });
    });
  });

  describe("a conflict", () => {
    it("is merged; where both sides changed a key this request wins, and says so", async () => {
      await plant({ a: 1, b: 1, c: 1 });
      const [one, two] = await Promise.all([sessions.open(COOKIE), sessions.open(COOKIE)]);
      one.session["a"] = "one";
      one.session["b"] = "one";
      delete one.session["c"];
      await one.finish();
      two.session["a"] = "two";
      two.session["d"] = "two";
      await two.finish();
      expect(await stored()).to.deep.equal({ a: "two", b: "one", d: "two" });
      expect(event("merged")).to.deep.include({ keys: ["a", "d"] });
      expect(event("clash")).to.deep.include({ keys: ["a"] });
    });

    it("about equal values is no clash", async () => {
      await plant({ a: 1 });
      const [one, two] = await Promise.all([sessions.open(COOKIE), sessions.open(COOKIE)]);
      one.session["a"] = [2];
      await one.finish();
      two.session["a"] = [2];
      await two.finish();
      expect(types()).to.include("merged").and.not.include("clash");
    });

    it("takes on the newest record's format", async () => {
      await store.set(KEY, pickle.encode(dict({ a: new PyFloat(10) })), later());
      const request = await sessions.open(COOKIE);
      await plant({ a: new PyFloat(10), b: 1 });
      request.session["c"] = 2;
      await request.finish();
      expect(await stored()).to.deep.equal({ a: new PyFloat(10), b: 1, c: 2 });
    });

    it("that leaves nothing deletes what is there by then, unless somebody has added to it", async () => {
      await plant({ a: 1 });
      const [one, two] = await Promise.all([sessions.open(COOKIE), sessions.open(COOKIE)]);
      one.session["b"] = 1;
      await one.finish();
      delete two.session["a"];
      await two.finish();
      expect(await stored()).to.deep.equal({ b: 1 });
    });

    it("that does not end is a StoreConflictError", async () => {
      sessions = make({ saveTimeoutMillis: 50 });
      await plant({ a: 0 });
      const request = await sessions.open(COOKIE);
      let n = 0;
      store.set = async () => {
        await sleep(1);
        return { stored: false, current: { bytes: msgpack.encode(dict({ a: ++n })) } };
      };
      request.session["b"] = 1;
      expect(await rejection(request.finish())).to.be.instanceOf(StoreConflictError);
    });

    it("with a dangerous pickle, or with None, is refused", async () => {
      for (const value of [dict({ evil: evil() }), null]) {
        await plant({ a: 1 });
        const request = await sessions.open(COOKIE);
        const bytes = pickle.encode(value);
        await store.set(KEY, bytes, later());
        request.session["b"] = 1;
        expect(await rejection(request.finish())).to.be.instanceOf(StoreRecordError);
        expect((await store.get(KEY))?.record.bytes).to.deep.equal(bytes);
      }
    });
  });

  describe("a record that is gone", () => {
    it("stays gone for the rest of the request, and no cookie is sent", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      await store.delete(KEY);
      request.session["k"] = 1;
      await request.session.save();
      request.session["k2"] = 1;
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
      expect(await stored()).to.equal(undefined);
      expect(events.filter(({ type }) => type === "gone").map((gone) => "keys" in gone && gone.keys)).to.deep.equal([
        ["k"],
        ["k2"],
      ]);
    });

    it("gives only what this request has set to regenerate()", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      request.session["before"] = 1;
      await request.session.save();
      await store.delete(KEY);
      request.session["k"] = 1;
      await request.session.save();
      await request.session.regenerate();
      request.session["uname"] = "b";
      const { setCookie } = await request.finish();
      expect(setCookie).to.have.length(1);
      expect(await stored(`session:${request.session.sid}`)).to.deep.equal({ before: 1, k: 1, uname: "b" });
    });

    it("is deleted by destroy() without a word, and a later change starts a new sid", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      await store.delete(KEY);
      await request.session.destroy();
      request.session["a"] = 1;
      const { setCookie } = await request.finish();
      expect(setCookie[0]).to.match(/^session=(?!known)/);
    });
  });

  describe("regenerate()", () => {
    it("takes what another request saved meanwhile along", async () => {
      await plant({ u: "a" });
      const [one, two] = await Promise.all([sessions.open(COOKIE), sessions.open(COOKIE)]);
      two.session["b"] = 1;
      await two.finish();
      one.session["a"] = 1;
      const { session } = one;
      await session.regenerate();
      await one.finish();
      expect(one.session).to.equal(session);
      expect(await stored(`session:${session.sid}`)).to.deep.equal({ u: "a", b: 1, a: 1 });
      expect(await stored()).to.equal(undefined);
      const { sidHash, newSidHash } = event("regenerated") ?? {};
      expect(sidHash)
        .to.match(/^[0-9a-f]{12}$/)
        .and.not.equal(newSidHash);
    });

    it("after clear() takes nothing along", async () => {
      await plant({ u: "a" });
      const [one, two] = await Promise.all([sessions.open(COOKIE), sessions.open(COOKIE)]);
      two.session["b"] = 1;
      await two.finish();
      one.session.clear();
      await one.session.regenerate();
      one.session["c"] = 1;
      await one.finish();
      expect(await stored(`session:${one.session.sid}`)).to.deep.equal({ c: 1 });
    });

    it("and then clear() deletes the cookie", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      await request.session.regenerate();
      request.session.clear();
      expect((await request.finish()).setCookie).to.deep.equal([DELETED]);
    });

    it("of an empty session gives a new sid and no cookie", async () => {
      const request = await sessions.open(undefined);
      const { sid } = request.session;
      await request.session.regenerate();
      expect(request.session.sid).not.to.equal(sid);
      expect((await request.finish()).setCookie).to.deep.equal([]);
    });

    it("is refused where it met a dangerous pickle or None", async () => {
      for (const value of [dict({ evil: evil() }), null]) {
        await plant({ a: 1 });
        const request = await sessions.open(COOKIE);
        await store.set(KEY, pickle.encode(value), later());
        expect(await rejection(request.session.regenerate())).to.be.instanceOf(StoreRecordError);
      }
    });

    it("gives up at its deadline", async () => {
      sessions = make({ saveTimeoutMillis: 50 });
      await plant({ a: 1 });
      const request = await sessions.open(COOKIE);
      store.delete = async () => {
        await sleep(1);
        return false;
      };
      expect(await rejection(request.session.regenerate())).to.be.instanceOf(StoreConflictError);
    });

    it("with a callback leaves the data behind, on a new object", async () => {
      sessions = make({ permanent: true });
      await plant({ u: "a", pair: 1 });
      const request = await sessions.open(COOKIE);
      const old = request.session;
      expect(await called((done) => old.regenerate(done))).to.equal(undefined);
      expect(request.session).not.to.equal(old);
      expect({ ...request.session }).to.deep.equal({ _permanent: true });
      request.session["uname"] = "b";
      await request.finish();
      expect(await stored()).to.equal(undefined);
      expect(await stored(`session:${request.session.sid}`)).to.deep.equal({ _permanent: true, uname: "b" });
    });

    it("with a callback tells of a session that is gone", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      await store.delete(KEY);
      await called((done) => request.session.regenerate(done));
      expect(types()).to.include("gone").and.not.include("regenerated");
    });

    it("keeps the types of what is moved to the new object", async () => {
      await store.set(KEY, pickle.encode(dict({ pair: new PyList("tuple", [1, new PyFloat(2)]) })), later());
      sessions = make({ flaskSessionVersion: "0.5" });
      const request = await sessions.open(COOKIE);
      const old = request.session;
      await called((done) => old.regenerate(done));
      request.session["pair"] = old["pair"];
      await request.finish();
      const found = await store.get(`session:${request.session.sid}`);
      const tree = pickle.decode(found?.record.bytes as Uint8Array).value as PyDict;
      expect((tree.get("pair") as PyList).kind).to.equal("tuple");
      expect((tree.get("pair") as PyList).items[1]).to.be.instanceOf(PyFloat);
    });

    it("throws what a callback throws into the program, not into the promise", async () => {
      const { session } = await sessions.open(undefined);
      const listeners = process.listeners("uncaughtException");
      process.removeAllListeners("uncaughtException");
      const thrown = new Promise((resolve) => process.once("uncaughtException", resolve));
      session.regenerate(() => {
        throw new RangeError("in the callback");
      });
      expect(await thrown).to.be.instanceOf(RangeError);
      for (const listener of listeners) process.on("uncaughtException", listener);
    });
  });

  describe("destroy()", () => {
    it("deletes the record, empties the session and deletes the cookie", async () => {
      await plant({ u: "a" });
      const request = await sessions.open(COOKIE);
      const { session } = request;
      await session.destroy();
      expect(Object.keys(session)).to.deep.equal([]);
      expect(session.new).to.equal(true);
      expect(session.sid).not.to.equal(SID);
      expect(await request.finish()).to.deep.equal({ setCookie: [DELETED], vary: true });
      expect(event("destroyed")?.sidHash).to.equal(event("opened")?.sidHash);
    });

    it("that fails leaves the session as it is", async () => {
      await plant({ u: "a" });
      const { session } = await sessions.open(COOKIE);
      store.delete = () => Promise.reject(new StoreError("no"));
      expect(await called((done) => session.destroy(done))).to.be.instanceOf(StoreError);
      expect({ ...session }).to.deep.equal({ u: "a" });
    });

    it("of a session that was never stored asks no store", async () => {
      const { session } = await sessions.open(undefined);
      session["a"] = 1;
      await session.destroy();
      expect(types()).to.deep.equal([]);
    });
  });

  describe("clear()", () => {
    it("keeps _permanent, and the record is deleted at the end", async () => {
      await plant({ _permanent: true, u: "a" });
      const request = await sessions.open(COOKIE);
      request.session.clear();
      expect({ ...request.session }).to.deep.equal({ _permanent: true });
      expect((await request.finish()).setCookie).to.deep.equal([DELETED]);
      expect(await stored()).to.equal(undefined);
    });

    it("with keys set after it does not merge", async () => {
      await plant({ u: "a" });
      const [one, two] = await Promise.all([sessions.open(COOKIE), sessions.open(COOKIE)]);
      two.session["b"] = 1;
      await two.finish();
      one.session.clear();
      one.session["c"] = 1;
      await one.finish();
      expect(await stored()).to.deep.equal({ c: 1 });
    });

    it("once stored, later saves merge again", async () => {
      await plant({ u: "a" });
      const one = await sessions.open(COOKIE);
      one.session.clear();
      one.session["c"] = 1;
      await one.session.save();
      const two = await sessions.open(COOKIE);
      two.session["b"] = 1;
      await two.finish();
      one.session["d"] = 1;
      await one.finish();
      expect(await stored()).to.deep.equal({ c: 1, b: 1, d: 1 });
    });
  });

  describe("the lifetime", () => {
    it("is renewed after the response where the store could not do it while it read", async () => {
      await plant({ u: "a" });
      const before = await expiry();
      const request = await sessions.open(COOKIE);
      await request.finish();
      await sessions.close();
      expect((await expiry()) - before).to.be.above(1_000_000);
      expect(types()).to.deep.equal(["opened", "touched"]);
    });

    it("fails with an event, never with the response", async () => {
      await plant({ u: "a" });
      store.touch = () => Promise.reject(new StoreError("no"));
      const request = await sessions.open(COOKIE);
      await request.finish();
      await sessions.close();
      expect(event("store-error")?.error).to.be.instanceOf(StoreError);
    });

    it("is left alone with refresh off, until touch() renews it and sends the cookie", async () => {
      sessions = make({ refreshEachRequest: false });
      await plant({ _permanent: true, u: "a" });
      const before = await expiry();
      const idle = await sessions.open(COOKIE);
      expect((await idle.finish()).setCookie).to.deep.equal([]);
      expect(await expiry()).to.equal(before);
      const request = await sessions.open(COOKIE);
      await request.session.touch();
      expect((await expiry()) - before).to.be.above(1_000_000);
      expect((await request.finish()).setCookie[0]).to.match(/^session=known; Expires=/);
    });

    it("of a dangerous pickle is let run out", async () => {
      await store.set(KEY, pickle.encode(dict({ evil: evil() })), later());
      const before = await expiry();
      const request = await sessions.open(COOKIE);
      await request.session.touch();
      await request.finish();
      await sessions.close();
      expect(await expiry()).to.equal(before);
      expect(event("dangerous-pickle")).to.include({ name: "os.system" });
    });

    it("of a new session is nobody's concern", async () => {
      const { session } = await sessions.open(undefined);
      await session.touch();
      expect(types()).to.deep.equal([]);
    });

    async function expiry(): Promise<number> {
      return (await store.get(KEY))?.record.expiresAt?.getTime() as number;
    }
  });

  describe("after the head went out", () => {
    async function sent(header: string | undefined): Promise<OpenedSession> {
      const request = await sessions.open(header);
      void request.session["u"];
      await request.finish();
      return request;
    }

    it("a change is stored if the browser holds the sid", async () => {
      await plant({ u: "a" });
      const request = await sent(COOKIE);
      request.session["late"] = 1;
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
      expect(await stored()).to.deep.equal({ u: "a", late: 1 });
    });

    it("a change of a session that the browser does not know is told of", async () => {
      const request = await sent(undefined);
      request.session["late"] = 1;
      await request.finish();
      const told = event("headers-sent");
      expect(told?.keys).to.deep.equal(["late"]);
      expect(told?.error).to.be.instanceOf(HeadersSentError);
      expect(await request.finish(), "once").to.deep.equal({ setCookie: [], vary: true });
      expect(types()).to.deep.equal(["headers-sent"]);
    });

    it("save() of such a session, and every regenerate(), is refused", async () => {
      const request = await sent(undefined);
      request.session["late"] = 1;
      expect(await rejection(request.session.save())).to.be.instanceOf(HeadersSentError);
      await plant({ u: "a" });
      const known = await sent(COOKIE);
      expect(await rejection(known.session.regenerate())).to.be.instanceOf(HeadersSentError);
      expect(await stored()).to.deep.equal({ u: "a" });
    });

    it("a late save that fails rejects and is told of, and what follows is silent", async () => {
      await plant({ u: "a" });
      const request = await sent(COOKIE);
      store.set = () => Promise.reject(new StoreError("no"));
      request.session["late"] = 1;
      expect(await rejection(request.finish())).to.be.instanceOf(StoreError);
      expect(event("store-error")?.error).to.be.instanceOf(StoreError);
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
    });

    it("a late value that cannot be stored is told of", async () => {
      await plant({ u: "a" });
      const request = await sent(COOKIE);
      request.session["late"] = () => 1;
      expect(await rejection(request.finish())).to.be.instanceOf(EncodeError);
      expect(event("store-error")?.error).to.be.instanceOf(EncodeError);
    });
  });

  describe("cookies of extensions", () => {
    it("come after ours", async () => {
      const request = await sessions.open(undefined);
      request.session["a"] = 1;
      Session.of(request.session).addCookie("remember_token=x; Path=/");
      const { setCookie } = await request.finish();
      expect(setCookie.map((line) => line.split("=")[0])).to.deep.equal(["session", "remember_token"]);
    });

    it("of the session's own name take its place", async () => {
      const request = await sessions.open(undefined);
      request.session["a"] = 1;
      Session.of(request.session).addCookie(DELETED);
      expect((await request.finish()).setCookie).to.deep.equal([DELETED]);
    });

    it("of the session's own name lead nowhere once there is a new sid", async () => {
      await plant({ a: 1 });
      const request = await sessions.open(COOKIE);
      Session.of(request.session).addCookie(`${COOKIE}; Path=/`);
      await request.session.regenerate();
      const { setCookie } = await request.finish();
      expect(setCookie).to.have.length(1);
      expect(setCookie[0]).not.to.include(COOKIE);
    });

    it("alone are a reason to vary", async () => {
      const request = await sessions.open(undefined);
      Session.of(request.session).addCookie("a=1");
      expect(await request.finish()).to.deep.equal({ setCookie: ["a=1"], vary: true });
    });
  });

  it("a request that does not look at its session costs nothing and says nothing", async () => {
    const request = sessions.openNow(undefined);
    expect(request).not.to.be.instanceOf(Promise);
    expect((request as OpenedSession).finish()).to.deep.equal({ setCookie: [], vary: false });
  });

  it("a permanent session gets an Expires as far off as its lifetime", async () => {
    sessions = make({ permanent: true, lifetimeSeconds: 3600 });
    const request = await sessions.open(undefined);
    request.session["a"] = 1;
    const { setCookie } = await request.finish();
    const [, expires = ""] = /Expires=([^;]+)/.exec(setCookie[0] ?? "") ?? [];
    expect((Date.parse(expires) - Date.now()) / 1000).to.be.within(3598, 3600);
  });

  it("_permanent counts as Python takes it", async () => {
    for (const [value, permanent] of [
      [1, true],
      [new PyFloat(0), false],
      [new PyFloat(2), true],
      ["", false],
      [null, false],
    ] as const) {
      await plant({ _permanent: value, a: 1 });
      const request = await sessions.open(COOKIE);
      expect((await request.finish()).setCookie.length > 0).to.equal(permanent);
    }
  });

  it("a sid of an old Flask-Session is a UUID", async () => {
    sessions = make({ flaskSessionVersion: "0.5" });
    const { session } = await sessions.open(undefined);
    expect(session.sid).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  describe("beside a Flask-Session that reads nothing but pickles", () => {
    const found = async () => {
      const { keys, values } = pickle.decode((await store.get(KEY))?.record.bytes as Uint8Array).value as PyDict;
      return dict(Object.fromEntries(keys.map((key, index) => [key, values[index] as Exact])));
    };

    it("what a newer one has left in msgpack or JSON is read, left as it is, and saved as a pickle", async () => {
      for (const codec of [msgpack, json]) {
        const bytes = codec.encode(dict({ u: "a", price: new PyFloat(10) }));
        await store.set(KEY, bytes, later());
        sessions = make({ flaskSessionVersion: "0.6" });
        await (await sessions.open(COOKIE)).finish();
        expect((await store.get(KEY))?.record.bytes).to.deep.equal(bytes);
        const request = await sessions.open(COOKIE);
        request.session["n"] = 1;
        await request.finish();
        expect(await found()).to.deep.equal(dict({ u: "a", price: new PyFloat(10), n: 1 }));
      }
    });

    it("what a newer one saves meanwhile is merged into a pickle", async () => {
      await store.set(KEY, pickle.encode(dict({ a: 1 })), later());
      sessions = make({ flaskSessionVersion: "0.6" });
      const request = await sessions.open(COOKIE);
      await plant({ a: 1, b: 2 });
      request.session["c"] = 3;
      await request.finish();
      expect(await found()).to.deep.equal(dict({ a: 1, b: 2, c: 3 }));
    });

    it("what a pickle cannot hold is refused with its path, and stays", async () => {
      const bytes = msgpack.encode(dict({ list: new PyList("list", [new PyExt(5, Uint8Array.of(1))]) }));
      await store.set(KEY, bytes, later());
      sessions = make({ flaskSessionVersion: "0.6" });
      const request = await sessions.open(COOKIE);
      request.session["n"] = 1;
      expect(await rejection(request.finish()))
        .to.be.instanceOf(EncodeError)
        .with.property("path", "session.list[0]");
      expect((await store.get(KEY))?.record.bytes).to.deep.equal(bytes);
    });

    it("a store of pickles holds nothing else", async () => {
      await plant({ a: 1 });
      sessions = make({ store: Object.assign(store, { format: "pickle" } as const) });
      expect((await sessions.open(COOKIE)).session.new).to.equal(true);
      expect(types()).to.deep.equal(["corrupt", "opened"]);
    });
  });

  it("what a listener throws is nobody's error", async () => {
    sessions = make({
      onEvent: () => {
        throw new RangeError("in the listener");
      },
    });
    expect((await sessions.open(COOKIE)).session.new).to.equal(true);
  });

  it("nothing is computed for events where nobody listens", async () => {
    await plant({ a: 1 });
    const quiet = createSessions({ store, permanent: false });
    const request = await quiet.open(COOKIE);
    request.session["b"] = 1;
    await request.finish();
    expect(await stored()).to.deep.equal({ a: 1, b: 1 });
    await store.set(KEY, Buffer.from("garbage"), later());
    expect((await quiet.open(COOKIE)).session.new).to.equal(true);
    await store.set(KEY, pickle.encode(dict({ evil: evil() })), later());
    expect((await quiet.open(COOKIE)).session.new).to.equal(false);
    await quiet.ready();
  });

  describe("a record that decodes, but is deeper than an object may be", () => {
    let bytes: Buffer;

    beforeEach(async () => {
      let key: Exact = 1;
      for (let level = 0; level < 60; level++) key = new PyList("tuple", [key]);
      bytes = Buffer.from(pickle.encode(dict({ u: "eve", deep: new PyDict([key], [1]) })));
      await store.set(KEY, bytes, later());
    });

    it("is corrupt: the request has a new session, and the bytes stay", async () => {
      const request = await sessions.open(COOKIE);
      request.session["a"] = 1;
      expect({ ...request.session }).to.deep.equal({ a: 1 });
      await request.finish();
      expect(event("corrupt")?.error).to.be.instanceOf(LimitError);
      expect(request.session.sid).not.to.equal(SID);
      expect(bytes.equals((await store.get(KEY))?.record.bytes ?? bytes.subarray(1))).to.equal(true);
      expect(await stored(`session:${request.session.sid}`)).to.deep.equal({ a: 1 });
    });

    it("reads as no session", async () => {
      const session = await sessions.read(COOKIE);
      expect({ ...session }).to.deep.equal({});
      expect(event("corrupt")?.error).to.be.instanceOf(LimitError);
    });

    it("another error while it is shown is not swallowed", () => {
      const broken = new RangeError("Maximum call stack size exceeded");
      expect(() =>
        tooDeep(() => {
          throw broken;
        }),
      ).to.throw(broken);
    });
  });

  it("another error than a bad signature is not swallowed", () => {
    sessions = make({ secretKey: "0123456789abcdef", useSigner: true });
    expect(() => sessions.openNow("session=\ud800.x")).to.throw(TypeError);
  });
});

function dict(values: Readonly<Record<string, Exact>>): PyDict {
  return new PyDict(Object.keys(values), Object.values(values));
}

function evil(): PyObject {
  return new PyObject("call", new PyGlobal("os", "system"), new PyList("tuple", ["true"]));
}

async function rejection(work: unknown): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

function called(start: (done: (error?: unknown) => void) => unknown): Promise<unknown> {
  return new Promise((resolve) => {
    start(resolve);
  });
}
