// oxlint-disable typescript/no-misused-spread -- handlers do so
import { inspect } from "node:util";
import { expect } from "chai";
import { EncodeError } from "../../src/errors.ts";
import { PyDict, PyGlobal, PyList, PyObject } from "../../src/values/exact.ts";
import { py } from "../../src/values/py.ts";
import type { PythonObject } from "../../src/values/python-object.ts";
import { view } from "../../src/values/view.ts";
import { type Case, judged, open, save } from "./through-node.ts";

interface Bags {
  bag: PythonObject;
  other?: unknown;
  list: unknown[];
  l: unknown[];
  m: Map<unknown, unknown>;
  d: Record<string, unknown>;
  b: Uint8Array;
}

/** Keys are in an order in which the object comes first, so that what it shares is first seen through it. */
const sharing = "(lambda l: {'bag': Bag(l=l, d={'k': l}), 'l': l, 'other': [l]})([1.0, 2])";
const withSet = "{'bag': Bag(s={1, 2.0}, m={1: 'a'}, b=bytearray(b'ab'), e=b'e', when=moment(2024, 1, 1), t=(1, {3}))}";

const cases: readonly Case<Bags>[] = [
  {
    name: "an object is moved, put into lists and shared",
    python: "{'bag': Bag(x=1.0), 'list': [1]}",
    change: (s) => {
      s.list.push(s.bag);
      s.other = { bag: s.bag };
    },
    same: "s['list'].append(s['bag']); s['other'] = {'bag': s['bag']}",
  },
  {
    name: "an object is deleted",
    python: "{'bag': Bag(x=1.0), 'list': [1]}",
    change: (s) => {
      Reflect.deleteProperty(s, "bag");
    },
    same: "del s['bag']",
  },
  {
    name: "every kind of object is written back beside a change",
    python:
      "{'n': 1, 'o': collections.OrderedDict(a=1.0), 'dd': collections.defaultdict(list, a=[1.0]), 'dq': collections.deque([1.0], 3), 'p': Point(1.0, 2), 'c': Colour.GREEN, 'i': Item('a', 1.0), 'z': complex(1, 2), 'r': range(3), 't': time(1, 2, tzinfo=timezone.utc), 'cls': Bag, 'ct': collections.Counter('aab')}",
    change: (s) => {
      s.other = 1;
    },
    same: "s['other'] = 1",
  },
  {
    name: "what is in an object can be moved out, and is the same to Python",
    python: "{'bag': Bag(x=[1.0, {'k': 2.0}])}",
    change: (s) => {
      s.other = (s.bag.state as { x: unknown }).x;
    },
    same: "s['other'] = s['bag'].x",
  },
  {
    name: "an object may lie in a tuple or frozenset that it holds",
    python: "{'list': holding_itself(tuple), 'other': holding_itself(frozenset)}",
    change: (s) => {
      s.l = [1];
    },
    same: "s['l'] = [1]",
  },
  {
    name: "a tuple or frozenset may be a value in one place and a key, or a key's value, in another",
    python:
      "(lambda t, f: {'list': [t, f], t: (), 'other': [f], 7: f, frozenset([t, 1]): t})((1.5,), frozenset(['a', (2,)]))",
    change: (s) => {
      s.l = [1];
    },
    same: "s['l'] = [1]",
  },
  {
    name: "the value of a key that is no str may be a tuple or frozenset that an object in it holds",
    python: "(lambda l: {7: holding_itself(tuple), 8: holding_itself(frozenset), 'bag': Bag(l=l), 'l': l})([1.0])",
    change: (s) => {
      s.l.push(2.5);
    },
    same: "s['l'].append(2.5)",
  },
  {
    name: "a container that the session has too is editable, and the object sees the change",
    python: sharing,
    change: (s) => {
      s.l.push(3);
    },
    same: "s['l'].append(3)",
  },
  {
    name: "a datetime and bytes that the session has too are changed there, not in the object",
    python:
      "(lambda w, e, long: {'bag': Bag(w=w, e=e, long=long), 'w': w, 'e': e, 'long': long})(moment(2024, 1, 1), b'e', b'long')",
    change: (s) => {
      const { w, e, long } = s as unknown as { w: Date; e: Uint8Array; long: Uint8Array };
      w.setUTCFullYear(2025);
      e.fill(0);
      long.fill(0);
    },
    same: "s.update(w=moment(2025, 1, 1), e=bytes(1), long=bytes(4))",
  },
  {
    name: "so it is after the session has let it go",
    python: sharing,
    change: (s) => {
      s.l.push(3);
      Reflect.deleteProperty(s, "l");
      s.other = null;
    },
    same: "s.pop('l').append(3); s['other'] = None",
  },
  {
    name: "a read-only Set is moved out as it is",
    python: withSet,
    change: (s) => {
      s.other = Object.values(s.bag.state as object);
    },
    same: "s['other'] = list(s['bag'].__dict__.values())",
  },
  {
    name: "the JSON text of an object is the object",
    python: "{'bag': Bag(x=1.0), 'list': [Colour.RED, 1]}",
    change: (s) => {
      s.bag = JSON.parse(JSON.stringify(s.bag)) as PythonObject;
      s.list = JSON.parse(JSON.stringify(s.list)) as unknown[];
    },
    same: "",
    changed: ["list"],
  },
  {
    name: "py.dict is a dict where an object stood",
    python: "{'bag': Bag(x=1.0)}",
    change: (s) => {
      s.bag = py.dict({ x: 1 }) as never;
    },
    same: "s['bag'] = {'x': 1}",
  },
  {
    name: "a tuple may hold a deque that holds the tuple",
    python: "(lambda q: (q.append((q,)), {'t': q[0]})[1])(collections.deque())",
    change: (s) => {
      s.other = 1;
    },
    same: "s['other'] = 1",
  },
  {
    name: "a change that the session reaches through objects alone after it was moved",
    python: "{'bag': Bag(inner=Bag(x=1.0)), 'list': []}",
    change: (s) => {
      s.list.push((s.bag.state as { inner: unknown }).inner);
    },
    same: "s['list'].append(s['bag'].inner)",
  },
];

