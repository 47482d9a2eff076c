import { expect } from "chai";
import { DEFAULT_LIMITS } from "../../src/bytes/limits.ts";
import { json } from "../../src/codecs/json.ts";
import { decodeJson } from "../../src/codecs/json-decode.ts";
import { type JsonDialect, MSGSPEC, PYTHON } from "../../src/codecs/json-dialect.ts";
import { DecodeError, EncodeError, LimitError, TruncatedError } from "../../src/errors.ts";
import {
  type Exact,
  PyDict,
  PyExt,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyUuid,
} from "../../src/values/exact.ts";
import { describeAgainstMsgspec, describeEncoding } from "./against-msgspec.ts";
import { bytesOf, type DecodeVector, type EncodeVector, vectorsOf } from "./fixtures.ts";
import { notationOf } from "./notation.ts";

interface ReadVector {
  readonly bytes: string;
  readonly msgspec: Omit<DecodeVector, "bytes">;
  readonly python: Omit<DecodeVector, "bytes">;
}

const vectors = vectorsOf("json") as {
  readonly encode: readonly EncodeVector[];
  readonly decode: readonly ReadVector[];
};

const DIALECTS: readonly (readonly ["msgspec" | "python", JsonDialect])[] = [
  ["msgspec", MSGSPEC],
  ["python", PYTHON],
];

const read = (text: string): Exact => json.decode(Buffer.from(text)).value;
const written = (value: Exact): string => Buffer.from(json.encode(value)).toString();

