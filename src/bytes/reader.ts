import { DecodeError, TruncatedError } from "../errors.ts";
import { decodeSurrogateUtf8, decodeUtf8 } from "./utf8.ts";

const NEWLINE = 0x0a;
const SHORT = 24;

/** Reads numbers and slices from front to back; the only place that checks bounds. */
export class Reader {
  /** The input, as a Buffer over the same memory. */
  readonly bytes: Buffer;
  /** Distance from the first byte, in bytes. */
  offset = 0;
  readonly #format: string;

  /** @param format named in errors: `pickle`, `msgpack` */
  constructor(bytes: Uint8Array, format: string) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#format = format;
  }

  /** Bytes that are left. */
  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  uint8(): number {
    return this.bytes[this.skip(1)] as number;
  }

  int8(): number {
    return this.bytes.readInt8(this.skip(1));
  }

  uint16BE(): number {
    return this.bytes.readUInt16BE(this.skip(2));
  }

  uint16LE(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  int16BE(): number {
    return this.bytes.readInt16BE(this.skip(2));
  }

  uint32BE(): number {
    return this.bytes.readUInt32BE(this.skip(4));
  }

  uint32LE(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  int32BE(): number {
    return this.bytes.readInt32BE(this.skip(4));
  }

  int32LE(): number {
    return this.bytes.readInt32LE(this.skip(4));
  }

  uint64BE(): bigint {
    return this.bytes.readBigUInt64BE(this.skip(8));
  }

  uint64LE(): bigint {
    return this.bytes.readBigUInt64LE(this.skip(8));
  }

  int64BE(): bigint {
    return this.bytes.readBigInt64BE(this.skip(8));
  }

  float32BE(): number {
    return this.bytes.readFloatBE(this.skip(4));
  }

  float64BE(): number {
    return this.bytes.readDoubleBE(this.skip(8));
  }

  /** A copy, because the input's memory belongs to the store's client. */
  slice(length: number): Uint8Array {
    const start = this.skip(length);
    return new Uint8Array(this.bytes.subarray(start, start + length));
  }

  /** Text in strict UTF-8. */
  utf8(length: number): string {
    const start = this.skip(length);
    return this.#ascii(start) ?? decodeUtf8(this.bytes, start, this.offset) ?? this.#invalid(start);
  }

  /** Text in UTF-8 with lone surrogates. */
  surrogateUtf8(length: number): string {
    const start = this.skip(length);
    return this.#ascii(start) ?? decodeSurrogateUtf8(this.bytes, start, this.offset) ?? this.#invalid(start);
  }

  /** Bytes up to the next line feed, which is skipped; as latin-1 text. */
  line(): string {
    const start = this.offset;
    const end = this.bytes.indexOf(NEWLINE, start);
    if (end < 0)
      throw new TruncatedError(`Cannot decode ${this.#format}: the line at offset ${start} does not end`, start);
    this.offset = end + 1;
    return this.bytes.toString("latin1", start, end);
  }

  /** Steps over bytes that must be there. @returns the offset of the first */
  skip(length: number): number {
    const start = this.offset;
    if (start + length > this.bytes.length) {
      throw new TruncatedError(
        `Cannot decode ${this.#format}: ${length} bytes wanted at offset ${start}, ${this.remaining} left`,
        start,
      );
    }
    this.offset = start + length;
    return start;
  }

  /** Most keys and names are short and ASCII: joining their characters is twice as fast as a call into the decoder. */
  #ascii(start: number): string | undefined {
    const end = this.offset;
    if (end - start > SHORT) return undefined;
    let text = "";
    for (let index = start; index < end; index++) {
      const byte = this.bytes[index] as number;
      if (byte > 0x7f) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #invalid(start: number): never {
    throw new DecodeError(`Cannot decode ${this.#format}: invalid UTF-8 at offset ${start}`, start);
  }
}
