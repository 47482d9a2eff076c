/** Opcodes that push None, a bool, an int or a float. */
import { itemsOfDigits } from "../../bytes/limits.ts";
import { type Exact, exactFloat, exactInt } from "../../values/exact.ts";
import type { InstructionRow, Machine } from "./machine.ts";
import { hasTooManyDigits, readFloat, readInt, readLong } from "./number-text.ts";
import { OPCODES as OP } from "./opcodes.ts";

/** In the order of `pickletools.opcodes`. */
export const numberInstructions: readonly InstructionRow[] = [
  [OP.INT, (machine) => pushNumber(machine, machine.line(), readInt)],
  [OP.BININT, (machine) => machine.push(machine.reader.int32LE())],
  [OP.BININT1, (machine) => machine.push(machine.reader.uint8())],
  [OP.BININT2, (machine) => machine.push(machine.reader.uint16LE())],
  [OP.LONG, (machine) => pushNumber(machine, machine.line().replace(/L$/, ""), readLong)],
  [OP.LONG1, (machine) => machine.push(twosComplement(machine, machine.reader.uint8()))],
  [OP.LONG4, (machine) => machine.push(twosComplement(machine, machine.length32()))],
  [OP.NONE, (machine) => machine.push(null)],
  [OP.NEWTRUE, (machine) => machine.push(true)],
  [OP.NEWFALSE, (machine) => machine.push(false)],
  [OP.FLOAT, (machine) => pushNumber(machine, machine.line(), readFloat)],
  [OP.BINFLOAT, (machine) => machine.push(exactFloat(machine.reader.float64BE()))],
];

function pushNumber(machine: Machine, text: string, read: (text: string) => Exact | undefined): void {
  if (read !== readFloat && hasTooManyDigits(text)) machine.exceed("an int of too many digits");
  machine.count(itemsOfDigits(text.length));
  machine.push(read(text) ?? machine.fail("not a number"));
}

/** Little endian, of any length; no bytes are 0. */
function twosComplement({ reader }: Machine, length: number): Exact {
  const start = reader.skip(length);
  if (length === 0) return 0;
  const end = start + length;
  if (length <= 6) return reader.bytes.readIntLE(start, length);
  const unsigned = BigInt(`0x${Buffer.from(reader.bytes.subarray(start, end).toReversed()).toString("hex")}`);
  const negative = (reader.bytes[end - 1] as number) > 0x7f;
  return exactInt(negative ? unsigned - (1n << BigInt(8 * length)) : unsigned);
}
