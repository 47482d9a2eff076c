/** What sessions ask of an exact tree: is it empty, is it permanent, what do changed keys over another tree give. */
import { type Exact, PyDict, PyFloat } from "../values/exact.ts";

const PERMANENT = "_permanent";

/** The dict of a new session. @param permanent Flask: SESSION_PERMANENT */
export function blankTree(permanent: boolean): PyDict {
  return permanent ? new PyDict([PERMANENT], [true]) : new PyDict();
}

/** Whether there is no key but `_permanent`: what Flask-Session >= 0.6 deletes instead of storing. */
export function isEmpty({ keys }: PyDict): boolean {
  return keys.length === 0 || (keys.length === 1 && keys[0] === PERMANENT);
}

/** Whether Python finds `_permanent` true, so that the cookie gets an Expires. */
export function isPermanent(tree: PyDict): boolean {
  return isTrue(tree.get(PERMANENT));
}

/** The `changed` keys of `mine` over `theirs`, in the order of `theirs`, new ones last. */
export function overlay(changed: ReadonlySet<string>, mine: PyDict, theirs: PyDict): PyDict {
  const result = new PyDict();
  theirs.keys.forEach((key, index) => {
    const value = typeof key === "string" && changed.has(key) ? mine.get(key) : theirs.values[index];
    if (value !== undefined) append(result, key, value);
  });
  for (const key of changed) {
    const value = mine.get(key);
    if (value !== undefined && theirs.get(key) === undefined) append(result, key, value);
  }
  return result;
}

/** Drops the keys that are not str, in place. */
export function keepTextKeys(tree: PyDict): void {
  const kept = tree.keys.flatMap((key, index) => (typeof key === "string" ? [index] : []));
  tree.values = kept.map((index) => tree.values[index] as Exact);
  tree.keys = kept.map((index) => tree.keys[index] as Exact);
}

function append(tree: PyDict, key: Exact, value: Exact): void {
  tree.keys.push(key);
  tree.values.push(value);
}

function isTrue(value: Exact | undefined): boolean {
  return value instanceof PyFloat ? value.value !== 0 : Boolean(value);
}
