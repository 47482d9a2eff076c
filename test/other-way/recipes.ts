/**
 * Random values as data: what JavaScript makes of one, what Python must find, what Node must read again, and where and why
 * a target refuses it. This is the documented behaviour, said once more and independently of `src`.
 */
import * as fc from "fast-check";
import { py } from "../../src/values/py.ts";
import { type Atom, held, nothing, ofTheTable, refused, text } from "./atoms.ts";
import type { Refused } from "./kinds.ts";
import type { Target } from "./targets.ts";

/** An array, a Set, `py.list` and the like. */
interface Items {
  readonly type: "items";
  readonly js: keyof typeof ITEMS;
  readonly items: readonly Recipe[];
}

/** An object, a Map, `py.dict`. */
interface Entries {
  readonly type: "entries";
  readonly js: keyof typeof ENTRIES;
  readonly keys: readonly Recipe[];
  readonly values: readonly Recipe[];
}

/** One container in two places. */
interface Twice {
  readonly type: "twice";
  readonly of: Items | Entries;
}

/** A value to be made. */
export type Recipe = Atom | Items | Entries | Twice;

/** A refusal: where, from the value on, and why. */
export type Told = readonly [path: string, reason: string];

/** Whether a value is one, a key of a dict, or lies in such a key. */
type Role = "value" | "key" | "part of a key";

const ITEMS = {
  "[]": { kind: "list", make: (items: unknown[]): unknown => items },
  "a frozen []": { kind: "list", make: (items: unknown[]): unknown => Object.freeze(items) },
  "a Proxy of []": { kind: "list", make: (items: unknown[]): unknown => new Proxy(items, {}) },
  "[] with a property": { kind: "list", make: (items: unknown[]): unknown => Object.assign(items, { more: () => 1 }) },
  "py.list": { kind: "list", make: (items: unknown[]): unknown => py.list(items) },
  "py.tuple": { kind: "tuple", make: (items: unknown[]): unknown => py.tuple(items) },
  Set: { kind: "set", make: (items: unknown[]): unknown => new Set(items) },
  "py.set": { kind: "set", make: (items: unknown[]): unknown => py.set(items) },
  "py.frozenset": { kind: "frozenset", make: (items: unknown[]): unknown => py.frozenset(items) },
} as const;

const object = (entries: [unknown, unknown][]): object => Object.fromEntries(entries as [string, unknown][]) as object;

const ENTRIES = {
  "{}": { isMap: false, make: object },
  "a frozen {}": { isMap: false, make: (entries: [unknown, unknown][]): unknown => Object.freeze(object(entries)) },
  "a Proxy of {}": { isMap: false, make: (entries: [unknown, unknown][]): unknown => new Proxy(object(entries), {}) },
  "{} without a prototype": {
    isMap: false,
    make: (entries: [unknown, unknown][]): unknown =>
      Object.defineProperties(Object.create(null) as object, Object.getOwnPropertyDescriptors(object(entries))),
  },
  "{} of accessors": {
    isMap: false,
    make(entries: [unknown, unknown][]): unknown {
      const made = {};
      for (const [key, value] of entries) {
        Object.defineProperty(made, key as string, { get: () => value, enumerable: true, configurable: true });
      }
      return made;
    },
  },
  "{} with what is no data": {
    isMap: false,
    make: (entries: [unknown, unknown][]): unknown =>
      Object.defineProperty(Object.assign(object(entries), { [Symbol("s")]: () => 1 }), Symbol.iterator, { value: 1 }),
  },
  Map: { isMap: true, make: (entries: [unknown, unknown][]): unknown => new Map(entries) },
  "py.dict": { isMap: true, make: (entries: [unknown, unknown][]): unknown => py.dict(new Map(entries)) },
} as const;

/** The value itself. */
export function make(recipe: Recipe): unknown {
  if (recipe.type === "atom") return recipe.make();
  if (recipe.type === "twice") return ((value) => [value, value])(make(recipe.of));
  if (recipe.type === "items") return ITEMS[recipe.js].make(recipe.items.map(make));
  return ENTRIES[recipe.js].make(recipe.keys.map((key, index) => [make(key), make(recipe.values[index] as Recipe)]));
}

