/** The session object as a handler meets it. */
import assert from "node:assert";
import { inspect } from "node:util";
import { runInThisContext } from "node:vm";
import { expect } from "chai";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { Session } from "../../src/session/session.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { type Exact, PyDict } from "../../src/values/exact.ts";

const SID = "known";

const sloppyAssign = runInThisContext("(function (object, key) { object[key] = 1; })") as (
  object: object,
  key: string,
) => void;

async function opened(keys: readonly Exact[], values: readonly Exact[]) {
  const store = memoryStore();
  await store.set(`session:${SID}`, msgpack.encode(new PyDict([...keys], [...values])), new Date(Date.now() + 1e6));
  const sessions = createSessions({
    store,
    onEvent: () => undefined,
    extensions: { login: { REMEMBER_COOKIE_NAME: "remember" } },
  });
  return sessions.open(`session=${SID}`);
}

const sessionOf = async (values: Readonly<Record<string, Exact>>) =>
  (await opened(Object.keys(values), Object.values(values))).session;

describe("a session object", () => {
  it("has the session's keys as its own enumerable properties, and nothing else", async () => {
    const session = await sessionOf({ uname: "alice", n: 1 });
    expect(Object.getOwnPropertyNames(session)).to.deep.equal(["uname", "n"]);
    expect(Object.getOwnPropertySymbols(session)).to.deep.equal([]);
    expect(JSON.stringify(session)).to.equal('{"uname":"alice","n":1}');
    expect({ ...session }).to.deep.equal({ uname: "alice", n: 1 });
    expect(structuredClone(session)).to.deep.equal({ uname: "alice", n: 1 });
    assert.deepEqual({ ...session }, { uname: "alice", n: 1 });
    expect(inspect(session)).to.equal("Session { uname: 'alice', n: 1 }");
    expect(Object.keys(session)).to.deep.equal(["uname", "n"]);
  });

  it("shows neither sid nor state to who inspects it", async () => {
    expect(inspect(await sessionOf({ a: 1 }), { depth: 9, showHidden: true })).not.to.include(SID);
  });

  it("hides no key behind the name of a verb; Session.of reaches the verbs all the same", async () => {
    const session = await sessionOf({ save: 1, sid: "mine", modified: "yes", permanent: "p" });
    expect(session["save"]).to.equal(1);
    expect(session.sid).to.equal("mine");
    const verbs = Session.of(session);
    expect(verbs.sid).to.equal(SID);
    expect(verbs.modified).to.equal(false);
    session["save"] = 2 as never;
    expect(verbs.modified).to.equal(true);
    await verbs.save();
  });

  it("takes a key with the name of a verb", async () => {
    const session = await sessionOf({});
    (session as Record<string, unknown>)["clear"] = 5;
    expect(Object.keys(session)).to.deep.equal(["clear"]);
  });

  for (const fact of ["sid", "new", "modified"]) {
    it(`refuses to assign ${fact}`, async () => {
      const session = await sessionOf({});
      expect(() => {
        (session as Record<string, unknown>)[fact] = true;
      }).to.throw(TypeError, `session.${fact} is not assignable`);
      // Sloppy code, such as old CommonJS modules, would not hear of a missing setter.
      expect(() => {
        sloppyAssign(session, fact);
      }).to.throw(TypeError);
    });
  }

  it("keeps `permanent` under the key _permanent", async () => {
    const session = await sessionOf({ a: 1 });
    expect(session.permanent).to.equal(false);
    session.permanent = true;
    expect(session["_permanent"]).to.equal(true);
    expect(session.permanent).to.equal(true);
    Session.of(session).permanent = false;
    expect(session["_permanent"]).to.equal(false);
  });

  it("shows keys that are no str apart, and writes them back", async () => {
    const request = await opened([1, "a", new PyDict()].slice(0, 2), ["one", 2]);
    const { session } = request;
    expect(Object.keys(session)).to.deep.equal(["a"]);
    expect([...Session.of(session).otherKeys]).to.deep.equal([[1, "one"]]);
    session["b"] = 3;
    await session.save();
    expect([...Session.of(session).otherKeys]).to.deep.equal([[1, "one"]]);
    session.clear();
    expect([...Session.of(session).otherKeys]).to.deep.equal([]);
  });

  it("gives extensions their keys", async () => {
    const verbs = Session.of(await sessionOf({}));
    expect(verbs.config("login")).to.deep.equal({ REMEMBER_COOKIE_NAME: "remember" });
    expect(verbs.config("csrf")).to.deep.equal({});
  });

  for (const [name, value] of [
    ["a plain object", {}],
    ["null", null],
    ["text", "session"],
    ["the prototype", Object.getPrototypeOf({})],
  ] as const) {
    it(`is not ${name}`, () => {
      expect(() => Session.of(value as object)).to.throw(TypeError, "Not a session");
    });
  }
});
