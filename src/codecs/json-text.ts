/** Python's ints and floats in JSON, as msgspec 0.22.0 writes them. */
import { MAX_INTEGER_DIGITS } from "../bytes/limits.ts";

/** The least int of more digits than Python turns into text. */
const TOO_LONG = 10n ** BigInt(MAX_INTEGER_DIGITS);

/** Whether msgspec reads the int back: it counts the sign among the digits. */
export function isReadableInt(value: bigint): boolean {
  return value < TOO_LONG && value > -(TOO_LONG / 10n);
}

/** Whether Python turns the int into text. */
export function isWritableInt(value: bigint): boolean {
  return value < TOO_LONG && value > -TOO_LONG;
}

/**
 * The shortest text that reads back as the same float: `1.0`, `0.00001`, `1e16`, `1.5e-7`. NaN and the infinities, for
 * which JSON has no number, are `nan`, `inf` and `-inf`.
 */
export function floatText(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (size >= 1e16 || (size < 1e-5 && size > 0)) return value.toExponential().replace("+", "");
  const text = Object.is(value, -0) ? "-0" : String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}
