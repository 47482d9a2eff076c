import { expect } from "chai";
import { readKeys } from "../../src/config/read-keys.ts";
import { ConfigError } from "../../src/errors.ts";

describe("keys that Flask does not know", () => {
  const suspicious: readonly (readonly [key: string, hint: string])[] = [
    ["SESSION_COOKIE_HTTP_ONLY", "; did you mean SESSION_COOKIE_HTTPONLY?"],
    ["SESSION_KEY_PREFX", "; did you mean SESSION_KEY_PREFIX?"],
    ["SESSION_LIFETIME", ""],
    ["SESSION_KEY_LENGTH", "; did you mean SESSION_ID_LENGTH?"],
    ["SESSION_POSTGRESQL", ""],
    ["SESSION_", ""],
    ["session_type", "; did you mean SESSION_TYPE?"],
    ["secret_key", "; did you mean SECRET_KEY?"],
  ];
  for (const [key, hint] of suspicious) {
    it(`are warned of: ${key}`, () => {
      const { warnings } = readKeys({ SESSION_TYPE: "redis", [key]: "s3cr3t" });
      expect(warnings).to.deep.equal([`Neither Flask nor Flask-Session knows the key ${key}${hint}`]);
    });
  }

  it("are passed over in silence where they are another extension's", () => {
    const config = {
      DEBUG: true,
      SQLALCHEMY_ECHO: true,
      MAIL_SERVER: "localhost",
      TESTING: undefined,
      CACHE_TYPE: null,
    };
    expect(readKeys(config)).to.deep.equal({ keys: {}, warnings: [] });
  });

  it("do not reach a prototype", () => {
    const config = JSON.parse('{ "__proto__": { "SESSION_TYPE": "redis" }, "constructor": 1, "toString": 2 }');
    expect(readKeys(config)).to.deep.equal({ keys: {}, warnings: [] });
    expect(readKeys(Object.create({ SESSION_TYPE: "redis" }))).to.deep.equal({
      keys: {},
      warnings: [],
    });
  });

  for (const config of [undefined, null, "redis", 1]) {
    it(`cannot be read from ${config}`, () => {
      expect(() => readKeys(config as unknown as object)).to.throw(ConfigError, "Flask's config: it must be an object");
    });
  }
});
