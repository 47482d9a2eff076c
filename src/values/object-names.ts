/** How a Python object without a JavaScript form is named and described to a handler. */
import { fieldsOf, foldOf, timeFieldsOf } from "./datetimes.ts";
import {
  type Exact,
  type ExactNode,
  type Operation,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyExt,
  PyGlobal,
  PyList,
  PyObject,
  PyUuid,
} from "./exact.ts";
import type { Description } from "./python-object.ts";

/** Module and name. */
export type ObjectName = readonly [string, string];

/** Nodes that are told by name and arguments alone. */
const names: ReadonlyMap<unknown, ObjectName> = new Map<unknown, ObjectName>([
  [PyUuid, ["uuid", "UUID"]],
  [PyDecimal, ["decimal", "Decimal"]],
  [PyExt, ["msgspec.msgpack", "Ext"]],
]);

/** The class of an object; a global's own name. */
export function objectName(node: ExactNode): ObjectName {
  if (node instanceof PyGlobal) return [node.module, node.name];
  if (node instanceof PyDateTime) return ["datetime", node.kind];
  if (node instanceof PyList) return ["builtins", node.kind];
  if (node instanceof PyDict) return ["builtins", "dict"];
  if (node instanceof PyObject) return madeBy(node);
  return names.get(node.constructor) ?? ["datetime", "timedelta"];
}

/** Protocols 0 and 1 make instances by `copyreg._reconstructor(class, base, state)`. */
function madeBy({ callee, args }: PyObject): ObjectName {
  const [first] = args.items;
  if (callee instanceof PyGlobal) {
    const isReconstructed = callee.module === "copyreg" && callee.name === "_reconstructor";
    return objectName(isReconstructed && first instanceof PyGlobal ? first : callee);
  }
  const [module, name] = callee.callee instanceof PyGlobal ? objectName(callee.callee) : ["", ""];
  return [module, `${name}()`];
}

/** What is in an object, every part of it seen through `view`. */
export function objectDescription(node: ExactNode, view: (value: Exact) => unknown): Partial<Description> {
  if (node instanceof PyObject) return instanceDescription(node, view);
  if (node instanceof PyUuid && node.object !== undefined) return instanceDescription(node.object, view);
  if (node instanceof PyDateTime) return datetimeDescription(node, view);
  if (node instanceof PyExt) return { args: Object.freeze([node.code, node.bytes.slice()]) };
  if (node instanceof PyList) return { items: node.items.map(view) };
  if (node instanceof PyDict) return { entries: node.entries().map(([key, value]) => [view(key), view(value)]) };
  return node instanceof PyDecimal ? { args: Object.freeze([node.text]) } : {};
}

function instanceDescription(
  { args, kwargs, operations }: PyObject,
  view: (value: Exact) => unknown,
): Partial<Description> {
  const seen = { items: [] as unknown[], entries: [] as [unknown, unknown][], state: undefined as unknown };
  for (const operation of operations) tell[operation.kind](operation.operands.map(view), seen);
  return {
    ...seen,
    args: view(args) as readonly unknown[],
    ...(kwargs === undefined ? {} : { kwargs: view(kwargs) as Readonly<Record<string, unknown>> }),
  };
}

interface Told {
  readonly items: unknown[];
  readonly entries: [unknown, unknown][];
  state: unknown;
}

const tell: Readonly<Record<Operation["kind"], (operands: unknown[], told: Told) => void>> = {
  append: addItems,
  extend: addItems,
  add: addItems,
  set(operands, { entries }) {
    for (let index = 0; index + 1 < operands.length; index += 2) entries.push([operands[index], operands[index + 1]]);
  },
  build([state], told) {
    told.state = state;
  },
  setter([, state], told) {
    told.state = state;
  },
};

function addItems(operands: unknown[], { items }: Told): void {
  for (const operand of operands) items.push(operand);
}

/** A datetime or time with a tzinfo of its own, in the arguments of Python's constructor. */
function datetimeDescription({ kind, raw, tzinfo }: PyDateTime, view: (value: Exact) => unknown): Partial<Description> {
  const [hour, minute, second, microsecond, timeFold] = timeFieldsOf(raw);
  const isTime = kind === "time";
  const args = isTime ? [hour, minute, second, microsecond] : [...fieldsOf(raw)];
  const fold = isTime ? timeFold : foldOf(raw);
  return { args: Object.freeze(args), kwargs: Object.freeze({ tzinfo: view(tzinfo), fold }) };
}
