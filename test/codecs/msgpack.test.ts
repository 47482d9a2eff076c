import { expect } from "chai";
import { DEFAULT_LIMITS } from "../../src/bytes/limits.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { DecodeError, EncodeError, LimitError, TruncatedError } from "../../src/errors.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDict,
  PyExt,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyUuid,
} from "../../src/values/exact.ts";
import { describeAgainstMsgspec, describeEncoding } from "./against-msgspec.ts";
import { bytesOf, type DecodeVector, type EncodeVector, hexOf, vectorsOf } from "./fixtures.ts";
import { notationOf } from "./notation.ts";

interface LengthVector {
  readonly kind: "str" | "bytes" | "list" | "dict" | "ext";
  readonly length: number;
  readonly head: string;
  readonly bytes: number;
}

const vectors = vectorsOf("msgpack") as {
  readonly encode: readonly EncodeVector[];
  readonly lengths: readonly LengthVector[];
  readonly decode: readonly DecodeVector[];
};

const ones = (length: number): Exact[] => Array.from({ length }, () => 1);

const VALUES_BY_KIND: Readonly<Record<LengthVector["kind"], (length: number) => Exact>> = {
  str: (length) => "a".repeat(length),
  bytes: (length) => new PyBytes("bytes", Buffer.alloc(length, "a")),
  list: (length) => new PyList("list", ones(length)),
  dict: (length) => new PyDict([...ones(length).keys()], ones(length)),
  ext: (length) => new PyExt(5, Buffer.alloc(length, "a")),
};

