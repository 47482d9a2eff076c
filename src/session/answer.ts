/** Promises for callers that pass express-session's callback. */
import type { Done } from "./session.ts";

/** The callback gets the error or nothing; without one there is the promise. */
export function answer(work: Promise<void>, done: Done | undefined): Promise<void> | void {
  if (done === undefined) return work;
  // Out of the promise's chain, so that what the callback throws is not taken for a rejection.
  work.then(
    () => setImmediate(done),
    (error: unknown) => setImmediate(done, error),
  );
}
