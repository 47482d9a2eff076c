/**
 * What a datetime's tzinfo says of its offset from UTC: none (read as UTC), `datetime.timezone`, `zoneinfo.ZoneInfo` and
 * pytz. Rules of zones come from Intl, so both sides agree as far as their releases of the tz database do.
 */
import { type Exact, PyGlobal, PyList, PyObject, PyTimedelta } from "./exact.ts";
import { type Offsets, offsetsOf, wallOffset } from "./zone-offsets.ts";

const MICROS = 1_000_000;
const DAY_MILLIS = 86_400_000;

/** How Python writes an instant in a zone. */
export interface Placement {
  readonly tzinfo: Exact;
  /** Microseconds east of UTC. */
  readonly offset: number;
  /** 1 in the second pass of an hour that a clock shows twice. */
  readonly fold: 0 | 1;
}

/** A tzinfo whose offset Node knows. */
export interface Zone {
  /** Microseconds east of UTC when a clock there shows `wallMillis` (counted as if it were UTC). */
  offsetAt(wallMillis: number, fold: 0 | 1): number;
  /** Where an instant falls on a clock there. */
  place(instantMillis: number): Placement;
}

type Making = (tzinfo: PyObject, args: readonly Exact[]) => Zone | undefined;

/** By the callee of the pickled tzinfo. pytz 2025.2 and earlier; backports.zoneinfo is ZoneInfo before Python 3.9. */
const makings: ReadonlyMap<string, Making> = new Map([
  ["datetime.timezone", timezone],
  ["zoneinfo.ZoneInfo._unpickle", zoneInfo],
  ["backports.zoneinfo.ZoneInfo._unpickle", zoneInfo],
  ["pytz._UTC", (tzinfo: PyObject) => fixed(tzinfo, 0)],
  ["pytz.FixedOffset", fixedMinutes],
  ["pytz._p", pytz],
]);

/** The zone of a tzinfo; `undefined` for one whose offset only Python knows. */
export function zoneOf(tzinfo: Exact): Zone | undefined {
  if (tzinfo === null) return fixed(null, 0);
  if (!(tzinfo instanceof PyObject) || tzinfo.how !== "call" || !(tzinfo.callee instanceof PyGlobal)) return undefined;
  if (tzinfo.operations.length > 0) return undefined;
  return makings.get(`${tzinfo.callee.module}.${tzinfo.callee.name}`)?.(tzinfo, tzinfo.args.items);
}

/** Python has no offset of a day or more; a pickle can claim any. */
function fixed(tzinfo: Exact, offset: number): Zone | undefined {
  if (Math.abs(offset) >= DAY_MILLIS * 1000) return undefined;
  return { offsetAt: () => offset, place: () => ({ tzinfo, offset, fold: 0 }) };
}

/** `datetime.timezone(timedelta[, name])`. */
function timezone(tzinfo: PyObject, [delta]: readonly Exact[]): Zone | undefined {
  if (!(delta instanceof PyTimedelta)) return undefined;
  return fixed(tzinfo, (delta.days * 86_400 + delta.seconds) * MICROS + delta.microseconds);
}

/** `pytz.FixedOffset(minutes)`. */
function fixedMinutes(tzinfo: PyObject, [minutes]: readonly Exact[]): Zone | undefined {
  return isOffset(minutes) ? fixed(tzinfo, minutes * 60 * MICROS) : undefined;
}

/** `ZoneInfo._unpickle(key, from_cache)`. */
function zoneInfo(tzinfo: PyObject, [key]: readonly Exact[]): Zone | undefined {
  const offsets = typeof key === "string" ? offsetsOf(key) : undefined;
  if (offsets === undefined) return undefined;
  return {
    offsetAt: (wallMillis, fold) => wallOffset(offsets, wallMillis, fold) * MICROS,
    place(instantMillis) {
      const offset = offsets(instantMillis);
      const fold = wallOffset(offsets, instantMillis + offset * 1000, 0) === offset ? 0 : 1;
      return { tzinfo, offset: offset * MICROS, fold };
    },
  };
}

/**
 * `pytz._p(name, utcoffset, dst, abbreviation)`, or `pytz._p(name)` of a zone that never changes. A pytz tzinfo *is* one
 * offset of its zone: what was pickled holds, whatever the clock shows. A zone that Intl does not know keeps it.
 */
function pytz(tzinfo: PyObject, [name, offset]: readonly Exact[]): Zone | undefined {
  if (typeof name !== "string") return undefined;
  const offsets = offsetsOf(name);
  if (tzinfo.args.items.length === 1) return offsets === undefined ? undefined : fixed(tzinfo, offsets(0) * MICROS);
  const pickled = isOffset(offset) ? fixed(tzinfo, offset * MICROS) : undefined;
  if (offsets === undefined || pickled === undefined) return pickled;
  return {
    offsetAt: (wallMillis, fold) => pickled.offsetAt(wallMillis, fold),
    place: (instantMillis) => pytzPlacement(tzinfo, name, offsets, instantMillis),
  };
}

/** At another instant the zone has another tzinfo. pytz finds it by offset and DST alone, so the abbreviation may stay. */
function pytzPlacement(tzinfo: PyObject, name: string, offsets: Offsets, instantMillis: number): Placement {
  const [, before, dstBefore, ...abbreviation] = tzinfo.args.items;
  const seconds = offsets(instantMillis);
  const offset = wholeMinutes(seconds);
  const dst = wholeMinutes(seconds - standardOffset(name, offsets, instantMillis));
  const isSame = before === offset && dstBefore === dst;
  const args = new PyList("tuple", [name, offset, dst, ...abbreviation]);
  return { tzinfo: isSame ? tzinfo : new PyObject("call", tzinfo.callee, args), offset: offset * MICROS, fold: 0 };
}

/**
 * The offset without summer time: the least of the year before and of the year after, the greater of these where the zone
 * changed for good between them.
 */
function standardOffset(name: string, offsets: Offsets, instantMillis: number): number {
  const [start, end] = winterTimes.get(name) ?? NEVER;
  const sign = instantMillis >= start && instantMillis < end ? -1 : 1;
  const years = [-30 * DAY_MILLIS, 30 * DAY_MILLIS].map((month) =>
    Math.min(...MONTHS.map((count) => sign * offsets(instantMillis + count * month))),
  );
  return sign * Math.max(...years);
}

const NEVER = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const MONTHS: readonly number[] = Array.from({ length: 13 }, (_, count) => count);

/** Zones of the tz database that subtract winter time instead of adding summer time, and when. */
const winterTimes: ReadonlyMap<string, readonly [start: number, end: number]> = new Map([
  ["Europe/Dublin", [Date.UTC(1968, 9, 27), Number.POSITIVE_INFINITY]],
  ["Eire", [Date.UTC(1968, 9, 27), Number.POSITIVE_INFINITY]],
  ["Africa/Casablanca", [Date.UTC(2018, 9, 28), Number.POSITIVE_INFINITY]],
  ["Africa/El_Aaiun", [Date.UTC(2018, 9, 28), Number.POSITIVE_INFINITY]],
  ["Africa/Windhoek", [Date.UTC(1994, 2, 20), Date.UTC(2017, 9, 24)]],
]);

/** pytz rounds local mean times to minutes. */
function wholeMinutes(seconds: number): number {
  return Math.floor((seconds + 30) / 60) * 60;
}

function isOffset(value: Exact | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
