/** MessagePack and JSON that are large, deep, odd or made to mislead. */
import { DEFAULT_LIMITS } from "../../../src/bytes/limits.ts";
import { collidingKeys, type Hostile, LONG_TEXT, stream, times } from "./parts.ts";

const FULL = DEFAULT_LIMITS.maxBytes;
/** An array of so many items in MessagePack, without them. */
const array = (items: number): Buffer => header(0xdd, items);
const map = (items: number): Buffer => header(0xdf, items);

function header(opcode: number, length: number): Buffer {
  const bytes = Buffer.alloc(5, opcode);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

/** MessagePack. */
export const hostileMsgpack: readonly Hostile[] = [
  ["nothing", "TruncatedError", () => stream("")],
  ["an opcode that is none", "DecodeError", () => stream("\xc1")],
  ["an array of 2^32 - 1 that has none", "TruncatedError", () => array(2 ** 32 - 1)],
  ["a map of 2^32 - 1 that has none", "TruncatedError", () => map(2 ** 32 - 1)],
  ["an array of 100,000 that has none", "TruncatedError", () => array(100_000)],
  ["text of 2^32 - 1", "TruncatedError", () => stream(header(0xdb, 2 ** 32 - 1), "abc")],
  ["bytes of 2^32 - 1", "TruncatedError", () => stream(header(0xc6, 2 ** 32 - 1), "abc")],
  ["an extension of 2^32 - 1", "TruncatedError", () => stream(header(0xc9, 2 ** 32 - 1), "abc")],
  ["100,000 items", "value", () => stream(array(100_000), "\xc0".repeat(100_000))],
  ["100,001 items", "LimitError", () => stream(array(100_001), "\xc0".repeat(100_001))],
  ["50,000 arrays in an array", "value", () => stream(array(50_000), "\x90".repeat(50_000))],
  ["arrays of 2^32 - 1 in arrays of 2^32 - 1", "TruncatedError", () => stream("\xdd\xff\xff\xff\xff".repeat(400))],
  ["100,000 levels of arrays", "LimitError", () => stream("\x91".repeat(100_000), "\xc0")],
  ["100,000 levels of maps", "LimitError", () => stream("\x81\xc0".repeat(100_000), "\xc0")],
  ["100,000 levels of keys", "LimitError", () => stream("\x81", "\x91".repeat(100_000), "\xc0\xc0")],
  ["500 levels", "value", () => stream("\x91".repeat(500), "\xc0")],
  ["4 MiB of text", "value", () => stream(header(0xdb, FULL - 5), "x".repeat(FULL - 5))],
  ["4 MiB of bytes", "value", () => stream(header(0xc6, FULL - 5), "x".repeat(FULL - 5))],
  ["more than 4 MiB", "LimitError", () => Buffer.alloc(FULL + 1, 0xc0)],
  ["one key 49,000 times", "value", () => stream(map(49_000), "\xa1a\xc0".repeat(49_000))],
  ["10,000 keys of one bucket", "value", () => stream(map(10_000), ...collidingKeys(10_000).map(intKey))],
  ["30,000 floats as keys", "value", () => stream(map(30_000), ...floatKeys(30_000))],
  ["an array as a key, 24,000 times", "value", () => stream(map(24_000), "\x91\x01\xc0".repeat(24_000))],
  ["a map as a key", "DecodeError", () => stream("\x81\x80\xc0")],
  ["__proto__ as a key", "value", () => stream("\x81\xa9__proto__\x81\xa1x\x01")],
  ["constructor and prototype as keys", "value", () => stream("\x82\xabconstructor\x01\xa9prototype\x02")],
  ["text in invalid UTF-8", "DecodeError", () => stream("\xa2\xffa")],
  ["a lone surrogate", "DecodeError", () => stream("\xa3\xed\xa0\x80")],
  [
    "4 MiB of invalid UTF-8 at the end",
    "DecodeError",
    () => stream(header(0xdb, FULL - 5), "x".repeat(FULL - 6), "\xff"),
  ],
  ["more behind the value", "DecodeError", () => stream("\x80\x80")],
  ["a timestamp of the year 584 billion", "DecodeError", () => stream("\xc7\x0c\xff\0\0\0\0\x7f", "\xff".repeat(7))],
  ["a timestamp of 3 bytes", "DecodeError", () => stream("\xc7\x03\xff\0\0\0")],
  ["a timestamp of 2^30 nanoseconds", "DecodeError", () => stream("\xd7\xff\xff\xff\xff\xfc\0\0\0\0")],
  ["a pickle", "DecodeError", () => stream("\x80\x04}.")],
];

function intKey(key: number): Buffer {
  return stream(header(0xce, key), "\xc0");
}

function floatKeys(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = Buffer.alloc(10, 0xc0);
    bytes.writeUInt8(0xcb);
    bytes.writeDoubleBE(index + 0.5, 1);
    return bytes;
  });
}

