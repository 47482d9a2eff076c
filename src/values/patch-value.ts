/** Any live value into its exact one: what JavaScript can put into a session. */
import { types } from "node:util";
import { sameExact } from "./equality.ts";
import { type Exact, type ExactNode, exactFloat, exactInt, PyBytes, PyDict, PyList } from "./exact.ts";
import { isNode } from "./exact-children.ts";
import { jsonTextOf, lostType } from "./lost-types.ts";
import { exactNumber, isFloat } from "./numbers.ts";
import { newBytes, patchBytes } from "./patch-bytes.ts";
import { patchDate } from "./patch-date.ts";
import { lookInside } from "./patch-inside.ts";
import { patchList } from "./patch-list.ts";
import { patchMap } from "./patch-map.ts";
import { hasNamesOf, type PlainObject, patchObject, patchValues } from "./patch-object.ts";
import type { Pass, Visits } from "./patch-pass.ts";
import { patchSet } from "./patch-set.ts";
import { className, isBuiltIn, isPlainObject } from "./plain.ts";
import { PythonObject } from "./python-object.ts";
import { showsAs } from "./sameness.ts";
import { type Hint, Siblings } from "./siblings.ts";
import { TypedValue } from "./typed-value.ts";
import { nodeOfSmallValue } from "./value-nodes.ts";

/** How live values become exact ones. @throws EncodeError */
export const visits: Visits = { object: visitObject, primitive: visitPrimitive };

function visitPrimitive(pass: Pass, value: unknown, hint: Hint): Exact {
  if (typeof value === "string") return visitText(pass, value, hint);
  if (typeof value === "number") return visitNumber(pass, value, hint);
  if (typeof value === "boolean" || value === null) return kept(pass, value, hint);
  if (typeof value === "bigint") return kept(pass, exactInt(value), hint);
  return pass.refuse(`${value === undefined ? "undefined" : `a ${typeof value}`} has no Python value`);
}

/** A value without an identity is new where another one stood. */
function kept(pass: Pass, value: Exact, hint: Hint): Exact {
  return Object.is(value, hint) ? value : pass.accept(value);
}

/** The JSON text of what stood there is that itself: a JSON copy shows no more. */
function visitText(pass: Pass, value: string, hint: Hint): Exact {
  if (value === hint) return value;
  const stood = standing(hint);
  return stood !== undefined && jsonTextOf(stood) === value ? stood : pass.accept(value);
}

function visitNumber(pass: Pass, value: number, hint: Hint): Exact {
  if (hint instanceof Siblings) return pass.accept(hint.areFloats ? exactFloat(value) : exactNumber(value));
  if (hint === undefined) return pass.accept(exactNumber(value));
  if (showsAs(hint, value)) return hint;
  return pass.accept(isFloat(hint) ? exactFloat(value) : exactNumber(value));
}

function visitObject(pass: Pass, live: object, hint: Hint): Exact {
  const met = pass.met.get(live);
  if (met !== undefined) {
    pass.meetAgain(met, hint);
    return met;
  }
  const node = pass.known.get(live);
  if (node === undefined) return visitNew(pass, live, hint);
  if (node instanceof PyBytes) return fillBytes(pass, live, node);
  const isContainer = node instanceof PyDict || node instanceof PyList;
  if (isContainer && !(live instanceof PythonObject)) return fill(pass, live, node, node, node !== hint);
  if (types.isDate(live)) return patchDate(pass, live, hint);
  lookInside(pass, node, hint);
  return node;
}

/** An array that was handed out, or put in before. */
function fillBytes(pass: Pass, live: object, node: PyBytes): PyBytes {
  const content = live instanceof TypedValue ? live.typed.content : live;
  const filled = patchBytes(pass, live, content as Uint8Array, node);
  pass.met.set(live, filled);
  return filled;
}

function fill(pass: Pass, live: object, node: PyDict | PyList, hint: Hint, isNew: boolean): PyDict | PyList {
  const content = live instanceof TypedValue ? live.typed.content : live;
  pass.met.set(live, node);
  const outer = pass.enter(node, isNew);
  if (node instanceof PyList) {
    if (Array.isArray(content)) patchList(pass, content, node, hint);
    else patchSet(pass, content as ReadonlySet<unknown>, node, hint);
  } else if (types.isMap(content)) patchMap(pass, content, node, hint);
  else if (node === hint && hasNamesOf(content as PlainObject, node)) patchValues(pass, content as PlainObject, node);
  else patchObject(pass, content as PlainObject, node, hint);
  pass.leave(outer);
  return node;
}

/** A container that is not in the session yet: a copy, or a new one. */
function fillNew(pass: Pass, live: object, blank: PyDict | PyList, hint: Hint): Exact {
  pass.accept(blank);
  fill(pass, live, blank, hint, true);
  pass.pairs.add(live, blank);
  return blank;
}

function visitNew(pass: Pass, live: object, hint: Hint): Exact {
  if (live instanceof TypedValue) return visitTyped(pass, live, hint);
  if (types.isUint8Array(live)) return putBytes(pass, live, live, Siblings.of(hint).kinds.bytes, hint);
  if (isPlainObject(live)) return fillNew(pass, live, newDict(pass, live, hint), hint);
  if (isBuiltIn(live)) {
    if (types.isDate(live)) return patchDate(pass, live, hint);
    if (types.isMap(live)) return fillNew(pass, live, new PyDict(), hint);
    if (types.isSet(live)) return fillNew(pass, live, new PyList(Siblings.of(hint).kinds.set, []), hint);
    if (Array.isArray(live)) return fillNew(pass, live, new PyList(Siblings.of(hint).kinds.array, []), hint);
  }
  return visitSmallValue(pass, live, hint);
}

/** New bytes are known by their array from now on; what stood there may be another array's. */
function putBytes(pass: Pass, live: object, content: Uint8Array, kind: PyBytes["kind"], hint: Hint): PyBytes {
  const stood = standing(hint);
  const bytes = newBytes(pass, content, kind, stood);
  if (bytes !== stood) pass.pairs.add(live, bytes);
  return bytes;
}

function newDict(pass: Pass, live: object, hint: Hint): PyDict {
  const reason = lostType(live, Siblings.of(hint).kinds.plain);
  return reason === undefined ? new PyDict() : pass.refuse(reason);
}

function visitSmallValue(pass: Pass, live: object, hint: Hint): Exact {
  if (live instanceof PythonObject) pass.refuse("it is a Python object of another session, or a copy of one");
  const node = nodeOfSmallValue(live) ?? pass.refuse(`an instance of ${className(live)} has no Python value`);
  return equalOr(pass, node, hint);
}

function visitTyped(pass: Pass, live: TypedValue, hint: Hint): Exact {
  const { type, content } = live.typed;
  if (type === "int") return kept(pass, exactInt(content), hint);
  if (type === "float") return equalOr(pass, exactFloat(content), hint);
  if (type === "datetime") return equalOr(pass, content, hint);
  if (type === "bytes" || type === "bytearray") return putBytes(pass, live, content, type, hint);
  return fillNew(pass, live, type === "dict" ? new PyDict() : new PyList(type, []), hint);
}

/** What stood there if it is equal, else the new value. */
function equalOr(pass: Pass, value: Exact, hint: Hint): Exact {
  const stood = hint instanceof Siblings ? undefined : hint;
  return stood !== undefined && sameExact(stood, value) ? stood : pass.accept(value);
}

/** The node that stood in this very place. */
function standing(hint: Hint): ExactNode | undefined {
  return hint instanceof Siblings || hint === undefined || !isNode(hint) ? undefined : hint;
}
