import { inspect } from "node:util";
import { expect } from "chai";
import { Redis } from "ioredis";
import { type FlaskConfig, type FlaskConfigOptions, flaskConfig } from "../../src/config/index.ts";
import { ConfigError, SecretKeyMissingError } from "../../src/errors.ts";
import { deleteCookie, writeCookie } from "../../src/session/cookie.ts";
import { resolveOptions } from "../../src/session/resolved-options.ts";
import { COOKIES } from "../interop/matrix/columns.ts";
import { sidesOfRun } from "../interop/sides.ts";
import { judgeOf } from "../python/judge.ts";

const client = new Redis({ lazyConnect: true });
const quiet = (): void => {};
const REDIS: FlaskConfig = { SESSION_TYPE: "redis", SESSION_REDIS: client };

describe("flaskConfig", () => {
  after(() => {
    client.disconnect();
  });

  it("takes the config of the tutorial's app word for word", () => {
    const { store, extensions, ...options } = flaskConfig({
      SECRET_KEY: "your-super-secret-key",
      SESSION_TYPE: "redis",
      SESSION_REDIS: client,
      SESSION_PERMANENT: false,
      SESSION_USE_SIGNER: true,
      SESSION_KEY_PREFIX: "flask_session:",
    });
    expect(store?.compareAndSet).to.equal("everyone");
    const shared = { SECRET_KEY: "your-super-secret-key" };
    expect(extensions).to.deep.equal({ login: shared, csrf: shared });
    expect(options).to.deep.equal({
      secretKey: "your-super-secret-key",
      useSigner: true,
      permanent: false,
      keyPrefix: "flask_session:",
      cookie: { path: "/" },
      warnings: [],
    });
    const { cookie, defaultFormat, lifetimeSeconds, sidSigner } = resolveOptions({
      ...(store && { store }),
      ...options,
    });
    expect({ cookie, defaultFormat, lifetimeSeconds, sidSigner }).to.deep.equal({
      cookie: { path: "/", httpOnly: true, secure: false, dashedExpires: false },
      defaultFormat: "msgpack",
      lifetimeSeconds: 2_678_400,
      sidSigner: { salt: "flask-session", keyDerivation: "hmac", digest: "sha1" },
    });
  });

  it("takes it with files and a lifetime of seven days", () => {
    const options = flaskConfig({
      SECRET_KEY: "your-super-secret-key",
      SESSION_TYPE: "filesystem",
      SESSION_FILE_DIR: "./flask_session/",
      SESSION_PERMANENT: false,
      SESSION_USE_SIGNER: true,
      SESSION_KEY_PREFIX: "flask_session:",
      PERMANENT_SESSION_LIFETIME: { days: 7 },
    });
    expect(options.lifetimeSeconds).to.equal(604_800);
    expect(resolveOptions(options)).to.include({
      lifetimeSeconds: 604_800,
      defaultFormat: "pickle",
      readsOnlyPickle: true,
    });
  });

  it("gives what it was not told no value, so that the defaults have one place", () => {
    const { store, ...options } = flaskConfig(REDIS);
    expect(options).to.deep.equal({ cookie: { path: "/" }, extensions: {}, warnings: [] });
    expect(store).to.respondTo("get");
  });

  it("hands on every key and every option of its own", () => {
    const own: FlaskConfigOptions = {
      sidSigner: { digest: "sha512" },
      flaskSessionVersion: "0.7",
      flaskVersion: "3.0",
      pickleProtocol: 2,
      python2Strings: "latin1",
      limits: { maxDepth: 50 },
      readTimeoutMillis: 100,
      saveTimeoutMillis: 200,
      onEvent: quiet,
    };
    const config: FlaskConfig = {
      ...REDIS,
      SECRET_KEY: new Uint8Array(20),
      SESSION_USE_SIGNER: true,
      SESSION_KEY_PREFIX: "p:",
      SESSION_ID_LENGTH: 16,
      SESSION_COOKIE_NAME: "sid",
      SESSION_COOKIE_DOMAIN: "example.com",
      SESSION_COOKIE_PATH: "/app",
      SESSION_COOKIE_HTTPONLY: false,
      SESSION_COOKIE_SECURE: true,
      SESSION_COOKIE_SAMESITE: "strict",
      PERMANENT_SESSION_LIFETIME: 60,
      SESSION_PERMANENT: null,
      SESSION_REFRESH_EACH_REQUEST: false,
      SESSION_SERIALIZATION_FORMAT: "json",
    };
    const shared = { SECRET_KEY: new Uint8Array(20), flaskVersion: "3.0", flaskSessionVersion: "0.7" };
    const { store: _, ...options } = flaskConfig(config, { ...own, create: true, fileNames: "md5", readsBytes: true });
    expect(options).to.deep.equal({
      ...own,
      secretKey: new Uint8Array(20),
      useSigner: true,
      keyPrefix: "p:",
      sidLengthBytes: 16,
      cookieName: "sid",
      cookie: { domain: "example.com", path: "/app", httpOnly: false, secure: true, sameSite: "Strict" },
      lifetimeSeconds: 60,
      permanent: false,
      refreshEachRequest: false,
      serializationFormat: "json",
      extensions: { login: shared, csrf: shared },
      warnings: [],
    });
  });

  it("takes other extensions' keys and refuses our own by type", () => {
    flaskConfig({ ...REDIS, SQLALCHEMY_DATABASE_URI: "sqlite://", DEBUG: true });
    // @ts-expect-error an option of ours is no key of Flask
    expect(() => flaskConfig({ ...REDIS, onEvent: undefined })).to.throw(ConfigError);
    // @ts-expect-error a lifetime is no text
    expect(() => flaskConfig({ ...REDIS, PERMANENT_SESSION_LIFETIME: "60" })).to.throw(ConfigError);
  });
});

