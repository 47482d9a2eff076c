// oxlint-disable no-sparse-arrays, no-new-wrappers, unicorn/new-for-builtins -- handlers do so
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { EncodeError } from "../../src/errors.ts";
import { type Exact, PyDict, PyFloat, PyList } from "../../src/values/exact.ts";
import type { FormatRules } from "../../src/values/format-rules.ts";
import { py } from "../../src/values/py.ts";
import { Decimal } from "../../src/values/value-types.ts";
import { view } from "../../src/values/view.ts";
import { type Case, expectAsInPython, judged, type Opened, open, save } from "./through-node.ts";

/** A session in which every kind of place can be reached. */
const stands =
  "{'n': 1, 'cart': [{'when': 1}, 2], 'a b': {}, 'ids': {1: [1.0], (1, 2): 2}, 'tags': {'x', 'y'}, 'when': moment(2024, 1, 1), 'price': Decimal('1.10'), 'prices': [Decimal('1.10'), None], 'bytes': b'ab', 'bag': Bag(), 'moments': [moment(2024, 1, 1)]}";

interface Places {
  n: unknown;
  cart: unknown[];
  "a b": Record<string, unknown>;
  ids: Map<unknown, unknown>;
  tags: Set<unknown>;
  price: unknown;
  prices: unknown[];
  bytes: unknown;
  bag: unknown;
  when: unknown;
  moments: unknown[];
}

class Foreign {
  readonly x = 1;
}

class Derived extends Array<number> {}

class Nameless {
  readonly x = 1;

  static get name(): string {
    return fail();
  }
}

function fail(): never {
  throw new TypeError("not now");
}

const noPython = "has no Python value";
const copy = "looks like a copy of what stood there";

