/** Writes None, bools, numbers and text as protocol 4 does. */
import { encodeSurrogateUtf8 } from "../../bytes/utf8.ts";
import type { PyFloat } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { Pickler } from "./pickler.ts";

/** Longer texts are rarely keys or names, and Node's own encoder is faster with them. */
const SHORT = 64;

/** None, a bool, an int, a float or text. */
export function writeAtom(pickler: Pickler, value: unknown): void {
  if (typeof value === "string") writeText(pickler, value);
  else if (typeof value === "number") writeNumber(pickler, value);
  else if (typeof value === "bigint") writeLong(pickler, value);
  else if (value === null) pickler.opcode(OP.NONE);
  else if (typeof value === "boolean") pickler.opcode(value ? OP.NEWTRUE : OP.NEWFALSE);
  else pickler.refuse(value, `Python has no ${typeof value}`);
}

/** Text is memoized by its characters. */
export function writeText(pickler: Pickler, text: string): void {
  if (pickler.recall(text)) return;
  const { out } = pickler;
  if (isShortAscii(text)) {
    out.uint8(OP.SHORT_BINUNICODE);
    out.uint8(text.length);
    out.ascii(text);
  } else {
    const bytes = encodeSurrogateUtf8(text);
    writeLength(pickler, bytes.length, OP.SHORT_BINUNICODE, OP.BINUNICODE);
    out.bytes(bytes);
  }
  pickler.remember(text);
}

/** A number that is an int within ±(2^53 − 1), or a float with a fraction. */
function writeNumber(pickler: Pickler, value: number): void {
  if (!Number.isInteger(value)) writeDouble(pickler, value);
  else if (value !== (value | 0)) writeLong(pickler, BigInt(value));
  else writeInt32(pickler, value);
}

function writeInt32({ out }: Pickler, value: number): void {
  if (value < 0 || value > 0xffff) {
    out.uint8(OP.BININT);
    out.int32LE(value);
  } else if (value > 0xff) {
    out.uint8(OP.BININT2);
    out.uint16LE(value);
  } else {
    out.uint8(OP.BININT1);
    out.uint8(value);
  }
}

/** Two's complement in as few bytes as show the sign. */
function writeLong(pickler: Pickler, value: bigint): void {
  const magnitude = value < 0n ? -value - 1n : value;
  const hex = magnitude.toString(16);
  const length = Math.ceil((hex.length + (hex.charCodeAt(0) > 0x37 ? 1 : 0)) / 2);
  const bytes = Buffer.from(
    BigInt.asUintN(8 * length, value)
      .toString(16)
      .padStart(2 * length, "0"),
    "hex",
  );
  writeLength(pickler, length, OP.LONG1, OP.LONG4);
  pickler.out.bytes(bytes.toReversed());
}

/** A float that an int could be mistaken for. */
export function writeFloat(pickler: Pickler, { value }: PyFloat): void {
  writeDouble(pickler, value);
}

function writeDouble({ out }: Pickler, value: number): void {
  out.uint8(OP.BINFLOAT);
  out.float64BE(value);
}

/** An opcode by the length that follows it. No record is longer than 4 bytes can say. */
export function writeLength({ out }: Pickler, length: number, short: number, long: number): void {
  out.uint8(length < 256 ? short : long);
  if (length < 256) out.uint8(length);
  else out.uint32LE(length);
}

function isShortAscii(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
