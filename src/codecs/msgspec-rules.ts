/** What msgspec, in either of its formats, raises on or turns into something else. */
import { isWellFormed } from "../bytes/utf8.ts";
import {
  type ExactNode,
  PyDecimal,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "../values/exact.ts";

/** The end of a sentence on text that is refused. */
export const LONE_SURROGATE = "a lone surrogate is no UTF-8";

/** The end of a sentence on Markup that is refused. */
export const MARKUP = "msgspec cannot encode Markup: use its toString()";

/** @returns why text is refused, or `undefined` */
export function refuseText(text: string): string | undefined {
  return isWellFormed(text) ? undefined : LONE_SURROGATE;
}

/** The end of a sentence on an instance of a class, a class, a datetime in a zone that Node does not know. */
export const ONLY_PYTHON = "only Python could write it in the format of the record";

/**
 * @param format as a reader of the sentence knows it
 * @returns why a node that is no str, bytes, list or dict to Python is refused, or `undefined`; a datetime each format refuses itself
 */
export function refuseNode(node: ExactNode, format: "msgpack" | "JSON"): string | undefined {
  if (node instanceof PyList) {
    return node.kind === "list" ? undefined : `${format} turns a ${node.kind} into a list: use an array`;
  }
  if (node instanceof PyMarkup) return MARKUP;
  if (node instanceof PyObject || node instanceof PyGlobal) return ONLY_PYTHON;
  const name = textual(node);
  return name === undefined ? undefined : `${format} turns a ${name} into text: use its toString()`;
}

/** The name of a class whose values become text. */
function textual(node: ExactNode): string | undefined {
  if (node instanceof PyTimedelta) return "timedelta";
  if (node instanceof PyDecimal) return "Decimal";
  return node instanceof PyUuid ? "UUID" : undefined;
}
