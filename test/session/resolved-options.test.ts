import { inspect } from "node:util";
import { expect } from "chai";
import { DEFAULT_LIMITS } from "../../src/bytes/limits.ts";
import { ConfigError, SecretKeyMissingError } from "../../src/errors.ts";
import type { SessionEvent } from "../../src/session/events.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import { type ResolvedOptions, resolveOptions } from "../../src/session/resolved-options.ts";
import type { Store } from "../../src/session/store.ts";

/** A store as far as options look at one. */
const store: Store = {
  compareAndSet: "node",
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve({ stored: true }),
  touch: () => Promise.resolve(true),
  delete: () => Promise.resolve(true),
  close: () => Promise.resolve(),
};

const KEY = "a key of more than 16 bytes";

function resolve(options: Record<string, unknown>): ResolvedOptions {
  return resolveOptions({ store, ...options });
}

/** What `resolve` warns of. */
function warnings(options: Record<string, unknown>): string[] {
  const messages: string[] = [];
  const onEvent = (event: SessionEvent): void => {
    if (event.type === "config-warning") messages.push(event.message);
  };
  resolve({ ...options, onEvent });
  return messages;
}

/** A value in a test's name. */
function brief(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, compact: true }).slice(0, 60);
}

/** Values that each option takes, and what becomes of them. */
const good: readonly (readonly [option: string, value: unknown, fact: keyof ResolvedOptions, expected: unknown])[] = [
  ["useSigner", false, "sidSigner", undefined],
  ["secretKey", "", "secretKey", undefined],
  ["secretKey", undefined, "secretKey", undefined],
  ["secretKey", KEY, "secretKey", undefined],
  ["keyPrefix", "", "keyPrefix", ""],
  ["keyPrefix", "flask_session:é", "keyPrefix", "flask_session:é"],
  ["sidLengthBytes", 8, "sidLengthBytes", 8],
  ["sidLengthBytes", 96, "sidLengthBytes", 96],
  ["cookieName", "my-session!", "cookieName", "my-session!"],
  ["lifetimeSeconds", 90.9, "lifetimeSeconds", 90],
  ["permanent", false, "permanent", false],
  ["refreshEachRequest", false, "refreshEachRequest", false],
  ["serializationFormat", "json", "defaultFormat", "json"],
  ["serializationFormat", "json", "serializationFormat", "json"],
  ["flaskSessionVersion", "0.3", "newSidKind", "uuid4"],
  ["flaskSessionVersion", "0.5", "newSidKind", "uuid4"],
  ["flaskSessionVersion", "0.6", "newSidKind", "urlsafe"],
  ["flaskSessionVersion", "0.6.0", "defaultFormat", "pickle"],
  ["flaskSessionVersion", "0.6", "readsOnlyPickle", true],
  ["flaskSessionVersion", "0.7", "readsOnlyPickle", false],
  ["flaskSessionVersion", "0.7", "defaultFormat", "msgpack"],
  ["store", { ...store, format: "pickle" }, "defaultFormat", "pickle"],
  ["store", { ...store, format: "pickle" }, "readsOnlyPickle", true],
  ["flaskVersion", "1.0.4", "duplicateCookies", "last"],
  ["flaskVersion", "0.12", "duplicateCookies", "last"],
  ["flaskVersion", "1.1", "duplicateCookies", "first"],
  ["flaskVersion", "3.1.3", "duplicateCookies", "first"],
  ["python2Strings", "latin1", "python2Strings", "latin1"],
  ["pickleProtocol", 2, "pickleProtocol", 2],
  ["pickleProtocol", 5, "pickleProtocol", 5],
  ["limits", { maxDepth: 20 }, "limits", { ...DEFAULT_LIMITS, maxDepth: 20 }],
  ["readTimeoutMillis", 1, "readTimeoutMillis", 1],
  ["saveTimeoutMillis", 2 ** 31 - 1, "saveTimeoutMillis", 2 ** 31 - 1],
  ["extensions", { login: { a: 1 } }, "extensions", { login: { a: 1 } }],
];

