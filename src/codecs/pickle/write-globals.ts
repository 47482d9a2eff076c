/** Writes classes, functions and singletons by their names. */
import type { PyGlobal } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { Pickler } from "./pickler.ts";
import { writeText } from "./write-atoms.ts";

/** From the memo where it was written before. */
export function writeGlobal(pickler: Pickler, global: PyGlobal): void {
  if (!pickler.recall(global)) writeNewGlobal(pickler, global);
}

/** Protocol 4 takes dotted names. */
export function writeNewGlobal(pickler: Pickler, global: PyGlobal): void {
  writeText(pickler, global.module);
  writeText(pickler, global.name);
  pickler.opcode(OP.STACK_GLOBAL);
  pickler.remember(global);
}
