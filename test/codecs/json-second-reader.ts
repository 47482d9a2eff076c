/**
 * `JSON.parse` as a second reader, which knows nothing of ours. It cannot tell an int from a float, has no int beyond
 * 2^53 and puts integer-like keys first, so that both results are brought to a shape that keeps what is left.
 */
import { decodeJson } from "../../src/codecs/json-decode.ts";
import { DecodeError } from "../../src/errors.ts";
import { type Exact, PyDict, PyFloat, PyList } from "../../src/values/exact.ts";

/** What either reader makes of bytes that it does not take. */
const REFUSED = "refused";

/** The shape of what `JSON.parse` makes of bytes. */
export function shapeOfParsedJson(bytes: Buffer): unknown {
  try {
    return parsedShape(JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)));
  } catch {
    return REFUSED;
  }
}

/** The shape of what our decoder makes of bytes. */
export function shapeOfDecodedJson(bytes: Buffer): unknown {
  try {
    return exactShape(decodeJson(bytes));
  } catch (error) {
    if (error instanceof DecodeError) return REFUSED;
    throw error;
  }
}

function parsedShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(parsedShape);
  if (typeof value !== "object" || value === null) return value;
  return dictShape(Object.entries(value).map(([key, item]) => [key, parsedShape(item)]));
}

function exactShape(value: Exact): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyList) return value.items.map(exactShape);
  if (value instanceof PyDict) return dictShape(value.entries().map(([key, item]) => [key, exactShape(item)]));
  return value;
}

function dictShape(entries: [key: unknown, item: unknown][]): unknown {
  return { dict: entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)) };
}
