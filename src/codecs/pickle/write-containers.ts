/**
 * Writes containers in the order in which CPython's own pickler would: lists, dicts and sets are memoized before their
 * contents, so that a cycle finds them; tuples and frozensets after theirs, as there is nothing to find before.
 */
import { type Exact, type ListKind, PyDict, PyGlobal, PyList } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { Pickler, Write } from "./pickler.ts";
import { writeGlobal } from "./write-globals.ts";

/** CPython puts as many items behind one mark. */
const BATCH = 1000;

const SET = new PyGlobal("builtins", "set");

/** Opcodes for tuples of one to three items, which need no mark. */
const SHORT_TUPLES = [undefined, OP.TUPLE1, OP.TUPLE2, OP.TUPLE3] as const;

const listWriters: Readonly<Record<ListKind, Write<PyList>>> = {
  list: writeGrowing,
  tuple: writeTuple,
  set: writeGrowing,
  frozenset: writeFrozenset,
};

/** A list, tuple, set or frozenset. */
export function writeList(pickler: Pickler, list: PyList): void {
  if (list.items.length === 0 && list.kind === "tuple") pickler.opcode(OP.EMPTY_TUPLE);
  else listWriters[list.kind](pickler, list);
}

/** A dict, its pairs in their order. */
export function writeDict(pickler: Pickler, dict: PyDict): void {
  const { length } = dict.keys;
  if (writtenAtOnce(pickler, dict, length)) return;
  pickler.opcode(OP.EMPTY_DICT);
  pickler.remember(dict);
  if (length === 1) {
    writePairs(pickler, dict, 0, 1);
    pickler.opcode(OP.SETITEM);
    return;
  }
  for (let start = 0; start < length; start += BATCH) {
    pickler.opcode(OP.MARK);
    writePairs(pickler, dict, start, Math.min(start + BATCH, length));
    pickler.opcode(OP.SETITEMS);
  }
}

function writePairs(pickler: Pickler, { keys, values }: PyDict, start: number, end: number): void {
  for (let index = start; index < end; index++) {
    pickler.write(keys[index] as Exact);
    pickler.write(values[index] as Exact);
  }
}

/** A list or a set: made empty, then filled. */
function writeGrowing(pickler: Pickler, list: PyList): void {
  const { items, kind } = list;
  if (writtenAtOnce(pickler, list, items.length)) return;
  pickler.opcode(kind === "list" ? OP.EMPTY_LIST : OP.EMPTY_SET);
  pickler.remember(list);
  if (items.length === 1 && kind === "list") {
    pickler.writeAll(items);
    pickler.opcode(OP.APPEND);
    return;
  }
  for (let start = 0; start < items.length; start += BATCH) {
    pickler.opcode(OP.MARK);
    pickler.writeAll(items.length > BATCH ? items.slice(start, start + BATCH) : items);
    pickler.opcode(kind === "list" ? OP.APPENDS : OP.ADDITEMS);
  }
}

function writeTuple(pickler: Pickler, tuple: PyList): void {
  const { length } = tuple.items;
  const short = SHORT_TUPLES[length];
  if (short === undefined) pickler.opcode(OP.MARK);
  pickler.writeAll(tuple.items);
  if (!pickler.has(tuple)) {
    pickler.opcode(short ?? OP.TUPLE);
    pickler.remember(tuple);
    return;
  }
  // A cycle through the items has written the tuple: that one counts, and these items go.
  if (short === undefined) pickler.opcode(OP.POP_MARK);
  else for (let index = 0; index < length; index++) pickler.opcode(OP.POP);
  pickler.recall(tuple);
}

function writeFrozenset(pickler: Pickler, set: PyList): void {
  pickler.opcode(OP.MARK);
  pickler.writeAll(set.items);
  if (pickler.has(set)) {
    pickler.opcode(OP.POP_MARK);
    pickler.recall(set);
  } else {
    pickler.opcode(OP.FROZENSET);
    pickler.remember(set);
  }
}

/**
 * A container that was complete when a call took it as an argument is complete again only if it is written as a
 * whole, before the call, even where a cycle leads from its contents through the call: the list in
 * `MySet([member])` of a set subclass whose member knows the set. Each time around, the cycle finds more of the
 * contents in the memo, until it finds all. If it finds nothing new it has no end, and the container is memoized first.
 */
function writtenAtOnce(pickler: Pickler, node: PyDict | PyList, length: number): boolean {
  if (node.changedAt > pickler.callAt || length === 0) return false;
  const { memoized, entered } = pickler;
  const before = entered.get(node);
  if (before === memoized) return false;
  entered.set(node, memoized);
  const isSet = node instanceof PyList && node.kind === "set";
  if (isSet) writeGlobal(pickler, SET);
  pickler.opcode(OP.MARK);
  if (node instanceof PyDict) writePairs(pickler, node, 0, length);
  else pickler.writeAll(node.items);
  entered.set(node, before);
  finishAtOnce(pickler, node, isSet);
  return true;
}

function finishAtOnce(pickler: Pickler, node: PyDict | PyList, isSet: boolean): void {
  if (pickler.has(node)) {
    pickler.opcode(OP.POP_MARK);
    if (isSet) pickler.opcode(OP.POP);
    pickler.recall(node);
    return;
  }
  pickler.opcode(node instanceof PyDict ? OP.DICT : OP.LIST);
  if (isSet) {
    pickler.opcode(OP.TUPLE1);
    pickler.opcode(OP.REDUCE);
  }
  pickler.remember(node);
}
