/** Opcodes that make tuples, lists, dicts and sets, or put items into them or into an object. */
import { type Exact, type ListKind, type Operation, PyDict, PyGlobal, PyList, PyObject } from "../../values/exact.ts";
import { isGiving } from "./dangerous.ts";
import type { InstructionRow, Machine } from "./machine.ts";
import { OPCODES as OP } from "./opcodes.ts";

/** In the order of `pickletools.opcodes`. */
export const containerInstructions: readonly InstructionRow[] = [
  [OP.EMPTY_LIST, (machine) => machine.push(makeList(machine, "list", []))],
  [OP.APPEND, (machine) => appendOne(machine, machine.pop())],
  [OP.APPENDS, (machine) => append(machine, machine.popToMark())],
  [OP.LIST, (machine) => machine.push(makeList(machine, "list", machine.popToMark()))],
  [OP.EMPTY_TUPLE, (machine) => machine.push(makeList(machine, "tuple", []))],
  [OP.TUPLE, (machine) => machine.push(makeList(machine, "tuple", machine.popToMark()))],
  [OP.TUPLE1, (machine) => pushTuple(machine, 1)],
  [OP.TUPLE2, (machine) => pushTuple(machine, 2)],
  [OP.TUPLE3, (machine) => pushTuple(machine, 3)],
  [OP.EMPTY_DICT, (machine) => machine.push(new PyDict())],
  [OP.DICT, (machine) => pushDict(machine, machine.popToMark())],
  [OP.SETITEM, (machine) => setItem(machine, machine.pop())],
  [OP.SETITEMS, (machine) => setItems(machine, machine.popToMark())],
  [OP.EMPTY_SET, (machine) => machine.push(makeList(machine, "set", []))],
  [OP.ADDITEMS, (machine) => addItems(machine, machine.popToMark())],
  [OP.FROZENSET, (machine) => machine.push(makeList(machine, "frozenset", machine.popToMark()))],
];

/** A new node with items of its own. */
export function makeList(machine: Machine, kind: ListKind, items: Exact[]): PyList {
  machine.count(items.length);
  const list = new PyList(kind, items);
  list.changedAt = machine.at;
  for (const item of items) machine.hold(list, item);
  if ((kind === "set" || kind === "frozenset") && items.length > 0) machine.hashed.push(list);
  return list;
}

/** Notes what an opcode does to an object; what it does to a global, or to what one gave, changes the app itself. */
export function operate(
  machine: Machine,
  target: PyObject | PyGlobal,
  kind: Operation["kind"],
  operands: Exact[],
): void {
  if (target instanceof PyGlobal) return machine.globals.warnOf(target);
  if (target.callee instanceof PyGlobal && isGiving(target.callee)) machine.globals.warnOf(target.callee);
  machine.count(operands.length);
  target.operations.push({ kind, operands });
  for (const operand of operands) machine.hold(target, operand);
}

function pushTuple(machine: Machine, length: number): void {
  const items: Exact[] = [];
  for (let index = length; index > 0; ) items[--index] = machine.pop();
  machine.push(makeList(machine, "tuple", items));
}

function pushDict(machine: Machine, items: Exact[]): void {
  machine.push(new PyDict());
  setItems(machine, items);
}

function appendOne(machine: Machine, item: Exact): void {
  const target = machine.top();
  if (!(target instanceof PyList) || target.kind !== "list") return append(machine, [item]);
  machine.count(1);
  target.items.push(item);
  target.changedAt = machine.at;
  machine.hold(target, item);
}

function append(machine: Machine, items: Exact[]): void {
  const target = machine.top();
  if (items.length === 0) return;
  if (isObject(target)) return operate(machine, target, items.length === 1 ? "append" : "extend", items);
  if (!(target instanceof PyList) || target.kind !== "list") machine.fail("items appended to what is not a list");
  extend(machine, target, items);
}

function addItems(machine: Machine, items: Exact[]): void {
  const target = machine.top();
  if (items.length === 0) return;
  if (isObject(target)) return operate(machine, target, "add", items);
  if (!(target instanceof PyList) || target.kind !== "set") machine.fail("items added to what is not a set");
  extend(machine, target, items);
}

function extend(machine: Machine, target: PyList, items: readonly Exact[]): void {
  machine.count(items.length);
  if (target.kind === "set" && target.items.length === 0) machine.hashed.push(target);
  target.changedAt = machine.at;
  for (const item of items) {
    target.items.push(item);
    machine.hold(target, item);
  }
}

function setItem(machine: Machine, value: Exact): void {
  const key = machine.pop();
  const target = machine.top();
  if (target instanceof PyDict) set(machine, target, key, value);
  else setItems(machine, [key, value]);
}

function setItems(machine: Machine, items: Exact[]): void {
  const target = machine.top();
  if (items.length === 0) return;
  if (items.length % 2 !== 0) machine.fail("an odd number of keys and values");
  if (isObject(target)) return operate(machine, target, "set", items);
  if (!(target instanceof PyDict)) machine.fail("items set on what is not a dict");
  for (let index = 0; index < items.length; index += 2) {
    set(machine, target, items[index] as Exact, items[index + 1] as Exact);
  }
}

function set(machine: Machine, target: PyDict, key: Exact, value: Exact): void {
  machine.count(1);
  if (target.keys.length === 0) machine.hashed.push(target);
  target.keys.push(key);
  target.values.push(value);
  target.changedAt = machine.at;
  machine.hold(target, key);
  machine.hold(target, value);
}

function isObject(target: Exact): target is PyObject | PyGlobal {
  return target instanceof PyObject || target instanceof PyGlobal;
}
