/**
 * Calls of functions that call, fetch or make what they are given. CPython writes each for one purpose: `partial` of a
 * function, the iterator that `map` is, `int | str`. In any other call they could do what no name in the pickle says:
 * `map(partial(getattr, object), [attribute])`.
 */
import { type Exact, PyGlobal, PyObject } from "../../values/exact.ts";
import { isChecked, isDangerousAttribute, isUnjudged, isUnknown, listedName } from "./dangerous.ts";
import type { Globals } from "./globals.ts";

/** Whether the arguments are those that CPython writes. */
type Expectation = (args: readonly Exact[]) => boolean;

const expectations = new Map<string, Expectation>([
  ["builtins.filter", ([test]) => test === null || isNamed(test)],
  ["builtins.getattr", isAttributeOfApp],
  ["builtins.iter", (args) => args.length === 1],
  ["builtins.map", ([called]) => isNamed(called)],
  ["builtins.type", ([value, ...more]) => (value === null || isNamed(value)) && more.length === 0],
  ["functools.partial", ([called, ...more]) => isNamed(called) && more.length === 0],
  ["functools.reduce", ([called]) => isNamed(called) && listedName(called.module, called.name) === "operator.or_"],
  ["itertools.accumulate", ([, added]) => added === null || isNamed(added)],
  ["itertools.dropwhile", ([test]) => isNamed(test)],
  ["itertools.filterfalse", ([test]) => test === null || isNamed(test)],
  ["itertools.groupby", ([, key]) => key === null || isNamed(key)],
  ["itertools.starmap", ([called]) => isNamed(called)],
  ["itertools.takewhile", ([test]) => isNamed(test)],
  ["operator.getitem", ([generic]) => isNamed(generic) && generic.module === "typing"],
]);

/** Warns of a call that CPython does not write. Those that it does, and that have a node of their own, never come here. */
export function checkCall(globals: Globals, { how, callee, args }: PyObject): void {
  if (callee instanceof PyObject) {
    // A call of what a package made is SQLAlchemy's: its `_UnpickleDispatch`.
    if (!isMadeBy(callee, isUnjudged)) globals.warnOf(callee.callee as PyGlobal);
  } else if (isChecked(callee) && !(how === "call" && isExpected(callee, args.items))) globals.warnOf(callee);
}

function isExpected({ module, name }: PyGlobal, args: readonly Exact[]): boolean {
  return expectations.get(listedName(module, name))?.(args) === true;
}

/** A function by its name, which has been looked at where it was named. */
function isNamed(value: Exact | undefined): value is PyGlobal {
  return value instanceof PyGlobal;
}

/** A bound method: those of Python's own objects, and of well-known packages', reach further than their data. */
function isAttributeOfApp([object, name, ...more]: readonly Exact[]): boolean {
  if (typeof name !== "string" || isDangerousAttribute(name) || more.length > 0) return false;
  return object instanceof PyObject && isMadeBy(object, isUnknown);
}

/** Whether an object is of a class in such a module, or what another object gave. */
function isMadeBy({ callee, args }: PyObject, isSuch: (module: string) => boolean): boolean {
  if (callee instanceof PyObject) return true;
  const type = callee.module === "copyreg" ? args.items[0] : callee;
  return type instanceof PyGlobal && isSuch(type.module);
}
