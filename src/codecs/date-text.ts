/** Dates, times and durations in the ISO 8601 text that msgspec 0.22.0 makes of what a format has no type for. */
import { instantMicrosOf } from "../values/datetimes.ts";
import { PyDateTime, PyGlobal, PyObject, PyTimedelta } from "../values/exact.ts";

const DAY_MICROS = 86_400_000_000;
const DAY_MINUTES = 1440;

/**
 * `2024-02-29T12:30:45.123456+05:30`, `2024-02-29`, `12:30:45Z`, `-P1DT2.5S`.
 * @returns `undefined` where only Python knows the offset from UTC
 */
export function isoText(node: PyDateTime | PyTimedelta): string | undefined {
  if (node instanceof PyTimedelta) return durationText(node);
  if (node.kind === "date") return dateText(node.raw);
  const zone = zoneText(node);
  if (zone === undefined) return undefined;
  return node.kind === "time"
    ? `${timeText(node.raw)}${zone}`
    : `${dateText(node.raw)}T${timeText(node.raw.subarray(4))}${zone}`;
}

/** Bit 7 of the month is `fold`. */
function dateText([century = 0, year = 0, month = 0, day = 0]: Uint8Array): string {
  return `${digits(century * 256 + year, 4)}-${digits(month & 0x7f, 2)}-${digits(day, 2)}`;
}

/** Bit 7 of a time's hour is `fold`. */
function timeText([hour = 0, minute = 0, second = 0, high = 0, middle = 0, low = 0]: Uint8Array): string {
  const micros = high * 65_536 + middle * 256 + low;
  const fraction = micros === 0 ? "" : `.${digits(micros, 6)}`;
  return `${digits(hour & 0x7f, 2)}:${digits(minute, 2)}:${digits(second, 2)}${fraction}`;
}

function zoneText(node: PyDateTime): string | undefined {
  if (node.tzinfo === null) return "";
  const offset = offsetMicros(node);
  return offset === undefined ? undefined : offsetText(Math.floor(offset / 1_000_000));
}

/** Microseconds east of UTC. */
function offsetMicros({ kind, raw, tzinfo }: PyDateTime): number | undefined {
  // A time has no day, without which only a `datetime.timezone` is sure of its offset.
  if (kind === "time" && !isTimezone(tzinfo)) return undefined;
  const dated = kind === "time" ? Uint8Array.of(7, 208, 1, 1, ...raw) : raw;
  const instant = instantMicrosOf(new PyDateTime("datetime", dated, tzinfo));
  const [millis, micros] = instantMicrosOf(new PyDateTime("datetime", dated)) as readonly [number, number];
  return instant && (millis - instant[0]) * 1000 + micros - instant[1];
}

function isTimezone(tzinfo: unknown): boolean {
  if (!(tzinfo instanceof PyObject && tzinfo.callee instanceof PyGlobal)) return false;
  return tzinfo.callee.module === "datetime" && tzinfo.callee.name === "timezone";
}

/** In minutes, half of one rounded down. */
function offsetText(seconds: number): string {
  const minutes = Math.ceil(Math.abs(seconds) / 60 - 0.5) % DAY_MINUTES;
  if (minutes === 0) return "Z";
  return `${seconds < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}`;
}

/** Days and seconds: `P1DT2.000003S`, `-PT1.5S`, `P0D`. */
function durationText({ days, seconds, microseconds }: PyTimedelta): string {
  const micros = seconds * 1_000_000 + microseconds;
  if (days >= 0) return unsignedDurationText(days, micros);
  return `-${micros === 0 ? unsignedDurationText(-days, 0) : unsignedDurationText(-days - 1, DAY_MICROS - micros)}`;
}

function unsignedDurationText(days: number, micros: number): string {
  const dayText = days === 0 && micros !== 0 ? "" : `${days}D`;
  if (micros === 0) return `P${dayText}`;
  const fraction = micros % 1_000_000;
  const fractionText = fraction === 0 ? "" : `.${digits(fraction, 6).replace(/0+$/, "")}`;
  return `P${dayText}T${Math.floor(micros / 1_000_000)}${fractionText}S`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
