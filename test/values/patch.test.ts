import { expect } from "chai";
import { EncodeError } from "../../src/errors.ts";
import { type Exact, PyDict, PyFloat, PyList } from "../../src/values/exact.ts";
import { patch } from "../../src/values/patch.ts";
import { py } from "../../src/values/py.ts";
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "../../src/values/value-types.ts";
import { view } from "../../src/values/view.ts";
import { type Case, expectAsInPython, judged, type Opened, open, save } from "./through-node.ts";

interface Keys {
  a: unknown;
  b: unknown;
  c: unknown;
  l: unknown[];
  d: Record<string, unknown>;
}

/** What rules 2 and 3 make of new numbers, containers and bytes. */
const cases: readonly Case<Keys>[] = [
  {
    name: "siblings teach what is in a new dict, at any depth",
    python: "{'l': [{'a': {'x': 1.0, 'l': [(1, 2.0)]}}, {'a': {'x': 2.0, 'l': [(3, 4.0), (5, 6.0)]}}]}",
    change: (s) => s.l.push({ a: { x: 3, l: [[7, 8]] }, new: 1 }),
    same: "s['l'].append({'a': {'x': 3.0, 'l': [(7, 8.0)]}, 'new': 1})",
  },
  {
    name: "siblings that differ teach nothing",
    python: "{'l': [{'a': 1.0, 'b': [1], 'c': (1,)}, {'a': 2, 'b': (1,), 'c': (1,)}]}",
    change: (s) => s.l.push({ a: 3, b: [4], c: [5] }),
    same: "s['l'].append({'a': 3, 'b': [4], 'c': (5,)})",
  },
  {
    name: "rows of floats",
    python: "{'l': [[1.0, 2.0], [3.0]]}",
    change: (s) => s.l.push([5, 6, 7], []),
    same: "s['l'].extend([[5.0, 6.0, 7.0], []])",
  },
  {
    name: "points: each place of a tuple takes after its own",
    python: "{'l': [(1, 2.0, 'a'), (3, 4.0, 'b')]}",
    change: (s) => s.l.push([5, 6, "c"]),
    same: "s['l'].append((5, 6.0, 'c'))",
  },
  {
    name: "an array among dicts, and a dict among lists, are new",
    python: "{'l': [{'a': 1.0}], 'b': [[1.0]]}",
    change: (s) => {
      s.l[0] = [1];
      (s.b as unknown[])[0] = { a: 1 };
    },
    same: "s['l'][0] = [1]; s['b'][0] = {'a': 1}",
  },
  {
    name: "sets, bytes and Maps take after their siblings",
    python: "{'l': [frozenset([1.0])], 'a': [bytearray(b'a')], 'b': [{1: 2.0, None: 3.0}]}",
    change: (s) => {
      s.l.push(new Set([2]));
      (s.a as unknown[]).push(Uint8Array.of(98));
      const map: readonly (readonly [unknown, number])[] = [
        [1, 4],
        [null, 5],
      ];
      (s.b as unknown[]).push(new Map(map));
    },
    same: "s['l'].append(frozenset([2.0])); s['a'].append(bytearray(b'b')); s['b'].append({1: 4.0, None: 5.0})",
  },
  {
    name: "a copied list keeps the types of what is in it, place by place",
    python:
      "{'l': [frozenset([1.0]), {1: 2.0}, bytearray(b'a'), (1.0,), {'x': 3.0}, moment(2024, 1, 1, 0, 0, 0, 7), Decimal('1.0'), {2}]}",
    change: (s) => {
      const [one, two, three, four, five, six, decimal, last] = s.l;
      s.l = [...structuredClone([one, two, three, four, five, six]), decimal, last];
    },
    same: "",
    changed: ["l"],
  },
  {
    name: "a typed value in a list takes its items after what stood there",
    python: "{'l': [(1.0, 2), 3]}",
    change: (s) => {
      s.l[0] = py.list([1, 2]);
    },
    same: "s['l'][0] = [1.0, 2]",
  },
  {
    name: "a new member of a set of floats is a float, a new key is an int",
    python: "{'a': {1.0, 2.5}, 'b': {1.0: 'x'}}",
    change: (s) => {
      (s.a as Set<number>).add(3);
      (s.b as Map<number, string>).set(3, "y");
    },
    same: "s['a'].add(3.0); s['b'][3] = 'y'",
  },
  {
    name: "a copied set keeps the types of its members",
    python: "{'a': {1, 2.0, (3, 4.0)}}",
    change: (s) => {
      s.a = structuredClone(s.a);
    },
    same: "",
    changed: ["a"],
  },
  {
    name: "copied keys and members keep what a Date does not show",
    python:
      "{'a': {moment(2024, 1, 1, 0, 0, 0, 7): 1, (moment(2024, 1, 1, 0, 0, 0, 8, fold=1),): 2, moment(2024, 1, 1, 0, 0, 0, 9, zone=timezone.utc): 3}, 'b': {moment(2024, 1, 1, 0, 0, 0, 1), moment(2024, 1, 1, 0, 0, 0, 2)}}",
    change: (s) => {
      s.a = structuredClone(s.a);
      s.b = structuredClone(s.b);
    },
    same: "",
    changed: ["a", "b"],
  },
  {
    name: "a copied dict keeps Python's order of integer-like keys, and what is new comes last",
    python: "{'d': {'10': 1.0, 'x': 2.0, '2': 3.0}}",
    change: (s) => {
      s.d = { ...s.d, 1: 4, y: 5 };
    },
    same: "s['d'].update({'1': 4, 'y': 5})",
  },
  {
    name: "a new dict with integer-like keys has JavaScript's order",
    python: "{}",
    change: (s) => {
      s.d = { y: 1, 2: 2, 1: 3 };
    },
    same: "s['d'] = {'1': 3, '2': 2, 'y': 1}",
  },
  {
    name: "integer-like keys of the session itself",
    python: "{'10': 1.0, 'x': 2, '2': 3}",
    change: (s) => {
      Object.assign(s, { 10: 4, 1: 5, y: 6 });
    },
    same: "s['10'] = 4.0; s['1'] = 5; s['y'] = 6",
  },
  {
    name: "keys are deleted, and others added",
    python: "{'a': 1, 'b': 2, 'c': 3}",
    change: (s) => {
      s.a = undefined;
      Reflect.deleteProperty(s, "b");
      s.d = {};
      s.l = undefined as never;
    },
    same: "del s['a'], s['b']; s['d'] = {}",
  },
  {
    name: "keys that are not str stay, in their places",
    python: "{'a': 1, 1: [1.0], 'b': 2, (2, 3): None}",
    change: (s) => {
      Reflect.deleteProperty(s, "a");
      s.c = 3;
    },
    same: "del s['a']; s['c'] = 3",
  },
  {
    name: "a tuple under two keys is copied in one place",
    python: "(lambda t: {'a': t, 'b': t})((1.0, 2))",
    change: (s) => {
      s.a = [...(s.a as number[])];
    },
    same: "s['a'] = (lambda a, b: (a, b))(*s['a'])",
    changed: ["a"],
  },
  {
    name: "typed values win over what stood there, and hold what is live",
    python: "{'a': 1.0, 'b': (1.0, 2), 'c': [1], 'l': [0], 'd': {'x': 1.0}}",
    change: (s) => {
      s.a = py.int(1);
      s.b = py.list([1, 2, s.l]);
      s.c = py.tuple([1, py.float(1), py.int(2n ** 70n)]);
      s.d = { x: py.int(1), set: py.set([1, 1, 2]), frozen: py.frozenset([]), bytes: py.bytes(Uint8Array.of(1)) };
      s.l = [py.dict({ a: 1, b: undefined }), py.dict(new Map([[1, py.bytearray(Uint8Array.of(2))]])), s.l];
    },
    same: "l = s['l']; s.update(a=1, b=[1.0, 2, l], c=(1, 1.0, 2**70), d={'x': 1, 'set': {1, 2}, 'frozen': frozenset(), 'bytes': b'\\x01'}, l=[{'a': 1}, {1: bytearray(b'\\x02')}, l])",
  },
  {
    name: "equal typed values are no change",
    python: "{'a': 1.0, 'b': 1, 'c': b'a', 'd': moment(2024, 1, 1), 'l': [float('nan')]}",
    change: (s) => {
      s.a = py.float(1);
      s.b = py.int(1);
      s.c = py.bytes(Uint8Array.of(97));
      s.d = py.datetime({ year: 2024, month: 1, day: 1 }) as never;
      s.l[0] = py.float(Number.NaN);
    },
    same: "",
  },
  {
    name: "equal bytes are no change",
    python: "{'a': b'ab', 'b': bytearray(b'ab')}",
    change: (s) => {
      s.a = Uint8Array.from(s.a as Uint8Array);
      s.b = Uint8Array.from(s.b as Uint8Array);
    },
    same: "",
  },
  {
    name: "numbers that JavaScript does not have exactly are floats",
    python: "{'l': [2**60, 1]}",
    change: (s) => {
      s.l.push(2 ** 60, 2n ** 60n, 1e300, Number.MAX_SAFE_INTEGER, -(2n ** 53n));
    },
    same: "s['l'] = [2**60, 1, 2.0**60, 2**60, 1e300, 2**53 - 1, -2**53]",
  },
  {
    name: "new small values of every class",
    python: "{}",
    change: (s) => {
      s.l = [
        new Decimal("1.10"),
        new Uuid("12345678-1234-5678-1234-567812345678"),
        new Markup("<b>"),
        new Timedelta(-1, 2, 3),
      ];
      s.a = new PythonDate(2024, 2, 29);
      s.b = new PythonTime(1, 2, 3, 456_789, 1);
    },
    same: "s.update(l=[Decimal('1.10'), UUID('12345678-1234-5678-1234-567812345678'), Markup('<b>'), timedelta(-1, 2, 3)], a=date(2024, 2, 29), b=time(1, 2, 3, 456789, fold=1))",
  },
  {
    name: "a list gets shorter at its end",
    python: "{'l': [(1, 2), 2.5, {}]}",
    change: (s) => s.l.pop(),
    same: "s['l'].pop()",
  },
  {
    name: "a moved -0 stays a float, and 0 where it stood is one",
    python: "{'l': [-0.0, 1, 2]}",
    change: (s) => {
      s.l.shift();
      s.l.push(-0, 0);
    },
    same: "s['l'] = [1, 2, -0.0, 0.0]",
  },
];

