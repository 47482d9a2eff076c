/** Python's types, said outright: `session.price = py.float(10)`. */
import { types } from "node:util";
import { rawDatetime } from "./datetimes.ts";
import { type Exact, PyDateTime, PyGlobal, PyList, PyObject, PyTimedelta, UTC } from "./exact.ts";
import { isPlainObject } from "./plain.ts";
import { TypedValue } from "./typed-value.ts";
import { isDate, isTime } from "./value-types.ts";
import { isSpelledAsInPython } from "./zone-names.ts";
import { zoneOf } from "./zones.ts";

/** The fields of Python's `datetime(...)`. */
export interface DatetimeArguments {
  /** 1 to 9999. */
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  /** 0 to 999,999. */
  readonly microsecond?: number;
  /** 1: the second of two equal clock times. */
  readonly fold?: 0 | 1;
  /** `"UTC"`, a zone of the tz database such as `"Europe/Paris"` (a ZoneInfo), or a fixed offset. Absent: naive. */
  readonly tzinfo?: string | { readonly offsetSeconds: number };
}

/** The constructors of {@link py}. */
export interface Py {
  /** An int, of any size. @throws RangeError for a fraction */
  int(value: number | bigint): TypedValue;
  /** A float, whole ones too. */
  float(value: number): TypedValue;
  list(items: Iterable<unknown>): TypedValue;
  tuple(items: Iterable<unknown>): TypedValue;
  set(members: Iterable<unknown>): TypedValue;
  frozenset(members: Iterable<unknown>): TypedValue;
  /** A dict of a plain object's properties, or of a Map's entries; also where a Python object stood. */
  dict(entries: Readonly<Record<string, unknown>> | ReadonlyMap<unknown, unknown>): TypedValue;
  bytes(bytes: Uint8Array): TypedValue;
  bytearray(bytes: Uint8Array): TypedValue;
  /** @throws RangeError for a time that does not exist in Python, or a zone that Node does not know */
  datetime(fields: DatetimeArguments): TypedValue;
}

/** Typed constructors. What they are given is checked (else a TypeError) and copied; what they make wins over what stood in its place. */
export const py: Py = Object.freeze({
  int(value: number | bigint): TypedValue {
    demand(typeof value === "number" || typeof value === "bigint", "py.int takes a number or a bigint");
    return new TypedValue({ type: "int", content: BigInt(value) });
  },
  float(value: number): TypedValue {
    demand(typeof value === "number", "py.float takes a number");
    return new TypedValue({ type: "float", content: value });
  },
  list(items: Iterable<unknown>): TypedValue {
    return new TypedValue({ type: "list", content: Object.freeze([...items]) });
  },
  tuple(items: Iterable<unknown>): TypedValue {
    return new TypedValue({ type: "tuple", content: Object.freeze([...items]) });
  },
  set(members: Iterable<unknown>): TypedValue {
    return new TypedValue({ type: "set", content: new Set(members) });
  },
  frozenset(members: Iterable<unknown>): TypedValue {
    return new TypedValue({ type: "frozenset", content: new Set(members) });
  },
  dict(entries: Readonly<Record<string, unknown>> | ReadonlyMap<unknown, unknown>): TypedValue {
    demand(types.isMap(entries) || isPlainObject(entries), "py.dict takes a plain object or a Map");
    const all = types.isMap(entries) ? [...entries] : Object.entries(entries);
    return new TypedValue({ type: "dict", content: new Map(all.filter(([, value]) => value !== undefined)) });
  },
  bytes(bytes: Uint8Array): TypedValue {
    demand(types.isUint8Array(bytes), "py.bytes takes a Uint8Array");
    return new TypedValue({ type: "bytes", content: Uint8Array.from(bytes) });
  },
  bytearray(bytes: Uint8Array): TypedValue {
    demand(types.isUint8Array(bytes), "py.bytearray takes a Uint8Array");
    return new TypedValue({ type: "bytearray", content: Uint8Array.from(bytes) });
  },
  datetime(fields: DatetimeArguments): TypedValue {
    return new TypedValue({ type: "datetime", content: datetimeOf(fields) });
  },
});

/** JavaScript without types passes anything, and a text as a float would become a str. */
function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new TypeError(otherwise);
}

function datetimeOf(fields: DatetimeArguments): PyDateTime {
  const { year, month, day, hour = 0, minute = 0, second = 0, microsecond = 0, fold = 0, tzinfo } = fields;
  if (!isDate(year, month, day) || !isTime(hour, minute, second, microsecond, fold)) {
    throw new RangeError("Python has no such datetime");
  }
  const raw = rawDatetime([year, month, day, hour, minute, second, microsecond], fold);
  return new PyDateTime("datetime", raw, tzinfo === undefined ? null : tzinfoOf(tzinfo));
}

function tzinfoOf(tzinfo: string | { readonly offsetSeconds: number }): Exact {
  if (tzinfo === "UTC") return UTC;
  const made = typeof tzinfo === "string" ? zoneInfo(tzinfo) : timezone(tzinfo.offsetSeconds);
  if (zoneOf(made) === undefined) throw new RangeError("No such time zone");
  if (typeof tzinfo === "string" && !isSpelledAsInPython(tzinfo)) throw new RangeError("Python spells no time zone so");
  return made;
}

function zoneInfo(key: string): PyObject {
  return new PyObject("call", new PyGlobal("zoneinfo", "ZoneInfo._unpickle"), new PyList("tuple", [key, 1]));
}

/** Python's offsets are less than a day. */
function timezone(offsetSeconds: number): PyObject {
  if (!Number.isInteger(offsetSeconds) || Math.abs(offsetSeconds) >= 86_400) throw new RangeError("No such offset");
  const days = Math.floor(offsetSeconds / 86_400);
  const delta = new PyTimedelta(days, offsetSeconds - days * 86_400, 0);
  return new PyObject("call", new PyGlobal("datetime", "timezone"), new PyList("tuple", [delta]));
}