const refused: readonly (readonly [name: string, change: (s: Places) => unknown, path: string, reason: string])[] = [
  [
    "a function",
    (s) => {
      s.n = () => 1;
    },
    ".n",
    `a function ${noPython}`,
  ],
  [
    "a symbol",
    (s) => {
      s.n = Symbol("secret");
    },
    ".n",
    `a symbol ${noPython}`,
  ],
  [
    "an instance of a class",
    (s) => {
      s.cart[1] = new Foreign();
    },
    ".cart[1]",
    `an instance of class Foreign ${noPython}`,
  ],
  [
    "an instance of a class without a name",
    (s) => {
      s.n = new (class {
        readonly x = 1;
      })();
    },
    ".n",
    `an instance of a class without a name ${noPython}`,
  ],
  [
    "an object with inherited data",
    (s) => {
      s.n = Object.create({ x: 1 });
    },
    ".n",
    "an instance of a class without a name",
  ],
  [
    "an object of a bare prototype",
    (s) => {
      s.n = Object.create(Object.create(null) as object);
    },
    ".n",
    "a class without a name",
  ],
  [
    "an Array of a derived class",
    (s) => {
      s.n = Derived.of(1);
    },
    ".n",
    "class Derived",
  ],
  [
    "a boxed number",
    (s) => {
      s.n = new Number(1);
    },
    ".n",
    "class Number",
  ],
  [
    "a RegExp",
    (s) => {
      s.n = /x/;
    },
    ".n",
    "class RegExp",
  ],
  [
    "a Promise",
    (s) => {
      s.n = Promise.resolve(1);
    },
    ".n",
    "class Promise",
  ],
  [
    "an Error",
    (s) => {
      s.n = new Error("x");
    },
    ".n",
    "class Error",
  ],
  [
    "a URL",
    (s) => {
      s.n = new URL("http://x");
    },
    ".n",
    "class URL",
  ],
  [
    "a typed array other than Uint8Array",
    (s) => {
      s.n = Float64Array.of(1);
    },
    ".n",
    "class Float64Array",
  ],
  [
    "an ArrayBuffer",
    (s) => {
      s.n = new ArrayBuffer(1);
    },
    ".n",
    "class ArrayBuffer",
  ],
  [
    "an Invalid Date",
    (s) => {
      s.n = new Date(Number.NaN);
    },
    ".n",
    "an Invalid Date",
  ],
  [
    "undefined in an array",
    (s) => {
      s.cart[1] = undefined;
    },
    ".cart[1]",
    `undefined ${noPython}`,
  ],
  [
    "a hole in an array",
    (s) => {
      s.n = [1, , 2];
    },
    ".n[1]",
    `undefined ${noPython}`,
  ],
  [
    "undefined in a Map",
    (s) => {
      s.ids.set(2, undefined);
    },
    ".ids.get(2)",
    `undefined ${noPython}`,
  ],
  [
    "undefined as a key of a Map",
    (s) => {
      s.ids.set(undefined, 1);
    },
    ".ids<key 2>",
    `undefined ${noPython}`,
  ],
  [
    "a function in a list in a dict",
    (s) => {
      Object.assign(s.cart[0] as object, { when: () => 1 });
    },
    ".cart[0].when",
    "a function",
  ],
  [
    "a function under a key that is no identifier",
    (s) => {
      s["a b"]['c.d"e'] = () => 1;
    },
    '["a b"]["c.d\\"e"]',
    "a function",
  ],
  [
    "a function under a number",
    (s) => {
      (s.ids.get(1) as unknown[]).push(() => 1);
    },
    ".ids.get(1)[1]",
    "a function",
  ],
  [
    "a function under a str key of a Map",
    (s) => {
      s.ids.set("k", () => 1);
    },
    '.ids.get("k")',
    "a function",
  ],
  [
    "a function under a key that is not shown",
    (s) => {
      s.ids.set([...s.ids.keys()][1], () => 1);
    },
    ".ids.get(<key 1>)",
    "a function",
  ],
  [
    "a function in a Set",
    (s) => {
      s.tags.add(() => 1);
    },
    ".tags<member 2>",
    "a function",
  ],
  [
    "two keys that are equal to Python",
    (s) => {
      s.ids.set(true, 1);
    },
    ".ids",
    "equal to Python",
  ],
  [
    "1n beside 1",
    (s) => {
      s.ids.set(1n, 1);
    },
    ".ids",
    "equal to Python",
  ],
  [
    "members that are equal to Python",
    (s) => {
      s.tags.add(1);
      s.tags.add(true);
    },
    ".tags",
    "equal to Python",
  ],
  [
    "a Decimal equal to an int as a key",
    (s) => {
      s.ids.set(new Decimal("1.0"), 1);
    },
    ".ids",
    "equal to Python",
  ],
  [
    "a list as a key",
    (s) => {
      s.n = new Map([[[1], 1]]);
    },
    ".n<key 0>",
    "Python cannot hash a list",
  ],
  [
    "a dict as a member",
    (s) => {
      s.tags.add({});
    },
    ".tags<member 2>",
    "Python cannot hash a dict",
  ],
  [
    "a set as a member",
    (s) => {
      s.tags.add(new Set());
    },
    ".tags<member 2>",
    "Python cannot hash a set",
  ],
  [
    "a bytearray as a member",
    (s) => {
      s.tags.add(py.bytearray(Uint8Array.of(1)));
    },
    ".tags<member 2>",
    "a bytearray",
  ],
  [
    "a signaling NaN as a key",
    (s) => {
      s.n = new Map([[new Decimal("sNaN"), 1]]);
    },
    ".n<key 0>",
    "a signaling NaN",
  ],
  [
    "a tuple that holds a list as a key",
    (s) => {
      s.n = new Map([[py.tuple([1, [2]]), 1]]);
    },
    ".n<key 0>",
    "a list",
  ],
  [
    "a tuple in itself",
    (s) => {
      ([...s.ids.keys()][1] as unknown[]).push([...s.ids.keys()][1]);
    },
    ".ids<key 1>[2]",
    "Python has no tuple or frozenset that holds itself",
  ],
  [
    "a key with too many levels",
    (s) => {
      let key = py.tuple([]);
      for (let level = 0; level < 50; level++) key = py.tuple([key]);
      s.n = new Map([[key, 1]]);
    },
    `.n<key 0>${"[0]".repeat(49)}`,
    "deeper than 50 levels in a key or set",
  ],
  [
    "the session in itself",
    (s) => {
      s.cart.push({ up: s });
    },
    ".cart[2].up",
    "a session cannot hold itself",
  ],
  [
    "what has the prototype of a small value alone",
    (s) => {
      s.n = Object.create(Decimal.prototype, { text: { value: "garbage" } });
    },
    ".n",
    `an instance of class Decimal ${noPython}`,
  ],
  [
    "an accessor that throws",
    (s) => {
      s.cart[1] = Object.defineProperty({}, "a", { enumerable: true, get: fail });
    },
    ".cart[1]",
    "reading it threw",
  ],
  [
    "an accessor that throws in what has the prototype of a small value",
    (s) => {
      s.n = Object.create(Decimal.prototype, { text: { get: fail } });
    },
    ".n",
    "reading it threw",
  ],
  [
    "a Proxy that was revoked",
    (s) => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      s.cart[1] = { a: [proxy] };
      revoke();
    },
    ".cart[1].a[0]",
    "reading it threw",
  ],
  [
    "an instance of a class whose name is none",
    (s) => {
      s.n = new Nameless();
    },
    ".n",
    `an instance of a class without a name ${noPython}`,
  ],
  [
    "an instance of a class with a long name",
    (s) => {
      const name = "N".repeat(1e6);
      s.n = new ({ [name]: class extends Foreign {} }[name] as new () => object)();
    },
    ".n",
    `an instance of class ${"N".repeat(100)} ${noPython}`,
  ],
  [
    "an instance of a class behind a Proxy",
    (s) => {
      s.n = new Proxy(new Foreign(), {});
    },
    ".n",
    "class Foreign",
  ],
  [
    "a list put into a tuple that is a key",
    (s) => {
      ([...s.ids.keys()][1] as unknown[]).push([1]);
    },
    ".ids<key 1>",
    "a list",
  ],
  [
    "an object of an unknown class as a key",
    (s) => {
      s.n = new Map([[s.bag, 1]]);
    },
    ".n<key 0>",
    "Python cannot hash every object",
  ],
  [
    "more numbers than a Map may hold",
    (s) => {
      for (let i = 0; i < 4097; i++) s.ids.set(i, 1);
    },
    ".ids",
    "more than 4096 number keys",
  ],
  [
    "more numbers than a Set may hold",
    (s) => {
      s.n = new Set(Array.from({ length: 4097 }, (_, i) => BigInt(i)));
    },
    ".n",
    "more than 4096 number keys",
  ],
  [
    "a structuredClone of a small value",
    (s) => {
      s.price = structuredClone(s.price);
    },
    ".price",
    copy,
  ],
  [
    "structuredClones of small values in a list",
    (s) => {
      s.prices = structuredClone(s.prices);
    },
    ".prices[0]",
    copy,
  ],
  [
    "one moved to another place of its list",
    (s) => {
      s.prices.unshift(structuredClone(s.prices[0]));
    },
    ".prices[0]",
    copy,
  ],
  [
    "a plain object where an object stood",
    (s) => {
      s.bag = {};
    },
    ".bag",
    copy,
  ],
  [
    "a JSON copy of bytes",
    (s) => {
      s.bytes = JSON.parse(JSON.stringify(s.bytes));
    },
    ".bytes",
    copy,
  ],
  [
    "a JSON copy of a Buffer",
    (s) => {
      s.bytes = JSON.parse(JSON.stringify(Buffer.from("ab")));
    },
    ".bytes",
    copy,
  ],
  [
    "a JSON copy of a Set",
    (s) => {
      s.tags = JSON.parse(JSON.stringify(s.tags)) as Set<unknown>;
    },
    ".tags",
    copy,
  ],
  [
    "a JSON copy of a Map",
    (s) => {
      s.ids = JSON.parse(JSON.stringify(s.ids)) as Map<unknown, unknown>;
    },
    ".ids",
    copy,
  ],
  [
    "a spread Date",
    (s) => {
      s.when = { ...(s.when as object) };
    },
    ".when",
    copy,
  ],
  [
    "a spread Date in a list",
    (s) => {
      s.moments.push({ ...(s.moments[0] as object) });
    },
    ".moments[1]",
    copy,
  ],
];

