/** The state of one patch, on its way through everything that a session reaches. */

import { MAX_NEW_DEPTH } from "../bytes/limits.ts";
import { EncodeError } from "../errors.ts";
import { type Exact, type ExactNode, PyList } from "./exact.ts";
import type { FormatRules } from "./format-rules.ts";
import { MAX_KEY_DEPTH, MAX_WALK_DEPTH } from "./limits.ts";
import type { Pairs } from "./pairs.ts";
import { pathText, type Step } from "./path.ts";
import type { Hint } from "./siblings.ts";

/** Give the exact value of a live one that stands where `hint` says. Two, because every call on the way down costs stack. */
export interface Visits {
  object(this: void, pass: Pass, live: object, hint: Hint): Exact;
  /** Anything else, also what has no Python value. */
  primitive(this: void, pass: Pass, value: unknown, hint: Hint): Exact;
}

/** Where a pass is. */
export interface Place {
  /** The container around it: at first the session's own dict. */
  readonly node: ExactNode;
  readonly outer: Place | undefined;
  /** Levels of containers, the session's own among them. */
  readonly depth: number;
  /** Levels within a dict key or set member, this itself among them; 0 elsewhere. */
  readonly keyDepth: number;
  readonly role: "value" | "key" | "part of a key";
  /** Depth of the innermost container that JavaScript put where it is; 0: none. */
  readonly newAt: number;
}

/** One patch. After it has thrown it is not used again. */
export class Pass {
  readonly pairs: Pairs;
  /** Exact nodes by the live values that stand for them. */
  readonly known: ReadonlyMap<object, ExactNode>;
  /** Containers that this pass has met. */
  readonly met: Map<object, ExactNode> = new Map();
  /** Nodes of Python objects that this pass has looked into. */
  readonly lookedInto: Set<ExactNode> = new Set();
  /** Nodes that this pass has changed in place. */
  readonly changed: Set<ExactNode> = new Set();
  /** Whether a container was met twice. */
  hasShared = false;
  readonly #rules: readonly FormatRules[];
  readonly #visits: Visits;
  readonly #steps: Step[] = [];
  readonly #hasNoReferences: boolean;
  #place: Place;

  constructor(root: ExactNode, pairs: Pairs, rules: readonly FormatRules[], visits: Visits) {
    this.pairs = pairs;
    this.known = pairs.byLive;
    this.#rules = rules;
    this.#visits = visits;
    this.#hasNoReferences = rules.some((format) => format.hasNoReferences);
    this.#place = { node: root, outer: undefined, depth: 1, keyDepth: 0, role: "value", newAt: 0 };
  }

  /** The exact value of a live one, one step further down. @throws EncodeError */
  at(step: Step, value: unknown, hint: Hint): Exact {
    this.#steps.push(step);
    const { object, primitive } = this.#visits;
    const exact =
      typeof value === "object" && value !== null ? object(this, value, hint) : primitive(this, value, hint);
    this.#steps.pop();
    return exact;
  }

  /** As {@link Pass.at}, of a dict key: formats have rules of their own for these. @throws EncodeError */
  atKey(step: Step, value: unknown, hint: Hint): Exact {
    return this.#hashed(step, value, hint, this.#place.role === "value" ? "key" : "part of a key");
  }

  /** As {@link Pass.at}, of a set member. @throws EncodeError */
  atMember(step: Step, value: unknown, hint: Hint): Exact {
    return this.#hashed(step, value, hint, this.#place.role === "value" ? "value" : "part of a key");
  }

