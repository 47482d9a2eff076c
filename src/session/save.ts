/** Stores what a request has changed, over what the store holds by then. */
import { DEFAULT_LIMITS, type Limits } from "../bytes/limits.ts";
import type { Format } from "../codecs/codec.ts";
import { codecOf, decodeRecord } from "../codecs/fallback.ts";
import { type DecodeError, EncodeError, StoreConflictError, StoreRecordError } from "../errors.ts";
import { sameExact } from "../values/equality.ts";
import type { Exact, PyDict } from "../values/exact.ts";
import { Deadline } from "./deadline.ts";
import { type LoadedRecord, loadRecord } from "./record.ts";
import type { SessionState, Taken } from "./state.ts";
import type { StoredRecord } from "./store.ts";
import { isEmpty } from "./tree.ts";

/**
 * Writes the changed keys over the newest record by compare-and-set, or deletes the record where nothing is left. A
 * record that is gone stays gone.
 * @throws StoreError, EncodeError; the changes then stay pending
 */
export async function save(state: SessionState): Promise<void> {
  const { saveTimeoutMillis } = state.environment.options;
  const deadline = new Deadline(saveTimeoutMillis);
  const started = performance.now();
  const { sid, held } = state;
  for (let tries = 1; ; tries++) {
    const taken = state.take();
    const newest = await attempt(state, taken, deadline).catch((error: unknown) => {
      state.giveBack(taken);
      throw error;
    });
    if (newest === undefined) {
      const durationMillis = performance.now() - started;
      if (state.stored) state.emit((sidHash) => ({ type: "saved", sidHash, tries, durationMillis }));
      else if (held !== null && !state.gone)
        state.emit((sidHash) => ({ type: "destroyed", sidHash, durationMillis }), sid);
      return;
    }
    state.giveBack(taken);
    rebase(state, [...taken.keys], newest);
    if (deadline.passed) throw conflict(saveTimeoutMillis);
  }
}

/** @returns the record that somebody else has put in our way, or `undefined`: done */
async function attempt(state: SessionState, taken: Taken, deadline: Deadline): Promise<StoredRecord | undefined> {
  const content = state.content(taken);
  return isEmpty(content) ? remove(state, taken, content, deadline) : write(state, taken, content, deadline);
}

async function write(
  state: SessionState,
  taken: Taken,
  content: PyDict,
  deadline: Deadline,
): Promise<StoredRecord | undefined> {
  const { store } = state.environment.options;
  const bytes = encode(state, content);
  const result = await deadline.within(store.set(state.storeKey, bytes, state.expiresAt, state.held));
  if (result.stored) {
    state.settle({ bytes }, content, taken);
    state.dangerous = undefined;
    state.stored = true;
    state.removed = false;
    return undefined;
  }
  if (result.current === undefined) {
    markGone(state, [...taken.keys]);
    return undefined;
  }
  if (state.held === null) {
    // Under a sid that no browser knows yet: our own save that timed out, or a miracle. Never merged with.
    state.renew();
    return write(state, taken, content, deadline);
  }
  return result.current;
}

async function remove(
  state: SessionState,
  taken: Taken,
  content: PyDict,
  deadline: Deadline,
): Promise<StoredRecord | undefined> {
  const { store } = state.environment.options;
  if (state.held !== null && !(await deadline.within(store.delete(state.storeKey, state.held)))) {
    const found = await deadline.within(store.get(state.storeKey));
    if (found !== undefined) return found.record;
  }
  state.settle(null, content, taken);
  state.dangerous = undefined;
  state.renew();
  state.stored = false;
  state.removed = true;
  return undefined;
}

/** A dangerous pickle is not put back, nor what the handler took from one before it cleared the session. */
function encode(state: SessionState, content: PyDict): Uint8Array {
  const { limits, pickleProtocol } = state.environment.options;
  if (state.dangerous !== undefined && !state.isCleared) throw refusal(state.dangerous);
  const bytes = codecOf(state.format).encode(content, { maxBytes: limits.maxBytes, pickleProtocol });
  if (state.dangerous !== undefined && state.format === "pickle") {
    const { dangerous } = decodeRecord(bytes, "pickle", limits);
    if (dangerous !== undefined) throw refusal(dangerous);
  }
  if (mayExceed(bytes, limits)) expectReadable(bytes, state.format, limits);
  return bytes;
}

/** Every item has a byte at least, and what JavaScript puts into a session stays within the usual depth. */
function mayExceed(bytes: Uint8Array, { maxItems, maxDepth }: Limits): boolean {
  return bytes.length > maxItems || maxDepth < DEFAULT_LIMITS.maxDepth;
}

/** Python has no limits, but we do: what we would call corrupt the next time is not written. @throws EncodeError */
function expectReadable(bytes: Uint8Array, format: Format, limits: Limits): void {
  try {
    codecOf(format).decode(bytes, limits);
  } catch (error) {
    throw new EncodeError("session", `it could not be read again (${(error as DecodeError).message})`);
  }
}

/** Makes the newest record the one that our changes go over. */
function rebase(state: SessionState, keys: readonly string[], newest: StoredRecord): void {
  // Only what was held can be in conflict with what is there.
  const before = state.held as StoredRecord;
  state.held = newest;
  if (state.isCleared) return;
  const { options } = state.environment;
  const theirs = loadRecord(newest, options);
  if (theirs === undefined) throw new StoreRecordError("The record holds None now");
  if (theirs.dangerous !== undefined) throw refusal(theirs.dangerous);
  state.base = theirs.tree;
  state.format = theirs.format;
  state.emit((sidHash) => ({ type: "merged", sidHash, keys }));
  const opened = loadRecord(before, options);
  const clashing = keys.filter((key) => clashes(key, opened, theirs, state.tree));
  if (clashing.length > 0) state.emit((sidHash) => ({ type: "clash", sidHash, keys: clashing }));
}

/** Whether both sides have changed the key, to different values. */
function clashes(key: string, opened: LoadedRecord | undefined, theirs: LoadedRecord, mine: PyDict): boolean {
  const now = theirs.tree.get(key);
  return !same(now, opened?.tree.get(key)) && !same(now, mine.get(key));
}

function same(a: Exact | undefined, b: Exact | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameExact(a, b);
}

/** Whether changes are pending that concern the store; those that do not are settled here. */
export function mustStore(state: SessionState): boolean {
  if (!state.isChanged) return false;
  if (state.gone) {
    markGone(state, state.drop());
    return false;
  }
  if (state.held !== null || !isEmpty(state.tree) || !isEmpty(state.base)) return true;
  state.drop();
  state.removed = true;
  return false;
}

/** The session was destroyed by somebody else: for the rest of the request nothing is written under this sid. */
function markGone(state: SessionState, keys: readonly string[]): void {
  state.gone = true;
  state.emit((sidHash) => ({ type: "gone", sidHash, keys }));
}

/** Why a dangerous pickle is not stored again; the name is Python's, such as `os.system`. */
export function refusal(name: string): StoreRecordError {
  return new StoreRecordError(`The record is a pickle that names ${name}: it is read, but never stored again`);
}

/** What a save says that met others' changes until its deadline. */
export function conflict(millis: number): StoreConflictError {
  return new StoreConflictError(`The record kept changing for ${millis} ms; nothing was stored`);
}