describe("refusals", () => {
  for (const [name, change, path, reason] of refused) {
    it(name, async () => {
      const opened = await open(stands);
      change(opened.live as Places);
      for (const time of ["once", "again"]) {
        expect(() => save(opened), time)
          .to.throw(EncodeError, reason)
          .with.property("path", `session${path}`);
      }
    });
  }

  it("name a path of at most 200 characters, whatever the keys are", async () => {
    const opened = await open("{'a': {}}");
    (opened.live as { a: object }).a = { ["k".repeat(1e6)]: { ["é\n".repeat(1e6)]: () => 1 } };
    expect(() => save(opened))
      .to.throw(EncodeError)
      .with.property("path")
      .that.has.lengthOf(200);
  });

  it("show no value", async () => {
    const opened = await open("{'a': 1}");
    (opened.live as { a: unknown }).a = new Set(["secret", Symbol("secret")]);
    expect(() => save(opened))
      .to.throw(EncodeError)
      .with.property("message")
      .that.does.not.include("secret");
  });
});

/** What looks odd and is data all the same. */
const accepted: readonly Case<Places & { x: unknown }>[] = [
  {
    name: "an object without a prototype",
    python: "{}",
    change: (s) => {
      s.x = Object.assign(Object.create(null) as object, { a: 1 });
    },
    same: "s['x'] = {'a': 1}",
  },
  {
    name: "objects, arrays, Maps, Sets and Dates of another realm",
    python: "{}",
    change: (s) => {
      s.x = runInNewContext(
        "({ a: [1], m: new Map([[1, 2]]), s: new Set([1]), d: new Date(0), b: Uint8Array.of(1) })",
      ) as unknown;
    },
    same: "s['x'] = {'a': [1], 'm': {1: 2}, 's': {1}, 'd': moment(1970, 1, 1, zone=timezone.utc), 'b': b'\\x01'}",
  },
  {
    name: "a Buffer",
    python: "{}",
    change: (s) => {
      s.x = Buffer.from("ab");
    },
    same: "s['x'] = b'ab'",
  },
  {
    name: "arguments",
    python: "{}",
    change: (s) => {
      s.x = (
        function () {
          return arguments;
        } as (...args: unknown[]) => unknown
      )(1);
    },
    same: "s['x'] = {'0': 1}",
  },
  {
    name: "symbol keys and hidden properties are no data",
    python: "{}",
    change: (s) => {
      s.x = Object.defineProperty({ a: 1, [Symbol("s")]: 1 }, "hidden", { value: 1 });
    },
    same: "s['x'] = {'a': 1}",
  },
  {
    name: "a Proxy of plain data",
    python: "{}",
    change: (s) => {
      s.x = new Proxy({ a: new Proxy([1], {}) }, {});
    },
    same: "s['x'] = {'a': [1]}",
  },
  {
    name: "a tuple in itself by way of a list",
    python: "{'x': ([],)}",
    change: (s) => {
      const x = s.x as [unknown[]];
      x[0].push(x);
    },
    same: "s['x'][0].append(s['x'])",
  },
  {
    name: "a Map where a dict with too many numbers stood",
    python: "{'x': {i: 1.0 for i in range(5000)}}",
    change: (s) => {
      s.x = new Map([[1, 2]]);
    },
    same: "s['x'] = {1: 2.0}",
  },
  {
    name: "strings where anything stood",
    python: "{'x': [1.0, b'a', bytearray(b'a'), {'a': 1}, [1], {1}, None, 2]}",
    change: (s) => {
      s.x = (s.x as unknown[]).map(String);
    },
    same: "s['x'] = ['1', '97', '97', '[object Object]', '1', '[object Set]', 'None' and 'null', '2']",
  },
  {
    name: "a frozen object",
    python: "{}",
    change: (s) => {
      s.x = Object.freeze({ a: Object.freeze([1]) });
    },
    same: "s['x'] = {'a': [1]}",
  },
  {
    name: "new cycles",
    python: "{}",
    change: (s) => {
      const a: unknown[] = [1];
      a.push(a, { a });
      s.x = a;
    },
    same: "s['x'] = a = [1]; a.extend([a, {'a': a}])",
  },
  {
    name: "an empty object where nothing was in a set",
    python: "{'x': set()}",
    change: (s) => {
      s.x = {};
    },
    same: "s['x'] = {}",
  },
  {
    name: "an array where a set, an object or a small value stood",
    python: stands,
    change: (s) => {
      s.tags = [1] as never;
      s.bag = [];
      s.price = [2];
    },
    same: "s.update(tags=[1], bag=[], price=[2])",
  },
  {
    name: "another dict where bytes stood",
    python: stands,
    change: (s) => {
      s.bytes = { a: 1 };
    },
    same: "s['bytes'] = {'a': 1}",
  },
  {
    name: "other strings where small values stood",
    python: stands,
    change: (s) => {
      s.price = "1.1";
      s.bag = "<bag>";
    },
    same: "s.update(price='1.1', bag='<bag>')",
  },
  {
    name: "equal small values are what stood there, others are new",
    python: stands,
    change: (s) => {
      s.price = new Decimal("1.10");
      s.prices = [new Decimal("2.50"), new Decimal("1.1")];
    },
    same: "s['prices'] = [Decimal('2.50'), Decimal('1.1')]",
  },
  {
    name: "a copy of a key is that key",
    python: "{'x': {(1, 2.0): 3.0, 1.0: 2}}",
    change: (s) => {
      s.x = structuredClone(s.x);
    },
    same: "",
    changed: ["x"],
  },
  {
    name: "a key that was an object may be moved",
    python: "{'x': {Colour.RED: 1, (Colour.GREEN, 1): 2}}",
    change: (s) => {
      const x = s.x as Map<unknown, unknown>;
      const [[key]] = [...x] as [[unknown, unknown]];
      x.delete(key);
      x.set(key, 2);
    },
    same: "del s['x'][Colour.RED]; s['x'][Colour.RED] = 2",
  },
  {
    name: "a tuple that is a key changes in place",
    python: "{'x': {(1, 2.0): 3.0}}",
    change: (s) => {
      ([...(s.x as Map<number[], unknown>).keys()][0] as number[]).push(3);
    },
    same: "s['x'] = {(1, 2.0, 3): 3.0}",
  },
  {
    name: "4,096 numbers",
    python: "{'x': {0}}",
    change: (s) => {
      for (let i = 0; i < 4096; i++) (s.x as Set<unknown>).add(i);
      for (let i = 0; i < 5000; i++) (s.x as Set<unknown>).add(`${i}`);
    },
    same: "s['x'].update(range(4096)); s['x'].update(map(str, range(5000)))",
  },
];

