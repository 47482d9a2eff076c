/** Plain objects into dicts. */
import { type Exact, PyDict } from "./exact.ts";
import type { Pass } from "./patch-pass.ts";
import { isSame, isUnchanged } from "./sameness.ts";
import { type Hint, Siblings } from "./siblings.ts";

/** An object whose own enumerable str properties are its data; as in JSON, others are none. */
export type PlainObject = Readonly<Record<string, unknown>>;

/** Whether an object has the keys of a dict, in their order. */
export function hasNamesOf(live: PlainObject, { keys }: PyDict): boolean {
  const names = Object.keys(live);
  if (names.length !== keys.length) return false;
  for (let index = 0; index < names.length; index++) if (names[index] !== keys[index]) return false;
  return true;
}

/** As {@link patchObject}, in the usual case: the object {@link hasNamesOf} its own node. @throws EncodeError */
export function patchValues(pass: Pass, live: PlainObject, node: PyDict): void {
  const { keys, values } = node;
  let next: (Exact | undefined)[] | undefined;
  for (let index = 0; index < keys.length; index++) {
    const name = keys[index] as string;
    const value = live[name];
    const before = values[index];
    if (isUnchanged(value, before)) continue;
    const exact = value === undefined ? undefined : pass.at(name, value, before);
    if (Object.is(exact, before)) continue;
    next ??= values.slice();
    next[index] = exact;
  }
  if (next === undefined) return;
  pass.change(node);
  const kept = next;
  node.keys = keys.filter((_key, index) => kept[index] !== undefined);
  node.values = kept.filter((value) => value !== undefined);
}

/**
 * Writes the properties of an object into its node. `undefined` deletes its key. Each property is read once.
 * @throws EncodeError
 */
export function patchObject(pass: Pass, live: PlainObject, node: PyDict, hint: Hint): void {
  const stood = hint instanceof PyDict ? hint : undefined;
  const places = placesOf(stood);
  const siblings = stood === undefined ? Siblings.of(hint) : undefined;
  const keys: string[] = [];
  const values: Exact[] = [];
  for (const name of inPythonsOrder(Object.keys(live), stood)) {
    const value = live[name];
    if (value === undefined) continue;
    const index = places.get(name);
    if (index === undefined) pass.acceptName(name);
    keys.push(name);
    values.push(pass.at(name, value, index === undefined ? siblings?.under(name) : stood?.values[index]));
  }
  if (node === hint && isSame(keys, node.keys) && isSame(values, node.values)) return;
  if (node === hint) pass.change(node);
  node.keys = keys;
  node.values = values;
}

/** Indexes of the str keys; numbers are left out, because V8 hashes them without a seed. */
function placesOf(stood: PyDict | undefined): ReadonlyMap<Exact, number> {
  const places = new Map<Exact, number>();
  for (const [index, key] of (stood?.keys ?? []).entries()) if (typeof key === "string") places.set(key, index);
  return places;
}

/** JavaScript puts integer-like keys first; where there are any, Python's order holds, and what is new comes last. */
function inPythonsOrder(names: readonly string[], stood: PyDict | undefined): readonly string[] {
  const [first] = names;
  if (stood === undefined || first === undefined || String(Number(first) >>> 0) !== first) return names;
  const left = new Set(names);
  const kept = stood.keys.filter((key) => typeof key === "string" && left.delete(key)) as string[];
  return [...kept, ...left];
}
