/** Text of protocol 0: Python 2's string literals, and the raw-unicode-escape codec. */
import { CodeUnits } from "../../bytes/code-units.ts";

const BACKSLASH = 0x5c;

/** By the character behind the backslash. */
const SINGLE_CHARACTERS: Readonly<Record<string, number>> = {
  "\\": BACKSLASH,
  "'": 0x27,
  '"': 0x22,
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
};

/** Digits behind `\u` and `\U`. */
const UNICODE_DIGITS: Readonly<Record<string, number>> = { u: 4, U: 8 };

/** Makes of an escape what it means. @returns where it ends, or `undefined` where it is not what it should be */
type Escape = (text: string, at: number, units: CodeUnits) => number | undefined;

/**
 * A literal with its quotes, as `PyBytes_DecodeEscape` reads it. What a backslash does not escape keeps it.
 * @param literal latin-1 text
 * @returns latin-1 text, or `undefined` where it is not quoted, or a `\x` or the end is not what it should be
 */
export function unescapeLiteral(literal: string): string | undefined {
  const [quote] = literal;
  if ((quote !== "'" && quote !== '"') || literal.length < 2 || !literal.endsWith(quote)) return undefined;
  return unescaped(literal.slice(1, -1), literalEscape);
}

/**
 * Text in which only `\uXXXX` and `\UXXXXXXXX` behind an odd number of backslashes mean something.
 * @param raw latin-1 text
 * @returns `undefined` where such an escape is cut short or beyond U+10FFFF
 */
export function decodeRawUnicodeEscape(raw: string): string | undefined {
  return unescaped(raw, unicodeEscape);
}

function unescaped(text: string, escape: Escape): string | undefined {
  if (!text.includes("\\")) return text;
  const units = new CodeUnits(text.length);
  for (let at = 0; at < text.length; ) {
    const end = text.charCodeAt(at) === BACKSLASH ? escape(text, at, units) : copy(text, at, at + 1, units);
    if (end === undefined) return undefined;
    at = end;
  }
  return units.text();
}

function literalEscape(text: string, at: number, units: CodeUnits): number | undefined {
  const after = text[at + 1];
  if (after === undefined) return undefined;
  if (after === "x") return hexadecimal(text, at + 2, 2, units);
  if (isOctal(after)) return octal(text, at + 1, units);
  const code = SINGLE_CHARACTERS[after];
  if (code === undefined) return copy(text, at, at + 2, units);
  units.push(code);
  return at + 2;
}

/** One to three digits. What is beyond a byte is cut off. */
function octal(text: string, start: number, units: CodeUnits): number {
  let code = 0;
  let at = start;
  while (at < start + 3 && isOctal(text[at])) code = 8 * code + text.charCodeAt(at++) - 0x30;
  units.push(code & 0xff);
  return at;
}

/** A backslash behind a backslash is taken with it, so that it escapes nothing. */
function unicodeEscape(text: string, at: number, units: CodeUnits): number | undefined {
  const digits = UNICODE_DIGITS[text[at + 1] as string];
  return digits === undefined
    ? copy(text, at, Math.min(at + 2, text.length), units)
    : hexadecimal(text, at + 2, digits, units);
}

function copy(text: string, start: number, end: number, units: CodeUnits): number {
  for (let at = start; at < end; at++) units.push(text.charCodeAt(at));
  return end;
}

function hexadecimal(text: string, start: number, digits: number, units: CodeUnits): number | undefined {
  let code = 0;
  for (let at = start; at < start + digits; at++) code = 16 * code + digit(text.charCodeAt(at));
  if (!(code <= 0x10ffff)) return undefined;
  units.pushCodePoint(code);
  return start + digits;
}

function isOctal(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "7";
}

/** NaN where it is no hexadecimal digit, or behind the end. */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.NaN;
}
