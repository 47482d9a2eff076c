/** The natural JavaScript of an exact tree: what a handler sees. */
import { LimitError } from "../errors.ts";
import { instantOf } from "./datetimes.ts";
import { type Exact, type ExactNode, PyBytes, PyDateTime, PyDict, PyFloat, PyList } from "./exact.ts";
import { isNode } from "./exact-children.ts";
import { objectsInKeys } from "./hashability.ts";
import { MAX_KEY_DEPTH, MAX_WALK_DEPTH } from "./limits.ts";
import { hasManyNumbers } from "./numbers.ts";
import { objectDescription, objectName } from "./object-names.ts";
import { Pairs } from "./pairs.ts";
import { describe, PythonObject } from "./python-object.ts";
import { smallValueOf } from "./value-nodes.ts";

/** What a session keeps of its view for as long as it is open. */
export interface View {
  /** Top-level keys that are not str, with read-only values. */
  readonly otherKeys: ReadonlyMap<unknown, unknown>;
  /** For the patch alone. */
  readonly pairs: Pairs;
}

/**
 * Defines the str keys of `root` as own properties of `target`. One container of Python's becomes one of JavaScript's,
 * so sharing and cycles are kept; `__proto__` is a key like any.
 * @param earlier a view whose values may be put into this session too, as after a new session took the old one's place
 * @throws LimitError where values lie deeper than {@link MAX_WALK_DEPTH}
 */
export function view(root: PyDict, target: object, earlier?: View): View {
  const viewer = new Viewer(root, target, earlier?.pairs ?? new Pairs());
  for (const [key, value] of root.entries()) if (typeof key === "string") define(target, key, viewer.see(value));
  viewer.goInside();
  const otherKeys = new Map<unknown, unknown>();
  for (const [key, value] of root.entries()) {
    if (typeof key !== "string") otherKeys.set(viewer.see(key), viewer.see(value));
  }
  viewer.describeObjects();
  return { otherKeys, pairs: viewer.pairs };
}

class Viewer {
  readonly pairs: Pairs;
  readonly #seen = new Map<ExactNode, object>();
  readonly #objects: [PythonObject, ExactNode][] = [];
  #depth = 0;
  #keyDepth = 0;
  #isInside = false;

  constructor(root: PyDict, target: object, pairs: Pairs) {
    this.pairs = pairs;
    this.#pair(target, root);
  }

  /** The JavaScript of a value. */
  readonly see = (value: Exact): unknown => {
    if (!isNode(value)) return value;
    if (value instanceof PyFloat) return value.value;
    const seen = this.#seen.get(value);
    if (seen !== undefined) return this.#isInside ? this.#attach(seen, value) : seen;
    const isInKey = this.#keyDepth > 0;
    this.#depth++;
    if (isInKey) this.#keyDepth++;
    if (this.#depth > MAX_WALK_DEPTH) throw new LimitError(`Cannot view more than ${MAX_WALK_DEPTH} levels`, 0);
    if (this.#keyDepth > MAX_KEY_DEPTH)
      throw new LimitError(`Cannot view more than ${MAX_KEY_DEPTH} levels in a key`, 0);
    const made = this.#make(value);
    this.#depth--;
    if (isInKey) this.#keyDepth--;
    return made;
  };

  #seeKey(key: Exact): unknown {
    this.#keyDepth++;
    const seen = this.see(key);
    this.#keyDepth--;
    return seen;
  }

  /** From here on containers are seen that only Python objects reach: they are read-only. */
  goInside(): void {
    this.#isInside = true;
  }

  /** Objects come last: what the session reaches by containers alone is editable, also where objects hold it too. */
  describeObjects(): void {
    for (const [object, node] of this.#objects) describe(object, objectDescription(node, this.see));
  }

  #make(node: ExactNode): unknown {
    if (node instanceof PyDict) return this.#dict(node);
    if (node instanceof PyList)
      return node.kind === "list" || node.kind === "tuple" ? this.#array(node) : this.#set(node);
    if (node instanceof PyBytes) return this.#bytes(node);
    const instant = node instanceof PyDateTime ? instantOf(node) : undefined;
    if (node instanceof PyDateTime && instant !== undefined) return this.#date(node, instant);
    const small = smallValueOf(node);
    return small === undefined ? this.#object(node) : this.#pair(small, node);
  }

  #dict(node: PyDict): unknown {
    for (const key of node.keys) if (typeof key !== "string") return this.#map(node);
    const live: Record<string, unknown> = this.#pair({}, node);
    const { keys, values } = node;
    for (let index = 0; index < keys.length; index++)
      put(live, keys[index] as string, this.see(values[index] as Exact));
    return this.#isInside ? Object.freeze(live) : live;
  }

