/** Sets into sets and frozensets. */
import { PyList } from "./exact.ts";
import { type FoundKey, PatchedKeys, refuseManyNumbers } from "./patch-keys.ts";
import type { Pass } from "./patch-pass.ts";
import { memberAt } from "./path.ts";
import { type Hint, Siblings } from "./siblings.ts";

/** Writes the members of a Set into its node. Their order does not count. @throws EncodeError */
export function patchSet(pass: Pass, live: ReadonlySet<unknown>, node: PyList, hint: Hint): void {
  refuseManyNumbers(pass, live, live);
  const stood = hint instanceof PyList ? hint.items : [];
  const siblings = hint instanceof PyList ? new Siblings(stood) : Siblings.of(hint).members;
  const patched = new PatchedKeys(pass, stood, "member");
  const found: FoundKey[] = [];
  for (const member of live) found.push(patched.find(member, memberAt(found.length), siblings));
  const members = found.map(({ key }) => key);
  patched.refuseEqual(members);
  const isSame = found.length === stood.length && found.every(({ index }) => index >= 0);
  if (node === hint && isSame) return;
  if (node === hint) pass.change(node);
  node.items = members;
}
