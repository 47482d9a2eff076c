// oxlint-disable oxc/no-map-spread, typescript/require-array-sort-compare -- handlers do so
import { py } from "../../src/values/py.ts";
import { type Case, judged } from "./through-node.ts";

interface Item {
  sku: string;
  price?: number;
  cost?: number | undefined;
  qty: number;
}

/** What handlers see of `shop()` in value_sessions.py, and the keys that they add. */
interface Shop {
  price: number;
  n: unknown;
  negative_zero: number;
  nan: number;
  big: bigint;
  cart?: Item[];
  floats: number[];
  mixed: number[];
  ints: number[];
  tup: unknown[];
  nest: { a: { b?: number; c?: number | undefined } };
  s: Set<number>;
  fs: Set<number>;
  by: Uint8Array;
  ba: Uint8Array;
  order: Record<string, number>;
  sh1: unknown[];
  cyc: unknown[];
  flashes: string[][];
  intmap: Map<number, number>;
  ["__proto__"]: { p: number };
  decimal: unknown;
  uuid: unknown;
  when: Date;
  utc: Date;
  ordered: unknown;
  colour: unknown;
  a?: unknown;
  b?: unknown;
  c?: unknown;
  d?: unknown;
  e?: unknown;
  f?: unknown;
}

/** The items of the cart, which every session here has. */
function items({ cart = [] }: Shop): Item[] {
  return cart;
}

