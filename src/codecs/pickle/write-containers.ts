/**
 * Writes containers in the order in which CPython's own pickler would: lists, dicts and sets are memoized before their
 * contents, so that a cycle finds them; tuples and frozensets after theirs, as there is nothing to find before. Below
 * protocol 4 a set is a call with a list, and has nothing before its contents either.
 */
import { type Exact, type ListKind, PyDict, PyGlobal, PyList } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { ByProtocol, Pickler, Write } from "./pickler.ts";
import { writeGlobal } from "./write-globals.ts";
import { finishCall } from "./write-values.ts";

/** CPython puts as many items behind one mark. */
const BATCH = 1000;

const SET = new PyGlobal("builtins", "set");
const FROZENSET = new PyGlobal("builtins", "frozenset");

/** Opcodes for tuples of one to three items, which need no mark. */
const SHORT_TUPLES = [undefined, OP.TUPLE1, OP.TUPLE2, OP.TUPLE3] as const;

const SETS: ByProtocol<Write<PyList>> = { 2: callSet, 3: callSet, 4: writeGrowing, 5: writeGrowing };
const FROZENSETS: ByProtocol<Write<PyList>> = {
  2: callFrozenset,
  3: callFrozenset,
  4: writeFrozenset,
  5: writeFrozenset,
};

const listWriters: Readonly<Record<ListKind, Write<PyList>>> = {
  list: writeGrowing,
  tuple: writeTuple,
  set: (pickler, set) => SETS[pickler.protocol](pickler, set),
  frozenset: (pickler, set) => FROZENSETS[pickler.protocol](pickler, set),
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
  if (kind === "list") writeItems(pickler, items);
  else writeBatches(pickler, items, OP.ADDITEMS);
}

/** What comes into the list on top of the stack. */
function writeItems(pickler: Pickler, items: readonly Exact[]): void {
  if (items.length !== 1) return writeBatches(pickler, items, OP.APPENDS);
  pickler.writeAll(items);
  pickler.opcode(OP.APPEND);
}

function writeBatches(pickler: Pickler, items: readonly Exact[], opcode: number): void {
  for (let start = 0; start < items.length; start += BATCH) {
    pickler.opcode(OP.MARK);
    pickler.writeAll(items.length > BATCH ? items.slice(start, start + BATCH) : items);
    pickler.opcode(opcode);
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

function callSet(pickler: Pickler, set: PyList): void {
  writeUnfound(pickler, SET, set);
}

function callFrozenset(pickler: Pickler, set: PyList): void {
  writeUnfound(pickler, FROZENSET, set);
}

/** Below protocol 4 a cycle through a set writes it again, until all that it holds is in the memo. */
function writeUnfound(pickler: Pickler, type: PyGlobal, set: PyList): void {
  pickler.unfoundSets++;
  writeSetCall(pickler, type, set);
  pickler.unfoundSets--;
}

/** `set([...])` */
function writeSetCall(pickler: Pickler, type: PyGlobal, set: PyList): void {
  writeGlobal(pickler, type);
  pickler.opcode(OP.EMPTY_LIST);
  writeItems(pickler, set.items);
  pickler.opcode(OP.TUPLE1);
  finishCall(pickler, OP.REDUCE, set);
}

/**
 * A container that was complete when a call took it as an argument is complete again only if it is written as a
 * whole, before the call, even where a cycle leads from its contents through the call: the list in
 * `MySet([member])` of a set subclass whose member knows the set. Each time around, the cycle finds more of the
 * contents in the memo, until it finds all. If it finds nothing new it has no end, and the container is memoized first.
 * @throws EncodeError where the cycle has no end only because no set can be memoized first: Python finds none either
 */
function writtenAtOnce(pickler: Pickler, node: PyDict | PyList, length: number): boolean {
  if (node.changedAt > pickler.callAt || length === 0) return false;
  const { memoized, unfoundSets, begun, protocol } = pickler;
  const before = begun.get(node);
  if (before?.memoized === memoized) {
    if (unfoundSets === before.unfoundSets) return false;
    pickler.refuse(node, `in protocol ${protocol} no set can be part of such a cycle`);
  }
  begun.set(node, { memoized, unfoundSets });
  if (node instanceof PyList && node.kind === "set") writeSetCall(pickler, SET, node);
  else writeMarked(pickler, node);
  begun.set(node, before);
  return true;
}

/** A list or dict, from a mark on. */
function writeMarked(pickler: Pickler, node: PyDict | PyList): void {
  pickler.opcode(OP.MARK);
  if (node instanceof PyDict) writePairs(pickler, node, 0, node.keys.length);
  else pickler.writeAll(node.items);
  if (pickler.has(node)) {
    pickler.opcode(OP.POP_MARK);
    pickler.recall(node);
    return;
  }
  pickler.opcode(node instanceof PyDict ? OP.DICT : OP.LIST);
  pickler.remember(node);
}
