/**
 * What becomes of JavaScript's values: the one table that the tests of every target, the random sessions and
 * docs/values.md are made of. A value is said in a handler's words, and in Python's what Flask finds.
 */

/** Why a value is refused; with a place in it, where: `["…", "[1]"]`. */
export type Refused = string | readonly [reason: string, at: string];

/** One kind of value. */
export interface Kind {
  /** The value in JavaScript. */
  readonly js: string;
  /** What Python finds; absent where every format refuses it. `null`: the property is not there. */
  readonly python?: string | null;
  /** By every format that has no reason of its own. */
  readonly refused?: Refused;
  readonly msgpack?: Refused;
  readonly json?: Refused;
  /** In a pickle that Flask-Session 0.8 saves as msgpack, or as JSON, next: what msgspec raises on. */
  readonly thenMsgpack?: Refused;
  readonly thenJson?: Refused;
  /** The refusal is of the whole record, and names the session's key. */
  readonly isOfRecord?: boolean;
  /** What Node reads again, where that is something else than was put in. */
  readonly back?: string;
  /** What is to be known of it, in a few words. */
  readonly note?: string;
}

/** Kinds under a heading of the docs. */
export interface Group {
  readonly name: string;
  readonly kinds: readonly Kind[];
}

const SURROGATE = "a lone surrogate is no UTF-8";
const BEYOND_64 = "an int beyond 64 bits does not fit msgpack";
const BEYOND_4300 = "an int of more than 4300 digits is beyond Python";
const NO_NAN = "JSON turns NaN and the infinities into null";
const NO_DATE = "JSON turns a datetime into text: use .toISOString()";
const NO_BYTES = "JSON turns bytes into text: use base64";
const STRING_KEYS: Refused = ["the keys of JSON are strings", "<key 0>"];
const NO_NONE_KEY = "JSON has no key for None, True and False";
const IN_ITSELF: Refused = ["it holds itself, which the format of the record cannot say", "[1]"];
const EQUAL = "two of its keys are equal to Python, as 1, 1.0 and True are";
const THREW = "reading it threw";
const NAMELESS = "an instance of a class without a name has no Python value";
const MARKUP = "msgspec cannot encode Markup: use its toString()";

const list = (format: string, kind: string): string => `${format} turns a ${kind} into a list: use an array`;
const text = (format: string, kind: string): string => `${format} turns a ${kind} into text: use its toString()`;
const both = (of: (format: string) => string): Pick<Kind, "msgpack" | "json"> => ({
  msgpack: of("msgpack"),
  json: of("JSON"),
});
const instance = (js: string, name: string): Kind => ({
  js,
  refused: `an instance of class ${name} has no Python value`,
});

const NOTHING: Group = {
  name: "null, booleans, undefined",
  kinds: [
    { js: "null", python: "None" },
    { js: "true", python: "True" },
    { js: "new Boolean(true)", refused: "an instance of class Boolean has no Python value" },
    { js: "undefined", python: null, note: "deletes the property; refused in an array, a Map and a Set" },
  ],
};

const NUMBERS: Group = {
  name: "Numbers",
  kinds: [
    { js: "10", python: "10", note: "a whole number is an int; under a key where a float stood, a float" },
    { js: "1.5", python: "1.5" },
    { js: "-0", python: "-0.0", note: "no int is −0" },
    { js: "2 ** 53 - 1", python: "9007199254740991" },
    { js: "2 ** 53", python: "9007199254740992.0", note: "JavaScript does not have it exactly; a bigint has" },
    { js: "1e300", python: "1e300" },
    { js: "5e-324", python: "5e-324" },
    { js: "NaN", python: "float('nan')", json: NO_NAN },
    { js: "Infinity", python: "float('inf')", json: NO_NAN },
    { js: "10n", python: "10", back: "10" },
    { js: "2n ** 53n", python: "2**53" },
    { js: "-(2n ** 63n)", python: "-2**63" },
    { js: "2n ** 64n - 1n", python: "2**64 - 1" },
    { js: "2n ** 64n", python: "2**64", msgpack: BEYOND_64, thenMsgpack: BEYOND_64 },
    { js: "-(2n ** 63n) - 1n", python: "-2**63 - 1", msgpack: BEYOND_64, thenMsgpack: BEYOND_64 },
    {
      js: "10n ** 4300n",
      python: "10**4300",
      msgpack: BEYOND_64,
      json: BEYOND_4300,
      thenMsgpack: BEYOND_64,
      thenJson: BEYOND_4300,
    },
    {
      js: "2n ** 100_000n",
      python: "2**100_000",
      msgpack: BEYOND_64,
      json: BEYOND_4300,
      thenMsgpack: BEYOND_64,
      thenJson: BEYOND_4300,
    },
    { js: "py.int(10)", python: "10", back: "10" },
    { js: "py.float(10)", python: "10.0", back: "10" },
    { js: "new Number(1)", refused: "an instance of class Number has no Python value" },
    { js: "Object(1n)", refused: "an instance of class BigInt has no Python value" },
  ],
};

