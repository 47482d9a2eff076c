/** Structural equality of exact trees: whether Python would find the same values, of the same types, in the same order. */

import {
  type Exact,
  type ExactNode,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyExt,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "./exact.ts";
import { childValues, isNode } from "./exact-children.ts";
import { KeyIds } from "./key-ids.ts";

/**
 * Whether two exact trees are equal, cycles included. Sharing does not count: a list that is reached twice equals two
 * equal lists. Members of sets are compared in any order, but for objects, of which only Python knows which are equal;
 * pairs of dicts in theirs. Time is linear in both trees.
 */
export function sameExact(left: Exact, right: Exact): boolean {
  const open: [Exact, Exact][] = [[left, right]];
  const classes = new Classes();
  const ids = new MemberIds();
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (!isNode(a) || !isNode(b) || a.constructor !== b.constructor) return false;
    if (!classes.join(a, b)) continue;
    if (ownFacts(a) !== ownFacts(b)) return false;
    const [ofA, ofB] = [comparedChildren(a, ids), comparedChildren(b, ids)];
    if (ofA.length !== ofB.length) return false;
    for (const [index, child] of ofA.entries()) open.push([child, ofB[index] as Exact]);
  }
  return true;
}

/** Nodes taken to be equal so far: what has been compared once need not be compared again, in a cycle least of all. */
class Classes {
  readonly #parents = new Map<ExactNode, ExactNode>();

  /** @returns false if both were in one class already. */
  join(a: ExactNode, b: ExactNode): boolean {
    const [first, second] = [this.#root(a), this.#root(b)];
    if (first === second) return false;
    this.#parents.set(first, second);
    return true;
  }

  #root(node: ExactNode): ExactNode {
    let root = node;
    for (let next = this.#parents.get(root); next !== undefined; next = this.#parents.get(root)) {
      const beyond = this.#parents.get(next);
      if (beyond !== undefined) this.#parents.set(root, beyond);
      root = next;
    }
    return root;
  }
}

/** What a node says by itself, without its children. */
function ownFacts(node: ExactNode): string {
  if (node instanceof PyFloat) return Object.is(node.value, -0) ? "-0" : String(node.value);
  if (node instanceof PyBytes) return `${node.kind} ${hex(node.bytes)}`;
  if (node instanceof PyList) return node.kind;
  if (node instanceof PyDict) return String(node.keys.length);
  if (node instanceof PyDateTime) return `${node.kind} ${hex(node.raw)}`;
  if (node instanceof PyTimedelta) return `${node.days} ${node.seconds} ${node.microseconds}`;
  if (node instanceof PyDecimal || node instanceof PyMarkup) return node.text;
  if (node instanceof PyUuid) return String(node.int);
  if (node instanceof PyGlobal) return `${node.module} ${node.name}`;
  if (node instanceof PyExt) return `${node.code} ${hex(node.bytes)}`;
  return objectFacts(node);
}

function objectFacts({ how, kwargs, operations }: PyObject): string {
  const done = operations.map(({ kind, operands }) => `${kind} ${operands.length}`);
  return [how, kwargs === undefined ? "" : "kwargs", ...done].join(",");
}

/** Objects are no keys to look each other up by: they stand together, in their own order. */
class MemberIds extends KeyIds {
  protected override otherText(): string {
    return "an object";
  }
}

/** Children in an order in which equal nodes have equal ones: members of sets by the ids that equal keys share. */
function comparedChildren(node: ExactNode, ids: MemberIds): readonly Exact[] {
  if (!(node instanceof PyList) || node.kind === "list" || node.kind === "tuple") return childValues(node);
  return node.items.toSorted((a, b) => ids.of(a) - ids.of(b));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
