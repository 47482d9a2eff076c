/** Containers that Python objects hold: the session's own, which the object sees changed, and read-only ones. */
import { type Exact, type ExactNode, PyDict, PyList, PyObject } from "./exact.ts";
import { childNodes, isNode } from "./exact-children.ts";
import type { Pass } from "./patch-pass.ts";
import { inside } from "./path.ts";

/** Visits what JavaScript can have changed in a read-only value. @throws EncodeError where it may not */
export function lookInside(pass: Pass, value: Exact): void {
  const { attached } = pass.pairs;
  if (attached.size === 0 || !isNode(value)) return;
  const open: Reached[] = [{ node: value, isMutable: false }];
  for (let reached = open.pop(); reached !== undefined; reached = open.pop()) {
    const { node } = reached;
    if (pass.lookedInto.has(node)) continue;
    pass.lookedInto.add(node);
    const live = attached.get(node);
    const isMutable = reached.isMutable || canHoldItself(node);
    if (live === undefined) for (const child of childNodes(node)) open.push({ node: child, isMutable });
    else if (reached.isMutable) pass.atBehindObject(inside, live, node);
    else pass.at(inside, live, node);
  }
}

/** A node on the way down. */
interface Reached {
  readonly node: ExactNode;
  /** Whether something lies above it that Python can change: a tuple may then hold itself. */
  readonly isMutable: boolean;
}

function canHoldItself(node: ExactNode): boolean {
  if (node instanceof PyList) return node.kind === "list" || node.kind === "set";
  return node instanceof PyObject || node instanceof PyDict;
}