/** JSON. */
export const hostileJson: readonly Hostile[] = [
  ["nothing", "TruncatedError", () => stream("")],
  ["100,000 levels of lists", "LimitError", () => stream("[".repeat(100_000), "]".repeat(100_000))],
  ["100,000 levels of dicts", "LimitError", () => stream('{"a":'.repeat(100_000), "1", "}".repeat(100_000))],
  ["100,000 open lists", "LimitError", () => stream("[".repeat(100_000))],
  ["500 levels", "value", () => stream("[".repeat(500), "]".repeat(500))],
  ["99,000 items", "value", () => stream("[", "1,".repeat(98_999), "1]")],
  ["1,000,000 items", "LimitError", () => stream("[", "1,".repeat(1_000_000), "1]")],
  ["4 MiB of text", "value", () => stream('"', "x".repeat(FULL - 2), '"')],
  ["4 MiB of text without its end", "TruncatedError", () => stream('"', "x".repeat(FULL - 2))],
  ["2,000,000 backslashes", "value", () => stream('"', "\\".repeat(2_000_000), '"')],
  ["600,000 escapes", "value", () => stream('"', "\\u0041".repeat(600_000), '"')],
  ["4 MiB of space", "TruncatedError", () => stream(" ".repeat(FULL))],
  ["space around a value", "value", () => stream(" ".repeat(2_000_000), "1", " ".repeat(2_000_000))],
  ["more than 4 MiB", "LimitError", () => Buffer.alloc(FULL + 1, 0x20)],
  ["4,000,000 digits", "LimitError", () => stream("9".repeat(4_000_000))],
  ["4,000,000 digits behind the point", "value", () => stream("0.", "9".repeat(4_000_000))],
  ["4,300 digits, 900 times", "LimitError", () => stream("[", `${"9".repeat(4300)},`.repeat(900), "1]")],
  ["one key 49,000 times", "value", () => stream("{", '"a":1,'.repeat(49_000), '"a":1}')],
  [
    "a text of 1,000,000 as a key, 4 times",
    "value",
    () => stream("{", `"${LONG_TEXT}":1,`.repeat(3), `"${LONG_TEXT}":1}`),
  ],
  [
    "40,000 keys that look like indexes",
    "value",
    () =>
      stream(
        "{",
        times(40_000, (n) => `"${n * 32_768}":1,`),
        '"a":1}',
      ),
  ],
  ["__proto__ as a key", "value", () => stream('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}')],
  [
    "240 keys of 16,500 letters that differ at the end",
    "value",
    () =>
      stream(
        "{",
        times(240, (n) => `"${"x".repeat(16_500)}${n + 100}":1,`),
        '"a":1}',
      ),
  ],
  ["__proto__ in escapes", "value", () => stream('{"\\u005f_proto__":{"x":1}}')],
  ["NaN", "DecodeError", () => stream("NaN")],
  ["a float beyond a double", "DecodeError", () => stream("1e999999999")],
  ["a lone surrogate in escapes", "DecodeError", () => stream('"\\ud800"')],
  ["a lone surrogate in UTF-8", "DecodeError", () => stream('"\xed\xa0\x80"')],
  ["invalid UTF-8", "DecodeError", () => stream('"\xff"')],
  [
    "1,300,000 times U+FFFD before what is no UTF-8",
    "DecodeError",
    () => stream("\xef\xbf\xbd".repeat(1_300_000), "\xff"),
  ],
  ["a byte order mark", "DecodeError", () => stream("\xef\xbb\xbf{}")],
  ["a NUL", "DecodeError", () => stream("\0{}")],
  ["more behind the value", "DecodeError", () => stream("{}{}")],
  ["a comma too many", "DecodeError", () => stream("[1,]")],
  ["a pickle", "DecodeError", () => stream("\x80\x04}.")],
];
