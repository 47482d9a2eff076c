/** Numbers as text, as C and Python read them. Protocol 0 writes them so, and Python 2 some ints in every protocol. */
import { MAX_INTEGER_DIGITS } from "../../bytes/limits.ts";
import { type Exact, exactFloat, exactInt } from "../../values/exact.ts";

/** Base by prefix, as `int(text, 0)`: a decimal that starts with 0 is all zeros. */
const PYTHON_INTEGER =
  /^[ \t\v\f\r]*[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*|[1-9](?:_?\d)*)[ \t\v\f\r]*$/;

/** As C's `strtol` with base 0: no space behind, a bare 0 means octal, of which 21 digits fit into a C long. */
const C_INTEGER = /^[ \t\v\f\r]*[+-]?(?:0[xX][\da-fA-F]+|0+[0-7]{0,21}|[1-9]\d*)$/;

/** As `PyOS_string_to_double`: no space, no underscore. */
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;
const NAN = /^[+-]?nan$/i;

/** The argument of INT: C reads it; two characters that mean 0 or 1 are a bool; what C does not read, Python does. */
export function readInt(text: string): Exact | undefined {
  if (!C_INTEGER.test(text)) return readLong(text);
  const unsigned = text.trimStart().replace(/^[+-]/, "");
  const value = integer(text, /^0[0-7]/.test(unsigned) ? `0o${unsigned.slice(1)}` : unsigned);
  return text.length === 2 && (value === 0 || value === 1) ? value === 1 : value;
}

/** The argument of LONG without its `L`. */
export function readLong(text: string): Exact | undefined {
  if (!PYTHON_INTEGER.test(text)) return undefined;
  return integer(text, text.trim().replaceAll("_", "").replace(/^[+-]/, ""));
}

/** The argument of FLOAT. */
export function readFloat(text: string): Exact | undefined {
  const infinity = INFINITY.exec(text);
  if (infinity !== null) return infinity[1] === "-" ? -Infinity : Infinity;
  if (NAN.test(text)) return Number.NaN;
  const value = FLOAT.test(text) ? Number(text) : Number.NaN;
  // Python raises OverflowError where C gives infinity.
  return Number.isFinite(value) ? exactFloat(value) : undefined;
}

/** Whether a text is a decimal of more digits than Python takes by default. */
export function hasTooManyDigits(text: string): boolean {
  if (text.length <= MAX_INTEGER_DIGITS || /^\s*[+-]?0[xXoObB]/.test(text)) return false;
  return text.replaceAll(/\D/g, "").length > MAX_INTEGER_DIGITS;
}

function integer(text: string, unsigned: string): Exact {
  const value = BigInt(unsigned);
  return exactInt(text.trimStart().startsWith("-") ? -value : value);
}
