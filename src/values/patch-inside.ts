/** Containers that Python objects hold: the session's own, which the object sees changed, and read-only ones. */
import type { Exact } from "./exact.ts";
import { childNodes, isNode } from "./exact-children.ts";
import type { Pass } from "./patch-pass.ts";

/** Visits what JavaScript can have changed in a read-only value. @throws EncodeError where it may not */
export function lookInside(pass: Pass, value: Exact): void {
  const { attached } = pass.pairs;
  if (attached.size === 0 || !isNode(value)) return;
  const open = [value];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (pass.lookedInto.has(node)) continue;
    pass.lookedInto.add(node);
    const live = attached.get(node);
    if (live !== undefined) pass.atInside(live, node);
    else for (const child of childNodes(node)) open.push(child);
  }
}
