/** What the matrix says beside the walks: numbers of cases that other tests hold, so that the page cannot drift from them. */
import { hasFlaskSessionBefore, type Side } from "../sides.ts";

/** Configurations whose cookies `test/config/index.test.ts` compares. */
export const COOKIES = 21;

/** Cells of `test/interop/end-of-request.test.ts`. */
export const CELLS = 952;

/** Whether a version ends a request as the table of docs/architecture.md says: since 0.7. */
export function isLikeOurs(side: Side): boolean {
  return !hasFlaskSessionBefore(side, 0, 7);
}
