/** MessagePack to the exact tree, as msgspec 0.22.0's untyped decoder reads it. */
import { DEFAULT_LIMITS, type Limits } from "../bytes/limits.ts";
import { Reader } from "../bytes/reader.ts";
import { DecodeError, LimitError } from "../errors.ts";
import { type Exact, exactFloat, PyBytes, PyDict, PyExt, PyList } from "../values/exact.ts";

import { readTimestamp, TIMESTAMP } from "./msgpack-timestamp.ts";
import { makeKeysUnique } from "./unique-keys.ts";

/**
 * The value of a record that is nothing else.
 * @throws DecodeError where msgspec 0.22.0 raises: also invalid UTF-8 and datetimes outside of Python's years
 */
export function decodeMsgpack(bytes: Uint8Array, limits: Limits = DEFAULT_LIMITS): Exact {
  const decoder = new Decoder(bytes, limits);
  const value = decoder.value();
  decoder.end();
  return value;
}

/** Takes what follows an opcode. */
type Instruction = (decoder: Decoder) => Exact;

/** Opcodes 0xc0 to 0xdf, in the order of the specification. The others carry their argument in themselves. */
const instructions: readonly Instruction[] = [
  () => null,
  (decoder) => decoder.fail("opcode 0xc1 is not supported"),
  () => false,
  () => true,
  (decoder) => decoder.bin(decoder.reader.uint8()),
  (decoder) => decoder.bin(decoder.reader.uint16BE()),
  (decoder) => decoder.bin(decoder.reader.uint32BE()),
  (decoder) => decoder.ext(decoder.reader.uint8()),
  (decoder) => decoder.ext(decoder.reader.uint16BE()),
  (decoder) => decoder.ext(decoder.reader.uint32BE()),
  ({ reader }) => exactFloat(reader.float32BE()),
  ({ reader }) => exactFloat(reader.float64BE()),
  ({ reader }) => reader.uint8(),
  ({ reader }) => reader.uint16BE(),
  ({ reader }) => reader.uint32BE(),
  ({ reader }) => wideInt(reader.uint32BE(), reader.uint32BE()),
  ({ reader }) => reader.int8(),
  ({ reader }) => reader.int16BE(),
  ({ reader }) => reader.int32BE(),
  ({ reader }) => wideInt(reader.int32BE(), reader.uint32BE()),
  (decoder) => decoder.ext(1),
  (decoder) => decoder.ext(2),
  (decoder) => decoder.ext(4),
  (decoder) => decoder.ext(8),
  (decoder) => decoder.ext(16),
  ({ reader }) => reader.utf8(reader.uint8()),
  ({ reader }) => reader.utf8(reader.uint16BE()),
  ({ reader }) => reader.utf8(reader.uint32BE()),
  (decoder) => decoder.array(decoder.reader.uint16BE()),
  (decoder) => decoder.array(decoder.reader.uint32BE()),
  (decoder) => decoder.map(decoder.reader.uint16BE()),
  (decoder) => decoder.map(decoder.reader.uint32BE()),
];

/** What msgspec's decoder keeps while it runs, and counts against the limits. */
class Decoder {
  readonly reader: Reader;
  readonly #limits: Limits;
  /** Offset of the opcode at work. */
  #at = 0;
  #items = 0;
  #depth = 0;
  /** In a map key arrays are tuples, and what Python cannot hash is an error. */
  #inKey = false;

  constructor(bytes: Uint8Array, limits: Limits) {
    this.reader = new Reader(bytes, "msgpack");
    this.#limits = limits;
    if (bytes.length > limits.maxBytes) this.#exceed(`more than ${limits.maxBytes} bytes`);
  }

  value(): Exact {
    this.#at = this.reader.offset;
    const opcode = this.reader.uint8();
    if (opcode < 0x80) return opcode;
    if (opcode >= 0xe0) return opcode - 256;
    if (opcode >= 0xc0) return (instructions[opcode - 0xc0] as Instruction)(this);
    if (opcode >= 0xa0) return this.reader.utf8(opcode & 0x1f);
    return opcode >= 0x90 ? this.array(opcode & 0x0f) : this.map(opcode & 0x0f);
  }

  bin(length: number): PyBytes {
    return new PyBytes("bytes", this.reader.slice(length));
  }

  ext(length: number): Exact {
    const code = this.reader.int8();
    if (code === TIMESTAMP) return readTimestamp(this.reader, length) ?? this.fail("an invalid timestamp");
    if (this.#inKey) this.fail("an extension as a map key");
    return new PyExt(code, this.reader.slice(length));
  }

  array(length: number): PyList {
    this.#enter(length, length);
    const items: Exact[] = [];
    for (let count = 0; count < length; count++) items.push(this.value());
    this.#depth--;
    return new PyList(this.#inKey ? "tuple" : "list", items);
  }

  map(length: number): PyDict {
    if (this.#inKey) this.fail("a map as a map key");
    this.#enter(length, 2 * length);
    const keys: Exact[] = [];
    const values: Exact[] = [];
    for (let count = 0; count < length; count++) {
      this.#inKey = true;
      keys.push(this.value());
      this.#inKey = false;
      values.push(this.value());
    }
    this.#depth--;
    const dict = new PyDict(keys, values);
    makeKeysUnique(dict);
    return dict;
  }

  end(): void {
    this.#at = this.reader.offset;
    if (this.reader.remaining > 0) this.fail("bytes after the end");
  }

  fail(what: string): never {
    throw new DecodeError(`Cannot decode msgpack: ${what} at offset ${this.#at}`, this.#at);
  }

  /** @param least bytes that so many items take, so that a wrong length is told before anything is built */
  #enter(items: number, least: number): void {
    if (least > this.reader.remaining) this.reader.skip(least);
    this.#items += items;
    if (this.#items > this.#limits.maxItems) this.#exceed(`more than ${this.#limits.maxItems} items`);
    if (++this.#depth > this.#limits.maxDepth) this.#exceed(`deeper than ${this.#limits.maxDepth} levels`);
  }

  #exceed(what: string): never {
    throw new LimitError(`Cannot decode msgpack: ${what} at offset ${this.#at}`, this.#at);
  }
}

/** An int by its halves. Times in milliseconds are common, and a bigint for each would cost five times as much. */
function wideInt(high: number, low: number): number | bigint {
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low);
}
