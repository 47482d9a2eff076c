/** The exact tree to MessagePack, as msgspec 0.22.0's encoder writes it: what it converts is converted, what it refuses is refused. */
import { DEFAULT_LIMITS } from "../bytes/limits.ts";
import { isWellFormed } from "../bytes/utf8.ts";
import { Writer } from "../bytes/writer.ts";
import { EncodeError } from "../errors.ts";
import { instantMicrosOf } from "../values/datetimes.ts";
import {
  type Exact,
  type ExactNode,
  PyBytes,
  PyDateTime,
  PyDict,
  PyExt,
  PyFloat,
  PyList,
  PyMarkup,
} from "../values/exact.ts";
import type { EncodeOptions } from "./codec.ts";
import { isWithinPython, writeTimestamp } from "./msgpack-timestamp.ts";
import { LONE_SURROGATE, MARKUP, ONLY_PYTHON } from "./msgspec-rules.ts";
import { msgspecText } from "./msgspec-text.ts";
import { pathOf } from "./path.ts";

/** Containers within containers: msgspec gives up at 1,000, and a cycle ends here too. */
const MAX_DEPTH = 1000;
const SHORT = 32;

/** Why a value cannot be written; {@link encodeMsgpack} says where it stands. */
class Refusal {
  readonly value: Exact;
  readonly reason: string;

  constructor(value: Exact, reason: string) {
    this.value = value;
    this.reason = reason;
  }
}

/** @throws EncodeError for what msgspec raises on, and for more than `maxBytes` */
export function encodeMsgpack(value: Exact, { maxBytes = DEFAULT_LIMITS.maxBytes }: EncodeOptions = {}): Uint8Array {
  const writer = new Writer(maxBytes, () => new EncodeError("session", `more than ${maxBytes} bytes`));
  try {
    write(writer, value, 0);
  } catch (error) {
    if (error instanceof Refusal) throw new EncodeError(pathOf(value, error.value), error.reason);
    throw error;
  }
  return writer.result();
}

function write(writer: Writer, value: Exact, depth: number): void {
  if (typeof value === "string") writeText(writer, value);
  else if (typeof value === "number") writeNumber(writer, value);
  else if (typeof value === "bigint") writeBigInt(writer, value);
  else if (typeof value === "boolean") writer.uint8(value ? 0xc3 : 0xc2);
  else if (value === null) writer.uint8(0xc0);
  else writeNode(writer, value, depth);
}

function writeNode(writer: Writer, node: ExactNode, depth: number): void {
  if (depth > MAX_DEPTH) throw new Refusal(node, "it holds itself, or is too deep");
  if (node instanceof PyDict) return writeDict(writer, node, depth);
  if (node instanceof PyList) return writeList(writer, node, depth);
  if (node instanceof PyFloat) return writeFloat(writer, node.value);
  if (node instanceof PyBytes) return writeBytes(writer, node.bytes);
  if (node instanceof PyExt) return writeExtension(writer, node);
  if (node instanceof PyDateTime && node.kind === "datetime" && node.tzinfo !== null) {
    return writeInstant(writer, node);
  }
  const text = msgspecText(node);
  if (text === undefined) throw new Refusal(node, node instanceof PyMarkup ? MARKUP : ONLY_PYTHON);
  writeText(writer, text);
}

/** An aware datetime loses its zone. */
function writeInstant(writer: Writer, node: PyDateTime): void {
  const instant = instantMicrosOf(node);
  if (instant === undefined || !isWithinPython(instant)) {
    throw new Refusal(node, "in UTC Node finds no year from 1 to 9999 for it");
  }
  writeTimestamp(writer, instant);
}

function writeDict(writer: Writer, { keys, values }: PyDict, depth: number): void {
  writeHead(writer, keys.length, DICT);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as Exact;
    // Markup is refused as a value alone.
    write(writer, key instanceof PyMarkup ? key.text : key, depth + 1);
    write(writer, values[index] as Exact, depth + 1);
  }
}