const TEXT: Group = {
  name: "Text",
  kinds: [
    { js: '"é€😀"', python: "'é€😀'" },
    { js: '""', python: "''" },
    { js: '"a\\0b"', python: "'a\\0b'" },
    {
      js: '"\\ud800"',
      python: "'\\ud800'",
      msgpack: SURROGATE,
      json: SURROGATE,
      thenMsgpack: SURROGATE,
      thenJson: SURROGATE,
    },
    { js: '"x".repeat(5_000_000)', refused: "more than 4194304 bytes", isOfRecord: true },
    {
      js: 'new Markup("<b>")',
      python: "Markup('<b>')",
      msgpack: MARKUP,
      json: MARKUP,
      thenMsgpack: MARKUP,
      thenJson: MARKUP,
    },
    { js: 'new String("a")', refused: "an instance of class String has no Python value" },
    { js: 'Symbol("a")', refused: "a symbol has no Python value" },
    { js: "/a/", refused: "an instance of class RegExp has no Python value" },
    { js: 'new URL("http://localhost/")', refused: "an instance of class URL has no Python value" },
  ],
};

const OBJECTS: Group = {
  name: "Objects",
  kinds: [
    { js: "{}", python: "{}" },
    { js: "{ a: 1, b: { c: [] } }", python: "{'a': 1, 'b': {'c': []}}" },
    { js: "{ a: undefined, b: 1 }", python: "{'b': 1}", back: "{ b: 1 }" },
    { js: '{ 10: "a", b: 1, 2: "c" }', python: "{'2': 'c', '10': 'a', 'b': 1}", note: "in JavaScript's order" },
    { js: "Object.assign(Object.create(null), { a: 1 })", python: "{'a': 1}", back: "{ a: 1 }" },
    { js: "JSON.parse('{\"__proto__\": 1}')", python: "{'__proto__': 1}" },
    { js: "{ a: 1, [Symbol()]: 2 }", python: "{'a': 1}", back: "{ a: 1 }", note: "symbols are no keys, as in JSON" },
    {
      js: 'Object.defineProperty({ a: 1 }, "hidden", { value: 2 })',
      python: "{'a': 1}",
      back: "{ a: 1 }",
      note: "nor is what is not enumerable",
    },
    { js: "{ get a() { return 1; } }", python: "{'a': 1}", back: "{ a: 1 }", note: "read once" },
    { js: "{ set a(value) {} }", python: "{}", back: "{}" },
    { js: "{ get a() { throw new Error(); } }", refused: THREW, note: "the error is the `cause`" },
    { js: "Object.freeze({ a: 1 })", python: "{'a': 1}" },
    { js: "new Proxy({ a: 1 }, {})", python: "{'a': 1}", back: "{ a: 1 }" },
    { js: "((revocable) => (revocable.revoke(), revocable.proxy))(Proxy.revocable({}, {}))", refused: THREW },
    {
      js: '{ "\\ud800": 1 }',
      python: "{'\\ud800': 1}",
      msgpack: [SURROGATE, '["\\ud800"]'],
      json: [SURROGATE, '["\\ud800"]'],
      thenMsgpack: [SURROGATE, '["\\ud800"]'],
      thenJson: [SURROGATE, '["\\ud800"]'],
    },
    { js: "{ a: 1, toJSON() {} }", refused: ["a function has no Python value", ".toJSON"] },
    { js: "(function () { return arguments; })(1)", python: "{'0': 1}", back: "{ 0: 1 }" },
    { js: "{ __proto__: { a: 1 } }", refused: NAMELESS },
    { js: "py.dict({ a: 1 })", python: "{'a': 1}", back: "{ a: 1 }", note: "also where a Python object stood" },
    { js: "session", refused: "a session cannot hold itself" },
    {
      js: "((a) => { a.push(a); return a; })([1])",
      python: "(lambda a: (a.append(a), a)[1])([1])",
      msgpack: IN_ITSELF,
      json: IN_ITSELF,
      thenMsgpack: IN_ITSELF,
      thenJson: IN_ITSELF,
    },
    {
      js: "((a) => [a, a])([1])",
      python: "(lambda a: [a, a])([1])",
      note: "one list twice; in msgpack and JSON two lists",
    },
    { js: "deep(397)", python: "deep(397)", note: "lists within lists; in all 400 levels" },
    { js: "deep(100_000)", refused: ["it lies deeper than 400 levels", "[0]"] },
  ],
};