describe("SECRET_KEY", () => {
  for (const SECRET_KEY of [undefined, null, "", new Uint8Array()]) {
    it(`is needed where sids are signed: ${inspect(SECRET_KEY)}`, () => {
      const message = "Cannot sign session ids: SECRET_KEY is missing";
      expect(() => flaskConfig({ ...REDIS, SECRET_KEY, SESSION_USE_SIGNER: true })).to.throw(
        SecretKeyMissingError,
        message,
      );
      expect(() => flaskConfig({ ...REDIS, SECRET_KEY }, { sidSigner: {} })).to.throw(SecretKeyMissingError, message);
      expect(resolveOptions(flaskConfig({ ...REDIS, SECRET_KEY }))).not.to.have.property("secretKey");
    });
  }

  it("is the key even where there are older ones", () => {
    const options = flaskConfig({
      ...REDIS,
      SECRET_KEY: "current",
      SECRET_KEY_FALLBACKS: ["older"],
      SESSION_USE_SIGNER: true,
    });
    expect(options.secretKey).to.equal("current");
    expect(inspect(options, { depth: 9 })).not.to.include("older");
  });

  it("cannot sign in one way and not sign at all", () => {
    expect(() => flaskConfig({ ...REDIS, SECRET_KEY: "k", SESSION_USE_SIGNER: false }, { sidSigner: {} })).to.throw(
      ConfigError,
      "Cannot use sidSigner: SESSION_USE_SIGNER is false",
    );
  });
});

describe("SESSION_SERIALIZATION_FORMAT", () => {
  it("is json or msgpack", () => {
    expect(() => flaskConfig({ ...REDIS, SESSION_SERIALIZATION_FORMAT: "pickle" })).to.throw(
      ConfigError,
      'Cannot use SESSION_SERIALIZATION_FORMAT: it must be "msgpack" or "json"',
    );
  });

  it("says nothing before Flask-Session 0.7, which does not know it", () => {
    const options = flaskConfig({ ...REDIS, SESSION_SERIALIZATION_FORMAT: "yaml" }, { flaskSessionVersion: "0.6" });
    expect(options).not.to.have.property("serializationFormat");
    expect(resolveOptions(options).defaultFormat).to.equal("pickle");
  });

  it("says nothing of files", () => {
    const options = flaskConfig({ SESSION_TYPE: "filesystem", SESSION_SERIALIZATION_FORMAT: "json" });
    expect(resolveOptions(options).defaultFormat).to.equal("pickle");
  });
});