judged("what is data all the same", accepted);

it("an accessor is read once in a patch", async () => {
  const opened = await open("{'x': {'a': 0}}");
  let reads = 0;
  const get = (): number => ++reads;
  Object.defineProperty((opened.live as { x: object }).x, "a", { get, enumerable: true });
  expect(save(opened)).to.deep.equal(["x"]);
  expect(reads).to.equal(1);
});

/** Arrays within arrays. */
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

/** A session of exact lists within lists. */
function deep(levels: number): { readonly root: PyDict; readonly innermost: PyList } {
  const innermost = new PyList("list", [1]);
  let value: Exact = innermost;
  for (let level = 1; level < levels; level++) value = new PyList("list", [value]);
  return { root: new PyDict(["x"], [value]), innermost };
}

function openTree(root: PyDict): Opened & { readonly live: Record<string, unknown> } {
  const live = {};
  return { live, view: view(root, live), root };
}

describe("depth", () => {
  it("400 levels are stored and read by Python, 401 and 100,000 are refused", async () => {
    const session = await open("{}");
    const live = session.live as { x: unknown };
    live.x = nested(399);
    save(session);
    await expectAsInPython("{}", session, "x = 1\nfor _ in range(399): x = [x]\ns['x'] = x");
    for (const levels of [400, 100_000]) {
      live.x = nested(levels);
      expect(() => save(session)).to.throw(EncodeError, "it lies deeper than 400 levels");
    }
  });

  it("what Python had is not counted, until JavaScript moves it", () => {
    const { root, innermost } = deep(600);
    const session = openTree(root);
    let list = session.live["x"] as unknown[];
    const [first] = list;
    while (Array.isArray(list[0])) list = list[0] as unknown[];
    list.push(2);
    expect(save(session)).to.deep.equal(["x"]);
    expect(innermost.items).to.deep.equal([1, 2]);
    session.live["y"] = first;
    expect(save(session), "met before").to.deep.equal(["y"]);
    Reflect.deleteProperty(session.live, "x");
    expect(save(session), "moved before").to.deep.equal(["x"]);
    session.live["z"] = [first];
    Reflect.deleteProperty(session.live, "y");
    expect(() => save(session)).to.throw(EncodeError, "deeper than 400 levels");
  });

  it("nor is what Python had in a key", () => {
    const { root, innermost } = deep(398);
    const key = new PyList("tuple", [new PyList("tuple", [new PyList("tuple", [1])])]);
    innermost.items = [new PyDict([key], [2])];
    const session = openTree(root);
    session.live["n"] = 1;
    expect(save(session)).to.deep.equal(["n"]);
  });

  it("a tuple is refused in a frozenset in it, whichever of them the handler sees", () => {
    const tuple = new PyList("tuple", [1]);
    const many = new PyList("frozenset", [tuple, ...Array.from({ length: 5000 }, (_, index) => index)]);
    const session = openTree(new PyDict(["t", "f"], [tuple, many]));
    (session.live["t"] as unknown[]).push(session.live["f"]);
    expect(() => save(session)).to.throw(EncodeError, "Python has no tuple or frozenset that holds itself");
  });

  it("a chain that was flat when it was seen is refused before the stack overflows", () => {
    const links = Array.from({ length: 5000 }, () => new PyList("list", []));
    for (const [index, link] of links.entries()) link.items = links.slice(index + 1, index + 2);
    const session = openTree(new PyDict(["flat", "x"], [new PyList("list", links.toReversed()), links[0] ?? null]));
    expect(save(session)).to.deep.equal([]);
    Reflect.deleteProperty(session.live, "flat");
    expect(() => save(session)).to.throw(EncodeError, "deeper than 800 levels");
  });
});