const ARRAYS: Group = {
  name: "Arrays",
  kinds: [
    { js: "[]", python: "[]" },
    { js: '[1, [2.5, "a"]]', python: "[1, [2.5, 'a']]", note: "beside tuples alone it is a tuple" },
    { js: "[1, , 3]", refused: ["undefined has no Python value", "[1]"] },
    { js: "[undefined]", refused: ["undefined has no Python value", "[0]"] },
    { js: "Object.assign([1], { a: 2 })", python: "[1]", back: "[1]" },
    { js: "new Proxy([1], {})", python: "[1]", back: "[1]" },
    { js: "new (class Row extends Array {})()", refused: "an instance of class Row has no Python value" },
    { js: "Array.from({ length: 100_001 }, () => 1)", refused: "more than 100000 items", isOfRecord: true },
    { js: "py.list(new Set([1, 2]))", python: "[1, 2]", back: "[1, 2]" },
    { js: "py.tuple([1, [2]])", python: "(1, [2])", back: "[1, [2]]", ...both((format) => list(format, "tuple")) },
    { js: "[][Symbol.iterator]()", refused: "has no Python value" },
  ],
};

const MAPS: Group = {
  name: "Maps and Sets",
  kinds: [
    { js: "new Map()", python: "{}", back: "{}" },
    { js: 'new Map([["a", [1]]])', python: "{'a': [1]}", back: "{ a: [1] }" },
    {
      js: 'new Map([[1, "a"], ["b", 2.5]])',
      python: "{1: 'a', 'b': 2.5}",
      json: STRING_KEYS,
    },
    {
      js: "new Map([[null, 1], [true, 2]])",
      python: "{None: 1, True: 2}",
      json: STRING_KEYS,
      thenJson: [NO_NONE_KEY, "<key 0>"],
    },
    { js: "new Map([[NaN, 1]])", python: "{float('nan'): 1}", json: STRING_KEYS },
    { js: "new Map([[10n, 1]])", python: "{10: 1}", back: "new Map([[10, 1]])", json: STRING_KEYS },
    {
      js: "new Map([[2n ** 64n, 1]])",
      python: "{2**64: 1}",
      msgpack: [BEYOND_64, "<key 0>"],
      json: STRING_KEYS,
      thenMsgpack: [BEYOND_64, "<key 0>"],
    },
    { js: "new Map([[new Date(0), 1]])", python: "{moment(0): 1}", json: STRING_KEYS },
    { js: "new Map([[Uint8Array.of(1), 1]])", python: "{b'\\x01': 1}", json: STRING_KEYS },
    {
      js: "new Map([[py.tuple([1, 2.5]), 1]])",
      python: "{(1, 2.5): 1}",
      back: "new Map([[[1, 2.5], 1]])",
      json: STRING_KEYS,
      thenJson: ["a tuple cannot be a key in JSON", "<key 0>"],
    },
    {
      js: 'new Map([[py.tuple([new Markup("<b>")]), 1]])',
      python: "{(Markup('<b>'),): 1}",
      back: 'new Map([[[new Markup("<b>")], 1]])',
      msgpack: [MARKUP, "<key 0>[0]"],
      json: STRING_KEYS,
      thenMsgpack: [MARKUP, "<key 0>[0]"],
      thenJson: ["a tuple cannot be a key in JSON", "<key 0>"],
    },
    {
      js: 'new Map([[new Markup("<b>"), 1]])',
      python: "{Markup('<b>'): 1}",
      msgpack: [MARKUP, "<key 0>"],
      json: STRING_KEYS,
    },
    {
      js: 'new Map([[new Decimal("1.5"), 1]])',
      python: "{decimal.Decimal('1.5'): 1}",
      msgpack: [text("msgpack", "Decimal"), "<key 0>"],
      json: STRING_KEYS,
    },
    { js: "new Map([[{}, 1]])", refused: ["Python cannot hash a dict", "<key 0>"], json: STRING_KEYS },
    {
      js: "new Map([[[1], 1]])",
      refused: ["Python cannot hash a list", "<key 0>"],
      json: STRING_KEYS,
      thenJson: ["a list cannot be a key in JSON", "<key 0>"],
    },
    { js: "new Map([[undefined, 1]])", refused: ["undefined has no Python value", "<key 0>"] },
    { js: 'new Map([["a", undefined]])', refused: ["undefined has no Python value", '.get("a")'] },
    { js: "new Map([[1, 1], [true, 2]])", refused: EQUAL, json: STRING_KEYS, thenJson: [NO_NONE_KEY, "<key 1>"] },
    { js: "new Map([[1, 1], [1n, 2]])", refused: EQUAL, json: STRING_KEYS },
    { js: "new Map(Array.from({ length: 4097 }, (_, i) => [i, 1]))", refused: "it has more than 4096 number keys" },
    { js: "new (class Index extends Map {})()", refused: "an instance of class Index has no Python value" },
    { js: "new Proxy(new Map(), {})", refused: "an instance of class Map has no Python value" },
    { js: "py.dict(new Map([[1, 2]]))", python: "{1: 2}", back: "new Map([[1, 2]])", json: STRING_KEYS },
    { js: "new WeakMap()", refused: "an instance of class WeakMap has no Python value" },
    { js: 'new Set([1, "a"])', python: "{1, 'a'}", ...both((format) => list(format, "set")) },
    {
      js: "new Set([null, new Date(0)])",
      python: "{None, moment(0)}",
      ...both((format) => list(format, "set")),
    },
    {
      js: 'new Set([new Markup("<b>")])',
      python: "{Markup('<b>')}",
      ...both((format) => list(format, "set")),
      thenMsgpack: [MARKUP, "<member 0>"],
      thenJson: [MARKUP, "<member 0>"],
    },
    {
      js: "new Set([{}])",
      refused: ["Python cannot hash a dict", "<member 0>"],
      ...both((format) => list(format, "set")),
    },
    { js: "new Set([1, true])", refused: EQUAL, ...both((format) => list(format, "set")) },
    { js: "py.set([1])", python: "{1}", back: "new Set([1])", ...both((format) => list(format, "set")) },
    {
      js: "py.frozenset([1])",
      python: "frozenset([1])",
      back: "new Set([1])",
      ...both((format) => list(format, "frozenset")),
    },
    { js: "new WeakSet()", refused: "an instance of class WeakSet has no Python value" },
  ],
};

