/** URL-safe base64 without padding, read as leniently as Python does. */

const ALPHABETS = [
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
];
const PAD = "=".charCodeAt(0);
const JUNK = 0xff;
const SEXTETS = sextets();
const NON_ASCII = /[\u0080-\uffff]/g;

/** Base64 in the URL-safe alphabet, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}

/**
 * Decodes as itsdangerous 2.2.0's `base64_decode`: pads the text to a multiple of four, then runs CPython's decoder that
 * is not strict. Both alphabets count, anything else is skipped, bits left over are ignored, and nothing is read after a
 * quantum that padding completes. Text loses its non-ASCII characters before it is padded; in bytes they are junk that counts.
 *
 * @returns the bytes, or `undefined` where a quantum of four stays open.
 */
export function decodeBase64Lenient(input: string | Uint8Array): Uint8Array | undefined {
  const characters = typeof input === "string" ? Buffer.from(input.replace(NON_ASCII, ""), "latin1") : input;
  const quanta = Math.ceil(characters.length / 4);
  const decoded = new Uint8Array(quanta * 3);
  let length = 0;
  let bits = 0;
  let position = 0; // in the quantum of four
  let pads = 0;
  for (let index = 0; index < quanta * 4; index++) {
    const character = characters[index] ?? PAD;
    if (character === PAD) {
      if (position >= 2 && position + ++pads >= 4) return decoded.slice(0, length);
      continue;
    }
    const sextet = SEXTETS[character] as number;
    if (sextet === JUNK) continue;
    pads = 0;
    bits = (bits << 6) | sextet;
    if (position > 0) decoded[length++] = bits >> (6 - 2 * position);
    position = (position + 1) % 4;
  }
  return position === 0 ? decoded.slice(0, length) : undefined;
}

function sextets(): Uint8Array {
  const table = new Uint8Array(256).fill(JUNK);
  for (const alphabet of ALPHABETS) {
    for (let sextet = 0; sextet < alphabet.length; sextet++) table[alphabet.charCodeAt(sextet)] = sextet;
  }
  return table;
}
