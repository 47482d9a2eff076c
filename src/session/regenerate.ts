/** A new sid for a session; the old record is deleted at once. */
import { StoreRecordError } from "../errors.ts";
import { refusal } from "./content.ts";
import { Deadline } from "./deadline.ts";
import { loadRecord } from "./record.ts";
import { conflict } from "./save.ts";
import { sidHash } from "./sid.ts";
import type { SessionState } from "./state.ts";
import { isEmpty } from "./tree.ts";

/**
 * Flask's regenerate: the data go along, what other requests saved until now too. Of a session that was destroyed
 * meanwhile only what this request itself has set goes along.
 * @throws StoreError
 */
export async function regenerate(state: SessionState): Promise<void> {
  if (state.dangerous !== undefined && !state.isCleared) throw refusal(state.dangerous);
  const started = performance.now();
  const { sid } = state;
  const destroyed = state.gone || (state.held !== null && !(await takeNewest(state)));
  if (destroyed) state.keepOwnChanges();
  state.gone = false;
  state.stored = false;
  state.renew();
  report(state, sid, destroyed, started);
  if (!isEmpty(state.tree) || !isEmpty(state.base)) state.force();
}

/**
 * express-session's regenerate: the data stay behind, whoever has changed them.
 * @throws StoreError
 */
export async function restart(state: SessionState): Promise<void> {
  const { store, saveTimeoutMillis } = state.environment.options;
  const started = performance.now();
  const { sid } = state;
  const deleted = state.held === null || (await new Deadline(saveTimeoutMillis).within(store.delete(state.storeKey)));
  state.restart();
  report(state, sid, !deleted, started);
}

/** Deletes the record as it is by now, and makes it the base. @returns false where it is gone already */
async function takeNewest(state: SessionState): Promise<boolean> {
  const { options } = state.environment;
  const { store, saveTimeoutMillis } = options;
  const deadline = new Deadline(saveTimeoutMillis);
  while (state.held !== null && !(await deadline.within(store.delete(state.storeKey, state.held)))) {
    if (deadline.passed) throw conflict(saveTimeoutMillis);
    const found = await deadline.within(store.get(state.storeKey));
    if (found === undefined) return false;
    const newest = loadRecord(found.record, options);
    if (newest?.dangerous !== undefined) throw refusal(newest.dangerous);
    if (newest === undefined) throw new StoreRecordError("The record holds None now");
    state.held = newest.record;
    if (state.isCleared) continue;
    state.base = newest.tree;
    state.format = newest.format;
  }
  return true;
}

function report(state: SessionState, sid: string, destroyed: boolean, started: number): void {
  const durationMillis = performance.now() - started;
  state.emit((old) => {
    return destroyed
      ? { type: "gone", sidHash: old, keys: [...state.everChanged] }
      : { type: "regenerated", sidHash: old, newSidHash: sidHash(state.sid), durationMillis };
  }, sid);
}
