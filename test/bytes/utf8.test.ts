import { expect } from "chai";
import * as fc from "fast-check";
import {
  decodeSurrogateUtf8,
  decodeUtf8,
  encodeSurrogateUtf8,
  invalidUtf8Offset,
  isWellFormed,
} from "../../src/bytes/utf8.ts";
import { judgeOf } from "../python/judge.ts";
import { toHex } from "../signing/fixture.ts";

/** The texts, once strict and once with surrogates passed through, as UTF-16 in hex; null where the bytes are refused. And where. */
const PYTHON_DECODES = `
def decode(data, errors):
    try:
        return data.decode("utf-8", errors).encode("utf-16-be", "surrogatepass").hex()
    except UnicodeDecodeError:
        return None

def invalid(data):
    try:
        data.decode()
        return len(data)
    except UnicodeDecodeError as error:
        return error.start

def outcomes(data):
    return [decode(data, "strict"), decode(data, "surrogatepass"), invalid(data)]

result = [outcomes(bytes.fromhex(data)) for data in input]
`;

const PYTHON_ENCODES = `
result = [text.encode("utf-8", "surrogatepass").hex() for text in input]
`;

/** Where the rules of UTF-8 change. */
const EDGES = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xec, 0xed, 0xee, 0xef, 0xf0,
  0xf3, 0xf4, 0xf5, 0xff,
];

function utf16(text: string | undefined): string | null {
  return text === undefined ? null : toHex(Buffer.from(text, "utf16le").swap16());
}

function asNode(bytes: Buffer): [strict: string | null, passed: string | null, invalid: number] {
  const { length } = bytes;
  return [utf16(decodeUtf8(bytes, 0, length)), utf16(decodeSurrogateUtf8(bytes, 0, length)), invalidUtf8Offset(bytes)];
}

async function expectAsPython(inputs: readonly Buffer[], message?: string): Promise<void> {
  const judge = await judgeOf("fs080-flask31");
  expect(inputs.map(asNode), message).to.deep.equal(await judge.run(PYTHON_DECODES, inputs.map(toHex)));
}

describe("utf8", () => {
  it("decodes every three bytes from the edges of the rules as Python does", async () => {
    const one = EDGES.map((byte) => [byte]);
    const two = one.flatMap((bytes) => EDGES.map((byte) => [...bytes, byte]));
    const three = two.flatMap((bytes) => EDGES.map((byte) => [...bytes, byte]));
    await expectAsPython([[], ...one, ...two, ...three].map((bytes) => Buffer.from(bytes)));
  });

  it("decodes random bytes from the edges as Python does", async () => {
    const seed = Date.now();
    const continuation = fc.constantFrom(0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf);
    const byte = fc.oneof(continuation, fc.constantFrom(...EDGES));
    const samples = fc.sample(fc.array(byte, { minLength: 4, maxLength: 9 }), { numRuns: 3000, seed });
    await expectAsPython(
      samples.map((bytes) => Buffer.from(bytes)),
      `seed ${seed}`,
    );
  });

  it("decodes and encodes random texts with lone surrogates as Python does", async () => {
    const seed = Date.now();
    const unit = fc.constantFrom("a", "é", "€", "😀", "\ud800", "\udbff", "\udc00", "\udfff", "\ufffd", "\ufeff", "\0");
    const texts = fc.sample(fc.string({ unit, maxLength: 8 }), { numRuns: 1000, seed });
    const judge = await judgeOf("fs080-flask31");
    const encoded = texts.map(encodeSurrogateUtf8);
    expect(encoded.map(toHex), `seed ${seed}`).to.deep.equal(await judge.run(PYTHON_ENCODES, texts));
    expect(encoded.map((bytes) => decodeSurrogateUtf8(bytes, 0, bytes.length))).to.deep.equal(texts);
    await expectAsPython(encoded, `seed ${seed}`);
  });

  it("decodes the slice between the offsets alone", () => {
    const bytes = Buffer.from([0xff, 0x61, 0xed, 0xa0, 0x80, 0x62, 0xff]);
    expect(decodeUtf8(bytes, 1, 2)).to.equal("a");
    expect(decodeSurrogateUtf8(bytes, 1, 6)).to.equal("a\ud800b");
    expect(decodeSurrogateUtf8(bytes, 1, 4)).to.equal(undefined);
  });

  it("takes two surrogate halves side by side for their character, for JavaScript has no other text", () => {
    const halves = Buffer.from("eda080edb080", "hex");
    expect(decodeSurrogateUtf8(halves, 0, halves.length)).to.equal("\u{10000}");
    expect(encodeSurrogateUtf8("\u{10000}").toString("hex")).to.equal("f0908080");
  });

  it("tells a replacement character that was written from one that would stand for an error", () => {
    expect(decodeUtf8(Buffer.from("\ufffd"), 0, 3)).to.equal("\ufffd");
    expect(decodeUtf8(Buffer.from([0xff]), 0, 1)).to.equal(undefined);
  });

  const wellFormed: readonly (readonly [text: string, answer: boolean])[] = [
    ["", true],
    ["a😀\ufffd", true],
    ["\ud83d", false],
    ["\ude00\ud83d", false],
    ["a\udc00", false],
  ];
  for (const [text, answer] of wellFormed) {
    it(`calls ${JSON.stringify(text)} ${answer ? "well" : "ill"}-formed`, () => {
      expect(isWellFormed(text)).to.equal(answer);
    });
  }
});
