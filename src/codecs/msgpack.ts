/** The msgpack codec: what Flask-Session >= 0.7 keeps sessions in, if it is not told otherwise. */
import type { Limits } from "../bytes/limits.ts";
import { instantMicrosOf } from "../values/datetimes.ts";
import { type Exact, type ExactNode, PyBytes, PyDateTime, PyExt, PyList, PyMarkup, UTC } from "../values/exact.ts";
import type { FormatRules } from "../values/format-rules.ts";
import type { Codec, Decoded } from "./codec.ts";
import { decodeMsgpack } from "./msgpack-decode.ts";
import { encodeMsgpack } from "./msgpack-encode.ts";
import { isWithinPython } from "./msgpack-timestamp.ts";
import { MARKUP, refuseNode, refuseText } from "./msgspec-rules.ts";

/** What msgspec raises on. What only Python knows came from Python, and may be an Enum or an OrderedDict, which it writes. */
const nextRules: FormatRules = {
  refuse(value: Exact): string | undefined {
    if (typeof value === "string") return refuseText(value);
    if (typeof value === "bigint") return refuseBigInt(value);
    if (value instanceof PyMarkup) return MARKUP;
    return value instanceof PyDateTime ? refuseFarInstant(value) : undefined;
  },
  // msgspec takes Markup for a key, but not in a tuple.
  refuseKey(key: Exact, isWhole: boolean): string | undefined {
    return nextRules.refuse(isWhole && key instanceof PyMarkup ? key.text : key);
  },
  hasNoReferences: true,
};

/** What msgspec raises on, and what it would turn into something else. */
const rules: FormatRules = {
  refuse(value: Exact): string | undefined {
    return typeof value === "object" && value !== null ? refuseMsgpackNode(value) : nextRules.refuse(value);
  },
  refuseKey(key: Exact): string | undefined {
    // As a key a list comes back as a tuple.
    if (key instanceof PyList && key.kind === "tuple") return undefined;
    return key instanceof PyExt ? "a msgpack extension cannot be a key" : rules.refuse(key);
  },
  hasNoReferences: true,
};

function refuseBigInt(value: bigint): string | undefined {
  return value < -(2n ** 63n) || value >= 2n ** 64n ? "an int beyond 64 bits does not fit msgpack" : undefined;
}

function refuseFarInstant(node: PyDateTime): string | undefined {
  const instant = node.tzinfo === null ? undefined : instantMicrosOf(node);
  return instant === undefined || isWithinPython(instant) ? undefined : "in UTC its year is not 1 to 9999";
}

function refuseMsgpackNode(node: ExactNode): string | undefined {
  if (node instanceof PyBytes) {
    return node.kind === "bytes" ? undefined : "msgpack turns a bytearray into bytes: use a Uint8Array";
  }
  return node instanceof PyDateTime ? refuseDateTime(node) : refuseNode(node, "msgpack");
}

function refuseDateTime({ kind, tzinfo }: PyDateTime): string | undefined {
  if (kind !== "datetime") return `msgpack turns a ${kind} into text: use its toString()`;
  if (tzinfo === null) return "msgpack turns a naive datetime into text: use a Date";
  return tzinfo === UTC ? undefined : "msgpack keeps no zone but UTC: use a Date";
}

/** Reads and writes MessagePack as msgspec 0.22.0 does. */
export const msgpack: Codec = {
  format: "msgpack",
  decode: (bytes: Uint8Array, limits?: Limits): Decoded => ({ value: decodeMsgpack(bytes, limits) }),
  encode: encodeMsgpack,
  rules,
  nextRules,
};
