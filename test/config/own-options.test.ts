import { expect } from "chai";
import { flaskConfig } from "../../src/config/index.ts";
import { ConfigError } from "../../src/errors.ts";

describe("options of ours", () => {
  const misplaced: readonly (readonly [option: string, reason: string])[] = [
    ["onEvent", "it belongs into the second argument of flaskConfig"],
    ["flaskSessionVersion", "it belongs into the second argument of flaskConfig"],
    ["fileNames", "it belongs into the second argument of flaskConfig"],
    ["keyPrefix", "flaskConfig takes SESSION_KEY_PREFIX, as Flask calls it"],
    ["cookie", "flaskConfig takes SESSION_COOKIE_DOMAIN and the like, as Flask calls it"],
    ["store", "flaskConfig takes SESSION_TYPE, as Flask calls it"],
  ];
  for (const [option, reason] of misplaced) {
    it(`do not stand among Flask's keys: ${option}`, () => {
      expect(() => flaskConfig({ SESSION_TYPE: "redis", [option]: undefined })).to.throw(
        ConfigError,
        `Cannot use ${option}: ${reason}`,
      );
    });
  }

  const unknown: readonly (readonly [option: string, reason: string])[] = [
    ["SESSION_TYPE", "it belongs into the first argument of flaskConfig"],
    ["SECRET_KEY", "it belongs into the first argument of flaskConfig"],
    ["keyPrefix", "flaskConfig takes SESSION_KEY_PREFIX, as Flask calls it"],
    ["onevent", "did you mean onEvent?"],
    ["warnings", "there is no such option"],
    ["constructor", "there is no such option"],
  ];
  for (const [option, reason] of unknown) {
    it(`are the only ones in the second argument: ${option}`, () => {
      expect(() => flaskConfig({ SESSION_TYPE: "redis" }, { [option]: 1 })).to.throw(
        ConfigError,
        `Cannot use ${option}: ${reason}`,
      );
    });
  }

  const bad: readonly (readonly [option: string, value: unknown, reason: string])[] = [
    ["fileNames", "sha1", 'it must be "md5" or "sha256"'],
    ["create", "yes", "it must be true or false, not text"],
    ["flaskTimeZone", "Mars/Olympus", 'it must be a zone of the tz database, such as "Europe/Paris"'],
    ["flaskTimeZone", 5.5, "it must be text, not a number"],
    ["readsBytes", 1, "it must be true or false, not a number"],
    ["flaskVersion", 3.1, 'it must be text such as "3.1"'],
    ["flaskSessionVersion", "0.9", 'it must be "0.3" or'],
    ["limits", { maxDepth: -1 }, "it must be a whole number"],
    ["onEvent", null, "it must be a function, not null"],
    ["sidSigner", true, "it must be an object, not a boolean"],
  ];
  for (const [option, value, reason] of bad) {
    it(`are checked: ${option}`, () => {
      expect(() => flaskConfig({ SESSION_TYPE: "redis" }, { [option]: value }))
        .to.throw(ConfigError, `Cannot use ${option}`)
        .with.property("message")
        .that.includes(reason);
    });
  }

  it("may not be null as a whole", () => {
    expect(() => flaskConfig({ SESSION_TYPE: "redis" }, null as unknown as object)).to.throw(
      ConfigError,
      "the second argument of flaskConfig",
    );
  });
});