/** What Python has for it. @param isOverFloat whether a float stood in its place */
export function pythonOf(recipe: Recipe, isOverFloat = false): string {
  if (recipe.type === "atom") return String((isOverFloat ? recipe.asFloat : undefined) ?? recipe.python);
  if (recipe.type === "twice") return `(lambda a: [a, a])(${pythonOf(recipe.of)})`;
  if (recipe.type === "entries") {
    const pairs = dataOf(recipe).map(([key, value]) => `${pythonOf(key)}: ${pythonOf(value)}`);
    return `{${pairs.join(", ")}}`;
  }
  const items = recipe.items.map((item) => pythonOf(item)).join(", ");
  return { list: `[${items}]`, tuple: `tuple([${items}])`, set: `set([${items}])`, frozenset: `frozenset([${items}])` }[
    ITEMS[recipe.js].kind
  ];
}

/** What Node must read again. */
export function backOf(recipe: Recipe): unknown {
  if (recipe.type === "atom") return recipe.back();
  if (recipe.type === "twice") return ((value) => [value, value])(backOf(recipe.of));
  if (recipe.type === "items") {
    const { kind } = ITEMS[recipe.js];
    const items = recipe.items.map(backOf);
    return kind === "list" || kind === "tuple" ? items : new Set(items);
  }
  const entries = dataOf(recipe).map(([key, value]): [unknown, unknown] => [backOf(key), backOf(value)]);
  return entries.every(([key]) => typeof key === "string") ? object(entries) : new Map(entries);
}

/** Keys and values that are data, in JavaScript's order: `undefined` is none in an object. */
function dataOf({ js, keys, values }: Entries): [Recipe, Recipe][] {
  const pairs = keys.map((key, index): [Recipe, Recipe] => [key, values[index] as Recipe]);
  if (ENTRIES[js].isMap) return pairs;
  const byName = object(pairs.map(([key, value]) => [make(key), [key, value]])) as Record<string, [Recipe, Recipe]>;
  return Object.keys(byName)
    .map((name) => byName[name] as [Recipe, Recipe])
    .filter(([, value]) => value !== nothing);
}

/** Where and why a target refuses a value: the first is told. */
export function refusalsOf(recipe: Recipe, target: Target, role: Role = "value"): Told[] {
  if (recipe.type === "atom") return atomRefusals(recipe, target, role);
  if (recipe.type === "twice") {
    return [
      ...containerRefusals("list", target, role),
      ...under("[0]", refusalsOf(recipe.of, target, role === "value" ? role : "part of a key")),
    ];
  }
  if (recipe.type === "entries") {
    return [...containerRefusals("dict", target, role), ...entryRefusals(recipe, target, role)];
  }
  const { kind } = ITEMS[recipe.js];
  const isSet = kind === "set" || kind === "frozenset";
  const within: Role = role === "value" ? "value" : "part of a key";
  const inside = recipe.items.flatMap((item, index) => {
    const step = isSet ? `<member ${index}>` : `[${index}]`;
    const hashing = isSet ? unhashable(item).map((reason): Told => [step, reason]) : [];
    return [...under(step, refusalsOf(item, target, within)), ...hashing];
  });
  return [...containerRefusals(kind, target, role), ...inside];
}

function entryRefusals({ js, keys, values }: Entries, target: Target, role: Role): Told[] {
  const [keyRole, within] =
    role === "value" ? (["key", "value"] as const) : (["part of a key", "part of a key"] as const);
  const data = dataOf({ type: "entries", js, keys, values });
  return data.flatMap(([key, value], index) => {
    const isText = typeof (key as Atom).make?.() === "string";
    const step = ENTRIES[js].isMap ? `<key ${index}>` : nameStep(make(key) as string);
    const below = ENTRIES[js].isMap ? `.get(${shownKey(key, index)})` : step;
    return [
      ...under(step, refusalsOf(key, target, keyRole)),
      ...(isText ? [] : unhashable(key).map((reason): Told => [step, reason])),
      ...under(below, refusalsOf(value, target, within)),
    ];
  });
}

