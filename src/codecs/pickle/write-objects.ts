/** Writes objects that Node does not know: the call that made each, then what was done to it, as it was read. */
import { type Exact, type Making, type Operation, type PyDict, PyGlobal, type PyObject } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { ByProtocol, Pickler } from "./pickler.ts";
import { writeText } from "./write-atoms.ts";
import { GETATTR, writeGlobal } from "./write-globals.ts";
import { finishCall } from "./write-values.ts";

/** Operations whose operands need no mark. */
const SINGLE = { append: OP.APPEND, build: OP.BUILD } as const;
const MANY = { extend: OP.APPENDS, add: OP.ADDITEMS, set: OP.SETITEMS } as const;

const PARTIAL = new PyGlobal("functools", "partial");

/** Writes callee and arguments. @returns the opcode that makes the call */
type WriteCall = (pickler: Pickler, object: PyObject) => number;

/** A class with keyword arguments. */
const keywordCalls: ByProtocol<WriteCall> = {
  2: writePartial,
  3: writePartial,
  4: writeWithKeywords,
  5: writeWithKeywords,
};

const callWriters: Readonly<Record<Making, WriteCall>> = {
  call: (pickler, object) => writeArguments(pickler, object, OP.REDUCE),
  new: (pickler, object) => writeArguments(pickler, object, OP.NEWOBJ),
  newex: (pickler, object) => keywordCalls[pickler.protocol](pickler, object),
  inst: writeInstance,
};

/** The object is memoized between its call and its operations. */
export function writeObject(pickler: Pickler, object: PyObject): void {
  const outer = pickler.callAt;
  pickler.callAt = object.changedAt;
  const opcode = callWriters[object.how](pickler, object);
  pickler.callAt = -1;
  if (finishCall(pickler, opcode, object)) {
    for (const operation of object.operations) writeOperation(pickler, object, operation);
  }
  pickler.callAt = outer;
}

function writeArguments(pickler: Pickler, { callee, args }: PyObject, opcode: number): number {
  pickler.write(callee);
  pickler.write(args);
  return opcode;
}

function writeInstance(pickler: Pickler, { callee, args }: PyObject): number {
  pickler.opcode(OP.MARK);
  pickler.write(callee);
  pickler.writeAll(args.items);
  return OP.OBJ;
}

function writeWithKeywords(pickler: Pickler, object: PyObject): number {
  writeArguments(pickler, object, OP.NEWOBJ_EX);
  pickler.write(object.kwargs as PyDict);
  return OP.NEWOBJ_EX;
}

/**
 * `functools.partial(C.__new__, C, *args, **kwargs)()`. A partial is made, then given its state: what it is made with
 * is replaced by that, so that the class itself serves.
 */
function writePartial(pickler: Pickler, { callee, args, kwargs }: PyObject): number {
  writeGlobal(pickler, PARTIAL);
  pickler.write(callee);
  pickler.opcode(OP.TUPLE1);
  pickler.opcode(OP.REDUCE);
  pickler.opcode(OP.MARK);
  writeConstructor(pickler, callee);
  pickler.opcode(OP.MARK);
  pickler.writeAll([callee, ...args.items]);
  pickler.opcode(OP.TUPLE);
  pickler.writeAll([kwargs as PyDict, null]);
  pickler.opcode(OP.TUPLE);
  pickler.opcode(OP.BUILD);
  pickler.opcode(OP.EMPTY_TUPLE);
  return OP.REDUCE;
}

/** `C.__new__`, from the memo where it was written before. */
function writeConstructor(pickler: Pickler, callee: PyObject["callee"]): void {
  const constructor = pickler.constructors.get(callee) ?? { callee };
  pickler.constructors.set(callee, constructor);
  if (pickler.recall(constructor)) return;
  writeGlobal(pickler, GETATTR);
  pickler.write(callee);
  writeText(pickler, "__new__");
  pickler.opcode(OP.TUPLE2);
  pickler.opcode(OP.REDUCE);
  pickler.remember(constructor);
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
