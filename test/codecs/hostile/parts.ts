/** The parts of which hostile inputs are made. */

/** What comes of an input: a value, a value that is said to be dangerous, or an error of this class. */
export type Outcome = "value" | "dangerous" | "DecodeError" | "TruncatedError" | "LimitError";

/** An input, made when it is wanted: some are large. */
export type Hostile = readonly [why: string, outcome: Outcome, bytes: () => Buffer];

/** Text of latin-1 and buffers, one after the other. */
export function stream(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
}

/** A part as often as it is wanted. */
export function times(count: number, part: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => part(index)).join("");
}

/** Pickle's opcode that fetches from the memo. */
export function get(index: number): string {
  return index < 256 ? `h${String.fromCharCode(index)}` : `j${int32(index)}`;
}

/** 4 bytes, little-endian. */
export function int32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes.toString("latin1");
}

/** Pickle's LONG4 of an int that is not negative. */
export function long(value: bigint): string {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2) + 2, "0"), "hex").toReversed();
  return `\x8b${int32(bytes.length)}${Buffer.from(bytes).toString("latin1")}`;
}

/** Pickle's BINUNICODE of ASCII text. */
export function text(value: string): string {
  return `X${int32(value.length)}${value}`;
}

/** Keys that V8 puts into one bucket of a Map: its hash of small ints has no seed. */
export function collidingKeys(count: number): number[] {
  const keys: number[] = [];
  for (let key = 0; keys.length < count; key++) if ((hashOfInt(key) & 0x7fff) === 0) keys.push(key);
  return keys;
}

/** V8's `ComputeUnseededHash`. */
function hashOfInt(key: number): number {
  let hash = key | 0;
  hash = (~hash + (hash << 15)) | 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  return (hash ^ (hash >>> 16)) & 0x3fffffff;
}

/** A million letters. */
export const LONG_TEXT = "x".repeat(1_000_000);
