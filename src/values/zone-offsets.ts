/** Offsets of the zones of the tz database, by Intl. */

const DAY_MILLIS = 86_400_000;

/** More zones than any session has; names in other letter cases could otherwise fill the memory. */
const MAX_FORMATS = 64;

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** Seconds east of UTC of a zone at an instant, in milliseconds since 1970. */
export type Offsets = (instantMillis: number) => number;

/**
 * The offsets of a zone; `undefined` where Intl does not know it. `Factory`, `localtime`, `posix/…` and `right/…` are zones
 * to Python alone. Offsets as names (`+05:30`) are zones to newer Nodes alone.
 */
export function offsetsOf(zone: string): Offsets | undefined {
  const format = formatOf(zone);
  return format === undefined ? undefined : (instantMillis) => seconds(format.format(instantMillis));
}

/**
 * The offset at which a clock shows `wallMillis` (counted as if it were UTC), as Python's zoneinfo finds it: in a gap or
 * an overlap `fold` chooses the offset before (0) or after (1) the change.
 */
export function wallOffset(offsetAt: Offsets, wallMillis: number, fold: 0 | 1): number {
  const before = offsetAt(wallMillis - DAY_MILLIS);
  const after = offsetAt(wallMillis + DAY_MILLIS);
  if (before === after) return offsetAt(wallMillis - before * 1000);
  const isBefore = offsetAt(wallMillis - before * 1000) === before;
  const isAfter = offsetAt(wallMillis - after * 1000) === after;
  if (isBefore !== isAfter) return isBefore ? before : after;
  return fold === 0 ? before : after;
}

/** From `1/31/2024, GMT-00:44:30`. An offset of zero is `GMT` to some Nodes, `GMT+00:00` to others. */
function seconds(text: string): number {
  const offset = text.slice(text.indexOf("GMT") + 3);
  const [hours = 0, minutes = 0, rest = 0] = offset.slice(1).split(":").map(Number);
  const size = hours * 3600 + minutes * 60 + rest;
  return offset.startsWith("-") ? -size : size;
}

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known !== undefined || formats.has(zone)) return known;
  if (formats.size >= MAX_FORMATS) formats.clear();
  const made = newFormat(zone);
  formats.set(zone, made);
  return made;
}

function newFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z]/.test(zone)) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
}
