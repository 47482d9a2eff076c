/** Instants of Python's datetimes: from the bytes of a pickle to milliseconds since 1970, and back in the same zone. */
import { type Exact, PyDateTime } from "./exact.ts";
import { zoneOf } from "./zones.ts";

/** 10,000 years: beyond what Python has on either side of 1970, and well within what Intl takes. */
const FAR_MILLIS = 10_000 * 366 * 86_400_000;

/**
 * Milliseconds since 1970 of a datetime, microseconds cut off; naive is read as UTC.
 * @returns `undefined` for a date, a time, and a datetime whose tzinfo only Python understands.
 */
export function instantOf(node: PyDateTime): number | undefined {
  return instantMicrosOf(node)?.[0];
}

/** As {@link instantOf}, with the microseconds (0 to 999) that the milliseconds leave over. */
export function instantMicrosOf({ kind, raw, tzinfo }: PyDateTime): readonly [number, number] | undefined {
  const zone = kind === "datetime" ? zoneOf(tzinfo) : undefined;
  if (zone === undefined) return undefined;
  const wall = wallMillis(raw);
  const micros = microsOf(raw) - zone.offsetAt(wall, foldOf(raw));
  const millis = Math.floor(micros / 1000);
  return [wall + millis, micros - millis * 1000];
}

/**
 * The datetime of an instant in the zone of a tzinfo, with that zone's offset at that instant.
 * @returns `undefined` outside the years 1 to 9999, and where only Python understands the tzinfo.
 */
export function datetimeAt(instantMillis: number, tzinfo: Exact): PyDateTime | undefined {
  if (Math.abs(instantMillis) > FAR_MILLIS) return undefined;
  const placement = zoneOf(tzinfo)?.place(instantMillis);
  if (placement === undefined) return undefined;
  const local = instantMillis + Math.floor(placement.offset / 1000);
  const micros = placement.offset - Math.floor(placement.offset / 1000) * 1000;
  const clock = new Date(local);
  const year = clock.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  const fields = [year, clock.getUTCMonth() + 1, clock.getUTCDate(), clock.getUTCHours()] as const;
  const microsecond = clock.getUTCMilliseconds() * 1000 + micros;
  const raw = rawDatetime([...fields, clock.getUTCMinutes(), clock.getUTCSeconds(), microsecond], placement.fold);
  return new PyDateTime("datetime", raw, placement.tzinfo);
}

/** Year, month, day, hour, minute, second, microsecond. */
export type DatetimeFields = readonly [number, number, number, number, number, number, number];

/** The ten bytes of a datetime in Python's pickles; bit 7 of the month is `fold`. */
export function rawDatetime(fields: DatetimeFields, fold: number): Uint8Array {
  const [year, month, day, hour, minute, second, micro] = fields;
  const monthAndFold = month + fold * 128;
  return Uint8Array.of(year >> 8, year, monthAndFold, day, hour, minute, second, micro >> 16, micro >> 8, micro);
}

/** The fields of a datetime, and of a date with midnight. */
export function fieldsOf(raw: Uint8Array): DatetimeFields {
  const [century = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = raw;
  return [century * 256 + year, month & 127, day, hour, minute, second, microsOf(raw)];
}

/** Hour, minute, second, microsecond of a time, and its fold; bit 7 of the hour is `fold`. */
export function timeFieldsOf(raw: Uint8Array): readonly [number, number, number, number, number] {
  const [hour = 0, minute = 0, second = 0, high = 0, middle = 0, low = 0] = raw;
  return [hour & 127, minute, second, high * 65_536 + middle * 256 + low, hour >> 7];
}

/** Whether a datetime is the second one that its clock shows. */
export function foldOf([, , monthAndFold = 0]: Uint8Array): 0 | 1 {
  return monthAndFold > 127 ? 1 : 0;
}

function microsOf(raw: Uint8Array): number {
  const [high = 0, middle = 0, low = 0] = raw.subarray(7);
  return high * 65_536 + middle * 256 + low;
}

function wallMillis(raw: Uint8Array): number {
  const [year, month, day, hour, minute, second] = fieldsOf(raw);
  const clock = new Date(0);
  clock.setUTCFullYear(year, month - 1, day);
  return clock.setUTCHours(hour, minute, second);
}
