/** Opcodes that name globals, call them or build objects: nothing of it happens, it is only written down. */
import { decodeUtf8 } from "../../bytes/utf8.ts";
import { type Exact, PyDict, PyGlobal, PyList, PyObject, PyUuid } from "../../values/exact.ts";
import { makeList, operate } from "./containers.ts";
import { knownCall, knownNew } from "./known-calls.ts";
import type { InstructionRow, Machine } from "./machine.ts";
import { make } from "./making.ts";
import { OPCODES as OP } from "./opcodes.ts";
import { fillUuid } from "./uuid.ts";

/** In the order of `pickletools.opcodes`. */
export const objectInstructions: readonly InstructionRow[] = [
  [OP.EXT1, refuse("the extension registry")],
  [OP.EXT2, refuse("the extension registry")],
  [OP.EXT4, refuse("the extension registry")],
  [OP.GLOBAL, (machine) => machine.push(machine.global(nameLine(machine), nameLine(machine)))],
  [OP.STACK_GLOBAL, pushGlobal],
  [OP.REDUCE, pushCalled],
  [OP.BUILD, (machine) => build(machine, machine.pop())],
  [OP.INST, pushInstance],
  [OP.OBJ, pushObject],
  [OP.NEWOBJ, pushNew],
  [OP.NEWOBJ_EX, pushNewWithKeywords],
  [OP.PERSID, refuse("a persistent id")],
  [OP.BINPERSID, refuse("a persistent id")],
];

function refuse(what: string): (machine: Machine) => never {
  return (machine) => machine.fail(`${what} is not supported`);
}

function nameLine(machine: Machine): string {
  const bytes = Buffer.from(machine.line(), "latin1");
  return decodeUtf8(bytes, 0, bytes.length) ?? machine.fail("a name in invalid UTF-8");
}

function pushGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== "string" || typeof module !== "string") machine.fail("a global without a name");
  machine.push(machine.global(module, name));
}

function pushCalled(machine: Machine): void {
  const args = tuple(machine, machine.pop());
  const callee = machine.pop();
  machine.push((machine.fresh = knownCall(machine, callee, args) ?? make(machine, "call", callee, args)));
}

function pushNew(machine: Machine): void {
  const args = tuple(machine, machine.pop());
  const callee = machine.pop();
  machine.push(knownNew(callee, args) ?? make(machine, "new", callee, args));
}

function pushNewWithKeywords(machine: Machine): void {
  const keywords = machine.pop();
  if (!(keywords instanceof PyDict)) machine.fail("keywords that are not a dict");
  const args = tuple(machine, machine.pop());
  machine.push(make(machine, "newex", machine.pop(), args, keywords));
}

function pushInstance(machine: Machine): void {
  const callee = machine.global(nameLine(machine), nameLine(machine));
  machine.push(make(machine, "inst", callee, makeList(machine, "tuple", machine.popToMark())));
}

function pushObject(machine: Machine): void {
  const [callee, ...args] = machine.popToMark();
  if (callee === undefined) machine.fail("nothing on the stack");
  machine.push(make(machine, "inst", callee, makeList(machine, "tuple", args)));
}

/** BUILD: the state goes to the object, which stays where it is. None changes nothing of a value. */
function build(machine: Machine, state: Exact): void {
  const top = machine.top();
  const target = top instanceof PyUuid ? fillUuid(machine, top, state) : top;
  if (target === undefined) return;
  if (target instanceof PyObject || target instanceof PyGlobal) operate(machine, target, "build", [state]);
  else if (state !== null) machine.fail("a state for what is not an object");
}

function tuple(machine: Machine, value: Exact): PyList {
  if (!(value instanceof PyList) || value.kind !== "tuple") machine.fail("arguments that are not a tuple");
  return value;
}
