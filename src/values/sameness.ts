/** What counts as no change. */
import { type Exact, PyFloat } from "./exact.ts";

/** Whether a handler sees the exact value as this very number. */
export function showsAs(exact: Exact | undefined, value: number): boolean {
  return Object.is(exact instanceof PyFloat ? exact.value : exact, value);
}

/** Whether a handler sees the exact value as this very value, which is no object. */
export function isUnchanged(value: unknown, exact: Exact | undefined): boolean {
  if (typeof value === "number") return showsAs(exact, value);
  return Object.is(value, exact);
}

/** Whether these are the same values in the same order. */
export function isSame(next: readonly Exact[], before: readonly Exact[]): boolean {
  return next.length === before.length && next.every((value, index) => Object.is(value, before[index]));
}
