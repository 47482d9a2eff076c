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
  /** Levels of containers, the session's own among them. */
  readonly depth: number;
  /** Levels within a dict key or set member, this itself among them; 0 elsewhere. */
  readonly keyDepth: number;
  /** Whether JavaScript put one of them where it is. */
  readonly isNew: boolean;
  /** The tuples and frozensets around it, up to the nearest container that Python can change. */
  readonly immutables: Chain | undefined;
}

interface Chain {
  readonly node: ExactNode;
  readonly outer: Chain | undefined;
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
  #place: Place = { depth: 1, keyDepth: 0, isNew: false, immutables: undefined };

  constructor(pairs: Pairs, rules: readonly FormatRules[], visits: Visits) {
    this.pairs = pairs;
    this.known = pairs.byLive;
    this.#rules = rules;
    this.#visits = visits;
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

  /** As {@link Pass.at}, of a dict key or set member: formats have rules of their own for these. @throws EncodeError */
  atKey(step: Step, value: unknown, hint: Hint): Exact {
    const outer = this.#place;
    this.#place = { ...outer, keyDepth: outer.keyDepth + 1 };
    const exact = this.at(step, value, hint);
    this.#place = outer;
    return exact;
  }

  /** As {@link Pass.at}, of what lies in an object that Python can change: a tuple above it may lie in there again. */
  atBehindObject(step: Step, value: unknown, hint: Hint): void {
    const outer = this.#place;
    this.#place = { ...outer, immutables: undefined };
    this.at(step, value, hint);
    this.#place = outer;
  }

  /**
   * Goes down into a container. What JavaScript put there may not lie too deep.
   * @returns where it was, for {@link Pass.leave}
   * @throws EncodeError
   */
  enter(node: ExactNode, isNew: boolean): Place {
    const outer = this.#place;
    const place = {
      depth: outer.depth + 1,
      keyDepth: outer.keyDepth === 0 ? 0 : outer.keyDepth + 1,
      isNew: outer.isNew || isNew,
      immutables: isImmutable(node) ? { node, outer: outer.immutables } : undefined,
    };
    this.#place = place;
    const most = place.isNew ? MAX_NEW_DEPTH : MAX_WALK_DEPTH;
    if (place.depth > most) this.refuse(`it lies deeper than ${most} levels`);
    if (place.keyDepth > MAX_KEY_DEPTH) this.refuse(`it lies deeper than ${MAX_KEY_DEPTH} levels in a key or set`);
    return outer;
  }

  /** Comes up again. */
  leave(outer: Place): void {
    this.#place = outer;
  }

  /** Says that a container was met again. @throws EncodeError for a tuple in itself: a list or dict must lie between */
  meetAgain(node: ExactNode): void {
    this.hasShared = true;
    for (let chain = this.#place.immutables; chain !== undefined; chain = chain.outer) {
      if (chain.node === node) this.refuse("Python has no tuple or frozenset that holds itself");
    }
  }

  /** Lets a newly put value pass, unless a format cannot hold it. @throws EncodeError */
  accept<Value extends Exact>(value: Value): Value {
    for (const rules of this.#rules) {
      const isKey = this.#place.keyDepth > 0 && rules.refuseKey !== undefined;
      const reason = isKey ? rules.refuseKey?.(value) : rules.refuse(value);
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

  /** @throws EncodeError where only a Python object holds the node */
  refuseReadOnly(node: ExactNode): void {
    if (this.pairs.readOnly.has(node))
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
}

function isImmutable(node: ExactNode): boolean {
  return node instanceof PyList && (node.kind === "tuple" || node.kind === "frozenset");
}
