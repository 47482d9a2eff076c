import { type Exact, PyDateTime, PyDecimal, PyTimedelta, PyUuid } from "../values/exact.ts";
import { isoText } from "./date-text.ts";
import { uuidText } from "./uuid-text.ts";

/**
 * The text in which msgspec 0.22.0 writes a value that neither of its formats has a type for.
 * @returns `undefined` for what it does not write as text, or what only Python could
 */
export function msgspecText(node: Exact): string | undefined {
  if (node instanceof PyDateTime || node instanceof PyTimedelta) return isoText(node);
  if (node instanceof PyDecimal) return node.text;
  return node instanceof PyUuid ? uuidText(node) : undefined;
}
