/** Every type that CPython pickles, in every protocol. */
import { expect } from "chai";
import type { PickleProtocol } from "../../../src/codecs/codec.ts";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { judgeOf } from "../../python/judge.ts";
import { typeVectors } from "./fixtures.ts";
import { notationOf } from "./notation.ts";
import { differences, throughNode, writtenProtocols } from "./round-trip.ts";

/** Types that Node does not write byte for byte as the pickler in C, by protocol, with the reason. */
const OTHER_BYTES: readonly (readonly [reason: string, protocols: readonly PickleProtocol[], types: string])[] = [
  [
    "the arguments have no place in the memo",
    [2, 3, 4, 5],
    `date; time; time in UTC; datetime; datetime in UTC; datetime in Paris; datetime with fold; time with fold;
    datetime in a zone of the app; timezone(+05:30); timezone with a name; timedelta; timedelta(-1); Decimal; Decimal NaN;
    UUID; Markup`,
  ],
  ["nor have those of a bytearray", [2, 3, 4], "bytearray"],
  [
    "nor have those of a set, or of getattr",
    [2, 3],
    "set(); {1}; {1, 2}; frozenset(); frozenset({1}); nested class; object of a nested class",
  ],
  ["nor have those of bytes", [2], "bytes; 300 bytes; a dict with other keys"],
  [
    "a container among the arguments of a call is written at once",
    [2, 3, 4, 5],
    `a cycle through a call; a cycle through a set; a cycle through a copied set; a cycle through a copied dict;
    a cycle around four times; Counter; object with __getnewargs_ex__; object with __reduce__; set subclass;
    frozenset subclass; ImmutableMultiDict; ImmutableDict`,
  ],
  ["an attribute of a class is its dotted name", [2, 3, 4, 5], "ZoneInfo; class method; object by a class method"],
];

function otherBytes(protocol: PickleProtocol): string[] {
  const rows = OTHER_BYTES.filter(([, protocols]) => protocols.includes(protocol));
  return rows.flatMap(([, , types]) => types.split(/;\s+/));
}

describe("codecs/pickle: types", () => {
  for (const { name, hex, value, protocol, type } of typeVectors) {
    // Protocols below 4 lose the fold in Python already.
    if (value === undefined || (type.endsWith("fold") && protocol < 4)) continue;
    it(`${name}: is read`, () => {
      expect(notationOf(pickle.decode(Buffer.from(hex, "hex")).value)).to.deep.equal(value);
    });
  }

  for (const protocol of writtenProtocols) {
    it(`all of them come back to Python as they were, in protocol ${protocol}`, async () => {
      expect(await differences(await judgeOf("fs080-flask31"), typeVectors, protocol)).to.deep.equal([]);
    });
  }

  it("none is dangerous", () => {
    const dangerous = typeVectors.filter(({ hex }) => "dangerous" in pickle.decode(Buffer.from(hex, "hex")));
    expect(dangerous).to.deep.equal([]);
  });

  for (const written of writtenProtocols) {
    it(`most are written byte for byte as the pickler in C writes them in protocol ${written}, frames apart`, () => {
      const different = typeVectors
        .filter(({ name, protocol }) => protocol === written && !name.includes("Python"))
        .filter(({ hex }) => throughNode(hex, written) !== hex.replace(/^(800[45])95.{16}/, "$1"));
      expect(different.map(({ type }) => type)).to.have.members(otherBytes(written));
    });
  }
});
