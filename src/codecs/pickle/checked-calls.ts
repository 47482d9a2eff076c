/**
 * Calls of functions that call, fetch or make what they are given. CPython writes each for one purpose: `partial` of a
 * function, the iterator that `map` is, `int | str`. In any other call they could do what no name in the pickle says:
 * `map(partial(getattr, object), [attribute])`.
 */
import { type Exact, PyGlobal, PyObject } from "../../values/exact.ts";
import { isChecked, isDangerousAttribute, isUnknown, listedName } from "./dangerous.ts";
import type { Globals } from "./globals.ts";
import { CALLED } from "./harmless-names.ts";

/** Whether the arguments are those that CPython writes. */
type Expectation = (args: readonly Exact[]) => boolean;

const expectations = new Map<string, Expectation>([
  ["builtins.filter", ([test]) => isNoneOrNamed(test)],
  ["builtins.getattr", isAttributeOfApp],
  ["builtins.iter", (args) => args.length === 1],
  ["builtins.map", ([called]) => isNamed(called)],
  ["builtins.type", ([value, ...more]) => isNoneOrNamed(value) && more.length === 0],
  ["functools.partial", ([called, ...more]) => isNamed(called) && more.length === 0],
  ["functools.reduce", ([called]) => isNamed(called) && listedName(called.module, called.name) === "operator.or_"],
  ["itertools.accumulate", ([, added]) => isNoneOrNamed(added)],
  ["itertools.dropwhile", ([test]) => isNamed(test)],
  ["itertools.filterfalse", ([test]) => isNoneOrNamed(test)],
  ["itertools.groupby", ([, key]) => isNoneOrNamed(key)],
  ["itertools.starmap", ([called]) => isNamed(called)],
  ["itertools.takewhile", ([test]) => isNamed(test)],
  ["operator.getitem", ([generic]) => isNamed(generic) && generic.module === "typing"],
]);

/** Warns of a call that CPython does not write. Those that it does, and that have a node of their own, never come here. */
export function checkCall(globals: Globals, { how, callee, args }: PyObject): void {
  if (callee instanceof PyObject) {
    if (!isMadeByApp(callee) && !isCalled(callee)) globals.warnOf(callee.callee as PyGlobal);
  } else if (isChecked(callee) && !(how === "call" && isExpected(callee, args.items))) globals.warnOf(callee);
}

function isExpected({ module, name }: PyGlobal, args: readonly Exact[]): boolean {
  return expectations.get(listedName(module, name))?.(args) === true;
}

/** A function by its name, which has been looked at where it was named. */
function isNamed(value: Exact | undefined): value is PyGlobal {
  return value instanceof PyGlobal;
}

function isNoneOrNamed(value: Exact | undefined): boolean {
  return value === null || isNamed(value);
}

/** A bound method: those of Python's own objects, and of well-known packages', reach further than their data. */
function isAttributeOfApp([object, name, ...more]: readonly Exact[]): boolean {
  if (typeof name !== "string" || isDangerousAttribute(name) || more.length > 0) return false;
  return object instanceof PyObject && isMadeByApp(object);
}

/** Whether an object is of an unknown class, a bound method of one, or what another object gave. */
function isMadeByApp(object: PyObject): boolean {
  const owner = isBoundMethod(object) ? (object.args.items[0] as PyObject) : object;
  const type = typeOf(owner);
  return owner.callee instanceof PyObject || (type !== undefined && isUnknown(type.module));
}

function isCalled(object: PyObject): boolean {
  const type = typeOf(object);
  return type !== undefined && CALLED.has(listedName(type.module, type.name));
}

/** The class of an object, or the function that gave it, where they are named. */
function typeOf({ callee, args }: PyObject): PyGlobal | undefined {
  const type = callee instanceof PyGlobal && callee.module === "copyreg" ? args.items[0] : callee;
  return type instanceof PyGlobal ? type : undefined;
}

function isBoundMethod({ callee, args }: PyObject): boolean {
  return (
    callee instanceof PyGlobal &&
    callee.name === "getattr" &&
    callee.module === "builtins" &&
    args.items[0] instanceof PyObject
  );
}
