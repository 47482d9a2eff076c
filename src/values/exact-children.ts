/** What an exact node holds, for everyone who walks the tree and does not care for types. */
import { type Exact, type ExactNode, PyDateTime, PyDict, PyList, PyObject, PyUuid } from "./exact.ts";

/** Tells nodes from the values that the exact tree has as plain JavaScript. */
export function isNode(value: Exact): value is ExactNode {
  return typeof value === "object" && value !== null;
}

/** The nodes directly in a node, in a fixed order; keys of a dict too. */
export function childNodes(node: ExactNode): ExactNode[] {
  return childValues(node).filter(isNode);
}

/** The values directly in a node, in a fixed order; keys of a dict too. */
export function childValues(node: ExactNode): readonly Exact[] {
  if (node instanceof PyList) return node.items;
  if (node instanceof PyDict) return [...node.keys, ...node.values];
  if (node instanceof PyDateTime) return [node.tzinfo];
  if (node instanceof PyUuid) return node.object === undefined ? [] : [node.object];
  if (!(node instanceof PyObject)) return [];
  const made = node.kwargs === undefined ? [] : [node.kwargs];
  return [node.callee, node.args, ...made, ...node.operations.flatMap(({ operands }) => operands)];
}
