/** What is put into an item beside the record. */
import { expect } from "chai";
import { StoreError } from "../../../src/errors.ts";
import { checkKey, exptimeOf } from "../../../src/stores/memcached/values.ts";

const DAY = 24 * 3600;
const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

describe("an exptime of memcached", () => {
  const relative: readonly (readonly [string, seconds: number, expected: number])[] = [
    ["an hour is an hour from now", 3600, 3600],
    ["a part of a second is a whole one", 0.2, 1],
    ["30 days are from now", 30 * DAY, 30 * DAY],
    ["now is over at once", 0, -1],
    ["the past is over at once", -5, -1],
  ];
  for (const [name, seconds, expected] of relative) {
    it(name, () => {
      expect(exptimeOf(inSeconds(seconds))).to.equal(expected);
    });
  }

  it("31 days, the default of a session, are an instant, as Flask-Session sends them", () => {
    const seconds = Date.now() / 1000;
    expect(exptimeOf(inSeconds(31 * DAY))).to.be.within(seconds + 31 * DAY, seconds + 31 * DAY + 2);
    expect(exptimeOf(inSeconds(30 * DAY + 1))).to.be.within(seconds + 30 * DAY + 1, seconds + 30 * DAY + 3);
  });

  it("is never beyond what memcached reads", () => {
    expect(exptimeOf(new Date("2106-01-01"))).to.equal(2 ** 31 - 1);
  });
});

describe("a key of memcached", () => {
  for (const key of ["session:abc", "a_b%[*]?\\:", "ключ", "k".repeat(250), "ж".repeat(125)]) {
    it(`is ${key.slice(0, 12)}, in ${Buffer.byteLength(key)} bytes`, () => {
      expect(checkKey(key)).to.equal(Buffer.byteLength(key));
    });
  }

  for (const key of ["", "a b", "a\r\nb", "a\tb", "a\0b", "a\x7fb", "\ud800", "k".repeat(251), "ж".repeat(126)]) {
    it(`is not ${JSON.stringify(key.slice(0, 12))}, in ${Buffer.byteLength(key)} bytes`, () => {
      expect(() => checkKey(key)).to.throw(StoreError, "1 to 250 bytes, without spaces and control characters");
    });
  }
});