describe("json", () => {
  describeEncoding(json, vectors.encode);

  for (const [name, dialect] of DIALECTS) {
    describe(`reads what ${name} reads`, () => {
      for (const { bytes, [name]: outcome } of vectors.decode) {
        it(shown(bytes), () => {
          const decode = (): unknown => notationOf(decodeJson(bytesOf(bytes), DEFAULT_LIMITS, dialect));
          if (outcome.error === undefined) expect(decode()).to.deep.equal(outcome.value);
          else expect(decode).to.throw(DecodeError);
        });
      }
    });
  }

  describeAgainstMsgspec(json, 11);

  it("a key __proto__ is a key like any", () => {
    const { keys, values } = read('{"__proto__":1,"a":2,"__proto__":3}') as PyDict;
    expect([keys, values]).to.deep.equal([
      ["__proto__", "a"],
      [3, 2],
    ]);
  });

  describe("errors say what and where, in bytes", () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ["[1,é]", "no value at offset 3", 3],
      ['["é",x]', "no value at offset 6", 6],
      ['{"a" 1}', "no colon after a key at offset 5", 5],
      ["{1:2}", "a key that is no string at offset 1", 1],
      ["[1 2]", "neither a comma nor ] at offset 3", 3],
      ['{"a":1]', "neither a comma nor } at offset 6", 6],
      ['["a\n"]', "a control character in the string at offset 3", 3],
      ['[1,"\\x"]', "an invalid escape in the string at offset 3", 3],
      ['["\\ud800"]', "half a surrogate pair in the string at offset 1", 1],
      ["[1e999]", "a number beyond a float at offset 1", 1],
      ["1 2", "text after the end at offset 2", 2],
      ['["é', "it ends at offset 4", 4],
      ["", "it ends at offset 0", 0],
    ];
    for (const [text, message, offset] of cases) {
      it(message, () => {
        expect(() => read(text))
          .to.throw(message.includes("ends") ? TruncatedError : DecodeError, `Cannot decode JSON: ${message}`)
          .with.property("offset", offset);
      });
    }

    it("it is not UTF-8", () => {
      expect(() => json.decode(Buffer.of(0x22, 0xff, 0x22))).to.throw(DecodeError, "it is not UTF-8");
    });
  });

  describe("limits", () => {
    const limits = { maxBytes: 50, maxDepth: 3, maxItems: 5 };
    const cases: readonly (readonly [string, string, string])[] = [
      ["levels", "[[[]]]", "[[[[]]]]"],
      ["levels of objects", '{"a":{"a":{}}}', '{"a":{"a":{"a":{}}}}'],
      ["items", "[1,1,1,1,1]", "[1,1,1,1,1,1]"],
      ["items of all containers", "[[1,1],[1]]", '[[1,1],[1],{"a":1}]'],
      ["bytes", `"${"a".repeat(48)}"`, `"${"a".repeat(49)}"`],
    ];
    for (const [what, most, more] of cases) {
      it(`${what}: up to the limit, and no more`, () => {
        expect(() => json.decode(Buffer.from(most), limits)).not.to.throw();
        expect(() => json.decode(Buffer.from(more), limits)).to.throw(LimitError, "Cannot decode JSON: ");
      });
    }

    it("by default are 500 levels and 100,000 items", () => {
      for (const [most, more] of [
        [`${"[".repeat(500)}${"]".repeat(500)}`, `${"[".repeat(501)}${"]".repeat(501)}`],
        [`[${"1,".repeat(99_999)}1]`, `[${"1,".repeat(100_000)}1]`],
      ] as const) {
        expect(written(read(most))).to.equal(most);
        expect(() => read(more)).to.throw(LimitError);
      }
    });

    const hostile: Readonly<Record<string, string>> = {
      "30,000 keys, twice": `{${Array.from({ length: 60_000 }, (_, index) => `"${(index % 30_000) * 0x8000}":1`).join()}}`,
      "a string of escapes": `"${'\\"'.repeat(1_000_000)}"`,
      "many long numbers": `[${`${"9".repeat(4300)},`.repeat(200)}1]`,
      "a number that is a text": `${"9".repeat(4_000_000)}x`,
      spaces: `${" ".repeat(4_000_000)}x`,
      "a string that does not end": `"${"\\u0041".repeat(600_000)}`,
    };
    for (const [what, text] of Object.entries(hostile)) {
      it(`less than a second for ${what}`, () => {
        const started = performance.now();
        try {
          read(text);
        } catch (error) {
          expect(error).to.be.instanceOf(DecodeError);
        }
        expect(performance.now() - started).to.be.below(1000);
      });
    }
  });

  describe("refusals say where", () => {
    const loop = new PyList("list", []);
    loop.items.push(loop);
    const dict = (key: Exact): PyDict => new PyDict([key], [1]);
    const cases: readonly (readonly [string, Exact, string])[] = [
      ["a lone surrogate", "\ud800 ", "a lone surrogate"],
      ["a long int", 10n ** 4300n, "too many digits"],
      ["Markup", new PyMarkup("<b>"), "Markup"],
      ["an object", new PyObject("call", new PyGlobal("shop", "Cart"), new PyList("tuple", [])), "only Python"],
      ["an extension", new PyExt(5, Buffer.of(1)), "only Python"],
      ["a cycle", loop, "it holds itself, or is too deep"],
      ["a UUID with more than its integer", new PyUuid(), "only Python"],
      ["None as a key", dict(null), "keys"],
      ["a bool as a key", dict(true), "keys"],
      ["a tuple as a key", dict(new PyList("tuple", [])), "keys"],
    ];
    for (const [name, value, reason] of cases) {
      it(name, () => {
        const item = new PyDict(["x y"], [new PyDict(["none", "when"], [null, value])]);
        const root = new PyDict(["cart"], [new PyList("list", [true, item])]);
        expect(() => json.encode(root)).to.throw(
          EncodeError,
          new RegExp(`^Cannot store session\\.cart\\[1\\]\\["x y"\\]\\.when: .*${reason}`),
        );
      });
    }

    it("more bytes than the limit", () => {
      for (const text of ["a".repeat(99), "é".repeat(50)]) {
        expect(() => json.encode(text, { maxBytes: 100 })).to.throw(EncodeError, "more than 100 bytes");
      }
      expect(json.encode("é".repeat(49), { maxBytes: 100 })).to.have.length(100);
    });
  });

  it("a float that no int looks like may stand without its node", () => {
    expect(written(new PyList("list", [1.5, Number.NaN, 1e300, new PyFloat(2)]))).to.equal("[1.5,null,1e300,2.0]");
    expect(written(new PyDict([1.5, Number.NaN, 1e300], [1, 2, 3]))).to.equal('{"1.5":1,"nan":2,"1e300":3}');
  });
});

function shown(hex: string): string {
  const text = bytesOf(hex).toString();
  return JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}… (${text.length})` : text);
}