  #map(node: PyDict): object {
    if (hasManyNumbers(node.keys)) return this.#object(node);
    this.#trust(node.keys);
    const live = new Map<unknown, unknown>();
    for (const key of node.keys) live.set(this.#seeKey(key), undefined);
    if (live.size < node.keys.length) return this.#object(node); // NaN twice: equal to JavaScript, not to Python
    this.#pair(live, node);
    for (const [index, key] of [...live.keys()].entries()) live.set(key, this.see(node.values[index] as Exact));
    return this.#guard(live, node);
  }

  #array(node: PyList): unknown[] {
    const live: unknown[] = this.#pair([], node);
    for (const item of node.items) live.push(this.see(item));
    if (this.#isInside) Object.freeze(live);
    return live;
  }

  #set(node: PyList): object {
    if (hasManyNumbers(node.items)) return this.#object(node);
    this.#trust(node.items);
    const live = new Set<unknown>();
    for (const item of node.items) live.add(this.#seeKey(item));
    if (live.size < node.items.length) return this.#object(node);
    return this.#guard(this.#pair(live, node), node);
  }

  /** CPython has one object for all bytes of one byte, wherever they come from: a change of one is none of another. */
  #bytes(node: PyBytes): Uint8Array {
    const live = node.bytes.slice();
    const isOnePlace = node.kind === "bytes" && live.length <= 1 && !this.#isInside;
    return this.#guard(isOnePlace ? this.#place(live, node) : this.#pair(live, node), node);
  }

  /** A datetime in two places is two Dates: Python cannot change it in place, so neither place knows of the other. */
  #date(node: PyDateTime, instant: number): Date {
    this.pairs.instants.set(node, instant);
    const live = new Date(instant);
    return this.#guard(this.#isInside ? this.#pair(live, node) : this.#place(live, node), node);
  }

  #object(node: ExactNode): PythonObject {
    const object = new PythonObject(...objectName(node));
    this.#objects.push([object, node]);
    return this.#pair(object, node);
  }

  /** The live value of a node, wherever it is reached. */
  #pair<Live extends object>(live: Live, node: ExactNode): Live {
    this.#seen.set(node, live);
    return this.#place(live, node);
  }

  /** The live value of a node in this place. */
  #place<Live extends object>(live: Live, node: ExactNode): Live {
    this.pairs.add(live, node);
    return live;
  }

  /** Python could hash these keys. */
  #trust(keys: readonly Exact[]): void {
    for (const object of objectsInKeys(keys)) this.pairs.hashable.add(object);
  }

  /** What cannot be frozen is watched where only objects reach it. */
  #guard<Live extends object>(live: Live, node: ExactNode): Live {
    if (this.#isInside) {
      this.pairs.attached.set(node, live);
      this.pairs.readOnly.add(isImmutable(node) ? live : node);
    }
    return live;
  }

  /** An object holds an editable container of the session: the patch must find it through the object too. */
  #attach(live: object, node: ExactNode): object {
    const isContainer = node instanceof PyDict || node instanceof PyList || node instanceof PyBytes;
    if (isContainer && !Object.isFrozen(live) && !(live instanceof PythonObject)) this.pairs.attached.set(node, live);
    return live;
  }
}

/** What Python cannot change in place is another node once JavaScript has. */
function isImmutable(node: ExactNode): boolean {
  return node instanceof PyDateTime || (node instanceof PyBytes && node.kind === "bytes");
}

function put(live: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") define(live, key, value);
  else live[key] = value;
}

function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
