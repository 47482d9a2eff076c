/** Containers that Python objects hold: the session's own, which the object sees changed, and read-only ones. */
import type { Exact } from "./exact.ts";
import { childNodes, isNode } from "./exact-children.ts";
import type { Pass } from "./patch-pass.ts";
import { inside } from "./path.ts";
import type { Hint } from "./siblings.ts";

/**
 * Visits what JavaScript can have changed in a read-only value.
 * @param hint what stood in its place
 * @throws EncodeError where it may not
 */
export function lookInside(pass: Pass, value: Exact, hint: Hint): void {
  const { attached } = pass.pairs;
  if (attached.size === 0 || !isNode(value)) return;
  if (pass.lookedInto.has(value)) return pass.meetAgain(value, hint);
  const itself = attached.get(value);
  if (itself !== undefined) {
    pass.lookedInto.add(value);
    pass.at(inside, itself, hint);
    return;
  }
  const outer = pass.enter(value, value !== hint);
  const open = [value];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (pass.lookedInto.has(node)) {
      pass.meetInside(node);
      continue;
    }
    pass.lookedInto.add(node);
    const live = attached.get(node);
    if (live !== undefined) pass.at(inside, live, node);
    else for (const child of childNodes(node)) open.push(child);
  }
  pass.leave(outer);
}
