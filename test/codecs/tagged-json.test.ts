import { expect } from "chai";
import { DEFAULT_LIMITS } from "../../src/bytes/limits.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { pythonFloatText, pythonJson, SPACED } from "../../src/codecs/python-json.ts";
import { NEWEST_FLASK, TaggedJson } from "../../src/codecs/tagged-json.ts";
import { DecodeError, EncodeError, LimitError } from "../../src/errors.ts";
import { sameExact } from "../../src/values/equality.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyGlobal,
  PyList,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "../../src/values/exact.ts";
import { bytesOf, vectorsOf } from "./fixtures.ts";

/** What Python has, as its pickle, or the name of what it raises. */
interface Pickled {
  readonly pickle?: string;
  readonly error?: string;
}

interface Written {
  readonly value: string;
  readonly pickle: string;
  readonly text?: string;
  readonly error?: string;
  readonly back?: Pickled;
}

interface Read extends Pickled {
  readonly text: string;
}

const { written, read } = vectorsOf("tagged-json") as {
  readonly written: readonly Written[];
  readonly read: readonly Read[];
};

/** What Flask turns into something else, which we refuse; it reads none of these back as what it was. */
const TURNED: Readonly<Record<string, string>> = {
  "datetime.date(2024, 1, 1)": "tagged JSON has no date",
  "Decimal('1.10')": "tagged JSON turns a Decimal into text",
  "{1: 2}": "the keys of JSON are strings",
  "{'a': {True: 1}}": "the keys of JSON are strings",
  "{'d': datetime.datetime(69, 1, 1, 0, 0)}": "Python reads a year before 100 as one of our time",
};

const newest = new TaggedJson();