/** Rules that refuse nothing and note what they are asked. */
function noting(withKeys: boolean): {
  readonly rules: FormatRules;
  readonly asked: unknown[];
  readonly keys: unknown[];
} {
  const asked: unknown[] = [];
  const keys: unknown[] = [];
  const refuse = (value: Exact): undefined =>
    void asked.push(typeof value === "object" ? value?.constructor.name : value);
  const refuseKey = (key: Exact): undefined => void keys.push(key);
  return { rules: withKeys ? { refuse, refuseKey } : { refuse }, asked, keys };
}

describe("rules of formats", () => {
  it("are asked for every new value and key, and for nothing that the record held", async () => {
    const session = await open("{'a': [1, 'x', {'k': 2.5}], 'm': {1: 2}, 'n': 1, 's': {'y'}}");
    const live = session.live as { a: unknown[]; m: Map<unknown, unknown>; n: unknown; s: Set<unknown>; b: unknown };
    live.b = live.a;
    live.a.push({ new: [true] });
    live.m.set("two", null);
    live.s.add(3);
    live.n = 1;
    const { rules, asked, keys } = noting(true);
    save(session, [rules]);
    expect(asked).to.deep.equal(["PyDict", "PyList", true, undefined, 3]);
    expect(keys).to.deep.equal(["new", "two", "b"]);
  });

  it("have keys asked as values where they have no rule for keys", async () => {
    const session = await open("{}");
    Object.assign(session.live, { x: 1 });
    const { rules, asked } = noting(false);
    save(session, [rules]);
    expect(asked).to.deep.equal(["x", 1]);
  });

  it("ask of the items of a key whether it is whole, and of the members of a set as of values", async () => {
    const asked: [string, Exact][] = [];
    const rules: FormatRules = {
      refuse: (value) => void asked.push(["value", value]),
      refuseKey: (key, isWhole) => void asked.push([isWhole ? "key" : "in a key", key]),
    };
    const session = await open("{'m': {1: 2}, 's': {'y'}, 't': {(2, 3): {4}}}");
    const live = session.live as { m: Map<unknown, unknown>; s: Set<unknown>; t: Map<unknown[], Set<unknown>> };
    live.m.set(py.tuple([5, py.frozenset([6])]), new Set([7]));
    live.s.add(8);
    for (const [key, members] of live.t) {
      key.push(9);
      members.add(10);
    }
    save(session, [rules]);
    expect(asked.filter(([, value]) => typeof value !== "object")).to.deep.equal([
      ["in a key", 5],
      ["in a key", 6],
      ["value", 7],
      ["value", 8],
      ["in a key", 9],
      ["value", 10],
    ]);
  });

  it("refuse with the path, each of several", async () => {
    const noFloats: FormatRules = {
      refuse: (value) => (value instanceof PyFloat ? "floats are not for us" : undefined),
    };
    const noNames: FormatRules = {
      refuse: () => undefined,
      refuseKey: (key) => (key === "bad" ? "bad is bad" : undefined),
    };
    const session = await open("{'x': {}}");
    const live = session.live as { x: object };
    live.x = { a: [py.float(1)] };
    expect(() => save(session, [noNames, noFloats])).to.throw(EncodeError, "session.x.a[0]: floats are not for us");
    live.x = { bad: 1 };
    expect(() => save(session, [noFloats, noNames])).to.throw(EncodeError, "session.x.bad: bad is bad");
  });
});

