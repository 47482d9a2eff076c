/** Hostile inputs: each ends soon, in a value or in a typed error. */
import { expect } from "chai";
import { DEFAULT_LIMITS } from "../../../src/bytes/limits.ts";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { DecodeError, EncodeError, LimitError } from "../../../src/errors.ts";

/** Generous: each takes a few milliseconds, and would take minutes if it were not linear. */
const SOON_MILLIS = 1500;

function stream(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
}

function times(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join("");
}

function get(index: number): string {
  return index < 256 ? `h${String.fromCharCode(index)}` : `j${int32(index)}`;
}

function int32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes.toString("latin1");
}

function long(value: bigint): string {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2) + 2, "0"), "hex").toReversed();
  return `\x8b${int32(bytes.length)}${Buffer.from(bytes).toString("latin1")}`;
}

function text(value: string): string {
  return `X${int32(value.length)}${value}`;
}

/** Keys that V8 puts into one bucket of a Map: its hash of small ints has no seed. */
function collidingKeys(count: number): number[] {
  const keys: number[] = [];
  for (let key = 0; keys.length < count; key++) if ((hashOfInt(key) & 0x7fff) === 0) keys.push(key);
  return keys;
}

/** V8's `ComputeUnseededHash`. */
function hashOfInt(key: number): number {
  let hash = key | 0;
  hash = (~hash + (hash << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  return (hash ^ (hash >>> 16)) & 0x3fffffff;
}

const LONG_TEXT = "x".repeat(1_000_000);
const LAUGHS = (levels: number, width: number): string =>
  `\x80\x04]\x94(${"N".repeat(width)}e0${times(levels, (index) => `]\x94(${get(index).repeat(width)}e0`)}${get(levels)}.`;

/** A stream, and what comes of it: `fine`, or an error. */
type Outcome = "fine" | "LimitError" | "DecodeError";

const hostile: readonly (readonly [why: string, outcome: Outcome, bytes: () => Buffer])[] = [
  ["lists of lists, a billion laughs", "fine", () => stream(LAUGHS(400, 10))],
  [
    "tuples of tuples, a billion laughs",
    "fine",
    () =>
      stream(
        "\x80\x04N\x94",
        times(200, (n) => `${get(n).repeat(3)}\x87\x940`),
        get(200),
        ".",
      ),
  ],
  [
    "a billion laughs as a key",
    "fine",
    () =>
      stream(
        "\x80\x04N\x940",
        times(60, (n) => `${get(n).repeat(3)}\x87\x940`),
        `}${get(60)}Ns.`,
      ),
  ],
  ["90,000 DUP", "fine", () => stream("\x80\x04](]", "2".repeat(90_000), "e.")],
  ["a list of 99,000", "fine", () => stream("\x80\x04](", "N".repeat(99_000), "e.")],
  ["a list of 100,001", "LimitError", () => stream("\x80\x04](", "N".repeat(100_001), "e.")],
  ["a list of 100,001, one by one", "LimitError", () => stream("\x80\x04]", "Na".repeat(100_001), ".")],
  ["a stack of 4,000,000", "LimitError", () => stream("\x80\x04", "N".repeat(4_000_000))],
  ["490 levels", "fine", () => stream("\x80\x04", "]".repeat(490), "a".repeat(489), ".")],
  ["500 levels", "fine", () => stream("\x80\x04", "]".repeat(500), "a".repeat(499), ".")],
  ["501 levels", "LimitError", () => stream("\x80\x04", "]".repeat(501), "a".repeat(500), ".")],
  ["501 levels of tuples", "LimitError", () => stream("\x80\x04N", "\x85".repeat(501), ".")],
  ["501 levels of calls", "LimitError", () => stream("\x80\x04cm\nf\n", ")R".repeat(501), ".")],
  ["1,001 marks", "LimitError", () => stream("\x80\x04", "(".repeat(1001))],
  ["memo entries without end", "LimitError", () => stream("\x80\x04N", "\x94".repeat(1_000_000), ".")],
  ["a memo entry far away", "LimitError", () => stream("\x80\x04Nr\xff\xff\xff\xff.")],
  ["2,000,000 containers that are dropped", "fine", () => stream("\x80\x04", "}0]0".repeat(1_000_000), "N.")],
  ["2,000,000 marks that are dropped", "fine", () => stream("\x80\x04", "(1".repeat(2_000_000), "N.")],
  ["more bytes than there may be", "LimitError", () => Buffer.alloc(DEFAULT_LIMITS.maxBytes + 1, 0x4e)],
  ["a decimal of 1,000,000 digits", "LimitError", () => stream("L", "9".repeat(1_000_000), "L\n.")],
  ["an INT of 1,000,000 digits", "LimitError", () => stream("I", "9".repeat(1_000_000), "\n.")],
  ["an INT of 1,000,000 zeros and a 9", "LimitError", () => stream("I", "0".repeat(1_000_000), "9\n.")],
  ["a hexadecimal of 1,000,000 digits", "fine", () => stream("L0x", "f".repeat(1_000_000), "L\n.")],
  ["a FLOAT of 1,000,000 digits", "DecodeError", () => stream("F", "9".repeat(1_000_000), "\n.")],
  ["a text of 1,000,000 backslashes", "fine", () => stream("V", "\\".repeat(1_000_000), "\n.")],
  ["a string of 1,000,000 backslashes", "fine", () => stream("S'", "\\".repeat(1_000_000), "'\n.")],
  [
    "a LONG4 of 1,000,000 bytes",
    "fine",
    () => stream("\x80\x04\x8b", int32(1_000_000), Buffer.alloc(1_000_000, 0x7f), "."),
  ],
  ["it as a key", "LimitError", () => stream("\x80\x04}", long(1n << 8_000_000n), "Ns.")],
  [
    "10,000 digits as 90,000 keys",
    "LimitError",
    () => stream("\x80\x04", long(10n ** 10_000n), "\x940}(", "h\x00N".repeat(90_000), "u."),
  ],
  [
    "4,000 digits as 30,000 keys",
    "fine",
    () => stream("\x80\x04", long(10n ** 4000n), "\x940}(", "h\x00N".repeat(30_000), "u."),
  ],
  ["one key 99,000 times", "fine", () => stream("\x80\x04}(", "\x8c\x01aN".repeat(99_000), "u.")],
  [
    "10,000 keys of one bucket",
    "fine",
    () =>
      stream(
        "\x80\x04}(",
        collidingKeys(10_000)
          .map((key) => `J${int32(key)}N`)
          .join(""),
        "u.",
      ),
  ],
  [
    "a text of 1,000,000 in 20,000 dicts",
    "fine",
    () => stream("\x80\x04", text(LONG_TEXT), "\x940](", "}(h\x00Nh\x00Nu".repeat(20_000), "e."),
  ],
  [
    "a text of 1,000,000 in 90,000 tuples",
    "fine",
    () => stream("\x80\x04", text(LONG_TEXT), "\x940\x8f(", "h\x00\x85".repeat(40_000), "\x90."),
  ],
  [
    "bytes of 1,000,000 in 90,000 tuples",
    "fine",
    () => stream("\x80\x04B", int32(1_000_000), LONG_TEXT, "\x940\x8f(", "h\x00\x85".repeat(40_000), "\x90."),
  ],
  [
    "bytes from one text again and again",
    "LimitError",
    () =>
      stream(
        "\x80\x02c_codecs\nencode\nq\0",
        text(LONG_TEXT),
        "q\x01X\x06\0\0\0latin1q\x02](",
        "h\0h\x01h\x02\x86R".repeat(100_000),
        "e.",
      ),
  ],
  [
    "bytearrays from one text again and again",
    "LimitError",
    () =>
      stream(
        "\x80\x02c__builtin__\nbytearray\nq\0",
        text(LONG_TEXT),
        "q\x01X\x06\0\0\0latin1q\x02](",
        "h\0h\x01h\x02\x86R".repeat(100_000),
        "e.",
      ),
  ],
  [
    "bytearrays from the same bytes again and again",
    "LimitError",
    () =>
      stream(
        "\x80\x04cbuiltins\nbytearray\n\x94B",
        int32(1_000_000),
        LONG_TEXT,
        "\x94](",
        "h\0h\x01\x85R".repeat(100_000),
        "e.",
      ),
  ],
  [
    "sets from one list again and again",
    "LimitError",
    () =>
      stream(
        "\x80\x04cbuiltins\nset\n\x94](",
        "K\x01".repeat(50_000),
        "e\x94](",
        "h\0h\x01\x85R".repeat(100_000),
        "e.",
      ),
  ],
  [
    "an attribute of an attribute of an attribute",
    "LimitError",
    () => stream("\x80\x04", "cbuiltins\ngetattr\n".repeat(400), "cm\nC\n", "\x8c\x04name\x86R".repeat(400), "."),
  ],
  ["a global with a name of 1,000,000", "LimitError", () => stream("\x80\x04\x8c\x01m", text(LONG_TEXT), "\x93.")],
  ["a module with a name of 1,000,000", "LimitError", () => stream("\x80\x04", text(LONG_TEXT), "\x8c\x01m\x93.")],
  [
    "1,001 globals that are dropped",
    "LimitError",
    () =>
      stream(
        times(1001, (n) => `cm\nC${n}\n0`),
        "N.",
      ),
  ],
  [
    "a datetime of a text of 1,000,000",
    "fine",
    () => stream("\x80\x04cdatetime\ndate\n\x94", text(LONG_TEXT), "\x85\x94](", "h\0h\x01R".repeat(90_000), "e."),
  ],
];

describe("codecs/pickle: hostile inputs", () => {
  for (const [why, outcome, bytes] of hostile) {
    it(`${why}: ${outcome}`, () => {
      const input = bytes();
      const start = performance.now();
      expect(outcomeOf(input)).to.equal(outcome);
      expect(performance.now() - start).to.be.below(SOON_MILLIS);
    });
  }

  const deep: readonly (readonly [why: string, bytes: () => Buffer])[] = [
    [
      "a chain that was filled from the outside in",
      () =>
        stream(
          "\x80\x04",
          "]\x940".repeat(30_000),
          times(29_999, (n) => `${get(n)}${get(n + 1)}a0`),
          get(0),
          ".",
        ),
    ],
    [
      "lists in a tuple that each of them holds",
      () =>
        stream(
          "\x80\x04(",
          "]\x94".repeat(1100),
          "t\x94",
          times(1100, (n) => `${get(n)}${get(1100)}a0`),
          times(1099, (n) => `${get(n)}${get(n + 1)}a0`),
          ".",
        ),
    ],
  ];
  for (const [why, bytes] of deep) {
    it(`${why}: is read, and refused when it is written`, () => {
      const start = performance.now();
      const { value } = pickle.decode(bytes());
      expect(() => pickle.encode(value)).to.throw(
        EncodeError,
        /^Cannot store session.*: it is more than 1000 levels deep$/,
      );
      expect(performance.now() - start).to.be.below(SOON_MILLIS);
    });
  }

  it("the limits are the caller's", () => {
    const list = stream("\x80\x04](K\x01K\x02K\x03e.");
    expect(() => pickle.decode(list, { ...DEFAULT_LIMITS, maxItems: 2 })).to.throw(LimitError, "more than 2 items");
    expect(() => pickle.decode(list, { ...DEFAULT_LIMITS, maxBytes: 5 })).to.throw(LimitError, "more than 5 bytes");
    expect(() => pickle.decode(stream("\x80\x04]]]aa."), { ...DEFAULT_LIMITS, maxDepth: 2 })).to.throw(
      LimitError,
      "deeper than 2 levels",
    );
    expect(pickle.decode(stream("\x80\x04]]a."), { ...DEFAULT_LIMITS, maxDepth: 2 })).to.have.property("value");
  });

  it("levels go through datetimes, whose zone is an object", () => {
    const time = "cdatetime\ntime\nC\x06\0\0\0\0\0\0";
    const zoned = (levels: number): Buffer =>
      stream("\x80\x04", `cm\nzone\n${time}`.repeat(levels), "cm\nzone\n)R", "\x86R\x85R".repeat(levels), ".");
    expect(pickle.decode(zoned(120))).to.have.property("value");
    expect(() => pickle.decode(zoned(180))).to.throw(LimitError, "deeper than 500 levels");
  });

  it("levels go through UUIDs, whose state is an object's", () => {
    expect(pickle.decode(uuidsIn(200))).to.have.property("value");
    expect(() => pickle.decode(uuidsIn(300))).to.throw(LimitError, "deeper than 500 levels");
  });
});

function uuidsIn(levels: number): Buffer {
  return stream("\x80\x04", "cuuid\nUUID\n)\x81".repeat(levels), "N", "\x85b".repeat(levels), ".");
}

function outcomeOf(input: Buffer): Outcome {
  try {
    pickle.decode(input);
    return "fine";
  } catch (error) {
    if (error instanceof LimitError) return "LimitError";
    if (error instanceof DecodeError) return "DecodeError";
    throw error;
  }
}
