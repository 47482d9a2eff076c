/**
 * What becomes of Python's values: what Flask finds again where a format does not keep them, and what Node sees. The one
 * table that docs/formats is made of; python-values.test.ts runs every row.
 */

/** What Python finds again, and what Node sees of that: in Python's words, then in JavaScript's. */
export type Kept = readonly [python: string, node: string];

/** A value of Python's. */
export interface PythonValue {
  readonly python: string;
  /** What Node sees of it in a pickle: JavaScript, or the text of a PythonObject, such as `<shop.Colour>`. */
  readonly node: string;
  /** In msgpack and JSON; absent: the value itself. A text names what msgspec raises: such a session cannot be saved. */
  readonly msgspec?: Kept | string;
  /** In one of them, where they differ. */
  readonly msgpack?: Kept | string;
  readonly json?: Kept | string;
  /** No value but one of msgpack: it is not in a pickle. */
  readonly isOfMsgpack?: boolean;
  /** The environment that has its class. */
  readonly environment?: "values";
}

const list: Kept = ["[1, 2.5]", "[1, 2.5]"];
const text = (value: string): Kept => [`'${value}'`, `"${value}"`];
const UNSUPPORTED = "TypeError";
const BIG = "OverflowError";

/** In the order of the docs. */
export const pythonValues: readonly PythonValue[] = [
  { python: "None", node: "null" },
  { python: "True", node: "true" },
  { python: "10", node: "10" },
  { python: "2**53", node: "2n ** 53n" },
  { python: "2**64", node: "2n ** 64n", msgpack: BIG },
  { python: "10.0", node: "10" },
  { python: "1.5", node: "1.5" },
  { python: "-0.0", node: "-0" },
  { python: "float('nan')", node: "NaN", json: ["None", "null"] },
  { python: "'é€😀'", node: '"é€😀"' },
  { python: "'\\ud800'", node: '"\\ud800"', msgspec: "UnicodeEncodeError" },
  { python: "b'\\x00\\xff'", node: "Uint8Array.of(0, 255)", json: text("AP8=") },
  {
    python: "bytearray(b'ab')",
    node: "Uint8Array.of(97, 98)",
    msgpack: ["b'ab'", "Uint8Array.of(97, 98)"],
    json: text("YWI="),
  },
  { python: "[1, 2.5]", node: "[1, 2.5]" },
  { python: "(1, 2.5)", node: "[1, 2.5]", msgspec: list },
  { python: "{1}", node: "new Set([1])", msgspec: ["[1]", "[1]"] },
  { python: "frozenset([1])", node: "new Set([1])", msgspec: ["[1]", "[1]"] },
  { python: "{'a': 1, '__proto__': 2}", node: 'Object.fromEntries([["a", 1], ["__proto__", 2]])' },
  { python: "{'10': 1, '2': 2}", node: "{ 2: 2, 10: 1 }" },
  { python: "{}", node: "{}" },
  {
    python: "{1: 'a', 'b': 2}",
    node: 'new Map([[1, "a"], ["b", 2]])',
    json: ["{'1': 'a', 'b': 2}", '{ 1: "a", b: 2 }'],
  },
  {
    python: "{(1, 2): 3}",
    node: "new Map([[[1, 2], 3]])",
    json: UNSUPPORTED,
  },
  { python: "{None: 1}", node: "new Map([[null, 1]])", json: UNSUPPORTED },
  {
    python: "datetime.datetime(2024, 2, 29, 12, 30, 45, 123456)",
    node: "new Date(Date.UTC(2024, 1, 29, 12, 30, 45, 123))",
    msgspec: text("2024-02-29T12:30:45.123456"),
  },
  {
    python: "datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc)",
    node: "new Date(Date.UTC(2024, 1, 29))",
    json: text("2024-02-29T00:00:00Z"),
  },
  {
    python: "datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30)))",
    node: "new Date(Date.UTC(2024, 1, 28, 18, 30))",
    msgpack: [
      "datetime.datetime(2024, 2, 28, 18, 30, tzinfo=datetime.timezone.utc)",
      "new Date(Date.UTC(2024, 1, 28, 18, 30))",
    ],
    json: text("2024-02-29T00:00:00+05:30"),
  },
  {
    python: "datetime.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo('Europe/Paris'))",
    node: "new Date(Date.UTC(2024, 9, 27, 1, 30))",
    msgpack: [
      "datetime.datetime(2024, 10, 27, 1, 30, tzinfo=datetime.timezone.utc)",
      "new Date(Date.UTC(2024, 9, 27, 1, 30))",
    ],
    json: text("2024-10-27T02:30:00+01:00"),
  },
  {
    python: "pytz.timezone('Europe/Paris').localize(datetime.datetime(2024, 7, 1))",
    node: "new Date(Date.UTC(2024, 5, 30, 22))",
    environment: "values",
  },
  { python: "datetime.date(2024, 2, 29)", node: "new PythonDate(2024, 2, 29)", msgspec: text("2024-02-29") },
  { python: "datetime.time(12, 30)", node: "new PythonTime(12, 30)", msgspec: text("12:30:00") },
  {
    python: "datetime.time(12, 30, tzinfo=datetime.timezone.utc)",
    node: "<datetime.time>",
    msgspec: text("12:30:00Z"),
  },
  { python: "datetime.timedelta(1, 2, 3)", node: "new Timedelta(1, 2, 3)", msgspec: text("P1DT2.000003S") },
  { python: "decimal.Decimal('1.10')", node: 'new Decimal("1.10")', msgspec: text("1.10") },
  {
    python: "uuid.UUID('12345678-1234-5678-1234-567812345678')",
    node: 'new Uuid("12345678-1234-5678-1234-567812345678")',
    msgspec: text("12345678-1234-5678-1234-567812345678"),
  },
  { python: "Markup('<b>')", node: 'new Markup("<b>")', msgspec: UNSUPPORTED },
  {
    python: "collections.OrderedDict(b=1.0, a=2)",
    node: "<collections.OrderedDict>",
    msgspec: ["{'b': 1.0, 'a': 2}", "{ b: 1, a: 2 }"],
  },
  {
    python: "collections.defaultdict(list, a=[1])",
    node: "<collections.defaultdict>",
    msgspec: ["{'a': [1]}", "{ a: [1] }"],
  },
  {
    python: "collections.Counter('aab')",
    node: "<collections.Counter>",
    msgspec: ["{'a': 2, 'b': 1}", "{ a: 2, b: 1 }"],
  },
  {
    python: "MultiDict([('a', 1), ('a', 2)])",
    node: "<werkzeug.datastructures.structures.MultiDict>",
    msgspec: ["{'a': [1, 2]}", "{ a: [1, 2] }"],
  },
  { python: "collections.deque([1], maxlen=5)", node: "<collections.deque>", msgspec: UNSUPPORTED },
  { python: "shop.Point(1, 2.5)", node: "<shop.Point>", msgspec: list },
  { python: "shop.Colour.RED", node: "<shop.Colour>", msgspec: ["1", "1"] },
  {
    python: "shop.Line('tea', 4.0)",
    node: "<shop.Line>",
    msgspec: ["{'name': 'tea', 'price': 4.0}", '{ name: "tea", price: 4 }'],
  },
  { python: "shop.Basket('alice', [])", node: "<shop.Basket>", msgspec: UNSUPPORTED },
  { python: "1 + 2j", node: "<builtins.complex>", msgspec: UNSUPPORTED },
  { python: "range(3)", node: "<builtins.range>", msgspec: UNSUPPORTED },
  { python: "ValueError('x')", node: "<builtins.ValueError>", msgspec: UNSUPPORTED },
  { python: "shop.Line", node: "<shop.Line>", msgspec: UNSUPPORTED },
  {
    python: "(lambda a: [a, a])([1])",
    node: "((a) => [a, a])([1])",
    msgspec: ["[[1], [1]]", "[[1], [1]]"],
  },
  {
    python: "(lambda a: (a.append(a), a)[1])([1])",
    node: "((a) => { a.push(a); return a; })([1])",
    msgspec: "RecursionError",
  },
  { python: "msgspec.msgpack.Ext(5, b'x')", node: "<msgspec.msgpack.Ext>", json: UNSUPPORTED, isOfMsgpack: true },
];

/** What a format keeps of a value; a text names what Python raises, `undefined` says that it keeps the value itself. */
export function keptBy(value: PythonValue, format: "msgpack" | "json"): Kept | string | undefined {
  return value[format] ?? value.msgspec;
}
