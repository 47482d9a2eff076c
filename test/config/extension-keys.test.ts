import { expect } from "chai";
import { type FlaskConfig, flaskConfig } from "../../src/config/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { Session } from "../../src/session/session.ts";
import { createSessions } from "../../src/session/sessions.ts";

const SECRET_KEY = "sixteen bytes or more";

function extensionsOf(config: FlaskConfig): unknown {
  return flaskConfig({ SECRET_KEY, ...config }).extensions;
}

describe("keys of extensions", () => {
  it("reach the session, read and checked", async () => {
    const sessions = createSessions(flaskConfig({ SECRET_KEY, REMEMBER_COOKIE_DURATION: { days: 1 } }));
    const { session } = await sessions.open(undefined);
    const expected = { SECRET_KEY, REMEMBER_COOKIE_DURATION: 86_400 };
    expect(Session.of(session).config("login")).to.deep.equal(expected);
    expect(Session.of(await sessions.read(undefined)).config("login")).to.deep.equal(expected);
  });

  it("are Flask-Login's and Flask-WTF's", () => {
    expect(
      extensionsOf({
        SESSION_PROTECTION: "strong",
        REMEMBER_COOKIE_NAME: "remember",
        REMEMBER_COOKIE_DURATION: 60,
        REMEMBER_COOKIE_DOMAIN: "example.com",
        REMEMBER_COOKIE_PATH: "/app",
        REMEMBER_COOKIE_SECURE: true,
        REMEMBER_COOKIE_HTTPONLY: false,
        REMEMBER_COOKIE_SAMESITE: "lax",
        REMEMBER_COOKIE_REFRESH_EACH_REQUEST: true,
        WTF_CSRF_ENABLED: true,
        WTF_CSRF_CHECK_DEFAULT: false,
        WTF_CSRF_SECRET_KEY: Buffer.of(1),
        WTF_CSRF_FIELD_NAME: "token",
        WTF_CSRF_TIME_LIMIT: 60,
        WTF_CSRF_HEADERS: ["X-Token"],
        WTF_CSRF_METHODS: ["POST"],
        WTF_CSRF_SSL_STRICT: false,
      }),
    ).to.deep.equal({
      login: {
        SECRET_KEY,
        SESSION_PROTECTION: "strong",
        REMEMBER_COOKIE_NAME: "remember",
        REMEMBER_COOKIE_DURATION: 60,
        REMEMBER_COOKIE_DOMAIN: "example.com",
        REMEMBER_COOKIE_PATH: "/app",
        REMEMBER_COOKIE_SECURE: true,
        REMEMBER_COOKIE_HTTPONLY: false,
        REMEMBER_COOKIE_SAMESITE: "Lax",
        REMEMBER_COOKIE_REFRESH_EACH_REQUEST: true,
      },
      csrf: {
        SECRET_KEY,
        WTF_CSRF_ENABLED: true,
        WTF_CSRF_CHECK_DEFAULT: false,
        WTF_CSRF_SECRET_KEY: Buffer.of(1),
        WTF_CSRF_FIELD_NAME: "token",
        WTF_CSRF_TIME_LIMIT: 60,
        WTF_CSRF_HEADERS: ["X-Token"],
        WTF_CSRF_METHODS: ["POST"],
        WTF_CSRF_SSL_STRICT: false,
      },
    });
  });

  it("None is absence, but where Python means something by it", () => {
    expect(
      extensionsOf({
        SESSION_PROTECTION: null,
        REMEMBER_COOKIE_DOMAIN: null,
        REMEMBER_COOKIE_SECURE: undefined,
        WTF_CSRF_SECRET_KEY: null,
        WTF_CSRF_TIME_LIMIT: null,
      }),
    ).to.deep.equal({
      login: { SECRET_KEY, SESSION_PROTECTION: null },
      csrf: { SECRET_KEY, WTF_CSRF_TIME_LIMIT: null },
    });
  });

  it("are there without a secret key too", () => {
    expect(flaskConfig({ SESSION_TYPE: "redis", SESSION_PROTECTION: "basic" }).extensions).to.deep.equal({
      login: { SESSION_PROTECTION: "basic" },
    });
  });

  const refused: readonly (readonly [string, FlaskConfig])[] = [
    ["SESSION_PROTECTION", { SESSION_PROTECTION: "strict" }],
    ["REMEMBER_COOKIE_DURATION", { REMEMBER_COOKIE_DURATION: "1 day" } as unknown as FlaskConfig],
    ["REMEMBER_COOKIE_NAME", { REMEMBER_COOKIE_NAME: "a b" }],
    ["WTF_CSRF_TIME_LIMIT", { WTF_CSRF_TIME_LIMIT: -1 }],
    ["WTF_CSRF_HEADERS", { WTF_CSRF_HEADERS: "X-Token" } as unknown as FlaskConfig],
    ["WTF_CSRF_METHODS", { WTF_CSRF_METHODS: [1] } as unknown as FlaskConfig],
  ];
  for (const [key, config] of refused) {
    it(`${key} is refused where Python would stumble later`, () => {
      expect(() => extensionsOf(config)).to.throw(ConfigError, `Cannot use ${key}: `);
    });
  }
});