function writeList(writer: Writer, { items }: PyList, depth: number): void {
  writeHead(writer, items.length, LIST);
  for (const item of items) write(writer, item, depth + 1);
}

function writeText(writer: Writer, text: string): void {
  if (text.length < SHORT && isAscii(text)) {
    writer.uint8(0xa0 | text.length);
    return writer.ascii(text);
  }
  const length = Buffer.byteLength(text);
  writeHead(writer, length, TEXT);
  if (length === text.length) return writer.ascii(text);
  if (!isWellFormed(text)) throw new Refusal(text, LONE_SURROGATE);
  writer.utf8(text, length);
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  writeHead(writer, bytes.length, BYTES);
  writer.bytes(bytes);
}

function writeNumber(writer: Writer, value: number): void {
  if (Number.isSafeInteger(value)) writeInt(writer, value);
  else writeFloat(writer, value);
}

function writeFloat(writer: Writer, value: number): void {
  writer.uint8(0xcb);
  writer.float64BE(value);
}

function writeInt(writer: Writer, value: number): void {
  if (value >= -32 && value < 0x80) return writer.uint8(value & 0xff);
  const positive = value >= 0;
  if (positive ? value < 0x100 : value >= -0x80) {
    writer.uint8(positive ? 0xcc : 0xd0);
    return writer.uint8(value & 0xff);
  }
  if (positive ? value < 0x10000 : value >= -0x8000) {
    writer.uint8(positive ? 0xcd : 0xd1);
    return writer.uint16BE(value & 0xffff);
  }
  if (positive ? value < 0x100000000 : value >= -0x80000000) {
    writer.uint8(positive ? 0xce : 0xd2);
    return writer.uint32BE(value >>> 0);
  }
  writer.uint8(positive ? 0xcf : 0xd3);
  writer.uint32BE(Math.floor(value / 2 ** 32) >>> 0);
  writer.uint32BE(value >>> 0);
}

function writeBigInt(writer: Writer, value: bigint): void {
  if (value < -(2n ** 63n) || value >= 2n ** 64n) throw new Refusal(value, "an int of more than 64 bits");
  writer.uint8(value < 0n ? 0xd3 : 0xcf);
  writer.uint64BE(BigInt.asUintN(64, value));
}

function writeExtension(writer: Writer, { code, bytes }: PyExt): void {
  const fixed = [1, 2, 4, 8, 16].indexOf(bytes.length);
  if (fixed >= 0) writer.uint8(0xd4 + fixed);
  else writeHead(writer, bytes.length, EXTENSION);
  writer.uint8(code & 0xff);
  writer.bytes(bytes);
}

/** The first bytes of a kind, by how long the value is; `head8` 0: there is none. */
interface Heads {
  readonly fix: number;
  readonly most: number;
  readonly head8: number;
  readonly head16: number;
  readonly head32: number;
}

const DICT: Heads = { fix: 0x80, most: 15, head8: 0, head16: 0xde, head32: 0xdf };
const LIST: Heads = { fix: 0x90, most: 15, head8: 0, head16: 0xdc, head32: 0xdd };
const TEXT: Heads = { fix: 0xa0, most: 31, head8: 0xd9, head16: 0xda, head32: 0xdb };
const BYTES: Heads = { fix: 0, most: -1, head8: 0xc4, head16: 0xc5, head32: 0xc6 };
const EXTENSION: Heads = { fix: 0, most: -1, head8: 0xc7, head16: 0xc8, head32: 0xc9 };

function writeHead(writer: Writer, length: number, { fix, most, head8, head16, head32 }: Heads): void {
  if (length <= most) return writer.uint8(fix | length);
  if (head8 !== 0 && length < 0x100) {
    writer.uint8(head8);
    return writer.uint8(length);
  }
  if (length < 0x10000) {
    writer.uint8(head16);
    return writer.uint16BE(length);
  }
  writer.uint8(head32);
  return writer.uint32BE(length);
}
