/** Which keys of a session reach a changed node: what is shared counts as changed for each of them. */
import type { ExactNode, PyDict } from "./exact.ts";
import { childNodes, isNode } from "./exact-children.ts";

/** The str keys of `root` under which one of `nodes` lies, objects and cycles included. Time is linear in the tree. */
export function keysReaching(nodes: ReadonlySet<ExactNode>, root: PyDict): Set<string> {
  const holders = holdersBelow(root);
  const reaching = new Set<ExactNode>(nodes);
  for (const node of reaching) for (const holder of holders.get(node) ?? []) reaching.add(holder);
  const keys = new Set<string>();
  for (const [key, value] of root.entries()) {
    if (typeof key === "string" && isNode(value) && reaching.has(value)) keys.add(key);
  }
  return keys;
}

/** The nodes that hold a node, of every node below `root`. The root itself holds all and tells nothing. */
function holdersBelow(root: PyDict): Map<ExactNode, ExactNode[]> {
  const holders = new Map<ExactNode, ExactNode[]>();
  const open = root.values.filter(isNode);
  const met = new Set<ExactNode>([root]);
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    if (met.has(holder)) continue;
    met.add(holder);
    for (const node of childNodes(holder)) {
      const known = holders.get(node);
      if (known === undefined) holders.set(node, [holder]);
      else known.push(holder);
      open.push(node);
    }
  }
  return holders;
}
