import { expect } from "chai";
import type { FlaskConfig } from "../../src/config/flask-keys.ts";
import { flaskConfig } from "../../src/config/index.ts";
import { ConfigError, SecretKeyMissingError } from "../../src/errors.ts";
import { createSessions } from "../../src/session/sessions.ts";

const SECRET_KEY = "sixteen bytes or more";

describe("a config without Flask-Session", () => {
  it("is Flask's own cookie", () => {
    expect(flaskConfig({ SECRET_KEY })).to.deep.equal({
      cookieSession: true,
      secretKey: SECRET_KEY,
      cookie: { path: "/" },
      extensions: { login: { SECRET_KEY }, csrf: { SECRET_KEY } },
      warnings: [],
    });
    expect(flaskConfig({ SECRET_KEY, SESSION_TYPE: null })).to.have.property("cookieSession", true);
  });

  it("takes what Flask says of it", () => {
    const config: FlaskConfig = {
      SECRET_KEY,
      SECRET_KEY_FALLBACKS: ["an older key"],
      MAX_COOKIE_SIZE: 0,
      PERMANENT_SESSION_LIFETIME: { days: 1 },
      SESSION_COOKIE_NAME: "app",
      SESSION_COOKIE_SAMESITE: "lax",
      SESSION_COOKIE_PARTITIONED: true,
      SESSION_COOKIE_SECURE: true,
      SESSION_REFRESH_EACH_REQUEST: false,
      SESSION_PROTECTION: "strong",
      REMEMBER_COOKIE_NAME: "remember_token",
    };
    expect(flaskConfig(config, { clockSkewSeconds: 5, cookieSession: { digest: "sha512" } })).to.deep.equal({
      cookieSession: { digest: "sha512" },
      clockSkewSeconds: 5,
      secretKey: SECRET_KEY,
      secretKeyFallbacks: ["an older key"],
      maxCookieSizeBytes: 0,
      lifetimeSeconds: 86_400,
      cookieName: "app",
      refreshEachRequest: false,
      cookie: { path: "/", sameSite: "Lax", secure: true, partitioned: true },
      extensions: {
        login: {
          SECRET_KEY,
          clockSkewSeconds: 5,
          SESSION_PROTECTION: "strong",
          REMEMBER_COOKIE_NAME: "remember_token",
        },
        csrf: { SECRET_KEY, clockSkewSeconds: 5 },
      },
      warnings: [],
    });
    expect(createSessions(flaskConfig(config, { onEvent: () => undefined }))).to.have.property("read");
  });

  it("needs a key", () => {
    for (const config of [{}, { SECRET_KEY: "" }, { SECRET_KEY: null }]) {
      expect(() => flaskConfig(config)).to.throw(
        SecretKeyMissingError,
        "Cannot sign the session: SECRET_KEY is missing",
      );
    }
  });

  it("warns of keys that the Flask beside us does not know yet", () => {
    const config = {
      SECRET_KEY,
      SECRET_KEY_FALLBACKS: ["x"],
      SESSION_COOKIE_PARTITIONED: true,
      SESSION_COOKIE_SAMESITE: "Lax",
    };
    const options = flaskConfig(config, { flaskVersion: "0.12" });
    expect(options.warnings).to.deep.equal([
      "SECRET_KEY_FALLBACKS has no effect: Flask knows it since 3.1",
      "SESSION_COOKIE_PARTITIONED has no effect: Flask knows it since 3.1",
      "SESSION_COOKIE_SAMESITE has no effect: Flask-Session sends it since 0.4, Flask since 1.0",
    ]);
    expect(options).not.to.have.any.keys("secretKeyFallbacks");
    expect(options.cookie).to.deep.equal({ path: "/" });
  });

  const typos: readonly (readonly [string, FlaskConfig, string])[] = [
    ["a misspelt SESSION_TYPE", { SESSION_TPYE: "redis" }, "SESSION_TPYE"],
    ["one in lower case", { session_type: "redis" } as FlaskConfig, "session_type"],
    ["a SESSION_TYPE that is undefined", { SESSION_TYPE: undefined }, "SESSION_TYPE"],
    ["a key of Flask-Session", { SESSION_REDIS: "redis://localhost" }, "SESSION_REDIS"],
    ["one that is undefined", { SESSION_REDIS: undefined }, "SESSION_REDIS"],
    ["SESSION_PERMANENT", { SESSION_PERMANENT: false }, "SESSION_PERMANENT"],
    ["one beside None", { SESSION_TYPE: null, SESSION_USE_SIGNER: true }, "SESSION_USE_SIGNER"],
    ["a misspelt key of Flask's own", { SESSION_COOKIE_SAME_SITE: "Lax" }, "SESSION_COOKIE_SAME_SITE"],
    ["one beside undefined", { SESSION_TYPE: undefined, SESSION_FILE_DIR: "x" }, "SESSION_TYPE"],
    ["an unknown SESSION_ key", { SESSION_STORE: "x" }, "SESSION_STORE"],
  ];
  for (const [name, config, key] of typos) {
    it(`is no accident: ${name} is refused`, () => {
      expect(() => flaskConfig({ SECRET_KEY, ...config })).to.throw(
        ConfigError,
        `Cannot use ${key}: SESSION_TYPE is not set; without both the session is Flask's own cookie, readable in the browser`,
      );
    });
  }

  it("the text null is refused", () => {
    expect(() => flaskConfig({ SECRET_KEY, SESSION_TYPE: "null" })).to.throw(
      ConfigError,
      "leave SESSION_TYPE out where Flask's own cookie is meant",
    );
  });

  it("has no use for options of a store", () => {
    expect(() => flaskConfig({ SECRET_KEY }, { create: true })).to.throw(ConfigError, "Cannot use create: without");
    expect(() => flaskConfig({ SECRET_KEY }, { fileNames: "md5" })).to.throw(ConfigError, "Cannot use fileNames");
    expect(() => createSessions(flaskConfig({ SECRET_KEY }, { readTimeoutMillis: 1 }))).to.throw(
      ConfigError,
      "Cannot use readTimeoutMillis",
    );
  });

  it("and a store has none for cookieSession", () => {
    expect(() => flaskConfig({ SESSION_TYPE: "redis" }, { cookieSession: true })).to.throw(
      ConfigError,
      "Cannot use cookieSession: SESSION_TYPE is set",
    );
  });
});
