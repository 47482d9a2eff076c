/** What every write to MongoDB has about it: whether it was heard of, and whether somebody was in its way. */
import { ConfigError, StoreConflictError } from "../../errors.ts";
import type { SetResult } from "../../session/store.ts";
import { isDuplicate } from "./failure.ts";

/** How often a document is made that others make and delete meanwhile. */
const TURNS = 10;

/** Tries again as long as others make and delete a document of the key. @throws StoreConflictError */
export async function inTurns(write: () => Promise<SetResult | undefined>): Promise<SetResult> {
  for (let turn = 0; turn < TURNS; turn++) {
    const result = await write();
    if (result !== undefined) return result;
  }
  throw new StoreConflictError("The record kept changing; nothing was stored");
}

/** Takes an `_id` that somebody else has taken for a write that was not. */
export function unlessDuplicate(error: unknown): false {
  if (isDuplicate(error)) return false;
  throw error;
}

/** @throws ConfigError where the client does not wait to hear what a write has done */
export function acknowledged<T extends { readonly acknowledged: boolean }>(written: T): T {
  if (written.acknowledged) return written;
  throw new ConfigError("Cannot store in MongoDB: the client's write concern, w=0, waits for no answer");
}
