/** Finds the format of a record as Flask-Session 0.8.0 does: the configured one, the other one, then pickle. */
import { DEFAULT_LIMITS } from "../bytes/limits.ts";
import { DecodeError, LimitError } from "../errors.ts";
import type { Codec, Decoded, DecodeOptions, Format } from "./codec.ts";
import { json } from "./json.ts";
import { msgpack } from "./msgpack.ts";
import { pickle } from "./pickle/codec.ts";

const CODECS: Readonly<Record<Format, Codec>> = { pickle, msgpack, json };

/** Each but the pickle codec must consume the whole input, which is what tells the formats apart. */
const READING_ORDER: Readonly<Record<Format, readonly Format[]>> = {
  msgpack: ["msgpack", "json", "pickle"],
  json: ["json", "msgpack", "pickle"],
  pickle: ["pickle"],
};

/** A record and the format it turned out to have. */
export interface DecodedRecord extends Decoded {
  readonly format: Format;
}

/** The codec of a format. */
export function codecOf(format: Format): Codec {
  return CODECS[format];
}

/**
 * @param configured SESSION_SERIALIZATION_FORMAT, or `pickle` where Python reads nothing else (Flask-Session < 0.7, files)
 * @throws DecodeError where no format fits; a LimitError where the first that is not plainly wrong is too large
 */
export function decodeRecord(
  bytes: Uint8Array,
  configured: Format,
  options: DecodeOptions = DEFAULT_LIMITS,
): DecodedRecord {
  const errors: DecodeError[] = [];
  for (const format of READING_ORDER[configured]) {
    try {
      return { format, ...CODECS[format].decode(bytes, options) };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      errors.push(error);
    }
  }
  throw errors.find((error) => error instanceof LimitError) ?? unreadable(errors);
}

/** The one that came farthest knows best. */
function unreadable(errors: readonly DecodeError[]): DecodeError {
  const [best] = errors.toSorted((a, b) => b.offset - a.offset) as [DecodeError];
  if (errors.length === 1) return best;
  const message = `Cannot decode the record: it is no msgpack, JSON or pickle (${best.message})`;
  return new DecodeError(message, best.offset, { cause: best });
}
