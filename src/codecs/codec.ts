import type { Limits } from "../bytes/limits.ts";
import type { Exact } from "../values/exact.ts";
import type { FormatRules } from "../values/format-rules.ts";

/** The formats in which a record can lie in a store. */
export type Format = "pickle" | "msgpack" | "json";

/** Protocols that the pickle codec can write: 2 is the highest that Python 2 reads, 3 that of Python 3.0, 4 of 3.4, 5 of 3.8. */
export type PickleProtocol = 2 | 3 | 4 | 5;

/**
 * How the native strings of Python 2 are read: as ASCII, which is all that `pickle.loads` of Python 3 reads by itself, or
 * each byte as the character of its number, as `pickle.loads(…, encoding="latin1")`.
 */
export type Python2Strings = "ascii" | "latin1";

/** What a decoder may be told. */
export interface DecodeOptions extends Limits {
  /** Of pickles. @defaultValue "ascii" */
  readonly python2Strings?: Python2Strings;
}

/** What a decoder found. */
export interface Decoded {
  readonly value: Exact;
  /** The name of the first dangerous global of a pickle, such as `os.system`; absent where there is none. */
  readonly dangerous?: string;
}

/** What an encoder may be told. */
export interface EncodeOptions {
  /** Bytes of the result. @defaultValue 4 MiB */
  readonly maxBytes?: number;
  /** @defaultValue 4, which every Python since 3.4 reads */
  readonly pickleProtocol?: PickleProtocol;
}

/** A format: exact tree to bytes and back. */
export interface Codec {
  readonly format: Format;
  /** The whole input must be one value. @throws DecodeError */
  decode(bytes: Uint8Array, options?: DecodeOptions): Decoded;
  /** Writes what the Python side of the format would write. @throws EncodeError */
  encode(value: Exact, options?: EncodeOptions): Uint8Array;
  /** What JavaScript may not newly put into a record of this format. */
  readonly rules: FormatRules;
  /** What Python's encoder of this format raises on: asked where Flask will save the record next in this format. */
  readonly nextRules: FormatRules;
}
