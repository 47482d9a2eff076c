/** UTF-8 as Python reads and writes it: strict, or with lone surrogates passed through (`surrogatepass`), as pickles have them. */
import { isUtf8 } from "node:buffer";

const REPLACEMENT = Buffer.from("\ufffd");
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether Python's strict UTF-8 codec takes the text. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** @returns the text, or `undefined` where the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString("utf8", start, end);
  // U+FFFD may stand there itself; only then is a second look needed.
  return text.includes("\ufffd") && !isUtf8(bytes.subarray(start, end)) ? undefined : text;
}

/** Where bytes that are not valid UTF-8 stop being it; their length where they are. */
export function invalidUtf8Offset(bytes: Buffer): number {
  const text = bytes.toString("utf8");
  let offset = 0;
  let at = 0;
  // Each U+FFFD stands there itself, or for the first bytes that are invalid.
  for (let next = text.indexOf("\ufffd"); next >= 0; next = text.indexOf("\ufffd", at)) {
    offset += Buffer.byteLength(text.slice(at, next));
    if (!bytes.subarray(offset, offset + REPLACEMENT.length).equals(REPLACEMENT)) return offset;
    offset += REPLACEMENT.length;
    at = next + 1;
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
  let text = "";
  for (let offset = start; offset < end; ) {
    const length = sequenceLength(bytes[offset] as number);
    if (length === 0 || offset + length > end) return undefined;
    const character = sequence(bytes, offset, length);
    if (character === undefined) return undefined;
    text += character;
    offset += length;
  }
  return text;
}

/** The bytes of a text, a lone surrogate as three of them. */
export function encodeSurrogateUtf8(text: string): Buffer {
  if (isWellFormed(text)) return Buffer.from(text, "utf8");
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    const surrogate = code >= 0xd800 && code < 0xe000;
    parts.push(surrogate ? Buffer.of(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)) : Buffer.from(character));
  }
  return Buffer.concat(parts);
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

function sequence(bytes: Buffer, offset: number, length: number): string | undefined {
  const surrogate = length === 3 && bytes[offset] === 0xed && (bytes[offset + 1] as number) >= 0xa0;
  if (!surrogate) return decodeUtf8(bytes, offset, offset + length);
  const second = bytes[offset + 1] as number;
  const third = bytes[offset + 2] as number;
  if (second > 0xbf || (third & 0xc0) !== 0x80) return undefined;
  return String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
}
