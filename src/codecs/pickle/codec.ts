/** The pickle codec: what Flask-Session up to 0.6, and every store of cachelib, keeps sessions in. */
import { type Exact, PyExt } from "../../values/exact.ts";
import type { FormatRules } from "../../values/format-rules.ts";
import type { Codec, Decoded, DecodeOptions } from "../codec.ts";
import { decodePickle } from "./decode.ts";
import { encodePickle } from "./encode.ts";

const rules: FormatRules = {
  refuse(value: Exact): string | undefined {
    return value instanceof PyExt ? "a pickle cannot hold a msgpack extension" : undefined;
  },
};

const nextRules: FormatRules = {
  refuse: () => undefined,
};

/** Reads protocols 0 to 5 and writes 2 to 5. Bytes behind the first pickle are ignored, as Python does. */
export const pickle: Codec = {
  format: "pickle",
  decode(bytes: Uint8Array, options?: DecodeOptions): Decoded {
    const { value, dangerous } = decodePickle(bytes, options);
    return dangerous === undefined ? { value } : { value, dangerous };
  },
  encode: encodePickle,
  rules,
  nextRules,
};
