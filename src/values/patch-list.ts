/** Arrays into lists and tuples. */
import { types } from "node:util";
import { type Exact, PyBytes, PyDateTime, PyDict, PyFloat, PyList } from "./exact.ts";
import { isNode } from "./exact-children.ts";
import type { Pass } from "./patch-pass.ts";
import { isUnchanged } from "./sameness.ts";
import { type Hint, Siblings } from "./siblings.ts";
import { TypedValue } from "./typed-value.ts";

/** Writes the items of an array into its node; holes and `undefined` have no Python value. @throws EncodeError */
export function patchList(pass: Pass, live: readonly unknown[], node: PyList, hint: Hint): void {
  const stood = hint instanceof PyList ? hint.items : [];
  const placeOf = hint instanceof PyList ? placesIn(stood, live.length) : placesAmong(Siblings.of(hint), live.length);
  const isStill = stood.length === live.length ? isUnchanged : Object.is;
  let next: Exact[] | undefined = node === hint ? undefined : [];
  for (let index = 0; index < live.length; index++) {
    const value = live[index];
    const before = index < stood.length ? stood[index] : undefined;
    const isKnown = typeof value === "object" && value !== null && pass.known.has(value);
    const exact =
      before !== undefined && isStill(value, before)
        ? before
        : pass.at(index, value, isKnown ? before : placeOf(index, value));
    if (next === undefined && Object.is(exact, before)) continue;
    next ??= stood.slice(0, index);
    next.push(exact);
  }
  if (next === undefined && live.length < stood.length) next = stood.slice(0, live.length);
  if (next === undefined) return;
  if (node === hint) pass.change(node);
  node.items = next;
}

/** What a new item takes after. */
type PlaceOf = (index: number, value: unknown) => Hint;

function placesAmong(siblings: Siblings, length: number): PlaceOf {
  return (index) => siblings.item(index, length);
}

/**
 * A list of the old length is taken to have its items in their old places. Else, and for a number that was not there, the
 * items are siblings: a sort and an assignment look alike.
 */
function placesIn(stood: readonly Exact[], length: number): PlaceOf {
  const siblings = new Siblings(stood);
  return (index, value) => {
    if (typeof value === "number") return numberPlace(value, siblings);
    const before = stood.length === length ? stood[index] : undefined;
    if (typeof value !== "object" || value === null) return before;
    return before !== undefined && resembles(value, before) ? before : siblings;
  };
}

function numberPlace(value: number, siblings: Siblings): Hint {
  if (siblings.areFloats) return siblings;
  return siblings.hasOnlyAsFloat(value) ? new PyFloat(value) : undefined;
}

/** Whether a new object can be a copy of what stood there. */
function resembles(value: object, before: Exact): boolean {
  const isOrdered = before instanceof PyList && (before.kind === "list" || before.kind === "tuple");
  if (Array.isArray(value)) return isOrdered;
  if (types.isSet(value)) return before instanceof PyList && !isOrdered;
  if (types.isMap(value)) return before instanceof PyDict;
  if (types.isUint8Array(value)) return before instanceof PyBytes;
  if (types.isDate(value)) return before instanceof PyDateTime;
  if (value instanceof TypedValue) return true;
  return isNode(before) && !isOrdered;
}
