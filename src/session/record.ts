/** From the bytes of a record to the dict of a session. */
import type { Format } from "../codecs/codec.ts";
import { decodeRecord } from "../codecs/fallback.ts";
import { DecodeError, LimitError } from "../errors.ts";
import { type Exact, PyDict } from "../values/exact.ts";
import type { ResolvedOptions } from "./resolved-options.ts";
import type { StoredRecord } from "./store.ts";

/** A record that was read. */
export interface LoadedRecord {
  readonly record: StoredRecord;
  readonly tree: PyDict;
  /** The format it was read in, in which it will be written. */
  readonly format: Format;
  /** Set where the record is a pickle that would run code in Python. */
  readonly dangerous: string | undefined;
}

/**
 * @returns `undefined` for None, which Flask-Session 0.8.0 takes for no record at all.
 * @throws DecodeError where the record is no session: unreadable, not a dict, or express-session's
 */
export function loadRecord(record: StoredRecord, options: ResolvedOptions): LoadedRecord | undefined {
  const { readsOnlyPickle, serializationFormat, limits, python2Strings } = options;
  const configured = readsOnlyPickle ? "pickle" : serializationFormat;
  const { format, value, dangerous } = decodeRecord(record.bytes, configured, { ...limits, python2Strings });
  if (value === null) return undefined;
  if (!(value instanceof PyDict)) throw new DecodeError("Cannot decode the record: it holds no dict", 0);
  if (isForeign(value)) throw new DecodeError("Cannot decode the record: it is a session of express-session", 0);
  return { record, tree: value, format, dangerous };
}

/** Records of express-session under the same prefix are another program's sessions, not ours to write over. */
function isForeign(tree: PyDict): boolean {
  const cookie: Exact | undefined = tree.get("cookie");
  return cookie instanceof PyDict && cookie.get("originalMaxAge") !== undefined;
}

/** Shows a record to a handler: what is too deep for an object is as unreadable as what does not decode. */
export function tooDeep(show: () => void): LimitError | undefined {
  try {
    show();
    return undefined;
  } catch (error) {
    if (error instanceof LimitError) return error;
    throw error;
  }
}