const PARIS = '{ year: 2024, month: 10, day: 27, hour: 2, fold: 1, tzinfo: "Europe/Paris" }';

const DATES: Group = {
  name: "Dates and times",
  kinds: [
    {
      js: "new Date(Date.UTC(2024, 1, 29, 12, 30, 45, 123))",
      python: "datetime.datetime(2024, 2, 29, 12, 30, 45, 123000, tzinfo=datetime.timezone.utc)",
      json: NO_DATE,
      note: "beside datetimes of one zone it has their zone",
    },
    {
      js: "new Date(-62135596800000)",
      python: "datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc)",
      json: NO_DATE,
    },
    {
      js: "new Date(253402300799999)",
      python: "datetime.datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=datetime.timezone.utc)",
      json: NO_DATE,
    },
    { js: "new Date(-62135596800001)", refused: "its year is not one of 1 to 9999" },
    { js: "new Date(8.64e15)", refused: "its year is not one of 1 to 9999" },
    { js: "new Date(NaN)", refused: "it is an Invalid Date" },
    { js: "new (class Day extends Date {})()", refused: "an instance of class Day has no Python value" },
    { js: "new Proxy(new Date(), {})", refused: "an instance of class Date has no Python value" },
    {
      js: "py.datetime({ year: 2024, month: 2, day: 29 })",
      python: "datetime.datetime(2024, 2, 29)",
      back: "new Date(Date.UTC(2024, 1, 29))",
      msgpack: "msgpack turns a naive datetime into text: use a Date",
      json: NO_DATE,
    },
    {
      js: 'py.datetime({ year: 2024, month: 2, day: 29, microsecond: 1, tzinfo: "UTC" })',
      python: "datetime.datetime(2024, 2, 29, 0, 0, 0, 1, tzinfo=datetime.timezone.utc)",
      back: "new Date(Date.UTC(2024, 1, 29))",
      json: NO_DATE,
      note: "a Date has no microseconds; they are kept while its time is not changed",
    },
    {
      js: `py.datetime(${PARIS})`,
      python: "datetime.datetime(2024, 10, 27, 2, tzinfo=zoneinfo.ZoneInfo('Europe/Paris'), fold=1)",
      back: "new Date(Date.UTC(2024, 9, 27, 1))",
      msgpack: "msgpack keeps no zone but UTC: use a Date",
      json: NO_DATE,
    },
    {
      js: "py.datetime({ year: 2024, month: 1, day: 1, tzinfo: { offsetSeconds: -18_000 } })",
      python: "datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))",
      back: "new Date(Date.UTC(2024, 0, 1, 5))",
      msgpack: "msgpack keeps no zone but UTC: use a Date",
      json: NO_DATE,
    },
    {
      js: "py.datetime({ year: 1, month: 1, day: 1, tzinfo: { offsetSeconds: 3600 } })",
      python: "datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))",
      back: "new Date(-62135596800000 - 3_600_000)",
      msgpack: "msgpack keeps no zone but UTC: use a Date",
      json: NO_DATE,
      thenMsgpack: "in UTC its year is not 1 to 9999",
    },
    {
      js: "new PythonDate(2024, 2, 29)",
      python: "datetime.date(2024, 2, 29)",
      ...both((format) => text(format, "date")),
    },
    {
      js: "new PythonTime(12, 30, 45, 123456)",
      python: "datetime.time(12, 30, 45, 123456)",
      ...both((format) => text(format, "time")),
    },
    {
      js: "new Timedelta(1, 2, 3)",
      python: "datetime.timedelta(1, 2, 3)",
      ...both((format) => text(format, "timedelta")),
    },
    {
      js: "new (class Instant { epochNanoseconds = 0n; toJSON() { return '1970-01-01T00:00:00Z'; } })()",
      refused: "an instance of class Instant has no Python value",
      note: "as Temporal's are; a Date is what Python has",
    },
  ],
};

