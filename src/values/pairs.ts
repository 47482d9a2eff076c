/** Which live value of a handler stands for which exact node: what a view notes and a patch looks up. */
import type { ExactNode, PyDateTime } from "./exact.ts";

/**
 * The pairs of one session, for as long as it is open. Plain arrays until the first patch: most sessions are only read.
 * They grow by every container that a patch adds.
 */
export class Pairs {
  readonly #live: object[] = [];
  readonly #exact: ExactNode[] = [];
  #byLive: Map<object, ExactNode> | undefined;
  /** Instants of the Dates that were handed out, in milliseconds: a Date with another time was changed. */
  readonly instants: Map<PyDateTime, number> = new Map();
  /** Containers that a Python object holds and JavaScript could change: shared with the session, or not freezable. */
  readonly attached: Map<ExactNode, object> = new Map();
  /**
   * Those of the attached ones that only Python objects reach, by their nodes; Dates and bytes by themselves, because the
   * session may have an equal one of its own for the same node. They may not be changed.
   */
  readonly readOnly: Set<object> = new Set();
  /** Python objects that were dict keys or set members when they were seen: Python can hash them. */
  readonly hashable: Set<ExactNode> = new Set();
  /** Whether the last patch threw: what it had changed by then may be what it refused. */
  hasFailed = false;

  /** Notes a new pair. */
  add(live: object, exact: ExactNode): void {
    if (this.#byLive === undefined) {
      this.#live.push(live);
      this.#exact.push(exact);
    } else {
      this.#byLive.set(live, exact);
    }
  }

  /** The pairs by their live side. */
  get byLive(): ReadonlyMap<object, ExactNode> {
    if (this.#byLive !== undefined) return this.#byLive;
    const byLive = new Map<object, ExactNode>();
    for (const [index, live] of this.#live.entries()) {
      const exact = this.#exact[index];
      if (exact !== undefined) byLive.set(live, exact);
    }
    this.#byLive = byLive;
    return byLive;
  }
}
