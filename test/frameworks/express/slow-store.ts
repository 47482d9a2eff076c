/** A store in memory that takes its time, and fails when it is told to. */
import { setTimeout as sleep } from "node:timers/promises";
import { StoreUnavailableError } from "../../../src/errors.ts";
import type { Store } from "../../../src/session/store.ts";
import { memoryStore } from "../../../src/stores/memory.ts";

/** A {@link Store} whose answers can be delayed or denied. */
export interface SlowStore extends Store {
  /** How long a write takes, in milliseconds; 0: an answer in the same turn of the event loop. */
  delayMillis: number;
  /** Whether every call fails. */
  fails: boolean;
}

/** A memory store behind a slow line. */
export function slowStore(delayMillis = 0): SlowStore {
  const store = memoryStore();
  const line = async <T>(call: () => Promise<T>): Promise<T> => {
    if (slow.delayMillis > 0) await sleep(slow.delayMillis);
    if (slow.fails) throw new StoreUnavailableError("The store is down");
    return call();
  };
  const slow: SlowStore = {
    delayMillis,
    fails: false,
    compareAndSet: store.compareAndSet,
    get: (...args) => line(() => store.get(...args)),
    set: (...args) => line(() => store.set(...args)),
    touch: (...args) => line(() => store.touch(...args)),
    delete: (...args) => line(() => store.delete(...args)),
    close: () => store.close(),
  };
  return slow;
}
