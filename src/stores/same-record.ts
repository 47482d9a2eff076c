/** How stores without versions tell whether a record is still the expected one. */
import type { StoredRecord } from "../session/store.ts";

/** The bytes are the version: whoever wrote the same ones again is in nobody's way. */
export function isSameRecord(current: StoredRecord | undefined, expected: StoredRecord | undefined): boolean {
  if (current === undefined || expected === undefined) return current === expected;
  return Buffer.compare(current.bytes, expected.bytes) === 0;
}
