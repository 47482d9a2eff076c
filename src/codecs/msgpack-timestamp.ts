/** MessagePack's timestamp extension, in which msgspec 0.22.0 keeps aware datetimes. */
import type { Reader } from "../bytes/reader.ts";
import type { Writer } from "../bytes/writer.ts";
import { rawDatetime } from "../values/datetimes.ts";
import { PyDateTime, UTC } from "../values/exact.ts";

/** The code of the extension. */
export const TIMESTAMP = -1;

/** 0001-01-01T00:00:00 and 9999-12-31T23:59:59, what a datetime can hold, in seconds since 1970. */
const FIRST_SECOND = -62135596800;
const LAST_SECOND = 253402300799;

const LOW_34_BITS = 0x3ffffffffn;
const FIXEXT4 = 0xd6;
const FIXEXT8 = 0xd7;
const EXT8 = 0xc7;

/** @returns an aware datetime in UTC, `undefined` where the bytes are none */
export function readTimestamp(reader: Reader, length: number): PyDateTime | undefined {
  switch (length) {
    case 4:
      return dateTime(reader.uint32BE(), 0);
    case 8: {
      const both = reader.uint64BE();
      return dateTime(Number(both & LOW_34_BITS), Number(both >> 34n));
    }
    case 12: {
      const nanoseconds = reader.uint32BE();
      return dateTime(Number(reader.int64BE()), nanoseconds);
    }
    default:
      return undefined;
  }
}

/** An instant: milliseconds since 1970, and microseconds (0 to 999) beyond them. */
type Instant = readonly [millis: number, micros: number];

/** Whether an instant is a datetime in UTC to Python. */
export function isWithinPython([millis]: Instant): boolean {
  const second = Math.floor(millis / 1000);
  return second >= FIRST_SECOND && second <= LAST_SECOND;
}

/** Writes the shortest of the three forms. */
export function writeTimestamp(writer: Writer, [millis, micros]: Instant): void {
  const seconds = Math.floor(millis / 1000);
  const nanoseconds = ((millis - seconds * 1000) * 1000 + micros) * 1000;
  if (nanoseconds === 0 && seconds >= 0 && seconds < 2 ** 32) {
    head(writer, FIXEXT4);
    writer.uint32BE(seconds);
  } else if (seconds >= 0 && seconds < 2 ** 34) {
    head(writer, FIXEXT8);
    writer.uint64BE((BigInt(nanoseconds) << 34n) | BigInt(seconds));
  } else {
    writer.uint8(EXT8);
    head(writer, 12);
    writer.uint32BE(nanoseconds);
    writer.int64BE(BigInt(seconds));
  }
}

function head(writer: Writer, byte: number): void {
  writer.uint8(byte);
  writer.uint8(TIMESTAMP & 0xff);
}

/** msgspec rounds to microseconds, half up. */
function dateTime(seconds: number, nanoseconds: number): PyDateTime | undefined {
  const micros = Math.floor((nanoseconds + 500) / 1000);
  const second = micros === 1_000_000 ? seconds + 1 : seconds;
  if (nanoseconds >= 1e9 || second < FIRST_SECOND || second > LAST_SECOND) return undefined;
  const clock = new Date(second * 1000);
  const day = [clock.getUTCFullYear(), clock.getUTCMonth() + 1, clock.getUTCDate()] as const;
  const time = [clock.getUTCHours(), clock.getUTCMinutes(), clock.getUTCSeconds(), micros % 1_000_000] as const;
  return new PyDateTime("datetime", rawDatetime([...day, ...time], 0), UTC);
}