const bad: readonly (readonly [option: string, value: unknown, message: string])[] = [
  ["store", undefined, "store: it is missing"],
  ["store", null, "store: it must be an object, not null"],
  ["store", { get() {}, set() {} }, "store: it must be a store"],
  ["store", { ...store, compareAndSet: undefined }, "store: it must be a store"],
  ["secretKey", 1234, "secretKey: it must be text or a Uint8Array, not a number"],
  ["secretKey", ["one", "two"], "secretKey: it must be one key; older ones belong into SECRET_KEY_FALLBACKS"],
  ["secretKey", "\ud800", "secretKey: it must not hold half a surrogate pair"],
  ["useSigner", "False", "useSigner: it must be true or false, not text"],
  ["useSigner", 1, "useSigner: it must be true or false, not a number"],
  ["sidSigner", "sha512", "sidSigner: it must be an object, not text"],
  ["sidSigner", { digest: "sha-3" }, "sidSigner.digest: Node has no such digest for HMAC"],
  ["sidSigner", { keyDerivation: "hkdf" }, 'sidSigner.keyDerivation: it must be "concat" or "django-concat" or'],
  ["sidSigner", { salt: 1 }, "sidSigner.salt: it must be text, not a number"],
  ["sidSigner", { salted: "" }, "sidSigner.salted: did you mean sidSigner.salt?"],
  ["keyPrefix", null, "keyPrefix: it must be text, not null"],
  ["keyPrefix", [], "keyPrefix: it must be text, not a list"],
  ["keyPrefix", "a\0", "keyPrefix: it must not hold a NUL character"],
  ["keyPrefix", "\udc00", "keyPrefix: it must not hold half a surrogate pair"],
  ["sidLengthBytes", 0, "sidLengthBytes: it must be a whole number from 1 to 96"],
  ["sidLengthBytes", 97, "sidLengthBytes: it must be a whole number from 1 to 96"],
  ["sidLengthBytes", 1.5, "sidLengthBytes: it must be a whole number"],
  ["sidLengthBytes", "32", "sidLengthBytes: it must be a whole number"],
  ["cookieName", "", "cookieName: it must be a cookie name of RFC 6265"],
  ["cookieName", "a b", "cookieName: it must be a cookie name"],
  ["cookieName", "a=b", "cookieName: it must be a cookie name"],
  ["cookieName", "a\r\nb", "cookieName: it must be a cookie name"],
  ["cookieName", "é", "cookieName: it must be a cookie name"],
  ["cookie", true, "cookie: it must be an object, not a boolean"],
  ["cookie", [], "cookie: it must be an object, not a list"],
  ["cookie", { samesite: "Lax" }, "cookie.samesite: did you mean cookie.sameSite?"],
  ["cookie", { partitioned: true }, "cookie.partitioned: there is no such option"],
  ["cookie", { sameSite: "" }, 'cookie.sameSite: it must be "Strict", "Lax" or "None"'],
  ["cookie", { sameSite: "constructor" }, 'cookie.sameSite: it must be "Strict", "Lax" or "None"'],
  ["cookie", { sameSite: null }, 'cookie.sameSite: it must be "Strict", "Lax" or "None"'],
  ["cookie", { secure: 1 }, "cookie.secure: it must be true or false, not a number"],
  ["cookie", { httpOnly: null }, "cookie.httpOnly: it must be true or false, not null"],
  ["cookie", { path: "/a;b" }, "cookie.path: it must not hold control characters or a semicolon"],
  ["cookie", { path: "/\r\n" }, "cookie.path: it must not hold control characters"],
  ["cookie", { path: "/\0" }, "cookie.path: it must not hold a NUL character"],
  ["cookie", { path: "/\x7f" }, "cookie.path: it must not hold control characters"],
  ["cookie", { domain: "" }, "cookie.domain: it must be a host name in ASCII"],
  ["cookie", { domain: "." }, "cookie.domain: it must be a host name in ASCII"],
  ["cookie", { domain: "a;b" }, "cookie.domain: it must be a host name in ASCII"],
  ["cookie", { domain: "a b" }, "cookie.domain: it must be a host name in ASCII"],
  ["cookie", { domain: "a.b\n" }, "cookie.domain: it must be a host name in ASCII"],
  ["cookie", { domain: "[::1]" }, "cookie.domain: it must be a host name in ASCII"],
  ["cookie", { domain: "bücher.example" }, "cookie.domain: it must be a host name in ASCII (the xn-- form of others)"],
  ["lifetimeSeconds", 0.5, "lifetimeSeconds: it must be at least 1 second"],
  ["lifetimeSeconds", "60", "lifetimeSeconds: it must be seconds or"],
  ["permanent", null, "permanent: it must be true or false, not null"],
  ["refreshEachRequest", 0, "refreshEachRequest: it must be true or false, not a number"],
  ["serializationFormat", "pickle", 'serializationFormat: it must be "msgpack" or "json"'],
  ["flaskSessionVersion", 0.8, 'flaskSessionVersion: it must be text such as "3.1"'],
  ["flaskSessionVersion", "0.2", 'flaskSessionVersion: it must be "0.3" or'],
  ["flaskSessionVersion", "1.0", 'flaskSessionVersion: it must be "0.3" or'],
  ["flaskVersion", "3", 'flaskVersion: it must be text such as "3.1"'],
  ["flaskVersion", "latest", 'flaskVersion: it must be text such as "3.1"'],
  ["python2Strings", "utf8", 'python2Strings: it must be "ascii" or "latin1"'],
  ["pickleProtocol", 1, "pickleProtocol: it must be 2 or 3 or 4 or 5"],
  ["pickleProtocol", "4", "pickleProtocol: it must be 2 or 3 or 4 or 5"],
  ["limits", { maxBytes: 0 }, "limits.maxBytes: it must be a whole number from 1 to 536870912"],
  ["limits", { maxDepth: 751 }, "limits.maxDepth: it must be a whole number from 1 to 750"],
  ["limits", { maxItems: Number.POSITIVE_INFINITY }, "limits.maxItems: it must be a whole number"],
  ["limits", { depth: 3 }, "limits.depth: there is no such option"],
  ["readTimeoutMillis", 0, "readTimeoutMillis: it must be a whole number from 1"],
  ["saveTimeoutMillis", 2 ** 31, "saveTimeoutMillis: it must be a whole number from 1"],
  ["onEvent", "console.log", "onEvent: it must be a function, not text"],
  ["extensions", [].join, "extensions: it must be an object, not a function"],
  ["warnings", "careful", "warnings: it must be a list of texts, not text"],
  ["warnings", [1], "warnings: it must be text, not a number"],
  ["keyprefix", "a", "keyprefix: did you mean keyPrefix?"],
  ["secret", "a", "secret: there is no such option"],
  ["constructor", 1, "constructor: there is no such option"],
];

