/** Renews the lifetime of a record without writing it. */
import { Deadline } from "./deadline.ts";
import type { SessionState } from "./state.ts";
import { isEmpty } from "./tree.ts";

/** Moves the expiry of what the store holds; a dangerous pickle is let expire. @throws StoreError */
export async function touch(state: SessionState): Promise<void> {
  const { store, saveTimeoutMillis } = state.environment.options;
  if (state.held === null || state.dangerous !== undefined) return;
  const started = performance.now();
  await new Deadline(saveTimeoutMillis).within(store.touch(state.storeKey, state.expiresAt));
  const durationMillis = performance.now() - started;
  state.emit((sidHash) => ({ type: "touched", sidHash, durationMillis }));
}

/** Whether the end of a request renews the lifetime: the store could not do it while it read, and nothing was stored. */
export function isTouchDue({ held, tree, renewed, stored, touched, environment }: SessionState): boolean {
  return environment.options.refreshEachRequest && held !== null && !renewed && !stored && !touched && !isEmpty(tree);
}
