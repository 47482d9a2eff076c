/** A UUID exists before its state: the node is made first and filled in place. */
import { type Exact, PyDict, PyGlobal, PyList, PyObject, type PyUuid } from "../../values/exact.ts";
import type { Machine } from "./machine.ts";

/**
 * Takes the state `{"int": n}`. A state that says more (`is_safe` of some uuid1) makes the UUID an object like any.
 * @returns the object that the state is for, `undefined` where the node has taken it
 */
export function fillUuid(machine: Machine, uuid: PyUuid, state: Exact): PyObject | undefined {
  const int = integerOf(state);
  if (int === undefined || uuid.int !== undefined || uuid.object !== undefined) return objectOf(machine, uuid);
  uuid.int = int;
  return undefined;
}

function integerOf(state: Exact): bigint | undefined {
  if (!(state instanceof PyDict) || state.keys.length !== 1 || state.keys[0] !== "int") return undefined;
  const [value = null] = state.values;
  if (typeof value !== "bigint" && !Number.isInteger(value)) return undefined;
  const int = BigInt(value as bigint | number);
  return int >= 0n && int < 1n << 128n ? int : undefined;
}

function objectOf(machine: Machine, uuid: PyUuid): PyObject {
  if (uuid.object !== undefined) return uuid.object;
  uuid.object = new PyObject("new", new PyGlobal("uuid", "UUID"), new PyList("tuple", []));
  uuid.object.changedAt = machine.at;
  if (uuid.int === undefined) return uuid.object;
  const state = new PyDict(["int"], [uuid.int]);
  uuid.object.operations.push({ kind: "build", operands: [state] });
  uuid.int = undefined;
  return uuid.object;
}
