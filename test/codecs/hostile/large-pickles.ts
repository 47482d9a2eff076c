/** Large pickles: each ends soon, in a value or in a typed error. */
import { DEFAULT_LIMITS } from "../../../src/bytes/limits.ts";
import { collidingKeys, get, type Hostile, int32, LONG_TEXT, long, stream, text, times } from "./parts.ts";

const LAUGHS = (levels: number, width: number): string =>
  `\x80\x04]\x94(${"N".repeat(width)}e0${times(levels, (index) => `]\x94(${get(index).repeat(width)}e0`)}${get(levels)}.`;

/** What makes an unpickler slow, or large. */
export const largePickles: readonly Hostile[] = [
  ["lists of lists, a billion laughs", "value", () => stream(LAUGHS(400, 10))],
  [
    "tuples of tuples, a billion laughs",
    "value",
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
    "value",
    () =>
      stream(
        "\x80\x04N\x940",
        times(60, (n) => `${get(n).repeat(3)}\x87\x940`),
        `}${get(60)}Ns.`,
      ),
  ],
  ["90,000 DUP", "value", () => stream("\x80\x04](]", "2".repeat(90_000), "e.")],
  ["a list of 99,000", "value", () => stream("\x80\x04](", "N".repeat(99_000), "e.")],
  ["a list of 100,001", "LimitError", () => stream("\x80\x04](", "N".repeat(100_001), "e.")],
  ["a list of 100,001, one by one", "LimitError", () => stream("\x80\x04]", "Na".repeat(100_001), ".")],
  ["a stack of 4,000,000", "LimitError", () => stream("\x80\x04", "N".repeat(4_000_000))],
  ["490 levels", "value", () => stream("\x80\x04", "]".repeat(490), "a".repeat(489), ".")],
  ["500 levels", "value", () => stream("\x80\x04", "]".repeat(500), "a".repeat(499), ".")],
  ["501 levels", "LimitError", () => stream("\x80\x04", "]".repeat(501), "a".repeat(500), ".")],
  ["501 levels of tuples", "LimitError", () => stream("\x80\x04N", "\x85".repeat(501), ".")],
  ["501 levels of calls", "LimitError", () => stream("\x80\x04cm\nf\n", ")R".repeat(501), ".")],
  ["1,001 marks", "LimitError", () => stream("\x80\x04", "(".repeat(1001))],
  ["memo entries without end", "LimitError", () => stream("\x80\x04N", "\x94".repeat(1_000_000), ".")],
  ["a memo entry far away", "LimitError", () => stream("\x80\x04Nr\xff\xff\xff\xff.")],
  ["2,000,000 containers that are dropped", "LimitError", () => stream("\x80\x04", "}0]0".repeat(1_000_000), "N.")],
  ["2,000,000 marks that are dropped", "LimitError", () => stream("\x80\x04", "(1".repeat(2_000_000), "N.")],
  ["more bytes than there may be", "LimitError", () => Buffer.alloc(DEFAULT_LIMITS.maxBytes + 1, 0x4e)],
  ["a decimal of 1,000,000 digits", "LimitError", () => stream("L", "9".repeat(1_000_000), "L\n.")],
  ["an INT of 1,000,000 digits", "LimitError", () => stream("I", "9".repeat(1_000_000), "\n.")],
  ["an INT of 1,000,000 zeros and a 9", "LimitError", () => stream("I", "0".repeat(1_000_000), "9\n.")],
  ["a hexadecimal of 1,000,000 digits", "value", () => stream("L0x", "f".repeat(1_000_000), "L\n.")],
  ["a FLOAT of 1,000,000 digits", "DecodeError", () => stream("F", "9".repeat(1_000_000), "\n.")],
  ["2,000,000 values that are dropped", "LimitError", () => stream("N0".repeat(2_000_000), "N.")],
  ["2,000,000 times the protocol", "LimitError", () => stream("\x80\x04".repeat(2_000_000), "N.")],
  ["one memo entry 2,000,000 times", "LimitError", () => stream("\x80\x04N", "q\0".repeat(2_000_000), ".")],
  ["a mebibyte of escapes", "value", () => stream("V", "\\u0041".repeat(170_000), "\n.")],
  ["a mebibyte of octal escapes", "value", () => stream("S'", "\\1".repeat(500_000), "'\n.")],
  ["4 MiB of lone surrogates", "value", () => stream(text("\xed\xa0\x80".repeat(1_390_000)), ".")],
  ["4 MiB of text behind a lone surrogate", "value", () => stream(text(`\xed\xa0\x80${"x".repeat(4_100_000)}`), ".")],
  ["4 MiB of invalid UTF-8", "DecodeError", () => stream(text("\xed".repeat(4_100_000)), ".")],
  [
    "two texts of 1,000,000 that differ at the end, in 20,000 dicts",
    "LimitError",
    () =>
      stream(
        "\x80\x04",
        text(`${LONG_TEXT}a`),
        "\x940",
        text(`${LONG_TEXT}b`),
        "\x940](",
        "}(h\0Nh\x01Nu".repeat(20_000),
        "e.",
      ),
  ],
  ["900 decimals of 4,300 digits", "LimitError", () => stream("(", `L${"9".repeat(4300)}L\n`.repeat(900), "l.")],
  [
    "1,000 names of 1,000 letters",
    "value",
    () =>
      stream(
        "\x80\x04",
        times(1000, (n) => `cm\n${"A.".repeat(9)}${n}${"x".repeat(970)}\n0`),
        "N.",
      ),
  ],
  [
    "1,000 modules of 200 parts",
    "value",
    () =>
      stream(
        "\x80\x04",
        times(1000, (n) => `cm${n}${".x".repeat(200)}\nC\n0`),
        "N.",
      ),
  ],
  [
    "240 keys of 16,500 letters that differ at the end",
    "value",
    () =>
      stream(
        "}(",
        times(240, (n) => `${text(`${"x".repeat(16_500)}${n + 100}`)}N`),
        "u.",
      ),
  ],
  [
    "40 texts of 100,000 that differ at the end, in 2,000 dicts",
    "LimitError",
    () =>
      stream(
        "\x80\x04",
        times(40, (n) => `${text(`${"x".repeat(100_000)}${n + 10}`)}\x940`),
        "](",
        `}(${times(40, (n) => `${get(n)}N`)}u`.repeat(2000),
        "e.",
      ),
  ],
  ["a text of 1,000,000 backslashes", "value", () => stream("V", "\\".repeat(1_000_000), "\n.")],
  ["a string of 1,000,000 backslashes", "value", () => stream("S'", "\\".repeat(1_000_000), "'\n.")],
  [
    "a LONG4 of 1,000,000 bytes",
    "value",
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
    "LimitError",
    () => stream("\x80\x04", long(10n ** 4000n), "\x940}(", "h\x00N".repeat(30_000), "u."),
  ],
  ["one key 99,000 times", "value", () => stream("\x80\x04}(", "\x8c\x01aN".repeat(99_000), "u.")],
  [
    "10,000 keys of one bucket",
    "value",
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
    "LimitError",
    () => stream("\x80\x04", text(LONG_TEXT), "\x940](", "}(h\x00Nh\x00Nu".repeat(20_000), "e."),
  ],
  [
    "a text of 1,000,000 in 90,000 tuples",
    "LimitError",
    () => stream("\x80\x04", text(LONG_TEXT), "\x940\x8f(", "h\x00\x85".repeat(40_000), "\x90."),
  ],
  [
    "bytes of 1,000,000 in 90,000 tuples",
    "value",
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
    "value",
    () => stream("\x80\x04cdatetime\ndate\n\x94", text(LONG_TEXT), "\x85\x94](", "h\0h\x01R".repeat(90_000), "e."),
  ],
];
