/** JSON as serializers sign it unasked: natural JavaScript values, in Python's spelling. */
import { decodeJson } from "../codecs/json-decode.ts";
import { PYTHON } from "../codecs/json-dialect.ts";
import { type PythonJsonStyle, pythonJson } from "../codecs/python-json.ts";
import { type Exact, exactInt, PyDict, PyFloat, PyList } from "../values/exact.ts";
import { isPlainObject } from "../values/plain.ts";
import type { PayloadFormat } from "./payload.ts";

/**
 * Null, booleans, numbers, bigints, strings, arrays and plain objects. A whole number is an int to Python; a `PyFloat`
 * is a float in any case. Reading gives numbers for floats and for ints within ±(2^53 − 1), else bigints.
 * @throws TypeError for a value that JSON has no form for
 */
export function jsonPayload(style: PythonJsonStyle): PayloadFormat<unknown> {
  return {
    encode: (value) => Buffer.from(pythonJson(exactOf(value, 0), style), "utf8"),
    decode: (bytes) => plainOf(decodeJson(bytes, undefined, PYTHON)),
  };
}

/** As deep as what Python reads. */
const MAX_DEPTH = 400;

function exactOf(value: unknown, depth: number): Exact {
  if (depth > MAX_DEPTH) throw new TypeError("Cannot serialize: a value holds itself, or is too deep");
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Object.is(value, -0) ? new PyFloat(value) : wholeOf(value);
  if (typeof value === "bigint") return exactInt(value);
  if (value instanceof PyFloat) return value;
  if (Array.isArray(value))
    return new PyList(
      "list",
      Array.from(value, (item) => exactOf(item, depth + 1)),
    );
  if (typeof value !== "object" || !isPlainObject(value)) {
    throw new TypeError("Cannot serialize: JSON has null, booleans, numbers, text, arrays and plain objects");
  }
  const entries = Object.entries(value);
  return new PyDict(
    entries.map(([key]) => key),
    entries.map(([, item]) => exactOf(item, depth + 1)),
  );
}

/** Beyond 2^53 a number is no exact int, so Python gets the float that it is. */
function wholeOf(value: number): Exact {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? new PyFloat(value) : value;
}

function plainOf(value: Exact): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyList) return value.items.map(plainOf);
  if (!(value instanceof PyDict)) return value;
  // fromEntries defines, so that `__proto__` is a key like others.
  return Object.fromEntries(value.entries().map(([key, item]) => [key as string, plainOf(item)]));
}
