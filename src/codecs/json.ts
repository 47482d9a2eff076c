/** The JSON codec: what Flask-Session >= 0.7 keeps sessions in under SESSION_SERIALIZATION_FORMAT = "json". */
import type { Limits } from "../bytes/limits.ts";
import { type Exact, type ExactNode, PyBytes, PyDateTime, PyExt, PyFloat, PyList, PyMarkup } from "../values/exact.ts";
import type { FormatRules } from "../values/format-rules.ts";
import type { Codec, Decoded } from "./codec.ts";
import { decodeJson } from "./json-decode.ts";
import { encodeJson } from "./json-encode.ts";
import { isReadableInt } from "./json-text.ts";
import { MARKUP, refuseNode, refuseText } from "./msgspec-rules.ts";

const EXTENSION = "JSON cannot hold a msgpack extension";
const LONG_INT = "an int of more than 4300 digits is beyond Python";

/** What msgspec raises on: at once, or where Flask reads the record again. */
const nextRules: FormatRules = {
  refuse(value: Exact): string | undefined {
    if (typeof value === "string") return refuseText(value);
    if (typeof value === "bigint") return isReadableInt(value) ? undefined : LONG_INT;
    if (value instanceof PyMarkup) return MARKUP;
    return value instanceof PyExt ? EXTENSION : undefined;
  },
  refuseKey(key: Exact, isWhole: boolean): string | undefined {
    if (!isWhole) return nextRules.refuse(key);
    if (typeof key === "boolean" || key === null) return "JSON has no key for None, True and False";
    if (key instanceof PyList) return `a ${key.kind} cannot be a key in JSON`;
    return key instanceof PyMarkup ? refuseText(key.text) : nextRules.refuse(key);
  },
  hasNoReferences: true,
};

/** What msgspec raises on, and what it would turn into something else. */
const rules: FormatRules = {
  refuse(value: Exact): string | undefined {
    if (typeof value === "number") return refuseFloat(value);
    return typeof value === "object" && value !== null ? refuseJsonNode(value) : nextRules.refuse(value);
  },
  refuseKey(key: Exact): string | undefined {
    return typeof key === "string" ? refuseText(key) : "the keys of JSON are strings";
  },
  hasNoReferences: true,
};

function refuseFloat(value: number): string | undefined {
  return Number.isFinite(value) ? undefined : "JSON turns NaN and the infinities into null";
}

function refuseJsonNode(node: ExactNode): string | undefined {
  if (node instanceof PyFloat) return refuseFloat(node.value);
  if (node instanceof PyBytes) return `JSON turns ${node.kind} into text: use base64`;
  if (node instanceof PyDateTime) {
    const hint = node.kind === "datetime" ? ".toISOString()" : "its toString()";
    return `JSON turns a ${node.kind} into text: use ${hint}`;
  }
  return node instanceof PyExt ? EXTENSION : refuseNode(node, "JSON");
}

/** Reads and writes JSON as msgspec 0.22.0 does. */
export const json: Codec = {
  format: "json",
  decode: (bytes: Uint8Array, limits?: Limits): Decoded => ({ value: decodeJson(bytes, limits) }),
  encode: encodeJson,
  rules,
  nextRules,
};
