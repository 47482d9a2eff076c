/** What a newly put value takes after, so that a copy of Python's data keeps Python's types. */
import { sameExact } from "./equality.ts";
import { type Exact, type ExactNode, PyBytes, PyDateTime, PyDict, PyFloat, PyList } from "./exact.ts";
import { isNode } from "./exact-children.ts";
import { type Original, originalAmong } from "./lost-types.ts";
import { isFloat, isNumber } from "./numbers.ts";

/** What stood in the place of a value, the siblings of a new list item, or nothing. */
export type Hint = Exact | Siblings | undefined;

/** Values of one list, or what these have in one place. They teach a new value only what they all agree on. */
export class Siblings {
  readonly #values: readonly Exact[];
  #nodes: readonly ExactNode[] | undefined;
  #areFloats: boolean | undefined;
  #onlyFloats: ReadonlySet<string> | undefined;
  #kinds: Kinds | undefined;
  #tzinfo: { readonly agreed: Exact | undefined } | undefined;
  #byKey: ReadonlyMap<string, Siblings> | undefined;
  #lists: Lists | undefined;

  constructor(values: readonly Exact[]) {
    this.#values = values;
  }

  /** A hint as siblings: one value stands for itself. */
  static of(hint: Hint): Siblings {
    if (hint instanceof Siblings) return hint;
    return hint === undefined ? NOBODY : new Siblings([hint]);
  }

  /** Those that are not plain JavaScript in the exact tree. */
  get nodes(): readonly ExactNode[] {
    this.#nodes ??= this.#values.filter(isNode);
    return this.#nodes;
  }

  /** Whether there are numbers, and all of them are floats. */
  get areFloats(): boolean {
    this.#areFloats ??= agree(this.#values.filter(isNumber), isFloat);
    return this.#areFloats;
  }

  /** Whether a whole number stands here, and only as a float. */
  hasOnlyAsFloat(value: number): boolean {
    this.#onlyFloats ??= onlyFloats(this.#values);
    return this.#onlyFloats.has(String(value));
  }

  /** What new arrays, Sets, Uint8Arrays and plain objects are taken for. */
  get kinds(): Kinds {
    this.#kinds ??= kindsAmong(this.nodes);
    return this.#kinds;
  }

  /** The tzinfo that all datetimes here have; `undefined` where they differ or there is none. */
  get tzinfo(): Exact | undefined {
    this.#tzinfo ??= { agreed: tzinfoAmong(this.nodes) };
    return this.#tzinfo.agreed;
  }

  /** What the dicts here have under a key. */
  under(key: Exact): Siblings {
    this.#byKey ??= byKey(this.nodes);
    const text = keyText(key);
    return (text === undefined ? undefined : this.#byKey.get(text)) ?? NOBODY;
  }

  /** What the lists here have at an index, where all have this length; else all that they hold. */
  item(index: number, length: number): Siblings {
    return this.#listed.item(index, length);
  }

  /** What the sets here hold. */
  get members(): Siblings {
    return this.#listed.all;
  }

  get #listed(): Lists {
    this.#lists ??= new Lists(this.nodes.filter((value) => value instanceof PyList));
    return this.#lists;
  }
}

/** What Python has for the kinds of JavaScript's containers. */
interface Kinds {
  readonly array: "list" | "tuple";
  readonly set: "set" | "frozenset";
  readonly bytes: "bytes" | "bytearray";
  readonly plain: Original;
}

const NOBODY: Siblings = new Siblings([]);

/** Lists that are siblings, seen item by item. */
class Lists {
  readonly #lists: readonly PyList[];
  readonly #length: number | undefined;
  readonly #byIndex: Siblings[] = [];
  #all: Siblings | undefined;

  constructor(lists: readonly PyList[]) {
    const length = lists[0]?.items.length;
    this.#lists = lists;
    this.#length = lists.every(({ items }) => items.length === length) ? length : undefined;
  }

  item(index: number, length: number): Siblings {
    if (length === this.#length) {
      this.#byIndex[index] ??= new Siblings(this.#lists.flatMap(({ items }) => items.slice(index, index + 1)));
      return this.#byIndex[index];
    }
    return this.all;
  }

  get all(): Siblings {
    this.#all ??= new Siblings(this.#lists.flatMap(({ items }) => items));
    return this.#all;
  }
}

function agree<Value>(values: readonly Value[], holds: (value: Value) => boolean): boolean {
  return values.length > 0 && values.every(holds);
}

/** The rarer kind where all that could be of either are of it. */
function kindsAmong(nodes: readonly ExactNode[]): Kinds {
  const kinds = new Set(
    nodes.flatMap((node) => (node instanceof PyList || node instanceof PyBytes ? [node.kind] : [])),
  );
  return {
    array: kinds.has("tuple") && !kinds.has("list") ? "tuple" : "list",
    set: kinds.has("frozenset") && !kinds.has("set") ? "frozenset" : "set",
    bytes: kinds.has("bytearray") && !kinds.has("bytes") ? "bytearray" : "bytes",
    plain: originalAmong(nodes),
  };
}

function tzinfoAmong(nodes: readonly ExactNode[]): Exact | undefined {
  const [first, ...rest] = nodes.filter(
    (node) => node instanceof PyDateTime && node.kind === "datetime",
  ) as PyDateTime[];
  if (first === undefined) return undefined;
  return rest.every(({ tzinfo }) => sameExact(tzinfo, first.tzinfo)) ? first.tzinfo : undefined;
}

/** As text, because V8 hashes numbers without a seed. */
function onlyFloats(values: readonly Exact[]): ReadonlySet<string> {
  const floats = values.flatMap((value) => (value instanceof PyFloat ? [String(value.value)] : []));
  const ints = new Set(floats.length === 0 ? [] : values.filter((value) => typeof value === "number").map(String));
  return new Set(floats.filter((text) => !ints.has(text)));
}

function byKey(nodes: readonly ExactNode[]): ReadonlyMap<string, Siblings> {
  const found = new Map<string, Exact[]>();
  for (const value of nodes) {
    if (!(value instanceof PyDict)) continue;
    for (const [key, item] of value.entries()) {
      const text = keyText(key);
      if (text === undefined) continue;
      const under = found.get(text) ?? [];
      under.push(item);
      found.set(text, under);
    }
  }
  return new Map([...found].map(([text, under]) => [text, new Siblings(under)]));
}

/** Text that tells keys apart; `undefined` for nodes. */
function keyText(key: Exact): string | undefined {
  if (typeof key === "string") return `s${key}`;
  if (key instanceof PyFloat) return `n${key.value}`;
  return isNode(key) ? undefined : `n${key}`;
}
