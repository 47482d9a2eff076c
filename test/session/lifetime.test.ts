import { inspect } from "node:util";
import { expect } from "chai";
import { ConfigError } from "../../src/errors.ts";
import { lifetimeSecondsOf, MAX_LIFETIME_SECONDS } from "../../src/session/lifetime.ts";
import { judgeOf } from "../python/judge.ts";

const good: readonly (readonly [given: unknown, seconds: number])[] = [
  [1, 1],
  [3600, 3600],
  [90.9, 90],
  [MAX_LIFETIME_SECONDS, MAX_LIFETIME_SECONDS],
  [{ days: 7 }, 604_800],
  [{ days: 1, hours: 2, minutes: 3, seconds: 4.5 }, 93_784],
  [{ days: 1, hours: -1 }, 82_800],
  [{ seconds: 1 }, 1],
];

const bad: readonly (readonly [given: unknown, reason: string])[] = [
  [0, "at least 1 second"],
  [0.999, "at least 1 second"],
  [-1, "at least 1 second"],
  [Number.NaN, "at least 1 second"],
  [Number.POSITIVE_INFINITY, "at most"],
  [MAX_LIFETIME_SECONDS + 1, "at most"],
  [{}, "at least 1 second"],
  [{ days: 1, hours: -24 }, "at least 1 second"],
  [{ days: Number.NaN }, "at least 1 second"],
  [{ weeks: 1 }, "nothing else"],
  [JSON.parse('{ "__proto__": 1 }'), "nothing else"],
  [{ days: "7" }, "days must be a number, not text"],
  ["3600", "{ days, hours, minutes, seconds }, not text"],
  [null, "not null"],
  [true, "not a boolean"],
  [10n, "not a bigint"],
];

describe("lifetimeSecondsOf", () => {
  for (const [given, seconds] of good) {
    it(`takes ${inspect(given)} for ${seconds} s`, () => {
      expect(lifetimeSecondsOf(given, "PERMANENT_SESSION_LIFETIME")).to.equal(seconds);
    });
  }

  for (const [given, reason] of bad) {
    it(`refuses ${inspect(given)}`, () => {
      expect(() => lifetimeSecondsOf(given, "PERMANENT_SESSION_LIFETIME"))
        .to.throw(ConfigError, "Cannot use PERMANENT_SESSION_LIFETIME: ")
        .with.property("message")
        .that.includes(reason);
    });
  }

  it("counts as Flask-Session does", async () => {
    const spans = good.map(([given]) => (typeof given === "number" ? { seconds: given } : given));
    const program = `
from datetime import timedelta
from flask_session._utils import total_seconds
result = [total_seconds(timedelta(**span)) for span in input]
`;
    expect(await (await judgeOf("fs080-flask31")).run(program, spans)).to.deep.equal(
      good.map(([, seconds]) => seconds),
    );
  });
});
