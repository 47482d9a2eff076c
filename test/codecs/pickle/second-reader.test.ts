/** Every pickle of the fixtures as `pickleparser` reads it; where it reads wrong, that stands here with its reason. */
import { expect } from "chai";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { type TypeVector, typeVectors } from "./fixtures.ts";
import { shapeOfExact, shapeOfParsed } from "./second-reader.ts";

/** Why the second reader is wrong, about which types, in which protocols. */
const DIFFERENCES: readonly (readonly [reason: string, types: string, protocols: string])[] = [
  ["it reads a negative LONG1 as if it had no sign", "-2**31-1, -2**53, -2**63", "2345"],
  ["it reads a negative LONG4 as if it had no sign", "-255**300", "2345"],
  ["it reads no LONG1 of more than 8 bytes", "2**63, UUID", "2345"],
  ["its parseFloat does not know inf", "inf, -inf", "0"],
  ["it does not read the escapes of UNICODE", "'é€😀', a lone surrogate, a text with escapes, bytes", "0"],
  [
    "it does not read the escapes of UNICODE, in which the bytes are",
    "time in UTC, datetime in Paris, datetime with fold, time with fold, datetime in a zone of the app",
    "0",
  ],
  ["its UTF-8 knows no lone surrogate", "a lone surrogate", "12345"],
  ["it calls only functions, not a functools.partial", "object with __getnewargs_ex__", "23"],
];

const reasons = new Map<string, string>();
for (const [reason, types, protocols] of DIFFERENCES) {
  for (const type of types.trim().split(/,\s+/)) {
    for (const protocol of protocols) reasons.set(`${type} in ${protocol}`, reason);
  }
}

function isReadAlike({ hex, protocol }: TypeVector): boolean {
  const bytes = Buffer.from(hex, "hex");
  try {
    expect(shapeOfParsed(bytes, protocol)).to.deep.equal(shapeOfExact(pickle.decode(bytes).value));
    return true;
  } catch {
    return false;
  }
}

describe("codecs/pickle: a second reader", () => {
  const { warn } = console;
  before(() => {
    // It warns of each number beyond 2^53.
    console.warn = () => undefined;
  });
  after(() => {
    console.warn = warn;
  });

  for (const vector of typeVectors) {
    const reason = reasons.get(`${vector.type} in ${vector.protocol}`);
    if (reason === undefined) it(`${vector.name}: reads the same`, () => expect(isReadAlike(vector)).to.equal(true));
    else
      it(`${vector.name}: reads something else, because ${reason}`, () => expect(isReadAlike(vector)).to.equal(false));
  }
});