const BYTES: Group = {
  name: "Bytes",
  kinds: [
    { js: "Uint8Array.of(1, 255)", python: "b'\\x01\\xff'", json: NO_BYTES },
    { js: "new Uint8Array()", python: "b''", json: NO_BYTES },
    { js: 'Buffer.from("é")', python: "b'\\xc3\\xa9'", back: "Uint8Array.of(0xc3, 0xa9)", json: NO_BYTES },
    { js: "py.bytes(Uint8Array.of(1))", python: "b'\\x01'", back: "Uint8Array.of(1)", json: NO_BYTES },
    {
      js: "py.bytearray(Uint8Array.of(1))",
      python: "bytearray(b'\\x01')",
      back: "Uint8Array.of(1)",
      msgpack: "msgpack turns a bytearray into bytes: use a Uint8Array",
      json: "JSON turns bytearray into text: use base64",
    },
    ...[
      "ArrayBuffer",
      "SharedArrayBuffer",
      "Uint8ClampedArray",
      "Int8Array",
      "Uint16Array",
      "Int16Array",
      "Uint32Array",
      "Int32Array",
      "Float32Array",
      "Float64Array",
      "BigInt64Array",
      "BigUint64Array",
    ].map((name) => instance(`new ${name}(8)`, name)),
    instance("new DataView(new ArrayBuffer(8))", "DataView"),
    { js: "new Proxy(Uint8Array.of(1), {})", refused: "an instance of class Uint8Array has no Python value" },
  ],
};

const OTHERS: Group = {
  name: "Numbers and names of Python, and everything else",
  kinds: [
    {
      js: 'new Decimal("1.10")',
      python: "decimal.Decimal('1.10')",
      ...both((format) => text(format, "Decimal")),
    },
    {
      js: 'new Uuid("12345678-1234-5678-1234-567812345678")',
      python: "uuid.UUID('12345678-1234-5678-1234-567812345678')",
      ...both((format) => text(format, "UUID")),
    },
    { js: "Object.create(Decimal.prototype)", refused: "an instance of class Decimal has no Python value" },
    { js: "() => 1", refused: "a function has no Python value" },
    { js: "class Point {}", refused: "a function has no Python value" },
    { js: "(function* () {})()", refused: "has no Python value" },
    instance("new (class Point { x = 1; })()", "Point"),
    { js: "Object.create({ a: 1 })", refused: NAMELESS },
    instance('new Error("a")', "Error"),
    instance("Promise.resolve(1)", "Promise"),
    instance("new WeakRef({})", "WeakRef"),
    instance('new Intl.NumberFormat("en")', "NumberFormat"),
    instance("new AbortController()", "AbortController"),
    instance("new Headers()", "Headers"),
    { js: "Object(Symbol())", refused: "an instance of class Symbol has no Python value" },
  ],
};

/** In the order of the docs. */
export const groups: readonly Group[] = [NOTHING, NUMBERS, TEXT, OBJECTS, ARRAYS, MAPS, DATES, BYTES, OTHERS];

/** Every kind. */
export const kinds: readonly Kind[] = groups.flatMap((group) => group.kinds);
