/** Sessions in the memory of this process, for tests and for trying things out. No Flask process sees them. */
import type { Found, InspectableStore, ListedRecord, SetResult, StoreCheck, StoredRecord } from "../session/store.ts";
import { isSameRecord } from "./same-record.ts";

interface Entry {
  readonly bytes: Uint8Array;
  expiresAt: Date;
}

/**
 * A store in memory. It has no timers: an expired record stays in memory until a call meets it or `deleteExpired` runs,
 * so that nothing bounds its size but the number of sessions.
 */
export function memoryStore(): InspectableStore {
  return new MemoryStore();
}

class MemoryStore implements InspectableStore {
  readonly compareAndSet = "everyone";
  readonly #entries = new Map<string, Entry>();

  get(key: string): Promise<Found | undefined> {
    const record = this.#record(key);
    return Promise.resolve(record && { record, touched: false });
  }

  set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    const current = this.#record(key);
    if (expected !== undefined && !isSameRecord(current, expected ?? undefined)) {
      return Promise.resolve({ stored: false, current });
    }
    this.#entries.set(key, { bytes: bytes.slice(), expiresAt });
    return Promise.resolve({ stored: true });
  }

  touch(key: string, expiresAt: Date): Promise<boolean> {
    const entry = this.#live(key);
    if (entry !== undefined) entry.expiresAt = expiresAt;
    return Promise.resolve(entry !== undefined);
  }

  delete(key: string, expected?: StoredRecord): Promise<boolean> {
    const current = this.#record(key);
    const matches = current !== undefined && (expected === undefined || isSameRecord(current, expected));
    return Promise.resolve(matches && this.#entries.delete(key));
  }

  async *list(prefix: string): AsyncGenerator<ListedRecord> {
    for (const key of this.#entries.keys()) {
      const record = key.startsWith(prefix) ? this.#record(key) : undefined;
      if (record !== undefined) yield { ref: key, key, record };
    }
  }

  deleteListed({ ref, record }: ListedRecord): Promise<boolean> {
    return this.delete(ref, record);
  }

  async deleteExpired(options: Parameters<InspectableStore["deleteExpired"]>[0] = {}): Promise<number> {
    options.signal?.throwIfAborted();
    const before = this.#entries.size;
    for (const key of this.#entries.keys()) this.#live(key);
    options.onProgress?.(before, before);
    return before - this.#entries.size;
  }

  check(): Promise<StoreCheck> {
    return Promise.resolve({ serverTime: new Date(), missingRights: [] });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A copy: what a caller does to its bytes must not change ours. */
  #record(key: string): StoredRecord | undefined {
    const entry = this.#live(key);
    return entry && { bytes: entry.bytes.slice(), expiresAt: entry.expiresAt };
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAt.getTime() > Date.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }
}