judged("what new values take after", cases);

describe("patch", () => {
  it("changes no node that was not changed", async () => {
    const { live, view: seen, root } = await open("shop()");
    const before = [...root.values];
    (live as { n: number }).n = 2;
    patch(live, seen, root, new Set(), []);
    const changed = root.values.flatMap((value, index) => (Object.is(value, before[index]) ? [] : [root.keys[index]]));
    expect(changed).to.deep.equal(["n"]);
  });

  it("writes in place: a node that lies in another dict too changes there", () => {
    const list = new PyList("list", [new PyFloat(1)]);
    const root = new PyDict(["a"], [list]);
    const live: Record<string, unknown> = {};
    const seen = view(root, live);
    const overlay = new PyDict(["a"], [list]);
    (live["a"] as number[]).push(2);
    patch(live, seen, root, new Set(), []);
    expect(overlay.get("a")).to.equal(list);
    expect(list.items).to.deep.equal([new PyFloat(1), new PyFloat(2)]);
  });

  it("adds to the changed keys", async () => {
    const { live, view: seen, root } = await open("{'a': 1}");
    Object.assign(live, { b: 1 });
    const changed = new Set(["z"]);
    patch(live, seen, root, changed, []);
    expect([...changed]).to.deep.equal(["z", "b"]);
  });

  it("notes the changed keys also when it throws half-way, shared ones too", async () => {
    const opened = await open("(lambda l: {'z': 1, 'a': l, 'b': 1, 'c': [l], 'd': {}})([1.0])");
    const live = opened.live as Keys;
    (live.a as unknown[]).push(2);
    live.b = () => 1;
    const changed = new Set<string>();
    expect(() => {
      patch(live, opened.view, opened.root, changed, []);
    }).to.throw(EncodeError, "session.b");
    expect([...changed].toSorted()).to.deep.equal(["a", "b", "c"]);
    live.b = 3;
    expect(save(opened)).to.deep.equal(["b"]);
    await expectAsInPython(
      "(lambda l: {'z': 1, 'a': l, 'b': 1, 'c': [l], 'd': {}})([1.0])",
      opened,
      "s['a'].append(2.0); s['b'] = 3",
    );
  });

  it("after a refusal a copy still takes after what stood in its place", async () => {
    const opened = await open("{'l': [{'p': 1.0, 't': (1,)}, {'p': 2.0, 't': (2,)}]}");
    const live = opened.live as { l: Record<string, unknown>[] };
    live.l = structuredClone(live.l);
    Object.assign(live.l[1] ?? {}, { bad: () => 1 });
    expect(() => save(opened)).to.throw(EncodeError, "session.l[1].bad");
    Reflect.deleteProperty(live.l[1] ?? {}, "bad");
    expect(save(opened)).to.deep.equal(["l"]);
    await expectAsInPython("{'l': [{'p': 1.0, 't': (1,)}, {'p': 2.0, 't': (2,)}]}", opened, "");
  });

  it("a container that was met before the refused one counts as changed under every key", async () => {
    const opened = await open("(lambda l: {'a': [l], 'x': 1, 'b': l})([1])");
    const live = opened.live as Keys & { x: unknown };
    (live.b as unknown[]).push(2);
    live.x = Symbol("x");
    const changed = new Set<string>();
    expect(() => {
      patch(live, opened.view, opened.root, changed, []);
    }).to.throw(EncodeError);
    expect([...changed].toSorted()).to.deep.equal(["a", "b", "x"]);
  });

  it("what is shared counts as changed for each key, in cycles too", async () => {
    const opened = await open(
      "(lambda l: (l.append({'up': l}), {'a': l, 'b': {'in': l[1]}, 'c': [1], 'd': l[1]})[1])([1])",
    );
    (opened.live as { d: { up: unknown[] } }).d.up.push(2);
    expect(save(opened)).to.deep.equal(["a", "b", "d"]);
  });

  it("new sharing within one key is sharing to Python", async () => {
    const opened = await open("{}");
    const item = { a: 1 };
    Object.assign(opened.live, { x: [item, item], y: item });
    save(opened);
    await expectAsInPython("{}", opened, "i = {'a': 1}; s.update(x=[i, i], y=i)");
    item.a = 2;
    expect(save(opened)).to.deep.equal(["x", "y"]);
  });

  it("a session that Python has put into itself stays there", async () => {
    const expression = "(lambda s: (s.update(me=[s]), s)[1])({'a': 1})";
    const opened = await open(expression);
    Object.assign(opened.live, { b: 2 });
    save(opened);
    await expectAsInPython(expression, opened, "s['b'] = 2");
  });

  it("values go along into a session that takes the old one's place", async () => {
    const before = await open("{'bag': Bag(x=1.0), 'l': [1.0, (2,)]}");
    const root = new PyDict();
    const live = {};
    const after: Opened = { live, view: view(root, live, before.view), root };
    Object.assign(live, before.live);
    expect(save(after)).to.deep.equal(["bag", "l"]);
    await expectAsInPython("{'bag': Bag(x=1.0), 'l': [1.0, (2,)]}", after, "");
  });

  for (const [name, change] of [
    ["a Set under one", (other) => (other.get(1) as Set<number>).add(4)],
    ["a Set that is one", (other) => ([...other.keys()][1] as Set<number>).clear()],
  ] as readonly (readonly [string, (other: ReadonlyMap<unknown, unknown>) => unknown])[]) {
    it(`keys that are not str are read-only: ${name}`, async () => {
      const opened = await open("{1: {3}, frozenset([2]): [1], 'a': 1}");
      change(opened.view.otherKeys);
      expect(() => save(opened)).to.throw(
        EncodeError,
        "session<inside>: what only a Python object or a key that is no str holds is read-only",
      );
    });
  }

  it("a container that a key which is not str has too is editable", async () => {
    const opened = await open("(lambda l: {1: [l], 'a': l})([1.0])");
    (opened.live as { a: number[] }).a.push(2);
    expect(save(opened)).to.deep.equal(["a"]);
    await expectAsInPython("(lambda l: {1: [l], 'a': l})([1.0])", opened, "s['a'].append(2.0)");
  });

  it("the same object can be filled again", () => {
    const live: Record<string, unknown> = {};
    view(new PyDict(["a"], [1]), live);
    Reflect.deleteProperty(live, "a");
    const root = new PyDict();
    const seen = view(root, live);
    live["b"] = 2;
    const changed = new Set<string>();
    patch(live, seen, root, changed, []);
    expect([root.keys, root.values, [...changed]]).to.deep.equal([["b"], [2], ["b"]]);
  });

  it("takes linear time for many copies among many siblings", () => {
    const items: Exact[] = Array.from(
      { length: 20_000 },
      (_, index) => new PyDict(["p", "t"], [new PyFloat(index), new PyList("tuple", [index])]),
    );
    const root = new PyDict(["l"], [new PyList("list", items)]);
    const live: { l?: object[] } = {};
    const seen = view(root, live);
    live.l = (structuredClone(live.l) as object[]).slice(1);
    const start = performance.now();
    patch(live, seen, root, new Set(), []);
    expect(performance.now() - start).to.be.lessThan(2000);
  });
});
