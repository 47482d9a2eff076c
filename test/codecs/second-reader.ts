/**
 * `msgpackr` as a second reader, which knows nothing of ours. It cannot tell an int from a float, nor a tuple from a
 * list, and its dates have milliseconds, so that both results are brought to a shape that keeps what is left.
 */
import { Unpackr } from "msgpackr";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { instantOf } from "../../src/values/datetimes.ts";
import { type Exact, exactInt, PyBytes, PyDateTime, PyDict, PyExt, PyFloat, PyList } from "../../src/values/exact.ts";

/** What either reader makes of bytes that it does not take. */
const REFUSED = "refused";

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: "bigint" });

/** The shape of what the second reader makes of bytes. */
export function shapeOfUnpacked(bytes: Buffer): unknown {
  try {
    return unpackedShape(unpackr.unpack(bytes));
  } catch {
    return REFUSED;
  }
}

/** The shape of what our decoder makes of bytes. */
export function shapeOfDecoded(bytes: Buffer): unknown {
  try {
    return exactShape(msgpack.decode(bytes).value);
  } catch {
    return REFUSED;
  }
}

function unpackedShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpackedShape);
  if (value instanceof Map) {
    return { dict: [...value].map(([key, item]) => [unpackedShape(key), unpackedShape(item)]) };
  }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (value instanceof Date) return { instant: value.getTime() };
  if (typeof value === "bigint") return exactInt(value);
  return value;
}

function exactShape(value: Exact): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyList) return value.items.map(exactShape);
  if (value instanceof PyDict) {
    return { dict: value.keys.map((key, index) => [exactShape(key), exactShape(value.values[index] as Exact)]) };
  }
  if (value instanceof PyBytes) return { bytes: Buffer.from(value.bytes).toString("hex") };
  if (value instanceof PyDateTime) return { instant: instantOf(value) };
  if (value instanceof PyExt) return { extension: value.code, bytes: Buffer.from(value.bytes).toString("hex") };
  return value;
}
