import { expect } from "chai";
import { LimitError } from "../../src/errors.ts";
import {
  type Exact,
  PyBytes,
  PyDecimal,
  PyDict,
  PyExt,
  PyFloat,
  PyList,
  PyTimedelta,
  PyUuid,
} from "../../src/values/exact.ts";
import { PythonObject } from "../../src/values/python-object.ts";
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "../../src/values/value-types.ts";
import { view } from "../../src/values/view.ts";
import { open } from "./through-node.ts";

/** A value of Python, and what Node sees. */
const sights: readonly (readonly [python: string, sight: unknown])[] = [
  ["1", 1],
  ["10.0", 10],
  ["1.5", 1.5],
  ["2**53 - 1", 9_007_199_254_740_991],
  ["2**53", 9_007_199_254_740_992n],
  ["-2**70", -1_180_591_620_717_411_303_424n],
  ["-0.0", -0],
  ["float('nan')", Number.NaN],
  ["float('-inf')", Number.NEGATIVE_INFINITY],
  ["None", null],
  ["True", true],
  ["'\\ud800é'", "\ud800é"],
  ["b'\\x00\\xff'", Uint8Array.of(0, 255)],
  ["bytearray(b'ab')", Uint8Array.of(97, 98)],
  ["[1, (2, 'x')]", [1, [2, "x"]]],
  ["{'b': 1, 'a': {}}", { b: 1, a: {} }],
  [
    "{1: 'a', 'b': 2, 1.5: 3, True and None: 4, (1, 2): 5}",
    new Map<unknown, unknown>([
      [1, "a"],
      ["b", 2],
      [1.5, 3],
      [null, 4],
      [[1, 2], 5],
    ]),
  ],
  ["{1, 'a'}", new Set<unknown>([1, "a"])],
  ["frozenset([(1, 2)])", new Set([[1, 2]])],
  ["moment(2024, 2, 29, 12, 30, 45, 123456)", new Date("2024-02-29T12:30:45.123Z")],
  ["Decimal('1.10')", new Decimal("1.10")],
  ["Decimal('-NaN')", new Decimal("-NaN")],
  ["UUID('00000000-0000-0000-0000-00000000000f')", new Uuid("00000000-0000-0000-0000-00000000000F")],
  ["Markup('<b>')", new Markup("<b>")],
  ["timedelta(-1, 2, 3)", new Timedelta(-1, 2, 3)],
  ["date(1, 2, 3)", new PythonDate(1, 2, 3)],
  ["time(1, 2, 3, 4, fold=1)", new PythonTime(1, 2, 3, 4, 1)],
];

/** A session with lists within lists. */
function nested(levels: number): PyDict {
  let value: Exact = new PyFloat(1);
  for (let level = 0; level < levels; level++) value = new PyList("list", [value]);
  return new PyDict(["x"], [value]);
}

/** A session with a dict whose key is tuples within tuples. */
function keyed(levels: number): PyDict {
  let key: Exact = 1;
  for (let level = 0; level < levels; level++) key = new PyList("tuple", [key]);
  return new PyDict(["x"], [new PyDict([key], [1])]);
}

describe("view", () => {
  for (const [python, sight] of sights) {
    it(`shows ${python}`, async () => {
      const { live } = await open(`{'x': ${python}}`);
      expect((live as { x: unknown }).x).to.deep.equal(sight);
      expect(Object.is((live as { x: unknown }).x, -0)).to.equal(Object.is(sight, -0));
    });
  }

  it("keeps sharing and cycles", async () => {
    const { live } = await open("shop()");
    const { sh1, sh2, cyc } = live as { sh1: unknown; sh2: unknown; cyc: unknown[] };
    expect(sh1).to.equal(sh2);
    expect(cyc[1]).to.equal(cyc);
  });

  it("makes __proto__ an own property, in the session and below", async () => {
    const { live } = await open("{'__proto__': {'__proto__': {'x': 1}}}");
    expect(Object.getPrototypeOf(live)).to.equal(Object.prototype);
    const inner = Object.getOwnPropertyDescriptor(live, "__proto__")?.value as object;
    expect(Object.getPrototypeOf(inner)).to.equal(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(inner, "__proto__")?.value).to.deep.equal({ x: 1 });
    expect(Object.hasOwn(Object.prototype, "x")).to.equal(false);
  });

  it("copies bytes, so that a change of theirs does not reach the record", async () => {
    const { live, root } = await open("{'b': b'ab'}");
    (live as { b: Uint8Array }).b[0] = 0;
    expect((root.get("b") as PyBytes).bytes).to.deep.equal(Uint8Array.of(97, 98));
  });

  it("keeps top-level keys that are not str beside the session, with read-only values", async () => {
    const opened = await open("{1: [1, {'a': 2}], b'k': {3}, 'x': 1}");
    expect(Object.keys(opened.live)).to.deep.equal(["x"]);
    const { otherKeys } = opened.view;
    expect([...otherKeys]).to.deep.equal([
      [1, [1, { a: 2 }]],
      [Uint8Array.of(107), new Set([3])],
    ]);
    expect(Object.isFrozen(otherKeys.get(1))).to.equal(true);
  });

  it("shows a dict or set with more numbers than a Map holds as a Python object", async () => {
    const { live } = await open("{'d': {i: i for i in range(4097)}, 's': set(range(4097)), 'ok': set(range(4096))}");
    const { d, s, ok } = live as { d: PythonObject; s: PythonObject; ok: Set<number> };
    expect([String(d), d.entries.length, String(s), s.items.length]).to.deep.equal([
      "<builtins.dict>",
      4097,
      "<builtins.set>",
      4097,
    ]);
    expect(ok.size).to.equal(4096);
  });

  it("shows a dict or set that JavaScript would make smaller as a Python object", () => {
    const live: Record<string, unknown> = {};
    const twice: Exact[] = [Number.NaN, Number.NaN];
    view(new PyDict(["s", "d"], [new PyList("set", twice), new PyDict(twice, [1, 2])]), live);
    const { s, d } = live as { s: PythonObject; d: PythonObject };
    expect([s.items, d.entries]).to.deep.equal([
      [Number.NaN, Number.NaN],
      [
        [Number.NaN, 1],
        [Number.NaN, 2],
      ],
    ]);
  });

  it("shows a msgpack extension, and values that Python could not have, as Python objects", () => {
    const live: Record<string, unknown> = {};
    const values = [new PyExt(5, Uint8Array.of(1)), new PyUuid(-1n), new PyDecimal("one"), new PyTimedelta(1e12, 0, 0)];
    view(new PyDict(["e", "u", "d", "t"], values), live);
    const seen = Object.values(live as Record<string, PythonObject>);
    expect(seen.flatMap((object) => [String(object), object.args])).to.deep.equal([
      "<msgspec.msgpack.Ext>",
      [5, Uint8Array.of(1)],
      "<uuid.UUID>",
      [],
      "<decimal.Decimal>",
      ["one"],
      "<datetime.timedelta>",
      [],
    ]);
  });

  it("goes down 800 levels and no further", () => {
    expect(() => view(nested(800), {})).not.to.throw();
    expect(() => view(nested(801), {})).to.throw(LimitError, "Cannot view more than 800 levels");
    expect(() => view(nested(100_000), {})).to.throw(LimitError);
  });

  it("goes down 50 levels within a key and no further", () => {
    expect(() => view(keyed(49), {})).not.to.throw();
    expect(() => view(keyed(51), {})).to.throw(LimitError, "Cannot view more than 50 levels in a key");
  });
});
