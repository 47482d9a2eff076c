/** Bytes of dates and times, and bytes that were written as text. */
import { type Exact, PyBytes, type PyDateTime } from "../../values/exact.ts";

/** Length of the bytes, and where the time starts in them. */
const LAYOUTS = {
  datetime: { length: 10, time: 4 },
  date: { length: 4, time: undefined },
  time: { length: 6, time: 0 },
} as const;

/** Bit 7 of a datetime's month and of a time's hour is `fold`. */
const WITHOUT_FOLD = 0x7f;

/**
 * @param state bytes, or the text that Python 2 wrote for them
 * @returns the bytes of a date or time that exists; anything else is a call like any, though Python checks less
 */
export function rawDateTime(kind: PyDateTime["kind"], state: Exact | undefined): Uint8Array | undefined {
  const { length, time } = LAYOUTS[kind];
  const given = state instanceof PyBytes && state.kind === "bytes" ? state.bytes : state;
  if (!(given instanceof Uint8Array || typeof given === "string") || given.length !== length) return undefined;
  const raw = typeof given === "string" ? latin1Bytes(given) : given.slice();
  if (raw === undefined) return undefined;
  const bytes = Buffer.from(raw.buffer);
  const isDate = kind === "time" || isDateThatIs(bytes, kind === "date" ? 0xff : WITHOUT_FOLD);
  const isTime = time === undefined || isTimeThatIs(bytes, time, kind === "time" ? WITHOUT_FOLD : 0xff);
  return isDate && isTime ? raw : undefined;
}

/** @returns `undefined` where a character is beyond latin-1 */
export function latin1Bytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0xff) return undefined;
    bytes[index] = code;
  }
  return bytes;
}

function isDateThatIs(bytes: Buffer, monthMask: number): boolean {
  const year = bytes.readUInt16BE(0);
  const month = bytes.readUInt8(2) & monthMask;
  const day = bytes.readUInt8(3);
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function isTimeThatIs(bytes: Buffer, start: number, hourMask: number): boolean {
  const hour = bytes.readUInt8(start) & hourMask;
  const [minute, second] = [bytes.readUInt8(start + 1), bytes.readUInt8(start + 2)];
  return hour <= 23 && minute <= 59 && second <= 59 && bytes.readUIntBE(start + 3, 3) <= 999_999;
}