const cases: readonly Case<Shop>[] = [
  { name: "untouched", change: () => {}, same: "" },
  {
    name: "an equal value is no change",
    change: (s) => {
      s.n = 1;
      s.price = 10;
      s.nan = Number.NaN;
      s.big = 2n ** 70n;
    },
    same: "",
  },
  {
    name: "a neighbour is changed",
    change: (s) => {
      s.n = 2;
    },
    same: "s['n'] = 2",
  },
  {
    name: "a nested neighbour is changed",
    change: (s) => {
      Object.assign(items(s)[0] ?? {}, { qty: 9 });
    },
    same: "s['cart'][0]['qty'] = 9",
  },
  {
    name: "map and spread",
    change: (s) => {
      s.cart = items(s).map((i: Item) => ({ ...i, qty: i.qty + 1 }));
    },
    same: "for i in s['cart']: i['qty'] += 1",
  },
  {
    name: "filter",
    change: (s) => {
      s.cart = items(s).filter((i: Item) => i.sku !== "a");
    },
    same: "del s['cart'][0]",
  },
  {
    name: "filter, then copy",
    change: (s) => {
      s.cart = items(s)
        .filter((i: Item) => i.sku !== "a")
        .map((i: Item) => ({ ...i }));
    },
    same: "del s['cart'][0]",
  },
  {
    name: "splice in place",
    change: (s) => {
      items(s).splice(0, 1);
    },
    same: "del s['cart'][0]",
  },
  {
    name: "sort in place",
    change: (s) => {
      items(s).sort((a: Item, b: Item) => (b.price ?? 0) - (a.price ?? 0));
    },
    same: "s['cart'].sort(key=lambda i: -i['price'])",
  },
  {
    name: "a pushed item takes after its siblings",
    change: (s) => {
      items(s).push({ sku: "d", price: 7, qty: 7 });
    },
    same: "s['cart'].append({'sku': 'd', 'price': 7.0, 'qty': 7})",
  },
  {
    name: "spread with a new item",
    change: (s) => {
      s.cart = [...items(s), { sku: "d", price: 7, qty: 7 }];
    },
    same: "s['cart'].append({'sku': 'd', 'price': 7.0, 'qty': 7})",
  },
  {
    name: "floats are sorted",
    change: (s) => {
      s.floats.sort((a: number, b: number) => a - b);
    },
    same: "s['floats'].sort()",
  },
  {
    name: "a number is pushed to floats",
    change: (s) => {
      s.floats.push(4);
    },
    same: "s['floats'].append(4.0)",
  },
  {
    name: "floats are mapped",
    change: (s) => {
      s.floats = s.floats.map((x: number) => x * 2);
    },
    same: "s['floats'] = [20.0, 5.0, 6.0]",
  },
  {
    name: "ints are pushed and sorted",
    change: (s) => {
      s.ints.push(4);
      s.ints.sort();
    },
    same: "s['ints'] = [1, 2, 3, 4]",
  },
  {
    name: "a mixed list keeps the types beside a change",
    change: (s) => {
      s.mixed[3] = 6;
    },
    same: "s['mixed'][3] = 6",
  },
  {
    name: "a mixed list is shifted: 1.0 can no longer be told from 1",
    change: (s) => {
      s.mixed.shift();
    },
    same: "s['mixed'] = [1, 10.0, 5]",
  },
  {
    name: "an int over a float in a mixed list is an int",
    python: "{'ints': [1, 2.5]}",
    change: (s) => {
      s.ints[1] = 7;
    },
    same: "s['ints'][1] = 7",
  },
  {
    name: "a container is moved between keys",
    change: (s) => {
      s.b = s.cart;
      delete s.cart;
    },
    same: "s['b'] = s.pop('cart')",
  },
  {
    name: "one container under two keys",
    change: (s) => {
      s.b = s.cart;
    },
    same: "s['b'] = s['cart']",
  },
  {
    name: "a number moved between keys is an int",
    change: (s) => {
      s.b = s.price;
    },
    same: "s['b'] = 10",
  },
  {
    name: "structuredClone",
    change: (s) => {
      s.cart = structuredClone(items(s));
      s.nest = structuredClone(s.nest);
    },
    same: "",
    changed: ["cart", "nest"],
  },
  {
    name: "JSON copy",
    change: (s) => {
      const copied: (keyof Shop)[] = [
        "nest",
        "flashes",
        "cart",
        "tup",
        "decimal",
        "uuid",
        "when",
        "utc",
        "ordered",
        "colour",
      ];
      for (const key of copied) Object.assign(s, { [key]: JSON.parse(JSON.stringify(s[key])) });
    },
    same: "",
    changed: ["cart", "flashes", "nest", "tup"],
  },
  {
    name: "a whole number where a float stood",
    change: (s) => {
      s.price = 12;
    },
    same: "s['price'] = 12.0",
  },
  {
    name: "a whole number where a fraction stood",
    change: (s) => {
      Object.assign(items(s)[1] ?? {}, { price: 3 });
    },
    same: "s['cart'][1]['price'] = 3.0",
  },
  {
    name: "a fraction where an int stood",
    change: (s) => {
      s.n = 1.5;
    },
    same: "s['n'] = 1.5",
  },
  {
    name: "new numbers",
    change: (s) => {
      s.a = 5;
      s.b = py.float(5);
      s.c = 2 ** 60;
      s.d = -0;
      s.e = 5n;
      s.f = -(2n ** 80n);
    },
    same: "s.update(a=5, b=5.0, c=2.0**60, d=-0.0, e=5, f=-2**80)",
  },
  {
    name: "-0 is a float, 0 over it too",
    change: (s) => {
      s.n = -0;
      s.negative_zero = 0;
      s.ints[0] = -0;
    },
    same: "s['n'] = -0.0; s['negative_zero'] = 0.0; s['ints'][0] = -0.0",
  },
  {
    name: "a nested spread",
    change: (s) => {
      s.nest = { ...s.nest, a: { ...s.nest.a, b: 6 } };
    },
    same: "s['nest']['a']['b'] = 6.0",
  },
  {
    name: "a flash is pushed",
    change: (s) => {
      s.flashes.push(["info", "x"]);
    },
    same: "s['flashes'].append(('info', 'x'))",
  },
  {
    name: "flashes are copied",
    change: (s) => {
      s.flashes = s.flashes.map((f: string[]) => [...f]);
    },
    same: "",
    changed: ["flashes"],
  },
  {
    name: "a tuple is mapped",
    change: (s) => {
      s.tup = s.tup.map((x: unknown) => x);
    },
    same: "",
    changed: ["tup"],
  },
  {
    name: "a tuple is changed in place",
    change: (s) => {
      s.tup.push(3);
      s.tup[0] = 7;
    },
    same: "s['tup'] = (7, 2.0, 'x', 3)",
  },
  {
    name: "sets are changed and copied",
    change: (s) => {
      s.s.add(5);
      s.fs = new Set(s.fs);
    },
    same: "s['s'].add(5)",
    changed: ["fs", "s"],
  },
  {
    name: "a set in another order is the same",
    change: (s) => {
      s.s.delete(1);
      s.s.add(1);
    },
    same: "",
  },
  {
    name: "bytes in place, a bytearray copied",
    change: (s) => {
      s.by[0] = 1;
      s.ba = Uint8Array.of(...s.ba, 99);
    },
    same: "s['by'] = b'\\x01\\xff'; s['ba'] = bytearray(b'abc')",
  },
  {
    name: "integer-like keys",
    change: (s) => {
      s.order["5"] = 1;
    },
    same: "s['order']['5'] = 1",
  },
  {
    name: "integer-like keys, spread",
    change: (s) => {
      s.order = { ...s.order, x: 4 };
    },
    same: "s['order']['x'] = 4",
  },
  {
    name: "a key is deleted and set again",
    change: (s) => {
      const { b = 0 } = s.nest.a;
      delete s.nest.a.b;
      s.nest.a.b = b;
    },
    same: "s['nest']['a'] = {'c': 5, 'b': 5.0}",
  },
  {
    name: "what is shared stays shared",
    change: (s) => {
      s.sh1.push("y");
    },
    same: "s['sh1'].append('y')",
  },
  {
    name: "a datetime that Python has in two places is two Dates",
    python: "(lambda now: {'a': now, 'b': now, 'c': [now]})(moment(2024, 1, 1, 2, 3, 4, 567890))",
    change: (s) => {
      (s.b as Date).setUTCFullYear(2025);
    },
    same: "s['b'] = moment(2025, 1, 1, 2, 3, 4, 567000)",
  },
  {
    name: "a Date that JavaScript has put in two places is one",
    python: "{'a': moment(2024, 1, 1)}",
    change: (s) => {
      s.b = s.a;
      (s.a as Date).setUTCFullYear(2025);
    },
    same: "s['a'] = s['b'] = moment(2025, 1, 1)",
  },
  {
    name: "equal bytes of one byte, which are one object to CPython, are two arrays",
    python: "{'a': b'x', 'b': b'x', 'c': b'xyz', 'd': bytearray(b'x')}",
    change: (s) => {
      (s.a as Uint8Array)[0] = 1;
      (s.d as Uint8Array)[0] = 2;
    },
    same: "s['a'] = b'\\x01'; s['d'][0] = 2",
  },
  {
    name: "longer bytes that Python has in two places are one array",
    python: "(lambda data: {'a': data, 'b': data})(b'xyz')",
    change: (s) => {
      (s.a as Uint8Array)[0] = 1;
    },
    same: "s['a'] = s['b'] = b'\\x01yz'",
  },
  {
    name: "a new array is changed after it was saved once",
    python: "{'a': b'xyz'}",
    change: (s) => {
      s.a = Uint8Array.of(1, 2);
      s.b = [py.bytearray(Uint8Array.of(3)), s.a];
      s.c = s.b;
    },
    same: "s['a'] = b'\\x01\\x02'; s['b'] = s['c'] = [bytearray(b'\\x03'), s['a']]",
  },
  {
    name: "a typed array put in two places is one bytearray",
    python: "{}",
    change: (s) => {
      s.a = py.bytearray(Uint8Array.of(3));
      s.b = [s.a];
    },
    same: "s['a'] = bytearray(b'\\x03'); s['b'] = [s['a']]",
  },
  {
    name: "a cycle stays a cycle",
    change: (s) => {
      s.cyc.push(true);
    },
    same: "s['cyc'].append(True)",
  },
  {
    name: "int keys",
    change: (s) => {
      s.intmap.set(3, 5);
      s.intmap.set(1, 11);
    },
    same: "s['intmap'][3] = 5; s['intmap'][1] = 11.0",
  },
  {
    name: "__proto__ is a key",
    change: (s) => {
      s["__proto__"].p = 2;
    },
    same: "s['__proto__']['p'] = 2.0",
  },
  {
    name: "undefined deletes",
    change: (s) => {
      s.n = undefined;
      s.nest.a.c = undefined;
    },
    same: "del s['n']; del s['nest']['a']['c']",
  },
  {
    name: "reversed and copied",
    change: (s) => {
      s.cart = items(s)
        .toReversed()
        .map((i: Item) => ({ ...i }));
    },
    same: "s['cart'].reverse()",
  },
  {
    name: "copied by Object.fromEntries",
    change: (s) => {
      s.nest = Object.fromEntries(Object.entries(s.nest).map(([k, v]) => [k, { ...v }])) as Shop["nest"];
    },
    same: "",
    changed: ["nest"],
  },
  {
    name: "a renamed key is a new place",
    change: (s) => {
      s.cart = items(s).map(({ price, ...rest }: Item) => ({ ...rest, cost: price }));
    },
    same: "s['cart'] = [{'sku': 'a', 'qty': 1, 'cost': 10}, {'sku': 'b', 'qty': 2, 'cost': 2.5}, {'sku': 'c', 'qty': 3, 'cost': 30}]",
  },
];

judged("the rules of values", cases);
