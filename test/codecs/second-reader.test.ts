/** All MessagePack of the fixtures as `msgpackr` reads it; where it reads something else, that stands here with its reason. */
import { expect } from "chai";
import { bytesOf, type DecodeVector, type EncodeVector, vectorsOf } from "./fixtures.ts";
import { shapeOfDecoded, shapeOfUnpacked } from "./second-reader.ts";

/** Why the second reader differs, and on which bytes. */
const DIFFERENCES: readonly (readonly [reason: string, bytes: string])[] = [
  [
    "its Date has milliseconds",
    "c70cff3b9ac618ffffffffffffffff c70cff3b9ac6180000003afff4417f c70cff000003e7ffffffffffffffff c70cff3b9ac9ff0000000000000005 d7ffee6b27fc00000000",
  ],
  [
    "it lets a timestamp be anything",
    "c70cff3b9aca000000000000000005 d7ffee6b280000000000 d7ffffffffff00000000 c70cff00000000fffffff1886e08ff c70cff3b9ac9ff0000003afff4417f c70cff000000000000003afff44180 c70cff000000007fffffffffffffff c70cff000000008000000000000000 d4ff00 d5ff0000 c700ff d8ff00000000000000000000000000000000",
  ],
  ["it gives an Error object for 0xc1", "c1"],
  ["it replaces invalid UTF-8", "a1ff d901ff a2c080 a2c328 a3eda080 a4f4908080"],
  [
    "a Map of JavaScript compares keys in another way than a dict",
    "81cb800000000000000001 82cf00200000000000000acb43400000000000000b 8301a161c3a162cb3ff0000000000000a163 84c2010002cb8000000000000000030104 82cb7ff800000000000001cb7ff800000000000002 82c4016101c4016102 82d6ff0000000001c70cff00000000000000000000000002 82910101910102 8291c30191cb3ff000000000000002 8292019102019201910202",
  ],
  ["a Map takes maps as keys", "82c401610182a16101a1610203 8180c0 819180c0"],
  [
    "it refuses an extension that nobody registered",
    "d40500 d5050001 d60500010203 d7050001020304050607 d80500010203040506070809101112131415 c70005 c70080 c70305aabbcc c8000305aabbcc c90000000305aabbcc",
  ],
];

const reasons = new Map<string, string>();
for (const [reason, list] of DIFFERENCES) for (const bytes of list.split(" ")) reasons.set(bytes, reason);

const { encode, decode } = vectorsOf("msgpack") as {
  readonly encode: readonly EncodeVector[];
  readonly decode: readonly DecodeVector[];
};
const all = new Set([...encode.flatMap(({ bytes }) => bytes ?? []), ...decode.map(({ bytes }) => bytes)]);

describe("codecs/msgpack: a second reader", () => {
  for (const hex of all) {
    const reason = reasons.get(hex);
    const name = hex.length > 60 ? `${hex.slice(0, 60)}…` : hex;
    const bytes = bytesOf(hex);
    if (reason === undefined) {
      it(`reads the same from ${name}`, () => {
        expect(shapeOfUnpacked(bytes)).to.deep.equal(shapeOfDecoded(bytes));
      });
    } else {
      it(`reads something else from ${name}, because ${reason}`, () => {
        expect(shapeOfUnpacked(bytes)).not.to.deep.equal(shapeOfDecoded(bytes));
      });
    }
  }

  it("no other difference is on the list", () => {
    expect([...reasons.keys()].filter((hex) => !all.has(hex))).to.deep.equal([]);
  });
});
