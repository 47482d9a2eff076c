/** Bytes that mean something to a format: a fuzzer puts them where chance alone would not. */
import { OPCODES } from "../../src/codecs/pickle/opcodes.ts";

function texts(...words: readonly string[]): Buffer[] {
  return words.map((word) => Buffer.from(word, "latin1"));
}

function short(text: string): string {
  return `\x8c${String.fromCharCode(text.length)}${text}`;
}

function global(module: string, name: string): string {
  return `${short(module)}${short(name)}\x93`;
}

const opcodes = Object.values(OPCODES).map((opcode) => Buffer.of(opcode));

/** Every opcode, arguments, and the calls that the decoder knows. */
export const PICKLE_WORDS: readonly Buffer[] = [
  ...opcodes,
  ...texts(
    "\x80\x02",
    "\x80\x04",
    "K\x01",
    "M\x00\x01",
    "J\xff\xff\xff\xff",
    "I01\n",
    "L0L\n",
    "F1e5\n",
    "G\x7f\xf8\0\0\0\0\0\0",
  ),
  ...texts(
    "\x8a\x01\x80",
    "\x8a\x09\0\0\0\0\0\0\0\0\x01",
    "\x8b\x01\0\0\0\x01",
    "C\x01a",
    "\x8c\x01a",
    "X\x01\0\0\0a",
    "U\x01a",
  ),
  ...texts(
    "S'a'\n",
    "Va\\u0041\n",
    "V\\ud800\n",
    "h\x00",
    "h\x01",
    "q\x00",
    "g0\n",
    "p1\n",
    "j\x01\0\0\0",
    "\x94",
    ")R",
    "\x85R",
  ),
  ...texts(
    "cos\nsystem\n",
    "c__builtin__\nset\n",
    "c__builtin__\ngetattr\n",
    "ccopy_reg\n_reconstructor\n",
    "ios\nsystem\n",
  ),
  ...texts(
    global("builtins", "getattr"),
    global("builtins", "bytearray"),
    global("builtins", "frozenset"),
    global("uuid", "UUID"),
  ),
  ...texts(
    global("datetime", "datetime"),
    global("datetime", "timezone"),
    global("datetime", "timedelta"),
    global("zoneinfo", "ZoneInfo"),
  ),
  ...texts(
    global("decimal", "Decimal"),
    global("markupsafe", "Markup"),
    global("functools", "partial"),
    global("_codecs", "encode"),
  ),
  ...texts(
    "C\x0a\x07\xe8\x02\x1d\x0c\x1e\x2d\0\0\0\x85R",
    "K\x00K\x00K\x00\x87R",
    `}${short("int")}K\x01sb`,
    "]\x94(e",
    "}\x94(u",
    "\x8f\x94(\x90",
  ),
];

/** First bytes, lengths and timestamps. */
export const MSGPACK_WORDS: readonly Buffer[] = [
  ...Array.from({ length: 32 }, (_, index) => Buffer.of(0xc0 + index)),
  ...texts(
    "\x80",
    "\x81",
    "\x8f",
    "\x90",
    "\x91",
    "\x9f",
    "\xa0",
    "\xa1a",
    "\xe0",
    "\x7f",
    "\xc4\x01a",
    "\xd9\x01a",
    "\xdc\0\x01",
    "\xde\0\x01",
  ),
  ...texts(
    "\xd6\xff\0\0\0\x01",
    "\xd7\xff\0\0\0\0\0\0\0\x01",
    "\xc7\x0c\xff\0\0\0\0\0\0\0\0\0\0\0\x01",
    "\xd4\x05\0",
    "\xdb\0\0\0\x01a",
  ),
  ...texts(
    "\xcb\x7f\xf8\0\0\0\0\0\0",
    "\xcb\x80\0\0\0\0\0\0\0",
    "\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
    "\xd3\x80\0\0\0\0\0\0\0",
    "\xc3\x80",
  ),
  ...texts("\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xef\xbf\xbd", "\xc3\xa9"),
];

/** Tokens. */
export const JSON_WORDS: readonly Buffer[] = [
  ...texts(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    '""',
    "[]",
    "{}",
    '"a"',
    '"a":',
    '{"a":1}',
    "[1,2]",
    "null",
    "true",
    "false",
    " ",
    "\n",
  ),
  ...texts(
    "NaN",
    "Infinity",
    "-Infinity",
    "0",
    "-0",
    "-0.0",
    "1.0",
    "1e5",
    "1E+400",
    "1e-400",
    "-",
    ".",
    "9007199254740993",
    "1".repeat(64),
  ),
  ...texts(
    '"__proto__"',
    '"\\u0041"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    "\\",
    "\\n",
    "\\u",
    "\xef\xbb\xbf",
    "\xed\xa0\x80",
    "\xf0\x9f\x98\x80",
    "\0",
  ),
];

/** What stands in cookies. */
export const COOKIE_WORDS: readonly Buffer[] = texts(
  ...'session=|session|; |;|=|"|\\"|\\054|\\303\\251|\\|,| |\t|\xa0|\x85|session="|a=b; |.|\xe9'.split("|"),
);

/** What stands in signed texts. */
export const SIGNED_WORDS: readonly Buffer[] = texts(
  ...".|:|=|==|-|_|+|/|A|AAAA|aVW4AA|________|\xff|\0| |\n".split("|"),
);

/** What is a type to Flask's own cookie. */
export const TAGGED_WORDS: readonly Buffer[] = texts(
  '{" t":[1,{" b":"AA=="}]}',
  '{" b":"AP8="}',
  '{" m":"<b>"}',
  '{" u":"12345678123456781234567812345678"}',
  '{" d":"Thu, 29 Feb 2024 12:30:45 GMT"}',
  '{" di":{" t__":1}}',
  '" di"',
  '" t"',
  '" d"',
  "__",
);

/** What stands in the answers of memcached. */
export const MEMCACHED_WORDS: readonly Buffer[] = texts(
  "\r\n",
  "\r",
  "\n",
  " ",
  "VALUE a 0 1 1\r\nx\r\n",
  "VALUE ",
  "STAT a b\r\n",
  "STAT ",
  "END\r\n",
  "STORED\r\n",
  "ERROR\r\n",
  "CLIENT_ERROR bad\r\n",
  "67108864",
  "4294967296",
  "-1",
);

/** Types and names of a session's document in BSON. */
export const BSON_WORDS: readonly Buffer[] = texts(
  "\x02val\0\x02\0\0\0a\0",
  "\x05val\0\x01\0\0\0\0a",
  "\x05val\0\x05\0\0\0\x02\x01\0\0\0a",
  "\x03val\0\x05\0\0\0\0",
  "\x09expiration\0\xff\xff\xff\xff\xff\xff\xff\x7f",
  "\x0aexpiration\0",
  "\x12expiration\0\0\0\0\0\0\0\0\0",
  "\x01",
  "\0",
);

/** Instants as databases hold them, and what only looks like one. */
export const TIME_WORDS: readonly Buffer[] = texts(
  "2123-10-21 22:13:20.123456",
  "9999-12-31",
  "T00:00",
  "+14:00",
  "Z",
  "now",
  "4110179445.123456",
  "1e300",
  "-1",
  "NaN",
  "Infinity",
  "0x10",
  " ",
  ".",
  ":",
);

/** What stands in the headers of proxies. */
export const HEADER_WORDS: readonly Buffer[] = texts(
  "1.2.3.4",
  ", ",
  " ".repeat(64),
  "\t",
  "::ffff:",
  "'",
  '"',
  "\\",
  "\xe9",
);
