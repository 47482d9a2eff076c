import { encodeSurrogateUtf8 } from "./utf8.ts";

/** Kept between writers, because most records are small and a fresh buffer for each would be most of the cost. */
let pool = Buffer.allocUnsafe(16 * 1024);
const MAX_POOL = 1024 * 1024;

/** Characters up to which a loop is faster than a call into Node. */
const SHORT = 32;

/** Appends numbers and bytes to a buffer that grows up to a limit. One writer at a time: they share their first buffer. */
export class Writer {
  #buffer = pool;
  #length = 0;
  readonly #maxBytes: number;
  readonly #tooLarge: () => Error;

  /** @param tooLarge makes the error for more than `maxBytes` bytes */
  constructor(maxBytes: number, tooLarge: () => Error) {
    this.#maxBytes = maxBytes;
    this.#tooLarge = tooLarge;
  }

  uint8(value: number): void {
    const at = this.#room(1);
    this.#buffer[at] = value;
  }

  uint16BE(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeUInt16BE(value, at);
  }

  uint16LE(value: number): void {
    const at = this.#room(2);
    this.#buffer.writeUInt16LE(value, at);
  }

  uint32BE(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  uint32LE(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  int32LE(value: number): void {
    const at = this.#room(4);
    this.#buffer.writeInt32LE(value, at);
  }

  uint64BE(value: bigint): void {
    const at = this.#room(8);
    this.#buffer.writeBigUInt64BE(value, at);
  }

  uint64LE(value: bigint): void {
    const at = this.#room(8);
    this.#buffer.writeBigUInt64LE(value, at);
  }

  int64BE(value: bigint): void {
    const at = this.#room(8);
    this.#buffer.writeBigInt64BE(value, at);
  }

  float64BE(value: number): void {
    const at = this.#room(8);
    this.#buffer.writeDoubleBE(value, at);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** Well-formed text in UTF-8. @param length `Buffer.byteLength` of it, which the caller has written */
  utf8(text: string, length: number): void {
    const at = this.#room(length);
    this.#buffer.write(text, at, length, "utf8");
  }

  /** Text in UTF-8, lone surrogates as three bytes. The caller has written `Buffer.byteLength` of it, if at all. */
  surrogateUtf8(text: string): void {
    this.bytes(encodeSurrogateUtf8(text));
  }

  /** ASCII text, one byte a character. */
  ascii(text: string): void {
    const at = this.#room(text.length);
    if (text.length > SHORT) this.#buffer.write(text, at, "latin1");
    else for (let index = 0; index < text.length; index++) this.#buffer[at + index] = text.charCodeAt(index);
  }

  /** A copy of what was written. */
  result(): Uint8Array {
    if (this.#buffer.length <= MAX_POOL) pool = this.#buffer;
    return new Uint8Array(this.#buffer.subarray(0, this.#length));
  }

  #room(length: number): number {
    const start = this.#length;
    const end = start + length;
    if (end > this.#maxBytes) throw this.#tooLarge();
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, end));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    this.#length = end;
    return start;
  }
}
