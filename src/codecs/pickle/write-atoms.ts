/** Writes None, bools, numbers and text. */
import { encodeSurrogateUtf8 } from "../../bytes/utf8.ts";
import type { PyFloat } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { ByProtocol, Pickler, Write } from "./pickler.ts";

/** Longer texts are rarely keys or names, and Node's own encoder is faster with them. */
const SHORT = 64;

/** What stands before the UTF-8 of a text, by its length in bytes. */
const textHeads: ByProtocol<Write<number>> = {
  2: writeTextHead,
  3: writeTextHead,
  4: writeShortTextHead,
  5: writeShortTextHead,
};

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
  writeTextOnce(pickler, text);
  pickler.remember(text);
}

/** Text that has no place in the memo. */
export function writeTextOnce(pickler: Pickler, text: string): void {
  const { out, protocol } = pickler;
  if (isShortAscii(text)) {
    textHeads[protocol](pickler, text.length);
    out.ascii(text);
  } else {
    const bytes = encodeSurrogateUtf8(text);
    textHeads[protocol](pickler, bytes.length);
    out.bytes(bytes);
  }
}

function writeTextHead({ out }: Pickler, length: number): void {
  out.uint8(OP.BINUNICODE);
  out.uint32LE(length);
}

function writeShortTextHead(pickler: Pickler, length: number): void {
  pickler.numbered(OP.SHORT_BINUNICODE, OP.BINUNICODE, length);
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
  pickler.numbered(OP.LONG1, OP.LONG4, length);
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

function isShortAscii(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
