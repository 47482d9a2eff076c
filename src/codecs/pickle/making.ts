/** Makes the node of an object that Node does not know. */
import { type Exact, type Making, type PyDict, PyGlobal, type PyList, PyObject } from "../../values/exact.ts";
import { checkCall } from "./checked-calls.ts";
import type { Machine } from "./machine.ts";

/** What a call gives, described by the call. @throws DecodeError where nothing could be called */
export function make(machine: Machine, how: Making, callee: Exact, args: PyList, keywords?: PyDict): PyObject {
  if (!(callee instanceof PyGlobal || callee instanceof PyObject)) machine.fail("a call of what is not callable");
  const object = new PyObject(how, callee, args, keywords);
  object.changedAt = machine.at;
  machine.hold(object, args);
  if (callee instanceof PyObject) machine.hold(object, callee);
  if (keywords !== undefined) machine.hold(object, keywords);
  checkCall(machine.globals, object);
  return object;
}

/** Whether a value is the global of this name. */
export function isGlobal(value: Exact | undefined, module: string, name: string): value is PyGlobal {
  return value instanceof PyGlobal && value.name === name && value.module === module;
}
