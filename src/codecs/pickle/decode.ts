/** Runs a pickle without running anything of Python's: nothing is imported, called or built. */
import { DEFAULT_LIMITS } from "../../bytes/limits.ts";
import { PyGlobal } from "../../values/exact.ts";
import type { Decoded, DecodeOptions } from "../codec.ts";
import { containerInstructions } from "./containers.ts";
import { type Instruction, type InstructionRow, Machine } from "./machine.ts";
import { numberInstructions } from "./numbers.ts";
import { objectInstructions } from "./objects.ts";
import { OPCODES } from "./opcodes.ts";
import { stackInstructions } from "./stack.ts";
import { textInstructions } from "./text.ts";
import { makeUnique } from "./unique.ts";

/** What the first pickle of an input holds. */
export interface DecodedPickle extends Decoded {
  /** Where the pickle ends, in bytes: file caches write two in a row. */
  readonly end: number;
}

/** CPython writes up to 7, for UUIDs in a dict. Without a limit, opcodes that leave nothing behind cost time alone. */
const OPCODES_PER_ITEM = 8;

/** By opcode; a missing entry is no opcode of pickle. */
const instructions = table([
  ...numberInstructions,
  ...textInstructions,
  ...containerInstructions,
  ...stackInstructions,
  ...objectInstructions,
]);

/**
 * Reads one pickle of protocol 0 to 5 as CPython's C unpickler does (3.11); bytes behind its end are ignored.
 * @throws DecodeError, TruncatedError, LimitError
 */
export function decodePickle(bytes: Uint8Array, options: DecodeOptions = DEFAULT_LIMITS): DecodedPickle {
  const machine: Machine = new Machine(bytes, options);
  const { reader } = machine;
  const { maxItems } = options;
  for (let left = OPCODES_PER_ITEM * maxItems; left > 0; left--) {
    machine.at = reader.offset;
    const opcode = reader.uint8();
    if (opcode === OPCODES.STOP) return result(machine);
    const instruction = instructions[opcode];
    if (instruction === undefined) machine.fail(`opcode 0x${opcode.toString(16).padStart(2, "0")}`);
    instruction(machine);
  }
  return machine.exceed(`more than ${OPCODES_PER_ITEM} opcodes for each of ${maxItems} items`);
}

function result(machine: Machine): DecodedPickle {
  const value = machine.pop();
  if (value instanceof PyGlobal) machine.globals.heldAsValue(value);
  makeUnique(machine);
  const { dangerous } = machine.globals;
  const decoded = { value, end: machine.reader.offset };
  return dangerous === undefined ? decoded : { ...decoded, dangerous };
}

function table(rows: readonly InstructionRow[]): readonly (Instruction | undefined)[] {
  const filled = Array.from({ length: 256 }, (): Instruction | undefined => undefined);
  for (const [opcode, instruction] of rows) filled[opcode] = instruction;
  return filled;
}