/** A key in words; objects are shown by their position. */
function shownKey(key: Recipe, index: number): string {
  const live = make(key);
  if (typeof live === "string") return JSON.stringify(live);
  return typeof live === "object" && live !== null ? `<key ${index}>` : String(live);
}

function nameStep(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function under(step: string, told: readonly Told[]): Told[] {
  return told.map(([path, reason]) => [step + path, reason]);
}

const STRING_KEYS = "the keys of JSON are strings";

function atomRefusals({ kind, make: value }: Atom, target: Target, role: Role): Told[] {
  const { format, next } = target;
  if (kind === nothing.kind) return [["", "undefined has no Python value"]];
  const isText = typeof value() === "string";
  const isWholeKey = role === "key";
  const own = (format === "pickle" ? undefined : kind[format]) ?? kind.refused;
  const isOtherKey = isWholeKey && format === "json" && !isText && kind.refused === undefined;
  return [isOtherKey ? STRING_KEYS : own, next === undefined ? undefined : thenRefusal(kind, next, isWholeKey)]
    .filter((told) => told !== undefined)
    .map((told) => (typeof told === "string" ? ["", told] : [told[1], told[0]]));
}

function thenRefusal(kind: Atom["kind"], next: "msgpack" | "json", isWholeKey: boolean): Refused | undefined {
  if (isWholeKey && kind.js.startsWith("new Markup(")) return undefined;
  if (isWholeKey && next === "json" && (kind.js === "null" || kind.js === "true")) {
    return "JSON has no key for None, True and False";
  }
  return next === "msgpack" ? kind.thenMsgpack : kind.thenJson;
}

/** Of a container itself, before anything in it. */
function containerRefusals(kind: string, { format, next }: Target, role: Role): Told[] {
  const reasons: string[] = [];
  const isKept = kind === "list" || kind === "dict" || (kind === "tuple" && role !== "value" && format === "msgpack");
  if (format === "json" && role === "key") reasons.push(STRING_KEYS);
  else if (format !== "pickle" && !isKept) {
    reasons.push(`${format === "json" ? "JSON" : format} turns a ${kind} into a list: use an array`);
  }
  if (next === "json" && role === "key" && kind !== "dict") reasons.push(`a ${kind} cannot be a key in JSON`);
  return reasons.map((reason) => ["", reason]);
}

/** Why Python cannot hash a value, if it cannot. */
export function unhashable(recipe: Recipe): string[] {
  if (recipe.type === "atom") return recipe.identity === undefined ? ["Python cannot hash a"] : [];
  if (recipe.type === "twice") return ["Python cannot hash a list"];
  if (recipe.type === "entries") return ["Python cannot hash a dict"];
  const { kind } = ITEMS[recipe.js];
  if (kind === "list" || kind === "set") return [`Python cannot hash a ${kind}`];
  return recipe.items.flatMap(unhashable);
}

/** Equal for what is one key to Python. */
export function identityOf(recipe: Recipe): string {
  if (recipe.type === "atom") return recipe.identity ?? `unlike anything ${recipe.kind.js}`;
  if (recipe.type !== "items") return recipe.type;
  const items = recipe.items.map(identityOf);
  return recipe.js === "py.tuple"
    ? `(${items.join(", ")})`
    : `${recipe.js === "py.frozenset" ? "frozen" : ""}{${items.toSorted().join(", ")}}`;
}

const LEVELS = 3;

/** Anything that a handler may put into a session. */
export const recipes: fc.Arbitrary<Recipe> = valuesOf(LEVELS, ofTheTable);

/** @param others what else there is beside atoms and containers of such */
function valuesOf(levels: number, others: fc.Arbitrary<Atom>): fc.Arbitrary<Recipe> {
  const atoms: fc.Arbitrary<Recipe> = fc.oneof({ weight: 14, arbitrary: held }, { weight: 1, arbitrary: others });
  if (levels === 0) return atoms;
  return fc.oneof({ weight: 3, arbitrary: atoms }, { weight: 2, arbitrary: containersOf(levels, others) });
}

function containersOf(levels: number, others: fc.Arbitrary<Atom>): fc.Arbitrary<Recipe> {
  const inner = valuesOf(levels - 1, others);
  const lists = fc.constantFrom(
    "[]",
    "[]",
    "[]",
    "a frozen []",
    "a Proxy of []",
    "[] with a property",
    "py.list",
    "py.tuple",
  ) as fc.Arbitrary<Items["js"]>;
  const sets = fc.constantFrom("Set", "py.set", "py.frozenset") as fc.Arbitrary<Items["js"]>;
  const objects = fc.constantFrom(
    "{}",
    "{}",
    ...(Object.keys(ENTRIES) as Entries["js"][]).filter((js) => !ENTRIES[js].isMap),
  );
  const maps = fc.constantFrom("Map", "py.dict") as fc.Arbitrary<Entries["js"]>;
  const one: fc.Arbitrary<Items | Entries> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(lists, fc.array(itemsOf(inner), { maxLength: 4 }))
        .map(([js, items]): Items => ({ type: "items", js, items })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(sets, distinct(keysOf(levels - 1)))
        .map(([js, items]): Items => ({ type: "items", js, items })),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(objects, distinct(text)).chain(([js, keys]) => entriesOf(js, keys, propertiesOf(inner))),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(maps, distinct(keysOf(levels - 1))).chain(([js, keys]) => entriesOf(js, keys, inner)),
    },
  );
  return fc.oneof(
    { weight: 12, arbitrary: one },
    one.map((of): Twice => ({ type: "twice", of })),
  );
}