describe("resolveOptions", () => {
  it("fills in what Flask 3.1 and Flask-Session 0.8 do", () => {
    expect(resolve({})).to.deep.equal({
      store,
      keyPrefix: "session:",
      newSidKind: "urlsafe",
      sidLengthBytes: 32,
      cookieName: "session",
      cookie: { path: "/", httpOnly: true, secure: false, dashedExpires: false },
      duplicateCookies: "first",
      lifetimeSeconds: 2_678_400,
      permanent: true,
      refreshEachRequest: true,
      serializationFormat: "msgpack",
      defaultFormat: "msgpack",
      readsOnlyPickle: false,
      pickleProtocol: 4,
      python2Strings: "ascii",
      limits: DEFAULT_LIMITS,
      readTimeoutMillis: 1000,
      saveTimeoutMillis: 5000,
      extensions: {},
    });
  });

  for (const [option, value, fact, expected] of good) {
    it(`makes ${inspect(expected)} the ${fact} where ${option} is ${brief(value)}`, () => {
      expect(resolve({ [option]: value })[fact]).to.deep.equal(expected);
    });
  }

  for (const [option, value, message] of bad) {
    it(`refuses ${option} ${brief(value)}`, () => {
      expect(() => resolve({ [option]: value }))
        .to.throw(ConfigError, `Cannot use ${message}`)
        .with.property("code", "ERR_CONFIG");
    });
  }

  for (const options of [undefined, null, "redis://localhost"]) {
    it(`refuses ${inspect(options)} for the options`, () => {
      expect(() => resolveOptions(options as unknown as SessionOptions)).to.throw(ConfigError, "the options");
    });
  }

  it("takes __proto__ for an unknown option and pollutes nothing", () => {
    expect(() => resolve(JSON.parse('{ "limits": { "__proto__": { "maxBytes": 1 } } }'))).to.throw(
      ConfigError,
      "limits.__proto__",
    );
  });
});

describe("the signer of sids", () => {
  const defaults = { salt: "flask-session", keyDerivation: "hmac", digest: "sha1" };

  it("is Flask-Session's where useSigner is set", () => {
    expect(resolve({ useSigner: true, secretKey: KEY })).to.deep.include({ sidSigner: defaults, secretKey: KEY });
  });

  it("is what sidSigner says, with Flask-Session's for the rest", () => {
    const { sidSigner } = resolve({ sidSigner: { digest: "sha512" }, secretKey: Buffer.from(KEY) });
    expect(sidSigner).to.deep.equal({ ...defaults, digest: "sha512" });
  });

  for (const secretKey of [undefined, "", new Uint8Array()]) {
    for (const how of [{ useSigner: true }, { sidSigner: {} }]) {
      it(`needs a key: ${inspect({ secretKey, ...how })}`, () => {
        expect(() => resolve({ ...how, secretKey })).to.throw(SecretKeyMissingError, "SECRET_KEY");
      });
    }
  }

  it("cannot be described and turned off at once", () => {
    expect(() => resolve({ sidSigner: {}, useSigner: false, secretKey: KEY })).to.throw(ConfigError, "sidSigner");
  });
});

