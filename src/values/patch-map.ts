/** Maps into dicts. */
import { type Exact, PyDict } from "./exact.ts";
import { PatchedKeys, refuseManyNumbers } from "./patch-keys.ts";
import type { Pass } from "./patch-pass.ts";
import { keyAt, underKey } from "./path.ts";
import { isSame } from "./sameness.ts";
import { type Hint, Siblings } from "./siblings.ts";

/** Writes the entries of a Map into its node, in the Map's order, which is Python's. @throws EncodeError */
export function patchMap(pass: Pass, live: ReadonlyMap<unknown, unknown>, node: PyDict, hint: Hint): void {
  refuseManyNumbers(pass, live, live.keys());
  const stood = hint instanceof PyDict ? hint : new PyDict();
  const siblings = Siblings.of(hint);
  const patched = new PatchedKeys(pass, stood.keys, "key");
  const oldKeys = new Siblings(stood.keys);
  const keys: Exact[] = [];
  const values: Exact[] = [];
  for (const [liveKey, value] of live) {
    const position = keys.length;
    const { key, index } = patched.find(liveKey, keyAt(position), typeof liveKey === "object" ? oldKeys : undefined);
    const before = index < 0 ? siblings.under(key) : stood.values[index];
    keys.push(key);
    values.push(pass.at(underKey(liveKey, position), value, before));
  }
  patched.refuseEqual(keys);
  if (node === hint && isSame(keys, node.keys) && isSame(values, node.values)) return;
  if (node === hint) pass.change(node);
  node.keys = keys;
  node.values = values;
}