describe("cookie attributes that Flask-Session does not send", () => {
  // Source: https://github.com/pallets/flask/issues/5295, together with Flask-Session 0.8.0 on Flask 3.1.3.
  it("f63: Partitioned is not sent, and a warning says so", () => {
    const config = {
      ...REDIS,
      SESSION_COOKIE_PARTITIONED: true,
      SESSION_COOKIE_SAMESITE: "None",
      SESSION_COOKIE_SECURE: true,
    };
    const options = flaskConfig(config);
    expect(options.warnings).to.deep.equal([
      "SESSION_COOKIE_PARTITIONED has no effect: Flask-Session does not send it",
    ]);
    expect(writeCookie("session", "abc", resolveOptions({ ...options, onEvent: quiet }).cookie)).to.equal(
      "session=abc; Secure; HttpOnly; Path=/; SameSite=None",
    );
    expect(flaskConfig({ ...config, SESSION_COOKIE_PARTITIONED: false }).warnings).to.deep.equal([]);
  });

  // Source: https://github.com/pallets/flask/issues/3469: Flask 1.0 with Werkzeug 0.16 answers 500 to None.
  for (const [given, sent] of [
    [null, undefined],
    ["None", "None"],
    ["Lax", "Lax"],
  ] as const) {
    it(`f61: SameSite ${given} is allowed beside Flask 1.0, since Node writes its own header`, () => {
      const options = flaskConfig({ ...REDIS, SESSION_COOKIE_SAMESITE: given }, { flaskVersion: "1.0" });
      expect(options.cookie?.sameSite).to.equal(sent);
      expect(options.warnings).to.deep.equal([]);
    });
  }

  for (const versions of [{ flaskVersion: "0.12" }, { flaskSessionVersion: "0.3" }] as const) {
    it(`SameSite is not sent beside ${inspect(versions)}`, () => {
      const { cookie, warnings } = flaskConfig({ ...REDIS, SESSION_COOKIE_SAMESITE: "Lax" }, versions);
      expect(cookie).not.to.have.property("sameSite");
      expect(warnings?.join()).to.include("SESSION_COOKIE_SAMESITE has no effect");
      expect(flaskConfig({ ...REDIS, SESSION_COOKIE_SAMESITE: null }, versions).warnings).to.deep.equal([]);
    });
  }
});

/** Logs in and out of a real Flask app, and answers what it sends. */
const FLASK = `
import tempfile, warnings
from datetime import timedelta
from flask import Flask, session
from flask_session import Session
warnings.simplefilter("ignore")
def sent(config):
    app = Flask("app")
    app.config.update(config)
    if isinstance(config.get("PERMANENT_SESSION_LIFETIME"), dict):
        app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(**config["PERMANENT_SESSION_LIFETIME"])
    with tempfile.TemporaryDirectory() as folder:
        app.config.update(SESSION_TYPE="filesystem", SESSION_FILE_DIR=folder)
        Session(app)
        @app.route("/login")
        def login():
            session["uname"] = "u"
            return ""
        @app.route("/logout")
        def logout():
            session.clear()
            return ""
        client = app.test_client(use_cookies=False)
        set = client.get("/login").headers.getlist("Set-Cookie")
        deleted = client.get("/logout", headers={"Cookie": set[0].split(";")[0]}).headers.getlist("Set-Cookie")
        return set + deleted
result = [sent(config) for config in input]
`;

const configs: readonly FlaskConfig[] = [
  {},
  { SESSION_PERMANENT: false },
  { SECRET_KEY: "your-super-secret-key", SESSION_USE_SIGNER: true },
  { SESSION_COOKIE_NAME: "__Secure-sid", SESSION_COOKIE_SECURE: true },
  { SESSION_COOKIE_DOMAIN: "example.com" },
  { SESSION_COOKIE_DOMAIN: ".example.com:80", SESSION_COOKIE_PATH: "/a b/é" },
  { SESSION_COOKIE_DOMAIN: false, SERVER_NAME: "example.com" },
  { SERVER_NAME: "example.com:5000" },
  { SERVER_NAME: "example.com", APPLICATION_ROOT: "/app" },
  { SERVER_NAME: "localhost:5000" },
  { SERVER_NAME: "127.0.0.1:5000" },
  { APPLICATION_ROOT: "/app" },
  { APPLICATION_ROOT: "/app", SESSION_COOKIE_PATH: "" },
  { APPLICATION_ROOT: "/app", SESSION_COOKIE_PATH: "/" },
  { SESSION_COOKIE_HTTPONLY: false },
  { SESSION_COOKIE_HTTPONLY: null, SESSION_COOKIE_SECURE: null },
  { SESSION_COOKIE_SAMESITE: "lax" },
  { SESSION_COOKIE_SAMESITE: "None", SESSION_COOKIE_SECURE: true, SESSION_COOKIE_PARTITIONED: true },
  { SESSION_COOKIE_SAMESITE: null },
  { PERMANENT_SESSION_LIFETIME: 90 },
  { PERMANENT_SESSION_LIFETIME: { days: 7, hours: 1 } },
];

