/** Writes objects that Node does not know: the call that made each, then what was done to it, as it was read. */
import type { Exact, Operation, PyObject } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { Pickler } from "./pickler.ts";
import { finishCall } from "./write-values.ts";

/** Operations whose operands need no mark. */
const SINGLE = { append: OP.APPEND, build: OP.BUILD } as const;
const MANY = { extend: OP.APPENDS, add: OP.ADDITEMS, set: OP.SETITEMS } as const;

/** The object is memoized between its call and its operations. */
export function writeObject(pickler: Pickler, object: PyObject): void {
  const outer = pickler.callAt;
  pickler.callAt = object.changedAt;
  const opcode = writeCall(pickler, object);
  pickler.callAt = -1;
  if (finishCall(pickler, opcode, object)) {
    for (const operation of object.operations) writeOperation(pickler, object, operation);
  }
  pickler.callAt = outer;
}

/** Callee and arguments. @returns the opcode that makes the call */
function writeCall(pickler: Pickler, { how, callee, args, kwargs }: PyObject): number {
  if (how === "inst") pickler.opcode(OP.MARK);
  pickler.write(callee);
  if (how === "inst") {
    pickler.writeAll(args.items);
    return OP.OBJ;
  }
  pickler.write(args);
  if (kwargs !== undefined) pickler.write(kwargs);
  return { call: OP.REDUCE, new: OP.NEWOBJ, newex: OP.NEWOBJ_EX }[how];
}

function writeOperation(pickler: Pickler, object: PyObject, { kind, operands }: Operation): void {
  if (kind === "setter") return writeSetter(pickler, object, operands);
  if (kind === "append" || kind === "build" || (kind === "set" && operands.length === 2)) {
    pickler.writeAll(operands);
    pickler.opcode(kind === "set" ? OP.SETITEM : SINGLE[kind]);
    return;
  }
  pickler.opcode(OP.MARK);
  pickler.writeAll(operands);
  pickler.opcode(MANY[kind]);
}

/** `setter(object, state)`: the sixth item of `__reduce__`, whose result nobody wants. */
function writeSetter(pickler: Pickler, object: PyObject, [setter = null, state = null]: readonly Exact[]): void {
  pickler.write(setter);
  pickler.write(object);
  pickler.write(state);
  pickler.opcode(OP.TUPLE2);
  pickler.opcode(OP.REDUCE);
  pickler.opcode(OP.POP);
}
