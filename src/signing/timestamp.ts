/** The timestamp between value and signature: seconds as few big-endian bytes, in base64; itsdangerous 2.2.0. */
import { decodeBase64Lenient, encodeBase64Url } from "../bytes/base64.ts";

/** Where timestamps start to count: `1970` since itsdangerous 1.0, `2011` (1 January, UTC) before. Texts do not tell. */
export type Epoch = "1970" | "2011";

const EPOCH_SECONDS: Readonly<Record<Epoch, number>> = { "1970": 0, "2011": 1_293_840_000 };

/** 9999-12-31T23:59:59Z, where Python's datetime ends. */
const LAST_SECOND = 253_402_300_799;

const MAX_BYTES = 8;

/** The second of an epoch's start, counted from 1970. @throws TypeError for an epoch that itsdangerous never had */
export function epochSeconds(epoch: Epoch): number {
  if (!Object.hasOwn(EPOCH_SECONDS, epoch)) throw new TypeError(`Cannot sign: unknown epoch ${epoch}`);
  return EPOCH_SECONDS[epoch];
}

/** The text of a number of seconds; that of 0 is empty. @throws RangeError for a negative number */
export function encodeTimestamp(seconds: number): string {
  if (seconds < 0) throw new RangeError("Cannot sign: the clock shows a time before the epoch");
  const bytes: number[] = [];
  for (let rest = seconds; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return encodeBase64Url(Uint8Array.from(bytes));
}

/** @returns the seconds, inexact beyond 2^53, or `undefined` for what is no base64 or more than 8 bytes. */
export function decodeTimestamp(text: Uint8Array): number | undefined {
  const bytes = decodeBase64Lenient(text);
  if (bytes === undefined || bytes.length > MAX_BYTES) return undefined;
  return bytes.reduce((seconds, byte) => seconds * 256 + byte, 0);
}

/** @returns the instant, or `undefined` where Python's datetime cannot hold it. */
export function instantOf(unixSeconds: number): Date | undefined {
  return unixSeconds > LAST_SECOND ? undefined : new Date(unixSeconds * 1000);
}