describe("the cookie of flaskConfig's sessions", () => {
  for (const { name, environment, options } of sidesOfRun) {
    it(`is that of Flask-Session ${name}, set and deleted, for ${COOKIES} configs`, async () => {
      expect(configs).to.have.length(COOKIES);
      const sent = (await (await judgeOf(environment)).run(FLASK, configs)) as string[][];
      for (const [index, config] of configs.entries()) {
        expect(likeFlask(config, options, sent[index]?.[0] ?? ""), JSON.stringify(config)).to.deep.equal(sent[index]);
      }
    });
  }
});

/** The cookies that we would send in Flask's place, with the value and the moment that Flask's has. */
function likeFlask(config: FlaskConfig, versions: FlaskConfigOptions, sent: string): string[] {
  const options = flaskConfig({ ...REDIS, ...config }, { ...versions, onEvent: quiet });
  const { cookie, cookieName, lifetimeSeconds, permanent, sidSigner } = resolveOptions(options);
  const value = /=([^;]*)/.exec(sent)?.[1] ?? "";
  expect(value.includes(".")).to.equal(sidSigner !== undefined);
  if (!permanent) return [writeCookie(cookieName, value, cookie), deleteCookie(cookieName, cookie)];
  const expires = new Date(/Expires=([^;]*)/.exec(sent)?.[1] ?? "");
  expect(expires.getTime()).to.be.closeTo(Date.now() + lifetimeSeconds * 1000, 60_000);
  return [writeCookie(cookieName, value, { ...cookie, expires }), deleteCookie(cookieName, cookie)];
}

describe("no error or warning of flaskConfig", () => {
  it("shows a secret", () => {
    const secret = "s3cr3t-";
    const secretive: readonly object[] = [
      { SECRET_KEY: [secret] },
      { SECRET_KEY: { secret } },
      { SECRET_KEY: `${secret}\ud800` },
      { SECRET_KEY_FALLBACKS: secret },
      { SECRET_KEY_FALLBACKS: [secret, 1] },
      { SECRET_KEY: secret, SESSION_USE_SIGNER: "yes" },
      { SECRET_KEY: secret, SESSION_TYPE: `redis://:${secret}@localhost` },
      { SECRET_KEY: secret, SESSION_REDIS: `http://:${secret}@localhost` },
      { SECRET_KEY: secret, SESSION_TYPE: null },
      { SECRET_KEY: secret, secretKey: secret },
      { secretkey: secret, SESSION_KEY: secret, SESSION_TYPE: "rediss" },
      { SESSION_TYPE: "memcached", SESSION_MEMCACHED: `memcached://user:${secret}@localhost` },
      { SESSION_TYPE: "memcached", SESSION_MEMCACHED: [`user:${secret}@one`, `user:${secret}@other`] },
      { SESSION_TYPE: "memcached", SESSION_KEY_PREFIX: `${secret} ` },
      { SESSION_TYPE: "mongodb", SESSION_MONGODB: `http://:${secret}@localhost` },
      { SESSION_TYPE: "mongodb", SESSION_MONGODB: `mongodb://u:${secret}@@localhost` },
      { SESSION_TYPE: "dynamodb", SESSION_DYNAMODB: { credentials: { accessKeyId: secret, secretAccessKey: 1 } } },
      { SESSION_TYPE: "cachelib", SESSION_CACHELIB: { cache: secret } },
      { SESSION_TYPE: "cachelib", SESSION_CACHELIB: { cache: "RedisCache", client: `http://:${secret}@localhost` } },
    ];
    for (const config of secretive) {
      const shown = failure(config);
      expect(shown).to.match(/^(\w+Error|Error): |ERR_/);
      expect(shown).not.to.include("s3cr3t");
    }
    expect(flaskConfig({ ...REDIS, SESSION_SECRET_KEY: secret }).warnings?.join()).not.to.include("s3cr3t");
  });
});

/** All that can be seen of what flaskConfig throws. */
function failure(config: object): string {
  try {
    return `nothing was thrown: ${inspect(flaskConfig({ ...REDIS, ...config }))}`;
  } catch (error) {
    return inspect(error, { depth: 9, showHidden: true });
  }
}