describe("tagged JSON", () => {
  describe("writes what Flask writes", () => {
    for (const { value, pickle: pickled, text, error, back } of written) {
      it(value, () => {
        const exact = unpickled(pickled);
        const refusal = TURNED[value];
        if (error !== undefined || refusal !== undefined) {
          expect(() => newest.encode(exact)).to.throw(EncodeError, refusal ?? "session");
          return;
        }
        expect(Buffer.from(newest.encode(exact)).toString()).to.equal(text);
        expectSame(newest.decode(Buffer.from(text as string)), back as Pickled);
      });
    }

    it("and turns what only we refuse into something else", () => {
      for (const value of Object.keys(TURNED)) {
        const { pickle: pickled, back } = written.find((vector) => vector.value === value) as Written;
        expect(sameExact(unpickled(pickled), unpickled(back?.pickle as string)), value).to.equal(false);
      }
    });
  });

  describe("reads what Flask reads", () => {
    for (const { text, ...pickled } of read) {
      it(JSON.stringify(text), () => {
        const bytes = Buffer.from(text);
        if (pickled.error !== undefined) expect(() => newest.decode(bytes)).to.throw(DecodeError);
        else expectSame(newest.decode(bytes), pickled);
      });
    }
  });

  it("reads no Markup of a container, which would be its repr and no Flask since 1.0 writes", () => {
    expect(() => newest.decode(Buffer.from('{" m":[1]}'))).to.throw(DecodeError, 'the content of " m"');
  });

  it("counts depth and items", () => {
    const deep = Buffer.from(`${"[".repeat(501)}${"]".repeat(501)}`);
    expect(() => newest.decode(deep)).to.throw(LimitError);
    const small = new TaggedJson(NEWEST_FLASK, { ...DEFAULT_LIMITS, maxItems: 2 });
    expect(() => small.decode(Buffer.from("[1,2,3]"))).to.throw(LimitError);
  });

  it("refuses what holds itself, and what is deeper than Python reads", () => {
    const list = new PyList("list", []);
    list.items.push(list);
    expect(() => newest.encode(list)).to.throw(EncodeError, "it holds itself, or is too deep");
    let tuples: Exact = 1;
    for (let level = 0; level < 250; level++) tuples = new PyList("tuple", [tuples]);
    expect(() => newest.encode(tuples)).to.throw(EncodeError, "it holds itself, or is too deep");
  });

  describe("of Flask 0.12", () => {
    const old = new TaggedJson({ escapesTags: false, awareDatetimes: false });

    it("has no escape, so a dict that looks like a tag is refused", () => {
      expect(() => old.encode(new PyDict(["a"], [new PyDict([" t"], [1])]))).to.throw(
        EncodeError,
        "Cannot store session.a: Flask before 1.0 takes a dict of this one key for something else",
      );
      expect(Buffer.from(old.encode(new PyDict([" t", "a"], [1, 2]))).toString()).to.equal('{" t":1,"a":2}');
      expect(Buffer.from(old.encode(new PyDict([" di"], [1]))).toString()).to.equal('{" di":1}');
      expect(sameExact(old.decode(Buffer.from('{" di":1}')), new PyDict([" di"], [1]))).to.equal(true);
    });

    // Its user's own dicts of one key: Werkzeug before 2.0 takes what is false for no date.
    it("has no date of what is false, and fails on what is true", () => {
      for (const text of ["0", "0.0", "-0.0", "false", "{}", "[]", '""', '{" b":""}']) {
        expect(old.decode(Buffer.from(`{" d":${text}}`)), text).to.equal(null);
      }
      for (const text of ["1", "0.5", "true", '{"a":1}', "[1]", '{" b":"YQ=="}']) {
        expect(() => old.decode(Buffer.from(`{" d":${text}}`)), text).to.throw(DecodeError);
      }
    });

    it("has naive datetimes", () => {
      const value = old.decode(Buffer.from('{" d":"Thu, 29 Feb 2024 12:30:45 GMT"}')) as PyDateTime;
      expect(value.tzinfo).to.equal(null);
      expect(Buffer.from(old.encode(value)).toString()).to.equal('{" d":"Thu, 29 Feb 2024 12:30:45 GMT"}');
    });
  });

  describe("rules for what is newly put in", () => {
    const reasons: readonly (readonly [string, Exact, string | undefined])[] = [
      ["text", "\ud800", undefined],
      ["NaN", Number.NaN, undefined],
      ["a bigint", 2n ** 64n, undefined],
      ["a huge one", 10n ** 4300n, "an int of more than 4300 digits is beyond Python"],
      ["a tuple", new PyList("tuple", []), undefined],
      ["a set", new PyList("set", []), "tagged JSON has no set: use an array"],
      ["bytes", new PyBytes("bytes", Buffer.of(1)), undefined],
      ["a bytearray", new PyBytes("bytearray", Buffer.of(1)), "tagged JSON has no bytearray: use a Buffer"],
      ["a UUID", new PyUuid(1n), undefined],
      ["a UUID that is more", new PyUuid(), "tagged JSON has no form for it"],
      ["a Decimal", new PyDecimal("1.10"), "tagged JSON turns a Decimal into text: use its toString()"],
      ["a timedelta", new PyTimedelta(1, 0, 0), "tagged JSON has no timedelta: use a number of seconds"],
      ["a class", new PyGlobal("a", "B"), "tagged JSON has no form for it"],
      ["a time", new PyDateTime("time", Buffer.alloc(6)), "tagged JSON has no time: use its toString()"],
      [
        "a datetime of a strange zone",
        new PyDateTime(
          "datetime",
          Buffer.from("07e8010100000000000000", "hex").subarray(0, 10),
          new PyObject("call", new PyGlobal("my", "zone"), new PyList("tuple", [])),
        ),
        "only Python knows its offset from UTC",
      ],
    ];
    for (const [name, value, reason] of reasons) {
      it(name, () => {
        expect(newest.rules.refuse(value)).to.equal(reason);
      });
    }

    it("keys", () => {
      expect(newest.rules.refuseKey?.("a", false)).to.equal(undefined);
      expect(newest.rules.refuseKey?.(1, false)).to.equal("the keys of tagged JSON are strings");
    });
  });

  it("plain JSON has no form for what has no tag", () => {
    expect(() => pythonJson(new PyDict(["a"], [new PyDecimal("1")]), SPACED)).to.throw(
      EncodeError,
      "session.a: JSON has",
    );
  });

  it("floats are Python's repr", () => {
    const texts = [1e-4, 1e-5, 1.5e-7, 1e15, 1e16, 1.5e300, 123456.789, -0, 5e-324, Number.POSITIVE_INFINITY];
    expect(texts.map(pythonFloatText)).to.deep.equal([
      "0.0001",
      "1e-05",
      "1.5e-07",
      "1000000000000000.0",
      "1e+16",
      "1.5e+300",
      "123456.789",
      "-0.0",
      "5e-324",
      "Infinity",
    ]);
  });
});

function unpickled(hex: string): Exact {
  return pickle.decode(bytesOf(hex)).value;
}

function expectSame(value: Exact, { pickle: pickled }: Pickled): void {
  const expected = unpickled(pickled as string);
  expect(sameExact(value, expected), `${show(value)} is not ${show(expected)}`).to.equal(true);
}

function show(value: Exact): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? `${item}n` : item));
}