/** What Flask writes anew wherever it is reached. */
const withoutReferences: FormatRules = { refuse: () => undefined, hasNoReferences: true };

type Lists = Record<string, unknown[]>;

/** A new cycle, in a format without references. */
const cycles: readonly (readonly [name: string, python: string, change: (s: Lists) => void, path: string])[] = [
  [
    "a new list in itself",
    "{}",
    (s) => {
      const list: unknown[] = [];
      list.push([list]);
      s["x"] = list;
    },
    ".x[0][0]",
  ],
  [
    "a list put into itself",
    "{'a': [[1]]}",
    (s) => {
      const { a } = s as { a: [unknown[]] };
      a[0].push(a);
    },
    ".a[0][1]",
  ],
  [
    "a new way down closes a cycle with an old way up",
    "(lambda a: {'a': a, 'b': [a]})([1])",
    (s) => {
      s["a"]?.push(s["b"]);
    },
    ".a[1][0]",
  ],
  [
    "an object put into the list that it holds",
    "(lambda l: {'l': l, 'bag': Bag(l=l)})([1])",
    (s) => {
      s["l"]?.push(s["bag"]);
    },
    ".l[1]<inside>",
  ],
  [
    "the same, the object first",
    "(lambda l: {'bag': Bag(l=l), 'l': l})([1])",
    (s) => {
      s["l"]?.push(s["bag"]);
    },
    ".bag<inside>[1]",
  ],
  [
    "the same, with another object between",
    "(lambda l: (lambda bag: {'bag': bag, 'l': l, 'other': Bag(b=bag)})(Bag(l=l)))([1])",
    (s) => {
      s["l"]?.push(s["other"]);
    },
    ".bag<inside>[1]",
  ],
];

