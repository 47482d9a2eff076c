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
import type { Pickler } from "./pickler.ts";
import { writeAtom, writeLength, writeText } from "./write-atoms.ts";
import { writeGlobal } from "./write-globals.ts";

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

/** bytes; of a bytearray protocol 4 knows only the call. */
export function writeBytes(pickler: Pickler, node: PyBytes): void {
  if (node.kind === "bytes") writeRawBytes(pickler, node.bytes);
  else writeBytearray(pickler, node.bytes);
  pickler.remember(node);
}

/** A datetime, date or time: a call with its bytes, and its tzinfo if there is one. */
export function writeDateTime(pickler: Pickler, node: PyDateTime): void {
  writeGlobal(pickler, DATE_TIMES[node.kind]);
  writeRawBytes(pickler, node.raw);
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
  writeLength(pickler, bytes.length, OP.SHORT_BINBYTES, OP.BINBYTES);
  pickler.out.bytes(bytes);
}

function writeBytearray(pickler: Pickler, bytes: Uint8Array): void {
  writeGlobal(pickler, BYTEARRAY);
  if (bytes.length > 0) writeRawBytes(pickler, bytes);
  pickler.opcode(bytes.length > 0 ? OP.TUPLE1 : OP.EMPTY_TUPLE);
  pickler.opcode(OP.REDUCE);
}
