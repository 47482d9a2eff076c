/** Opcodes that move what is there: stack, marks, memo, frames. */
import { type Exact, PyObject } from "../../values/exact.ts";
import { operate } from "./containers.ts";
import type { InstructionRow, Machine } from "./machine.ts";
import { HIGHEST_PROTOCOL, OPCODES as OP } from "./opcodes.ts";

/** Reads the argument of an opcode that names a memo entry. */
type MemoArgument = (machine: Machine) => number;

const textIndex: MemoArgument = (machine) => memoIndex(machine, machine.line());
const byteIndex: MemoArgument = ({ reader }) => reader.uint8();
const longIndex: MemoArgument = ({ reader }) => reader.uint32LE();

/** The opcodes that fetch from the memo. */
const fetches = new Map<number | undefined, MemoArgument>([
  [OP.GET, textIndex],
  [OP.BINGET, byteIndex],
  [OP.LONG_BINGET, longIndex],
]);

/** In the order of `pickletools.opcodes`. */
export const stackInstructions: readonly InstructionRow[] = [
  [OP.POP, pop],
  [OP.DUP, (machine) => machine.push(machine.top())],
  [OP.MARK, (machine) => machine.mark()],
  [OP.POP_MARK, (machine) => machine.dropToMark()],
  [OP.GET, (machine) => machine.recall(textIndex(machine))],
  [OP.BINGET, (machine) => machine.recall(byteIndex(machine))],
  [OP.LONG_BINGET, (machine) => machine.recall(longIndex(machine))],
  [OP.PUT, (machine) => machine.remember(textIndex(machine))],
  [OP.BINPUT, (machine) => machine.remember(byteIndex(machine))],
  [OP.LONG_BINPUT, (machine) => machine.remember(longIndex(machine))],
  [OP.MEMOIZE, (machine) => machine.remember()],
  [OP.PROTO, setProtocol],
  [OP.FRAME, checkFrame],
];

/** An int of Python in decimal that is not negative. */
function memoIndex(machine: Machine, text: string): number {
  if (!/^\s*\+?\d(?:_?\d){0,9}\s*$/.test(text)) machine.fail("not a memo index");
  return Number(text.replaceAll("_", ""));
}

function setProtocol(machine: Machine): void {
  const protocol = machine.reader.uint8();
  if (protocol > HIGHEST_PROTOCOL) machine.fail(`unsupported pickle protocol ${protocol}`);
  machine.protocol = protocol;
}

/** A frame only says how much to read at once; it may be too short, but not longer than the input. */
function checkFrame(machine: Machine): void {
  const { reader } = machine;
  const length = machine.length64();
  reader.offset = reader.skip(length);
}

function pop(machine: Machine): void {
  machine.countIdle();
  if (machine.marked) machine.unmark();
  else dropped(machine, machine.pop());
}

/**
 * Two calls lose their result at once: the second copy of an object whose arguments lead to itself, which is then
 * fetched from the memo; and `setter(object, state)`, the sixth item of `__reduce__`, which is all that it was for.
 */
function dropped(machine: Machine, value: Exact): void {
  if (value !== machine.fresh || !(value instanceof PyObject)) return;
  const object = machine.stack[machine.stack.length - 1];
  const [target, state = null] = value.args.items;
  if (!(object instanceof PyObject) || target !== object || value.args.items.length !== 2) return;
  if (!isCopyOf(value, nextFetched(machine))) operate(machine, object, "setter", [value.callee, state]);
}

function isCopyOf({ callee, args }: PyObject, other: Exact | undefined): boolean {
  return other instanceof PyObject && other.callee === callee && other.args.items[1] === args.items[1];
}

/** What the next opcode fetches from the memo, if it is one that does. */
function nextFetched(machine: Machine): Exact | undefined {
  const { reader } = machine;
  const start = reader.offset;
  const argument = fetches.get(reader.bytes[start]);
  if (argument === undefined) return undefined;
  reader.skip(1);
  const value = machine.remembered(argument(machine));
  reader.offset = start;
  return value;
}
