import { expect } from "chai";
import * as fc from "fast-check";
import { decodeBase64Lenient, encodeBase64Url } from "../../src/bytes/base64.ts";
import { judgeOf } from "../python/judge.ts";
import { fromHex, type TextOrBytes, textOrBytes, toHex, vectorsOf } from "../signing/fixture.ts";

interface Vector {
  readonly input: TextOrBytes;
  readonly decoded: string | null;
}

/** Inputs are text, or the hex of bytes under `bytes`; answers are hex, or null for what does not decode. */
const PYTHON_DECODES = `
from itsdangerous import BadData
from itsdangerous.encoding import base64_decode

def decode(text):
    try:
        return base64_decode(bytes.fromhex(text["bytes"]) if isinstance(text, dict) else text).hex()
    except BadData:
        return None

result = [decode(text) for text in input]
`;

const PYTHON_ENCODES = `
from itsdangerous.encoding import base64_encode

result = [base64_encode(bytes.fromhex(text)).decode() for text in input]
`;

/** The decoder's cases as its documentation has them, to be read beside the fixture. */
const literals: readonly (readonly [inputs: readonly string[], decoded: string | undefined])[] = [
  [["", "!", "!!!!"], ""],
  [["QQ", "QQ=", "QR"], "A"],
  [["QUI"], "AB"],
  [["=QUJD", "QUJD=", "QUJD===="], "ABC"],
  [["QQ==QUJD"], "A"],
  [["Q", "Q Q", "Q!Q", "QQ\n", "Q=Q=", "QQ=QUJD", "QUJDQ", "AA!A"], undefined],
  [["Q+/_-Q"], "\x43\xef\xff\xf9"],
];

/** All texts of at most so many of the characters. */
function allTexts(characters: readonly string[], longest: number): string[] {
  let texts = [""];
  const all = [""];
  for (let length = 1; length <= longest; length++) {
    texts = texts.flatMap((text) => characters.map((character) => text + character));
    all.push(...texts);
  }
  return all;
}

function decodedHex(input: string | Uint8Array): string | null {
  const decoded = decodeBase64Lenient(input);
  return decoded === undefined ? null : toHex(decoded);
}

describe("decodeBase64Lenient", () => {
  for (const [inputs, decoded] of literals) {
    for (const input of inputs) {
      it(`reads ${JSON.stringify(input)} as ${JSON.stringify(decoded)}`, () => {
        const expected = decoded === undefined ? undefined : new Uint8Array(Buffer.from(decoded, "latin1"));
        expect(decodeBase64Lenient(input)).to.deep.equal(expected);
      });
    }
  }

  for (const { input, decoded } of vectorsOf("base64") as readonly Vector[]) {
    it(`reads the fixture ${JSON.stringify(input)}`, () => {
      expect(decodedHex(textOrBytes(input))).to.equal(decoded);
    });
  }

  it("drops non-ASCII characters of a text before it pads, but pads what their bytes are", () => {
    expect(decodedHex("QQé")).to.equal("41");
    expect(decodedHex(Buffer.from("QQé"))).to.equal(null);
  });

  it("gives bytes that nothing else lies behind", () => {
    expect(decodeBase64Lenient("QUJD====")?.buffer.byteLength).to.equal(3);
    expect(decodeBase64Lenient("QQ==")?.buffer.byteLength).to.equal(1);
  });

  it("reads every text of up to six characters of four sorts as Python does", async () => {
    const texts = allTexts(["Q", "_", "=", "!"], 6);
    const judge = await judgeOf("fs080-flask31");
    expect(texts.map(decodedHex)).to.deep.equal(await judge.run(PYTHON_DECODES, texts));
  });

  it("reads thousands of random texts as Python does", async () => {
    const unit = fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...Array.from("ABCQabcxyz0189+/-_")) },
      { weight: 3, arbitrary: fc.constantFrom("=", "==", "=", " ", "\n", "!", ",", ".", "\x00", "\x7f") },
      { weight: 1, arbitrary: fc.constantFrom("é", "ÿ", "€", "😀", "\ud800", "\udfff", "Ā", "ƽ") },
    );
    const seed = Date.now();
    const texts = fc.sample(fc.string({ unit, maxLength: 24 }), { numRuns: 4000, seed });
    const judge = await judgeOf("fs080-flask31");
    expect(texts.map(decodedHex), `seed ${seed}`).to.deep.equal(await judge.run(PYTHON_DECODES, texts));
  });

  it("reads thousands of random bytes as Python does", async () => {
    const byte = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...Buffer.from("ABCQabcxyz0189+/-_=")) },
      { weight: 1, arbitrary: fc.nat(255) },
    );
    const seed = Date.now();
    const inputs = fc
      .sample(fc.array(byte, { maxLength: 24 }), { numRuns: 4000, seed })
      .map((bytes) => Uint8Array.from(bytes));
    const judge = await judgeOf("fs080-flask31");
    const answers = await judge.run(
      PYTHON_DECODES,
      inputs.map((bytes) => ({ bytes: toHex(bytes) })),
    );
    expect(inputs.map(decodedHex), `seed ${seed}`).to.deep.equal(answers);
  });

  it("takes a megabyte of padding and junk in linear time", () => {
    expect(decodedHex("=!".repeat(500_000))).to.equal("");
  }).timeout(1000);
});

describe("encodeBase64Url", () => {
  it("writes what Python writes, and reads it back", async () => {
    const seed = Date.now();
    const samples = [
      ...fc.sample(fc.uint8Array({ maxLength: 40 }), { numRuns: 1000, seed }),
      fromHex(""),
      fromHex("fbff"),
    ];
    const judge = await judgeOf("fs080-flask31");
    const written = samples.map(encodeBase64Url);
    expect(written, `seed ${seed}`).to.deep.equal(await judge.run(PYTHON_ENCODES, samples.map(toHex)));
    expect(written.map(decodedHex), `seed ${seed}`).to.deep.equal(samples.map(toHex));
  });

  it("writes only the bytes of the view", () => {
    expect(encodeBase64Url(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).to.equal("AgM");
  });
});