  #hashed(step: Step, value: unknown, hint: Hint, role: Place["role"]): Exact {
    const outer = this.#place;
    this.#place = { ...outer, keyDepth: outer.keyDepth + 1, role };
    const exact = this.at(step, value, hint);
    this.#place = outer;
    return exact;
  }

  /**
   * Goes down into a container. What JavaScript put there may not lie too deep.
   * @returns where it was, for {@link Pass.leave}
   * @throws EncodeError
   */
  enter(node: ExactNode, isNew: boolean): Place {
    const outer = this.#place;
    const depth = outer.depth + 1;
    const keyDepth = outer.keyDepth === 0 ? 0 : outer.keyDepth + 1;
    const newAt = isNew ? depth : outer.newAt;
    this.#place = { node, outer, depth, keyDepth, role: outer.role === "value" ? "value" : "part of a key", newAt };
    const most = newAt > 0 ? MAX_NEW_DEPTH : MAX_WALK_DEPTH;
    if (depth > most) this.refuse(`it lies deeper than ${most} levels`);
    if (keyDepth > MAX_KEY_DEPTH) this.refuse(`it lies deeper than ${MAX_KEY_DEPTH} levels in a key or set`);
    return outer;
  }

  /** Comes up again. */
  leave(outer: Place): void {
    this.#place = outer;
  }

  /**
   * Says that a container was met again. Of those around it, it may be one that Python lets hold itself.
   * @param hint what stood in this place
   * @throws EncodeError for a tuple in itself, without a list or dict between; for the session in itself, because Flask
   * makes its dict anew at every request; and for any value in itself where a format has no references
   */
  meetAgain(node: ExactNode, hint: Hint): void {
    let place: Place | undefined = this.#place;
    for (; place !== undefined && isImmutable(place.node); place = place.outer) {
      if (place.node === node) this.refuse("Python has no tuple or frozenset that holds itself");
    }
    this.#meet(node, node === hint);
  }

  /** As {@link Pass.meetAgain}, of what a Python object holds: between it and a tuple around it an object may lie. */
  meetInside(node: ExactNode): void {
    this.#meet(node, true);
  }

  /** @param isOld whether Python had it in this place */
  #meet(node: ExactNode, isOld: boolean): void {
    this.hasShared = true;
    let place: Place | undefined = this.#place;
    const { newAt } = place;
    if (isOld && newAt === 0) return; // all of it was Python's
    while (place !== undefined && place.node !== node) place = place.outer;
    if (place === undefined || (isOld && newAt <= place.depth)) return;
    if (place.outer === undefined) this.refuse("a session cannot hold itself");
    if (this.#hasNoReferences) this.refuse("it holds itself, which the format of the record cannot say");
  }

  /** Lets a newly put value pass, unless a format cannot hold it. @throws EncodeError */
  accept<Value extends Exact>(value: Value): Value {
    const { role } = this.#place;
    for (const rules of this.#rules) {
      const reason =
        role === "value" || rules.refuseKey === undefined
          ? rules.refuse(value)
          : rules.refuseKey(value, role === "key");
      if (reason !== undefined) this.refuse(reason);
    }
    return value;
  }

  /** As {@link Pass.accept}, of a new str key. @throws EncodeError */
  acceptName(name: string): void {
    this.atKey(name, name, undefined);
  }

  /** Says that a node is about to be changed in place. @throws EncodeError where only a Python object holds it */
  change(node: ExactNode): void {
    this.refuseReadOnly(node);
    this.changed.add(node);
  }

  /** @param held a node; a Date or an array of bytes @throws EncodeError where only a Python object holds it */
  refuseReadOnly(held: object): void {
    if (this.pairs.readOnly.has(held))
      this.refuse("what only a Python object or a key that is no str holds is read-only");
  }

  /** As {@link Pass.refuse}, one step further down. @throws EncodeError always */
  refuseAt(step: Step, reason: string): never {
    this.#steps.push(step);
    return this.refuse(reason);
  }

  /** @throws EncodeError always, with the path of where the pass is. */
  refuse(reason: string): never {
    throw new EncodeError(pathText(this.#steps), reason);
  }

  /** What an accessor or a Proxy has thrown while it was read. @throws EncodeError always */
  refuseThrown(error: unknown): never {
    if (error instanceof EncodeError) throw error;
    throw new EncodeError(pathText(this.#steps), "reading it threw", { cause: error });
  }
}

function isImmutable(node: ExactNode): boolean {
  return node instanceof PyList && (node.kind === "tuple" || node.kind === "frozenset");
}
