/** What a request does to a session in Flask's own cookie. */
import { createHash } from "node:crypto";
import { expect } from "chai";
import {
  BadPayload,
  ConfigError,
  CookieTooLargeError,
  DecodeError,
  EncodeError,
  HeadersSentError,
  LimitError,
  ReadOnlySessionError,
  SecretKeyMissingError,
} from "../../../src/errors.ts";
import type { SessionEvent } from "../../../src/session/events.ts";
import type { SessionOptions } from "../../../src/session/options.ts";
import { Session } from "../../../src/session/session.ts";
import { createSessions, type Sessions } from "../../../src/session/sessions.ts";
import { UrlSafeTimedSerializer } from "../../../src/signing/timed-serializer.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { py } from "../../../src/values/py.ts";
import { Markup } from "../../../src/values/value-types.ts";

const SECRET = "sixteen bytes or more";
const DELETED = "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/";

describe("cookie sessions", () => {
  let events: SessionEvent[];
  let sessions: Sessions;

  beforeEach(() => {
    events = [];
    sessions = make({});
  });

  function make(options: Partial<SessionOptions>): Sessions {
    return createSessions({
      cookieSession: true,
      secretKey: SECRET,
      onEvent: (event) => {
        events.push(event);
      },
      ...options,
    });
  }

  const types = () => events.map(({ type }) => type);

  /** The cookie that a visitor has after a request. */
  async function after(handle: (session: Session) => unknown, brought?: string, by = sessions): Promise<string> {
    const request = await by.open(brought);
    await handle(request.session);
    const { setCookie } = await request.finish();
    expect(setCookie).to.have.length(1);
    return setCookie[0]?.split(";")[0] as string;
  }

  async function held(cookie: string, by = sessions): Promise<object> {
    return { ...(await by.read(cookie)) };
  }

  describe("verbs", () => {
    let cookie: string;

    beforeEach(async () => {
      cookie = await after((session) => {
        session["u"] = "a";
        session.permanent = true;
      });
    });

    it("there is no sid, and a session is new until a cookie holds one", async () => {
      const first = (await sessions.open(undefined)).session;
      expect([first.sid, first.new, first.modified, first.permanent]).to.deep.equal([undefined, true, false, false]);
      const second = (await sessions.open(cookie)).session;
      expect([second.sid, second.new, second.modified, second.permanent]).to.deep.equal([
        undefined,
        false,
        false,
        true,
      ]);
      expect(Session.of(second).otherKeys.size).to.equal(0);
      expect(Session.of(second).config("login")).to.deep.equal({});
    });

    it("save() sends what has not changed", async () => {
      sessions = make({ refreshEachRequest: false });
      const request = await sessions.open(cookie);
      await request.session.save();
      expect(request.session.modified).to.equal(true);
      expect((await request.finish()).setCookie).to.have.length(1);
    });

    it("touch() sends it too, and is no change", async () => {
      sessions = make({ refreshEachRequest: false });
      const request = await sessions.open(cookie);
      await request.session.touch();
      expect(request.session.modified).to.equal(false);
      expect((await request.finish()).setCookie).to.have.length(1);
    });

    it("regenerate() keeps the data, and the cookie is signed anew", async () => {
      const request = await sessions.open(cookie);
      await request.session.regenerate();
      expect({ ...request.session }).to.deep.equal({ u: "a", _permanent: true });
      expect((await request.finish()).setCookie).to.have.length(1);
    });

    it("a cookie of the session's name from before regenerate() is taken back: a log-in follows", async () => {
      const request = await sessions.open(cookie);
      Session.of(request.session).addCookie("session=old; Path=/");
      await request.session.regenerate();
      const { setCookie } = await request.finish();
      expect(setCookie).to.have.length(1);
      expect(await held(setCookie[0]?.split(";")[0] as string)).to.deep.equal({ u: "a", _permanent: true });
    });

    it("regenerate(callback) gives an empty object", async () => {
      const request = await sessions.open(cookie);
      const before = request.session;
      await new Promise((done) => before.regenerate(done));
      expect(request.session).not.to.equal(before);
      expect({ ...request.session }).to.deep.equal({});
      expect(request.session.new).to.equal(true);
      request.session["v"] = 1;
      const { setCookie } = await request.finish();
      expect(await held(setCookie[0] as string)).to.deep.equal({ v: 1 });
    });

    it("destroy() empties it and deletes the cookie", async () => {
      const request = await sessions.open(cookie);
      await request.session.destroy();
      expect([{ ...request.session }, request.session.new, request.session.modified]).to.deep.equal([{}, true, true]);
      expect(await request.finish()).to.deep.equal({ setCookie: [DELETED], vary: true });
    });

    it("destroy() of a visitor without cookie deletes none", async () => {
      const request = await sessions.open(undefined);
      request.session["u"] = 1;
      await new Promise((done) => request.session.destroy(done));
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
    });

    it("what is set after destroy() is sent", async () => {
      const next = await after(async (session) => {
        await session.destroy();
        session["v"] = 2;
      }, cookie);
      expect(await held(next)).to.deep.equal({ v: 2 });
    });

    it("destroy() revokes nothing: a copy of the cookie is good until the lifetime has passed", async () => {
      const request = await sessions.open(cookie);
      await request.session.destroy();
      await request.finish();
      expect(await held(cookie)).to.deep.equal({ u: "a", _permanent: true });
      const realNow = Date.now;
      Date.now = () => realNow() + 40 * 86_400_000;
      try {
        expect(await held(cookie)).to.deep.equal({});
      } finally {
        Date.now = realNow;
      }
    });

    it("clear() drops _permanent too", async () => {
      const request = await sessions.open(cookie);
      request.session.clear();
      expect(await request.finish()).to.deep.equal({ setCookie: [DELETED], vary: true });
    });

    it("extensions queue cookies, and one of the session's name takes its place", async () => {
      const request = await sessions.open(cookie);
      request.session["u"] = "b";
      Session.of(request.session).addCookie("remember_token=1; Path=/");
      Session.of(request.session).addCookie("session=; Max-Age=0");
      expect((await request.finish()).setCookie).to.deep.equal(["remember_token=1; Path=/", "session=; Max-Age=0"]);
    });

    for (const verb of ["clear", "destroy", "regenerate"] as const) {
      it(`a cookie of the session's name from before ${verb}() is taken back`, async () => {
        const request = await sessions.open(cookie);
        Session.of(request.session).addCookie("session=old; Path=/");
        Session.of(request.session).addCookie("sessions=other");
        await new Promise((done) => (verb === "clear" ? done(request.session.clear()) : request.session[verb](done)));
        const { setCookie } = await request.finish();
        expect(setCookie).to.deep.equal([DELETED, "sessions=other"]);
      });
    }

    it("after the head went out each is refused, and a change is told of", async () => {
      const request = await sessions.open(cookie);
      const { session } = request;
      await request.finish();
      session["late"] = 1;
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
      expect(events[0]).to.deep.include({ type: "headers-sent", keys: ["late"] });
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
      expect(types()).to.deep.equal(["headers-sent"]);
      for (const verb of ["save", "touch", "regenerate", "destroy"] as const) {
        expect(await rejection(session[verb]()), verb).to.be.instanceOf(HeadersSentError);
      }
      expect(await new Promise((done) => session.save(done))).to.be.instanceOf(HeadersSentError);
      expect(() => Session.of(session).addCookie("a=1")).to.throw(HeadersSentError, "Cannot add a cookie");
    });
  });

  describe("values", () => {
    it("keep their Python types", async () => {
      const cookie = await after((session) => {
        session["seat"] = py.tuple(["B", 12]);
        session["balance"] = py.float(10);
        session["bytes"] = Buffer.of(0, 255);
        session["at"] = new Date("2024-02-29T12:30:45Z");
        session["html"] = new Markup("<b>");
      });
      const request = await sessions.open(cookie);
      expect(request.session["at"]).to.deep.equal(new Date("2024-02-29T12:30:45Z"));
      request.session["balance"] = 20;
      const { setCookie } = await request.finish();
      const text = new UrlSafeTimedSerializer({
        secretKey: SECRET,
        salt: "cookie-session",
        keyDerivation: "hmac",
        format: { encode: () => Buffer.of(), decode: (bytes) => Buffer.from(bytes).toString() },
      }).loads((setCookie[0] as string).slice("session=".length).split(";")[0] as string);
      expect(text).to.equal(
        '{"seat":{" t":["B",12]},"balance":20.0,"bytes":{" b":"AP8="},"at":{" d":"Thu, 29 Feb 2024 12:30:45 GMT"},"html":{" m":"<b>"}}',
      );
    });

    it("that tagged JSON cannot carry are refused with their path, and nothing is sent", async () => {
      const request = await sessions.open(undefined);
      request.session["cart"] = [{ sizes: new Set([1]) }];
      expect(await rejection(request.finish()))
        .to.be.instanceOf(EncodeError)
        .with.property("message", "Cannot store session.cart[0].sizes: tagged JSON has no set: use an array");
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: true });
    });
  });

  describe("the size", () => {
    it("beyond the limit is an error that names the largest keys", async () => {
      const request = await sessions.open(undefined);
      Object.assign(request.session, { small: 1, b: random(2500), a: random(4000), c: random(100) });
      const error = (await rejection(request.finish())) as CookieTooLargeError;
      expect(error).to.be.instanceOf(CookieTooLargeError);
      expect(error.keys).to.deep.equal(["a", "b", "c"]);
      expect(error.message).to.equal(
        `Cannot store the session in its cookie: ${error.sizeBytes} bytes, the limit is 4093; most of it is "a", "b", "c"`,
      );
    });

    it("counts the whole Set-Cookie text, as Werkzeug does", async () => {
      const size = (await (await filled(300)).finish()).setCookie[0]?.length as number;
      expect((await (await filled(300, size)).finish()).setCookie).to.have.length(1);
      expect(await rejection((await filled(300, size - 1)).finish())).to.be.instanceOf(CookieTooLargeError);
      expect((await (await filled(9000, 0)).finish()).setCookie).to.have.length(1);
    });

    it("long names are cut", async () => {
      const request = await sessions.open(undefined);
      request.session["k".repeat(5000)] = random(4000);
      expect(((await rejection(request.finish())) as Error).message.length).to.be.below(200);
    });

    it("that the browser has kept already is let through, if the session does not grow", async () => {
      const cookie = await after((session) => Object.assign(session, { a: random(3000), b: random(100) }));
      sessions = make({ maxCookieSizeBytes: 1000 });
      const smaller = await after((session) => {
        delete session["b"];
      }, cookie);
      expect(smaller.length).to.be.below(cookie.length);
      const grown = await sessions.open(cookie);
      grown.session["c"] = random(400);
      expect(await rejection(grown.finish())).to.be.instanceOf(CookieTooLargeError);
    });

    it("of a cookie that held no session lets nothing through", async () => {
      sessions = make({ maxCookieSizeBytes: 1000 });
      const request = await sessions.open(`session=${random(3000)}`);
      request.session["a"] = random(1500);
      expect(await rejection(request.finish())).to.be.instanceOf(CookieTooLargeError);
    });

    it("of a session that is only refreshed is no error: it stays as it was", async () => {
      // Another writer of JSON leaves as it is what Flask's escapes.
      const cookie = signed(`{"_permanent":true,"a":"${Buffer.from(random(2000)).toString("utf16le")}"}`);
      const request = await make({ maxCookieSizeBytes: 100 }).open(cookie);
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: false });
      expect(events).to.have.length(1);
      expect(events[0]).to.have.property("type", "cookie-too-large");
      expect(events[0]).to.have.property("sizeBytes").that.is.above(2000);
      const quiet = createSessions({ cookieSession: true, secretKey: SECRET, maxCookieSizeBytes: 100 });
      expect(await (await quiet.open(cookie)).finish()).to.deep.equal({ setCookie: [], vary: false });
    });

    async function filled(length: number, maxCookieSizeBytes?: number) {
      const request = await make(maxCookieSizeBytes === undefined ? {} : { maxCookieSizeBytes }).open(undefined);
      request.session["a"] = random(length);
      return request;
    }
  });

  describe("keys", () => {
    const other = "another key of this app";

    it("older ones verify, and only the current one signs", async () => {
      const old = await after((session) => (session["u"] = 1), undefined, make({ secretKey: other }));
      const both = make({ secretKeyFallbacks: ["the oldest key of all", other] });
      expect(await held(old, both)).to.deep.equal({ u: 1 });
      const next = await after((session) => (session["v"] = 2), old, both);
      expect(await held(next)).to.deep.equal({ u: 1, v: 2 });
      expect(await held(next, make({ secretKey: other }))).to.deep.equal({});
      expect(events.at(-1)).to.deep.equal({ type: "signature-refused", reason: "signature" });
    });

    it("salt, derivation, digest and epoch are options", async () => {
      const cookieSession = {
        salt: "my-salt",
        keyDerivation: "django-concat",
        digest: "sha512",
        epoch: "2011",
      } as const;
      const mine = make({ cookieSession });
      const cookie = await after((session) => (session["u"] = 1), undefined, mine);
      expect(await held(cookie, mine)).to.deep.equal({ u: 1 });
      expect(await held(cookie)).to.deep.equal({});
    });
  });

  describe("the clock", () => {
    const signedAt = (seconds: number) => {
      const now = () => new Date(Date.now() + seconds * 1000);
      const format = { encode: () => Buffer.from('{"u":1}'), decode: () => ({}) };
      const options = { secretKey: SECRET, salt: "cookie-session", keyDerivation: "hmac", format, now } as const;
      return `session=${new UrlSafeTimedSerializer(options).dumps({})}`;
    };

    it("may be off by clockSkewSeconds", async () => {
      expect(await held(signedAt(1))).to.deep.equal({ u: 1 });
      expect(await held(signedAt(30))).to.deep.equal({});
      expect(await held(signedAt(30), make({ clockSkewSeconds: 60 }))).to.deep.equal({ u: 1 });
      expect(events).to.deep.equal([{ type: "signature-refused", reason: "future" }]);
    });

    it("ends every session after the lifetime, permanent or not", async () => {
      const short = make({ lifetimeSeconds: 60 });
      expect(await held(signedAt(-58), short)).to.deep.equal({ u: 1 });
      expect(await held(signedAt(-63), short)).to.deep.equal({});
      expect(events).to.deep.equal([{ type: "signature-refused", reason: "expired" }]);
    });

    it("dates cookies back", async () => {
      const cookie = await after((session) => (session["u"] = 1), undefined, make({ clockSkewSeconds: 600 }));
      expect(await held(cookie, make({ lifetimeSeconds: 500 }))).to.deep.equal({});
    });
  });

  describe("a cookie that is signed, but holds no session", () => {
    const deep = `${'{"a":'.repeat(495)}1${"}".repeat(495)}`;
    const cases: readonly (readonly [string, string, new (...args: never) => Error])[] = [
      ["no JSON", "{", BadPayload],
      ["a list", "[1]", DecodeError],
      ["text", '"text"', DecodeError],
      ["null", "null", DecodeError],
      ["a broken tag", '{" u":"zz"}', BadPayload],
    ];
    for (const [name, payload, kind] of cases) {
      it(`is corrupt: ${name}`, async () => {
        const request = await sessions.open(signed(payload));
        expect(request.session.new).to.equal(true);
        expect(events[0]).to.have.property("type", "corrupt");
        expect((events[0] as { error?: unknown }).error).to.be.instanceOf(kind);
        request.session["u"] = 1;
        expect((await request.finish()).setCookie).to.have.length(1);
      });
    }

    it("is read where it is deep, up to the decoder's limit", async () => {
      expect(await held(signed(deep))).to.have.property("a");
      expect(types()).to.deep.equal([]);
      expect(await held(signed(`${'{"a":'.repeat(501)}1${"}".repeat(501)}`))).to.deep.equal({});
      expect((events[0] as { error: Error }).error.cause).to.be.instanceOf(LimitError);
    });

    it("is left as it is where it is deeper than what is written, and no error", async () => {
      const cookie = signed(`{"_permanent":true,"deep":${deep}}`);
      const request = await sessions.open(cookie);
      expect(await request.finish()).to.deep.equal({ setCookie: [], vary: false });
      expect(types()).to.deep.equal(["corrupt"]);
      const quiet = createSessions({ cookieSession: true, secretKey: SECRET });
      expect((await (await quiet.open(cookie)).finish()).setCookie).to.deep.equal([]);
      const changed = await sessions.open(cookie);
      changed.session["u"] = 1;
      expect(await rejection(changed.finish())).to.be.instanceOf(EncodeError);
    });
  });

  describe("read()", () => {
    it("gives what is there, frozen, and its verbs refuse", async () => {
      const cookie = await after((session) => {
        session["u"] = 1;
        session.permanent = true;
      });
      const session = await sessions.read(cookie);
      expect([session["u"], session.permanent, session.new, session.sid]).to.deep.equal([1, true, false, undefined]);
      expect(() => session.clear()).to.throw(ReadOnlySessionError);
      expect(Object.isFrozen(session)).to.equal(true);
    });

    it("gives an empty one where there is none", async () => {
      const session = await sessions.read(undefined);
      expect([{ ...session }, session.permanent, session.new]).to.deep.equal([{}, false, true]);
      expect({ ...(await sessions.read("session=")) }).to.deep.equal({});
    });
  });

  it("another error than a bad signature is not swallowed", () => {
    expect(() => sessions.openNow("session=\ud800.x")).to.throw(TypeError);
  });

  it("there is nothing to open or to close", async () => {
    await sessions.ready();
    await sessions.close();
    await sessions[Symbol.asyncDispose]();
  });

  it("nothing is computed where nobody listens", async () => {
    const quiet = createSessions({ cookieSession: true, secretKey: SECRET });
    expect(await held("session=a.b.c", quiet)).to.deep.equal({});
  });

  describe("options", () => {
    const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
      ["a store beside it", { store: memoryStore() }, "cookieSession: there is a store too"],
      ["one that a store has", { keyPrefix: "x" }, "keyPrefix: Flask's own cookie has no use for it"],
      ["permanent", { permanent: true }, "permanent: Flask's own cookie has no use for it"],
      ["false", { cookieSession: false }, "cookieSession: it must be an object, not a boolean"],
      ["a wrong salt", { cookieSession: { salt: 1 } }, "cookieSession.salt: it must be text, not a number"],
      ["an older key that everybody has", { secretKeyFallbacks: [""] }, "secretKeyFallbacks: a key in it is empty"],
      ["no way of keeping sessions", { cookieSession: undefined }, "store: it is missing"],
      ["one key where a list belongs", { secretKeyFallbacks: "x" }, "secretKeyFallbacks: it must be a list of keys"],
      ["half a second", { clockSkewSeconds: 0.5 }, "clockSkewSeconds: it must be a whole number"],
    ];
    for (const [name, options, message] of refused) {
      it(`refuse ${name}`, () => {
        expect(() => make(options)).to.throw(ConfigError, `Cannot use ${message}`);
      });
    }

    it("need a secret key", () => {
      expect(() => createSessions({ cookieSession: true })).to.throw(SecretKeyMissingError);
      expect(() => make({ secretKey: "" })).to.throw(SecretKeyMissingError);
    });

    it("warn of a weak one", () => {
      make({ secretKey: "short" });
      expect(types()).to.deep.equal(["config-warning"]);
    });

    for (const [name, option] of [
      ["secretKeyFallbacks", ["a"]],
      ["maxCookieSizeBytes", 1],
    ] as const) {
      it(`${name} means nothing beside a store`, () => {
        expect(() => createSessions({ store: memoryStore(), [name]: option })).to.throw(
          ConfigError,
          `Cannot use ${name}`,
        );
      });
    }

    it("a partitioned cookie beside a store would be a twin", () => {
      expect(() => createSessions({ store: memoryStore(), cookie: { partitioned: true } })).to.throw(
        ConfigError,
        "cookie.partitioned",
      );
    });
  });

  describe("the cookie that deletes", () => {
    const cookie = { domain: "example.com", secure: true, sameSite: "Lax", partitioned: true } as const;
    const scope = "session=; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
    for (const [flaskVersion, text] of [
      ["1.1", "session=; Domain=example.com; Expires=Thu, 01-Jan-1970 00:00:00 GMT; Max-Age=0; Path=/"],
      ["2.0", `${scope}; Secure; Path=/; SameSite=Lax`],
      ["2.1", `${scope}; Secure; HttpOnly; Path=/; SameSite=Lax; Partitioned`],
      ["3.1", `${scope}; Secure; HttpOnly; Path=/; SameSite=Lax; Partitioned`],
    ] as const) {
      it(`repeats what Flask ${flaskVersion} repeats`, async () => {
        const request = await make({ flaskVersion, cookie }).open("session=x");
        await request.session.destroy();
        expect((await request.finish()).setCookie).to.deep.equal([text]);
      });
    }
  });
});

/** A cookie over any payload. */
function signed(payload: string): string {
  const format = { encode: (text: string) => Buffer.from(text), decode: () => "" };
  const options = { secretKey: SECRET, salt: "cookie-session", keyDerivation: "hmac", format } as const;
  return `session=${new UrlSafeTimedSerializer<string>(options).dumps(payload)}`;
}

/** Text that zlib cannot shorten by more than a quarter. */
function random(length: number): string {
  let text = "";
  while (text.length < length) text += createHash("sha256").update(text).digest("base64url");
  return text.slice(0, length);
}

async function rejection(work: unknown): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}
