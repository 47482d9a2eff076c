/** Walks the keys of a Redis by SCAN, which never blocks the server for long. */
import { DecodeError } from "../../errors.ts";
import type { ListedRecord, StoredRecord } from "../../session/store.ts";

/** What a walk asks of the store. */
export interface Walk {
  /** One page of SCAN: the next cursor, `0` at the end, and keys. */
  scan(cursor: string, pattern: string): Promise<readonly [unknown, readonly unknown[]]>;
  /** A record and its remaining milliseconds, negative for no expiry; `undefined`: no record. @throws DecodeError for a key of another type */
  read(key: string): Promise<{ readonly record: StoredRecord; readonly millis: number } | undefined>;
}

/** Records that are asked for at once, and so in memory: a page of SCAN may be many large ones. */
const BATCH = 16;

/** A pattern of MATCH for keys that start with the prefix, all of it literal: `_` and `%` are no wildcards here, these are. */
export function patternOf(prefix: string): string {
  return `${prefix.replace(/[*?[\]\\]/g, "\\$&")}*`;
}

/** Every record under the prefix. SCAN may meet one twice while the server resizes its table. Other types of keys are passed over. */
export async function* walk(walked: Walk, prefix: string): AsyncGenerator<ListedRecord> {
  const pattern = patternOf(prefix);
  let cursor = "0";
  do {
    const [next, found] = await walked.scan(cursor, pattern);
    cursor = String(next);
    const keys = found.map(String).filter((key) => key.startsWith(prefix));
    for (let start = 0; start < keys.length; start += BATCH) {
      yield* await listed(walked, keys.slice(start, start + BATCH));
    }
  } while (cursor !== "0");
}

async function listed(walked: Walk, keys: readonly string[]): Promise<ListedRecord[]> {
  const records = await Promise.all(keys.map((key) => listedRecord(walked, key)));
  return records.filter((record) => record !== undefined);
}

async function listedRecord(walked: Walk, key: string): Promise<ListedRecord | undefined> {
  try {
    const found = await walked.read(key);
    if (found === undefined) return undefined;
    const { record, millis } = found;
    return { ref: key, key, record: millis < 0 ? record : { ...record, expiresAt: new Date(Date.now() + millis) } };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
