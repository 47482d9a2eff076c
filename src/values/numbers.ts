/** Numbers of the exact tree: which are ints, which are floats. */
import { type Exact, exactFloat, PyFloat } from "./exact.ts";
import { MAX_NUMBER_KEYS } from "./limits.ts";

/** An int or a float; a bool is none here. */
export function isNumber(value: Exact): value is number | bigint | PyFloat {
  return typeof value === "number" || typeof value === "bigint" || value instanceof PyFloat;
}

/** Whether Python has it as a float. NaN and the infinities are. */
export function isFloat(value: Exact): boolean {
  return value instanceof PyFloat || (typeof value === "number" && !Number.isInteger(value));
}

/** A JavaScript number where nothing says float: whole numbers that JavaScript has exactly are ints; −0 is no int. */
export function exactNumber(value: number): Exact {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : exactFloat(value);
}

/** Whether a dict or set of Python's has more number keys than a Map or Set of ours may hold. */
export function hasManyNumbers(keys: readonly Exact[]): boolean {
  return keys.length > MAX_NUMBER_KEYS && keys.filter(isNumber).length > MAX_NUMBER_KEYS;
}
