/** Every type that CPython pickles, in every protocol. */
import { expect } from "chai";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { judgeOf } from "../../python/judge.ts";
import { typeVectors } from "./fixtures.ts";
import { notationOf } from "./notation.ts";
import { differences, throughNode } from "./round-trip.ts";

/** Types that Node does not write byte for byte as the pickler in C, with the reason. */
const OTHER_BYTES: Readonly<Record<string, string>> = {
  "the arguments have no place in the memo": `
    bytearray, date, time, time in UTC, datetime, datetime in UTC, datetime in Paris, datetime with fold, time with fold,
    datetime in a zone of the app, timezone(+05:30), timezone with a name, timedelta, timedelta(-1), Decimal, Decimal NaN,
    UUID, Markup`,
  "a container among the arguments of a call is written at once": `
    a cycle through a call, a cycle through a set, a cycle through a copied set, a cycle through a copied dict,
    a cycle around four times, Counter, object with __getnewargs_ex__, object with __reduce__, set subclass,
    frozenset subclass, ImmutableMultiDict, ImmutableDict`,
  "an attribute of a class is its dotted name": "ZoneInfo, class method, object by a class method",
};

const otherBytes = new Set(Object.values(OTHER_BYTES).flatMap((types) => types.trim().split(/,\s+/)));

describe("codecs/pickle: types", () => {
  for (const { name, hex, value, protocol, type } of typeVectors) {
    // Protocols below 4 lose the fold in Python already.
    if (value === undefined || (type.endsWith("fold") && protocol < 4)) continue;
    it(`${name}: is read`, () => {
      expect(notationOf(pickle.decode(Buffer.from(hex, "hex")).value)).to.deep.equal(value);
    });
  }

  it("all of them come back to Python as they were", async () => {
    expect(await differences(await judgeOf("fs080-flask31"), typeVectors)).to.deep.equal([]);
  });

  it("none is dangerous", () => {
    const dangerous = typeVectors.filter(({ hex }) => "dangerous" in pickle.decode(Buffer.from(hex, "hex")));
    expect(dangerous).to.deep.equal([]);
  });

  it("most are written byte for byte as the pickler in C writes them, frames apart", () => {
    const different = typeVectors
      .filter(({ name, protocol }) => protocol === 4 && !name.includes("Python"))
      .filter(({ hex }) => throughNode(hex) !== hex.replace(/^800495.{16}/, "8004"));
    expect(different.map(({ type }) => type)).to.have.members([...otherBytes]);
  });
});
