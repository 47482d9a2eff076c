/** What JavaScript did to a session, written back into the exact tree. */
import type { Exact, PyDict } from "./exact.ts";
import type { FormatRules } from "./format-rules.ts";
import { lookInside } from "./patch-inside.ts";
import { Pass } from "./patch-pass.ts";
import { visits } from "./patch-value.ts";
import { keysReaching } from "./reach.ts";
import { isUnchanged } from "./sameness.ts";
import type { View } from "./view.ts";

/**
 * Writes what JavaScript did to `target` into `root` in place, so that Python finds what it would find had Python done
 * the same. What was not changed stays the same node.
 *
 * Data are an object's own enumerable str properties, each read once (an accessor is called), an array's elements, a
 * Map's entries and a Set's members; other properties and symbol keys are none, as in JSON. A property that is
 * `undefined` deletes its key.
 * @param changed gets the top-level keys under which something changed, also when it throws half-way
 * @param rules what the formats of the record cannot hold
 * @throws EncodeError with the path of what Python or a format cannot hold, or of what threw when it was read, its
 * `cause`; then the tree may not be stored
 */
export function patch(
  target: object,
  view: View,
  root: PyDict,
  changed: Set<string>,
  rules: readonly FormatRules[],
): void {
  const pass = new Pass(root, view.pairs, rules, visits);
  pass.met.set(target, root);
  let mayBeShared = true; // as long as not everything has been met
  let isDone = false;
  try {
    patchRoot(pass, target as Live, root, changed);
    mayBeShared = pass.hasShared || view.pairs.attached.size > 0;
    isDone = true;
  } catch (error) {
    pass.refuseThrown(error);
  } finally {
    view.pairs.hasFailed = !isDone;
    if (mayBeShared && pass.changed.size > 0) for (const key of keysReaching(pass.changed, root)) changed.add(key);
  }
}

type Live = Readonly<Record<string, unknown>>;

/** Keys keep their places, and new ones come last. Those that are not str have read-only values. */
function patchRoot(pass: Pass, target: Live, root: PyDict, changed: Set<string>): void {
  const { keys, values } = root;
  const left = new Set(Object.keys(target));
  const kept = keys.map((key, index) => {
    const before = values[index] as Exact;
    if (typeof key !== "string") {
      lookInside(pass, key, key);
      lookInside(pass, before, before);
      return true;
    }
    const value = left.delete(key) ? target[key] : undefined;
    if (value !== undefined) values[index] = patchKey(pass, key, value, before, changed);
    else changed.add(key);
    return value !== undefined;
  });
  if (kept.includes(false)) {
    root.keys = keys.filter((_key, index) => kept[index]);
    root.values = values.filter((_value, index) => kept[index]);
  }
  for (const name of left) addKey(pass, name, target[name], root, changed);
}

function patchKey(pass: Pass, key: string, value: unknown, before: Exact, changed: Set<string>): Exact {
  if (isUnchanged(value, before)) return before;
  const { size } = pass.changed;
  let exact: Exact | undefined;
  try {
    exact = pass.at(key, value, before);
    return exact;
  } finally {
    if (!Object.is(exact, before) || pass.changed.size > size) changed.add(key);
  }
}

function addKey(pass: Pass, name: string, value: unknown, root: PyDict, changed: Set<string>): void {
  if (value === undefined) return;
  changed.add(name);
  pass.acceptName(name);
  const exact = pass.at(name, value, undefined);
  root.keys.push(name);
  root.values.push(exact);
}