judged("Python objects", cases);

const none = new PyList("tuple", []);

describe("a Python object in a handler", () => {
  it("shows its class, arguments, items, entries and state", async () => {
    const { live } = await open(
      "{'p': Point(1.0, [2]), 'o': collections.OrderedDict([('b', 1.0)]), 'q': collections.deque([1, 2], 3), 'b': Bag(x=1), 'c': Bag}",
    );
    const seen = live as Record<string, PythonObject>;
    const facts = Object.values(seen).map((o) => [String(o), o.args, o.kwargs, o.items, o.entries, o.state]);
    expect(facts).to.deep.equal([
      ["<value_sessions.Point>", [1, [2]], {}, [], [], undefined],
      ["<collections.OrderedDict>", [], {}, [], [["b", 1]], undefined],
      ["<collections.deque>", [[], 3], {}, [1, 2], [], undefined],
      ["<value_sessions.Bag>", [], {}, [], [], { x: 1 }],
      ["<value_sessions.Bag>", [], {}, [], [], undefined],
    ]);
  });

  it("shows keyword arguments, what a state setter takes, and what a call of a call makes", async () => {
    const { live } = await open(
      "{'k': WithKeywords(1.0, key=[2]), 's': with_setter(a=1), 'u': UUID(int=1, is_safe=uuid.SafeUUID.safe), 'c': Curried(), 't': time(1, 2, 3, 4, fold=1, tzinfo=Zone())}",
    );
    const seen = live as Record<string, PythonObject>;
    const facts = Object.values(seen).map((o) => [String(o), o.args, o.kwargs, o.state]);
    expect(facts.slice(0, 4)).to.deep.equal([
      ["<value_sessions.WithKeywords>", [1], { key: [2] }, undefined],
      ["<value_sessions.WithSetter>", [], {}, { a: 1 }],
      ["<uuid.UUID>", [], {}, { int: 1, is_safe: 0 }],
      ["<functools.partial()>", [], {}, undefined],
    ]);
    const [name, args, kwargs] = facts[4] as [string, unknown[], Record<string, unknown>];
    expect([name, args, kwargs["fold"], String(kwargs["tzinfo"])]).to.deep.equal([
      "<datetime.time>",
      [1, 2, 3, 4],
      1,
      "<value_sessions.Zone>",
    ]);
  });

  it("shows what a hostile pickle does to it", () => {
    const made = new PyObject(
      "call",
      new PyObject("call", new PyObject("call", new PyGlobal("m", "f"), none), none),
      none,
    );
    made.operations.push(
      { kind: "add", operands: [1] },
      { kind: "append", operands: [2] },
      { kind: "set", operands: ["k", 3, "odd"] },
    );
    const live: Record<string, unknown> = {};
    view(new PyDict(["x"], [made]), live);
    const x = live["x"] as PythonObject;
    expect([String(x), x.items, x.entries]).to.deep.equal(["<.()>", [1, 2], [["k", 3]]]);
  });

  it("has the name of its class under protocol 0 too", async () => {
    const { live } = await open("{'b': Bag(x=1)}", 0);
    expect(String((live as { b: PythonObject }).b)).to.equal("<value_sessions.Bag>");
  });

  it("is frozen, with all that only it holds", async () => {
    const { live } = await open("{'bag': Bag(x=[1, {'k': [2]}], y={'a': (1,)})}");
    const { bag } = live as Bags;
    const state = bag.state as { x: [number, { k: number[] }]; y: { a: number[] } };
    for (const part of [bag, bag.args, state, state.x, state.x[1], state.x[1].k, state.y, state.y.a]) {
      expect(Object.isFrozen(part)).to.equal(true);
    }
  });

  it("is its name in JSON, without a loop", async () => {
    const { live } = await open("(lambda b: (setattr(b, 'me', b), {'bag': b})[1])(Bag())");
    expect(JSON.stringify(live)).to.equal('{"bag":"<value_sessions.Bag>"}');
    expect(inspect((live as Bags).bag)).to.match(/^PythonObject <value_sessions\.Bag> \{/);
  });

  it("is inspected in bounded time where objects hold each other", async () => {
    const { live } = await open("(lambda a: (a.__dict__.update(b=Bag(a=a, again=a)), {'bag': a})[1])(Bag())");
    for (const depth of [2, 20, Number.POSITIVE_INFINITY, null]) {
      expect(inspect(live, { depth }).length).to.be.within(100, 20_000);
    }
  });

  it("is shown as deep as anything, and below by its name, in itself too", async () => {
    const tower = "functools.reduce(lambda q, _: collections.deque([q, q]), range(40), collections.deque())";
    const { live } = await open(`{'me': (lambda b: (setattr(b, 'me', b), b)[1])(Bag()), 'tower': ${tower}}`);
    const { me, tower: shown } = live as { me: PythonObject; tower: PythonObject };
    const deque = "PythonObject <collections.deque>";
    const options = { breakLength: Number.POSITIVE_INFINITY, compact: 10 };
    const without = "args: [], kwargs: {}, items: [], entries: [], state:";
    for (const depth of [null, 9]) {
      expect(inspect(me, { ...options, depth })).to.equal(
        `PythonObject <value_sessions.Bag> { ${without} { me: [PythonObject <value_sessions.Bag>] } }`,
      );
    }
    expect(inspect(shown, { ...options, depth: 1 })).to.equal(
      `${deque} { args: [], kwargs: {}, items: [ [${deque}], [${deque}] ], entries: [], state: undefined }`,
    );
    expect(inspect([[[shown]]])).to.equal(`[ [ [ [${deque}] ] ] ]`);
    expect(inspect(live).length).to.be.below(1000);
  });

  it("cannot be cloned", async () => {
    const { live } = await open("{'bag': Bag()}");
    expect(() => structuredClone((live as Bags).bag)).to.throw(DOMException);
  });

  const refused: readonly (readonly [name: string, change: (s: Bags) => unknown, path: string, reason: string])[] = [
    [
      "a spread",
      (s) => {
        s.bag = { ...s.bag };
      },
      "session.bag",
      "it looks like a copy",
    ],
    [
      "a spread elsewhere",
      (s) => {
        s.other = { ...s.bag };
      },
      "session.other.toJSON",
      "a function has no Python value",
    ],
    ["a changed Set in it", (s) => (s.bag.state as { s: Set<number> }).s.add(3), "session.bag<inside>", "read-only"],
    [
      "a changed Map in it",
      (s) => (s.bag.state as { m: Map<number, string> }).m.set(1, "b"),
      "session.bag<inside>",
      "read-only",
    ],
    ["changed bytes in it", (s) => (s.bag.state as { e: Uint8Array }).e.fill(0), "session.bag<inside>", "read-only"],
    [
      "a changed bytearray in it",
      (s) => (s.bag.state as { b: Uint8Array }).b.fill(0),
      "session.bag<inside>",
      "read-only",
    ],
    [
      "a changed Date in it",
      (s) => (s.bag.state as { when: Date }).when.setTime(0),
      "session.bag<inside>",
      "read-only",
    ],
    [
      "a changed Set, moved out",
      (s) => {
        s.other = (s.bag.state as { t: unknown }).t;
        ((s.other as unknown[])[1] as Set<number>).clear();
      },
      "session.bag<inside>",
      "read-only",
    ],
  ];
  for (const [name, change, path, reason] of refused) {
    it(`is refused: ${name}`, async () => {
      const opened = await open(withSet);
      change(opened.live as Bags);
      expect(() => save(opened))
        .to.throw(EncodeError, reason)
        .with.property("path", path);
      expect(() => save(opened), "again").to.throw(EncodeError, reason);
    });
  }

  it("is refused in another session", async () => {
    const [one, other] = [await open("{'bag': Bag()}"), await open("{}")];
    (other.live as Bags).bag = (one.live as Bags).bag;
    expect(() => save(other)).to.throw(EncodeError, "session.bag: it is a Python object of another session");
  });

  it("a changed container counts under every key that reaches it through an object", async () => {
    const opened = await open(sharing);
    (opened.live as Bags).l.push(3);
    expect(save(opened)).to.deep.equal(["bag", "l", "other"]);
  });

  it("is not looked into where the session has let it go", async () => {
    const opened = await open(withSet);
    const { bag } = opened.live as Bags;
    (bag.state as { s: Set<number> }).s.add(3);
    Reflect.deleteProperty(opened.live, "bag");
    expect(save(opened)).to.deep.equal(["bag"]);
  });
});
