/** Writes bytes, and the standard library's values that have a node of their own, as Python's `__reduce__` of each says. */
import {
  type PyBytes,
  type PyDateTime,
  type PyDecimal,
  PyGlobal,
  type PyMarkup,
  type PyTimedelta,
  type PyUuid,
} from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { ByProtocol, Pickler, Write } from "./pickler.ts";
import { writeAtom, writeText, writeTextOnce } from "./write-atoms.ts";
import { writeGlobal } from "./write-globals.ts";

const BYTES = new PyGlobal("builtins", "bytes");
const ENCODE = new PyGlobal("_codecs", "encode");
const BYTEARRAY = new PyGlobal("builtins", "bytearray");
const TIMEDELTA = new PyGlobal("datetime", "timedelta");
const DECIMAL = new PyGlobal("decimal", "Decimal");
const MARKUP = new PyGlobal("markupsafe", "Markup");
const UUID = new PyGlobal("uuid", "UUID");

const DATE_TIMES: Readonly<Record<PyDateTime["kind"], PyGlobal>> = {
  datetime: new PyGlobal("datetime", "datetime"),
  date: new PyGlobal("datetime", "date"),
  time: new PyGlobal("datetime", "time"),
};

/** Protocol 2 knows neither bytes nor a bytearray but by a call, 3 and 4 no bytearray. */
const bytesWriters: Readonly<Record<PyBytes["kind"], ByProtocol<Write<Uint8Array>>>> = {
  bytes: { 2: callEncode, 3: writeRawBytes, 4: writeRawBytes, 5: writeRawBytes },
  bytearray: { 2: callBytearray, 3: callBytearray, 4: callBytearray, 5: writeRawBytearray },
};

/** The byte of a datetime, date or time in which bit 7 is `fold`. A date has none. */
const FOLDS: Readonly<Record<PyDateTime["kind"], number>> = { datetime: 2, date: 2, time: 0 };

/** Below protocol 4 Python leaves `fold` away: Python 2 does not load it. */
const dateTimeBytes: ByProtocol<(node: PyDateTime) => Uint8Array> = {
  2: withoutFold,
  3: withoutFold,
  4: ({ raw }) => raw,
  5: ({ raw }) => raw,
};

/** bytes or a bytearray. */
export function writeBytes(pickler: Pickler, node: PyBytes): void {
  bytesWriters[node.kind][pickler.protocol](pickler, node.bytes);
  pickler.remember(node);
}

/** A datetime, date or time: a call with its bytes, and its tzinfo if there is one. */
export function writeDateTime(pickler: Pickler, node: PyDateTime): void {
  writeGlobal(pickler, DATE_TIMES[node.kind]);
  bytesWriters.bytes[pickler.protocol](pickler, dateTimeBytes[pickler.protocol](node));
  if (node.tzinfo !== null) pickler.write(node.tzinfo);
  pickler.opcode(node.tzinfo === null ? OP.TUPLE1 : OP.TUPLE2);
  finishCall(pickler, OP.REDUCE, node);
}

/** A timedelta: a call with its three numbers. */
export function writeTimedelta(pickler: Pickler, node: PyTimedelta): void {
  writeGlobal(pickler, TIMEDELTA);
  for (const part of [node.days, node.seconds, node.microseconds]) writeAtom(pickler, part);
  pickler.opcode(OP.TUPLE3);
  finishCall(pickler, OP.REDUCE, node);
}

/** A Decimal: a call with its text. */
export function writeDecimal(pickler: Pickler, node: PyDecimal): void {
  writeGlobal(pickler, DECIMAL);
  writeText(pickler, node.text);
  pickler.opcode(OP.TUPLE1);
  finishCall(pickler, OP.REDUCE, node);
}

/** Markup: made new from its text. */
export function writeMarkup(pickler: Pickler, node: PyMarkup): void {
  writeGlobal(pickler, MARKUP);
  writeText(pickler, node.text);
  pickler.opcode(OP.TUPLE1);
  finishCall(pickler, OP.NEWOBJ, node);
}

/** Made without arguments, then given its state. */
export function writeUuid(pickler: Pickler, node: PyUuid): void {
  if (node.object !== undefined) return pickler.write(node.object);
  writeGlobal(pickler, UUID);
  pickler.opcode(OP.EMPTY_TUPLE);
  finishCall(pickler, OP.NEWOBJ, node);
  if (node.int === undefined) return;
  pickler.opcode(OP.EMPTY_DICT);
  writeText(pickler, "int");
  writeAtom(pickler, node.int);
  pickler.opcode(OP.SETITEM);
  pickler.opcode(OP.BUILD);
}

/**
 * Ends a call whose callee and arguments are written. If a cycle through the arguments has made the object already,
 * that one counts, as in CPython (bpo-12687).
 * @returns whether this call made the object
 */
export function finishCall(pickler: Pickler, opcode: number, node: Parameters<Pickler["remember"]>[0]): boolean {
  pickler.opcode(opcode);
  if (!pickler.has(node)) {
    pickler.remember(node);
    return true;
  }
  pickler.opcode(OP.POP);
  pickler.recall(node);
  return false;
}

function writeRawBytes(pickler: Pickler, bytes: Uint8Array): void {
  pickler.numbered(OP.SHORT_BINBYTES, OP.BINBYTES, bytes.length);
  pickler.out.bytes(bytes);
}

function writeRawBytearray({ out }: Pickler, bytes: Uint8Array): void {
  out.uint8(OP.BYTEARRAY8);
  out.uint64LE(BigInt(bytes.length));
  out.bytes(bytes);
}

/** `_codecs.encode(text, "latin1")`, which Python 2 reads as its `str`. */
function callEncode(pickler: Pickler, bytes: Uint8Array): void {
  if (bytes.length === 0) return callWithNothing(pickler, BYTES);
  writeGlobal(pickler, ENCODE);
  writeTextOnce(pickler, Buffer.from(bytes).toString("latin1"));
  writeText(pickler, "latin1");
  pickler.opcode(OP.TUPLE2);
  pickler.opcode(OP.REDUCE);
}

/** `bytearray(bytes)` */
function callBytearray(pickler: Pickler, bytes: Uint8Array): void {
  if (bytes.length === 0) return callWithNothing(pickler, BYTEARRAY);
  writeGlobal(pickler, BYTEARRAY);
  bytesWriters.bytes[pickler.protocol](pickler, bytes);
  pickler.opcode(OP.TUPLE1);
  pickler.opcode(OP.REDUCE);
}

function callWithNothing(pickler: Pickler, type: PyGlobal): void {
  writeGlobal(pickler, type);
  pickler.opcode(OP.EMPTY_TUPLE);
  pickler.opcode(OP.REDUCE);
}

function withoutFold({ kind, raw }: PyDateTime): Uint8Array {
  const bytes = raw.slice();
  const at = FOLDS[kind];
  bytes[at] = (bytes[at] as number) & 0x7f;
  return bytes;
}