function entriesOf(js: Entries["js"], keys: readonly Recipe[], inner: fc.Arbitrary<Recipe>): fc.Arbitrary<Entries> {
  const values = fc.array(inner, { minLength: keys.length, maxLength: keys.length });
  return values.map((made): Entries => ({ type: "entries", js, keys, values: made }));
}

/** Seldom `undefined`, which is refused. */
function itemsOf(inner: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  return fc.oneof({ weight: 60, arbitrary: inner }, fc.constant(nothing));
}

/** Now and then `undefined`, which is nothing. */
function propertiesOf(inner: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe> {
  return fc.oneof({ weight: 12, arbitrary: inner }, fc.constant(nothing));
}

/** Keys and members: mostly what Python can hash. The table's containers are told of as values, so that they are none. */
export function keysOf(levels: number): fc.Arbitrary<Recipe> {
  const tuples = fc.tuple(
    fc.constantFrom("py.tuple", "py.frozenset") as fc.Arbitrary<Items["js"]>,
    distinct(held.filter(isNoMinusZero)),
  );
  return fc
    .oneof(
      { weight: 8, arbitrary: held },
      { weight: 2, arbitrary: tuples.map(([js, items]): Items => ({ type: "items", js, items })) },
      { weight: 1, arbitrary: levels > 0 ? containersOf(levels, refused) : refused },
    )
    .filter(isNoMinusZero);
}

/** A Map or Set takes −0 for 0. */
function isNoMinusZero(key: Recipe): boolean {
  return key.type !== "atom" || !Object.is(key.make(), -0);
}

function distinct(keys: fc.Arbitrary<Recipe>): fc.Arbitrary<Recipe[]> {
  return fc.uniqueArray(keys, { maxLength: 3, selector: identityOf });
}

/** As a test names it. */
export function shownRecipe(recipe: Recipe): string {
  if (recipe.type === "atom") return `${recipe.kind.js} (${String(recipe.python)})`;
  if (recipe.type === "twice") return `twice ${shownRecipe(recipe.of)}`;
  if (recipe.type === "items") return `${recipe.js} [${recipe.items.map(shownRecipe).join(", ")}]`;
  const pairs = recipe.keys.map((key, index) => `${shownRecipe(key)}: ${shownRecipe(recipe.values[index] as Recipe)}`);
  return `${recipe.js} {${pairs.join(", ")}}`;
}
