/** UTF-8 as Python reads and writes it: strict, or with lone surrogates passed through (`surrogatepass`), as pickles have them. */
import { isUtf8 } from "node:buffer";
import { CodeUnits } from "./code-units.ts";

/** Bytes that are sooner decoded than looked at twice. */
const SHORT = 1000;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether Python's strict UTF-8 codec takes the text. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** @returns the text, or `undefined` where the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Buffer, start: number, end: number): string | undefined {
  // Of what is not valid `toString` makes U+FFFD, slowly.
  if (end - start > SHORT && !isUtf8(bytes.subarray(start, end))) return undefined;
  const text = bytes.toString("utf8", start, end);
  // U+FFFD may stand there itself; only then is a second look needed.
  return text.includes("\ufffd") && !isUtf8(bytes.subarray(start, end)) ? undefined : text;
}

/** Where bytes that are not valid UTF-8 stop being it; their length where they are. */
export function invalidUtf8Offset(bytes: Buffer): number {
  for (let offset = 0; offset < bytes.length; ) {
    const lead = bytes[offset] as number;
    const length = sequenceLength(lead);
    const code = length === 1 ? lead : sequence(bytes, offset, length, bytes.length);
    if (code === undefined || isSurrogate(code)) return offset;
    offset += length;
  }
  return bytes.length;
}

/**
 * As {@link decodeUtf8}, but three bytes may be a lone surrogate. Python's text of two halves side by side becomes the
 * character that they are the halves of: JavaScript has no other text for it.
 */
export function decodeSurrogateUtf8(bytes: Buffer, start: number, end: number): string | undefined {
  const strict = decodeUtf8(bytes, start, end);
  if (strict !== undefined) return strict;
  const units = new CodeUnits(end - start);
  for (let offset = start; offset < end; ) {
    const lead = bytes[offset] as number;
    const length = sequenceLength(lead);
    const code = length === 1 ? lead : sequence(bytes, offset, length, end);
    if (code === undefined) return undefined;
    units.pushCodePoint(code);
    offset += length;
  }
  return units.text();
}

/** The bytes of a text, a lone surrogate as three of them. */
export function encodeSurrogateUtf8(text: string): Buffer {
  if (isWellFormed(text)) return Buffer.from(text, "utf8");
  const bytes = Buffer.allocUnsafe(3 * text.length);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) as number;
    length = writeCode(bytes, length, code);
    at += code > 0xffff ? 2 : 1;
  }
  return bytes.subarray(0, length);
}

/** @returns where the sequence ends */
function writeCode(bytes: Buffer, start: number, code: number): number {
  let offset = start;
  if (code < 0x80) bytes[offset++] = code;
  else {
    const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes[offset++] = ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more));
    for (let shift = 6 * (more - 1); shift >= 0; shift -= 6) bytes[offset++] = 0x80 | ((code >> shift) & 0x3f);
  }
  return offset;
}

/** Of a sequence that cannot begin so 0. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}

/** The least code of a sequence, by its length: a shorter one would do for what is less. */
const LEAST = [Number.NaN, Number.NaN, 0x80, 0x800, 0x10000] as const;

/** @returns the code of two to four bytes, 0x80 to 0x10ffff, or `undefined` where it is none */
function sequence(bytes: Buffer, start: number, length: number, end: number): number | undefined {
  if (start + length > end) return undefined;
  let code = (bytes[start] as number) & (0x7f >> length);
  for (let at = start + 1; at < start + length; at++) {
    const byte = bytes[at] as number;
    if ((byte & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  return code >= (LEAST[length] as number) && code <= 0x10ffff ? code : undefined;
}