describe("the cookie's attributes", () => {
  const cases: readonly (readonly [flaskVersion: string, cookie: object, expected: object])[] = [
    ["3.1", { domain: ".example.com:5000" }, { domain: "example.com" }],
    ["2.2", { domain: ".example.com:5000" }, { domain: ".example.com" }],
    ["3.1", { path: "/a?b é" }, { path: "/a%3Fb%20%C3%A9" }],
    ["2.2", { path: "/a?b é" }, { path: "/a?b%20%C3%A9" }],
    ["1.1", {}, { dashedExpires: true }],
    ["2.0", {}, { dashedExpires: false }],
    ["3.1", { sameSite: "lax", secure: true, httpOnly: false }, { sameSite: "Lax", secure: true, httpOnly: false }],
    ["3.1", { domain: undefined, path: undefined }, { path: "/" }],
    // Source: https://github.com/pallets/flask/issues/3469: Werkzeug 0.16 answers 500; Node writes its own header.
    ["1.0", { sameSite: "None", secure: true }, { sameSite: "None" }],
  ];
  for (const [flaskVersion, cookie, expected] of cases) {
    it(`are ${inspect(expected)} for ${inspect(cookie)} beside Flask ${flaskVersion}`, () => {
      expect(resolve({ flaskVersion, cookie }).cookie).to.include(expected);
    });
  }
});

describe("warnings", () => {
  const cases: readonly (readonly [options: Record<string, unknown>, messages: readonly string[]])[] = [
    [{}, []],
    [{ warnings: ["from flaskConfig"] }, ["from flaskConfig"]],
    [{ secretKey: "dev" }, []],
    [{ secretKey: "your-super-secret-key", useSigner: true }, []],
    [{ secretKey: "fifteen bytes !", useSigner: true }, ["fewer than 16 bytes"]],
    [{ secretKey: new Uint8Array(15), sidSigner: {} }, ["fewer than 16 bytes"]],
    [{ secretKey: "ééééééééé", useSigner: true }, []],
    [{ sidLengthBytes: 7 }, ["session ids can be guessed"]],
    [{ sidLengthBytes: 7, flaskSessionVersion: "0.5" }, []],
    [{ sidLengthBytes: 8 }, []],
    [{ cookie: { sameSite: "None" } }, ["SameSite=None without Secure"]],
    [{ cookie: { sameSite: "None", secure: true } }, []],
    [{ cookieName: "__Secure-session", cookie: { secure: true, path: "/app", domain: "a.b" } }, []],
    [{ cookieName: "__Secure-session" }, ["without Secure"]],
    [{ cookieName: "__host-session", cookie: { secure: true, path: "/app" } }, ["a path other than /"]],
    [{ cookieName: "__Host-session", cookie: { secure: true, domain: "a.b" } }, ["a domain"]],
    [{ cookieName: "__Host-session", cookie: { secure: true } }, []],
  ];
  for (const [options, messages] of cases) {
    it(`are ${messages.length} for ${brief(options)}`, () => {
      const found = warnings(options);
      expect(found).to.have.lengthOf(messages.length);
      for (const [index, message] of messages.entries()) expect(found[index]).to.include(message);
    });
  }

  it("go to process.emitWarning where nobody listens", async () => {
    const warned = new Promise<Error>((done) => process.once("warning", done));
    expect(resolve({ warnings: ["look here"] })).not.to.have.property("emit");
    expect(await warned).to.include({ name: "FlaskSessionWarning", message: "look here" });
  });
});

describe("emit", () => {
  const event: SessionEvent = { type: "signature-refused" };

  it("tells the listener", () => {
    const heard: SessionEvent[] = [];
    resolve({ onEvent: (told: SessionEvent) => heard.push(told) }).emit?.(event);
    expect(heard).to.deep.equal([event]);
  });

  it("swallows what a listener throws or rejects with", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): unknown => unhandled.push(reason);
    process.on("unhandledRejection", note);
    for (const onEvent of [fail, async () => fail()]) resolve({ onEvent }).emit?.(event);
    await new Promise((done) => setTimeout(done, 5));
    process.off("unhandledRejection", note);
    expect(unhandled).to.deep.equal([]);
  });
});

describe("no error or warning of options", () => {
  it("shows the secret key", () => {
    const secret = "s3cr3t-";
    const shown = [
      ...[[secret], { secret }, 1, `${secret}\ud800`].map((secretKey) => failure({ secretKey, useSigner: true })),
      failure({ secretKey: secret, useSigner: "yes" }),
      ...warnings({ secretKey: secret, useSigner: true }),
    ];
    expect(shown).to.have.lengthOf(6);
    for (const text of shown) expect(text).not.to.include("s3cr3t");
  });
});

function fail(): never {
  throw new Error("the log is full");
}

/** All that can be seen of what `resolve` throws. */
function failure(options: Record<string, unknown>): string {
  try {
    return `nothing was thrown: ${inspect(resolve(options))}`;
  } catch (error) {
    return inspect(error, { depth: 9, showHidden: true });
  }
}