describe("msgpack", () => {
  describeEncoding(msgpack, vectors.encode);

  describe("has the smallest form for a length, and reads it", () => {
    for (const { kind, length, head, bytes } of vectors.lengths) {
      it(`${kind} of ${length}`, () => {
        const encoded = msgpack.encode(VALUES_BY_KIND[kind](length));
        expect(hexOf(encoded.subarray(0, 7))).to.equal(head);
        expect(encoded).to.have.length(bytes);
        expect(msgpack.encode(msgpack.decode(encoded).value)).to.deep.equal(encoded);
      });
    }
  });

  describe("reads what msgspec reads", () => {
    for (const { bytes, value, error } of vectors.decode) {
      it(bytes, () => {
        const decode = (): unknown => notationOf(msgpack.decode(bytesOf(bytes)).value);
        if (error === undefined) expect(decode()).to.deep.equal(value);
        else expect(decode).to.throw(DecodeError);
      });
    }
  });

  describeAgainstMsgspec(msgpack, 7);

  it("what is decoded shares no memory with the record", () => {
    const bytes = bytesOf("92c40161d40561");
    const { value } = msgpack.decode(bytes);
    bytes.fill(0);
    expect(notationOf(value)).to.deep.equal([{ $bytes: "61" }, { $ext: [5, "61"] }]);
  });

  describe("errors say what and where", () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ["92c0c1", "opcode 0xc1 is not supported at offset 2", 2],
      ["92c081c0", "2 bytes wanted at offset 3, 1 left", 3],
      ["91a2ff61", "invalid UTF-8 at offset 2", 2],
      ["9181d40100c0", "an extension as a map key at offset 2", 2],
      ["8191809001", "a map as a map key at offset 2", 2],
      ["91d4ff00", "an invalid timestamp at offset 1", 1],
      ["c0c0", "bytes after the end at offset 1", 1],
      ["", "1 bytes wanted at offset 0, 0 left", 0],
    ];
    for (const [hex, message, offset] of cases) {
      it(message, () => {
        expect(() => msgpack.decode(bytesOf(hex)))
          .to.throw(DecodeError, `Cannot decode msgpack: ${message}`)
          .with.property("offset", offset);
      });
    }
  });

  describe("limits", () => {
    const limits = { maxBytes: 1000, maxDepth: 3, maxItems: 5 };
    const cases: readonly (readonly [string, string, string])[] = [
      ["levels", "919191c0", "91919191c0"],
      ["levels of maps", "81c081c081c0c0", "81c081c081c081c0c0"],
      ["levels in keys", "81919101c0", "8191919101c0"],
      ["items", "95c0c0c0c0c0", "96c0c0c0c0c0c0"],
      ["items of all containers", "9292c0c091c0", "9292c0c092c0c0"],
      ["bytes", `c503e5${"00".repeat(997)}`, `c503e6${"00".repeat(998)}`],
    ];
    for (const [what, most, more] of cases) {
      it(`${what}: up to the limit, and no more`, () => {
        expect(() => msgpack.decode(bytesOf(most), limits)).not.to.throw();
        expect(() => msgpack.decode(bytesOf(more), limits)).to.throw(LimitError, "Cannot decode msgpack: ");
      });
    }

    it("by default are 4 MiB, 500 levels and 100,000 items", () => {
      for (const [most, more] of [
        [`c6003ffffb${"00".repeat(0x3ffffb)}`, `c6003ffffc${"00".repeat(0x3ffffc)}`],
        [`${"91".repeat(500)}c0`, `${"91".repeat(501)}c0`],
        [`dd000186a0${"c0".repeat(100_000)}`, `dd000186a1${"c0".repeat(100_001)}`],
      ] as const) {
        expect(hexOf(msgpack.encode(msgpack.decode(bytesOf(most)).value))).to.equal(most);
        expect(() => msgpack.decode(bytesOf(more))).to.throw(LimitError);
      }
    }).timeout(20_000);

    it("a length that is not there costs nothing", () => {
      const started = performance.now();
      for (const hex of ["ddffffffff", "dfffffffff", "c6ffffffff", "dbffffffff", "c9ffffffff05"]) {
        expect(() => msgpack.decode(bytesOf(hex), { maxBytes: 9e9, maxDepth: 500, maxItems: 9e9 })).to.throw(
          TruncatedError,
        );
      }
      expect(performance.now() - started).to.be.below(100);
    });

    const keys: Readonly<Record<string, (index: number) => Exact>> = {
      ints: (index) => index * 0x8000,
      "large ints": (index) => 2n ** 60n + BigInt(index) * 2n ** 32n,
      texts: (index) => `key ${index}`,
      bytes: (index) => new PyBytes("bytes", Buffer.from(`key ${index}`)),
      tuples: (index) => new PyList("tuple", [new PyList("tuple", [index])]),
    };
    for (const [kind, keyOf] of Object.entries(keys)) {
      it(`30,000 keys of a map are read in less than a second: ${kind}`, () => {
        const columns = Array.from({ length: 30_000 }, (_, index) => keyOf(index));
        const bytes = msgpack.encode(new PyDict([...columns, ...columns], [...columns, ...columns].fill(null)));
        const started = performance.now();
        expect((msgpack.decode(bytes, { ...DEFAULT_LIMITS, maxItems: 200_000 }).value as PyDict).keys).to.have.length(
          30_000,
        );
        expect(performance.now() - started).to.be.below(1000);
      });
    }
  });

  describe("refusals say where", () => {
    const loop = new PyList("list", []);
    loop.items.push(loop);
    const cases: readonly (readonly [string, Exact, string])[] = [
      ["a lone surrogate", "\ud800 and more than thirty-two characters", "a lone surrogate"],
      ["an int beyond 64 bits", 2n ** 64n, "64 bits"],
      ["Markup", new PyMarkup("<b>"), "Markup"],
      ["an object", new PyObject("call", new PyGlobal("shop", "Cart"), new PyList("tuple", [])), "only Python"],
      ["a cycle", loop, "it holds itself, or is too deep"],
      ["a UUID with more than its integer", new PyUuid(), "only Python"],
      [
        "a time in a zone",
        new PyDateTime("time", Uint8Array.of(1, 2, 3, 0, 0, 0), new PyGlobal("shop", "zone")),
        "only",
      ],
    ];
    for (const [name, value, reason] of cases) {
      it(name, () => {
        const item = new PyDict(["x y"], [new PyDict(["when"], [value])]);
        const root = new PyDict(["cart"], [new PyList("list", [1, item])]);
        expect(() => msgpack.encode(root)).to.throw(
          EncodeError,
          new RegExp(`^Cannot store session\\.cart\\[1\\]\\["x y"\\]\\.when: .*${reason}`),
        );
      });
    }

    it("more bytes than the limit", () => {
      expect(() => msgpack.encode("a".repeat(100), { maxBytes: 100 })).to.throw(EncodeError, "more than 100 bytes");
      expect(msgpack.encode("a".repeat(98), { maxBytes: 100 })).to.have.length(100);
    });
  });
});
