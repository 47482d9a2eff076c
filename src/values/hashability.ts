/** What Python can hash, and so take as a dict key or set member. */
import { type Exact, type ExactNode, PyBytes, PyDecimal, PyDict, PyExt, PyList, PyObject } from "./exact.ts";
import { isNode } from "./exact-children.ts";

/** The instances of unknown classes in keys that Python has hashed, in tuples and frozensets too. */
export function objectsInKeys(keys: readonly Exact[]): Set<ExactNode> {
  const objects = new Set<ExactNode>();
  const open = keys.filter(isNode);
  const met = new Set<ExactNode>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (met.has(key)) continue;
    met.add(key);
    if (key instanceof PyObject) objects.add(key);
    if (!(key instanceof PyList)) continue;
    for (const item of key.items) if (isNode(item)) open.push(item);
  }
  return objects;
}

/** Answers for one dict or set. Of instances of unknown classes it knows those that were keys before. */
export class Hashability {
  readonly #objects: ReadonlySet<ExactNode>;
  readonly #checked = new Set<ExactNode>();

  constructor(objects: ReadonlySet<ExactNode>) {
    this.#objects = objects;
  }

  /** @returns why Python cannot hash a key, as the end of a sentence, or `undefined`. */
  reasonAgainst(key: Exact): string | undefined {
    if (!isNode(key) || this.#checked.has(key)) return undefined;
    const name = this.#unhashable(key);
    if (name !== undefined) return `Python cannot hash ${name}`;
    this.#checked.add(key);
    for (const item of key instanceof PyList ? key.items : []) {
      const reason = this.reasonAgainst(item);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  #unhashable(key: ExactNode): string | undefined {
    if (key instanceof PyDict) return "a dict";
    if (key instanceof PyList) return key.kind === "list" || key.kind === "set" ? `a ${key.kind}` : undefined;
    if (key instanceof PyBytes) return key.kind === "bytes" ? undefined : "a bytearray";
    if (key instanceof PyDecimal) return /^[+-]?snan/i.test(key.text) ? "a signaling NaN" : undefined;
    if (key instanceof PyExt) return "an Ext";
    return key instanceof PyObject && !this.#objects.has(key) ? "every object" : undefined;
  }
}