describe("in a format without references", () => {
  for (const [name, expression, change, path] of cycles) {
    it(`${name} is refused`, async () => {
      const session = await open(expression);
      change(session.live as Lists);
      expect(() => save(session, [withoutReferences]))
        .to.throw(EncodeError, "it holds itself, which the format of the record cannot say")
        .with.property("path", `session${path}`);
      expect(() => save(session), "with references").to.not.throw();
    });
  }

  it("a cycle that Python has made stays, wherever it is moved, and is changed", async () => {
    const session = await open("(lambda l: (l.append([l]), {'l': l, 'n': 1})[1])([1])");
    const live = session.live as Lists;
    live["m"] = [live["l"]];
    delete live["l"];
    (live["m"][0] as unknown[]).push(2);
    expect(save(session, [withoutReferences])).to.deep.equal(["l", "m"]);
  });

  it("a value in two places is two values", async () => {
    const session = await open("{'l': [1]}");
    const live = session.live as Lists;
    live["m"] = [live["l"], live["l"]];
    expect(save(session, [withoutReferences])).to.deep.equal(["m"]);
  });
});

it("what an accessor throws is the cause of the refusal", async () => {
  const session = await open("{}");
  Object.assign(session.live, { a: Object.defineProperty({}, "b", { enumerable: true, get: fail }) });
  expect(() => save(session))
    .to.throw(EncodeError)
    .with.property("cause")
    .that.is.instanceOf(TypeError);
});
