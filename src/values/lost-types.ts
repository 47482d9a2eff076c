/** Copies that have lost their type on the way: JSON and `structuredClone` know nothing of Python's. */
import { instantOf } from "./datetimes.ts";
import { type ExactNode, PyBytes, PyDateTime, PyDict, PyFloat, PyList } from "./exact.ts";
import { objectName } from "./object-names.ts";
import { smallValueOf } from "./value-nodes.ts";

/** What JSON makes of the Date, small value or Python object of a node; `undefined` where a handler sees none of these. */
export function jsonTextOf(node: ExactNode): string | undefined {
  if (node instanceof PyFloat || node instanceof PyBytes) return undefined;
  if (node instanceof PyDict || node instanceof PyList) return undefined;
  const instant = node instanceof PyDateTime ? instantOf(node) : undefined;
  if (instant !== undefined) return new Date(instant).toJSON();
  return smallValueOf(node)?.toJSON() ?? `<${objectName(node).join(".")}>`;
}

/** What a plain object can be a copy of. */
export type Original =
  /** A dict, or nothing that stood there. */
  | "dict"
  /** A small value or Python object, of which copies show the fields. */
  | "object"
  /** bytes, of which JSON shows the indexes. */
  | "bytes"
  /** What JSON shows as `{}`: a set, a dict with other keys than str. */
  | "emptied";

/** What a plain object is taken for where these stood. */
export function originalAmong(nodes: readonly ExactNode[]): Original {
  const originals = new Set(nodes.flatMap((node) => (node instanceof PyFloat ? [] : [originalOf(node)])));
  const [only = "dict"] = originals;
  return originals.size === 1 ? only : "dict";
}

/** @returns why a new plain object is no dict but a copy that has lost its type, as the end of a sentence, or `undefined`. */
export function lostType(live: object, original: Original): string | undefined {
  return isCopyOf[original](live) ? `it looks like a copy of what stood there, ${lost[original]}` : undefined;
}

const isCopyOf: Readonly<Record<Original, (live: object) => boolean>> = {
  dict: () => false,
  object: () => true,
  bytes: looksLikeBytes,
  emptied: (live) => Object.keys(live).length === 0,
};

const lost: Readonly<Record<Original, string>> = {
  dict: "",
  object: "without its Python type; py.dict says that a dict is meant",
  bytes: "no longer a Uint8Array; py.dict says that a dict is meant",
  emptied: "without what was in it; py.dict says that an empty dict is meant",
};

function originalOf(node: ExactNode): Original {
  if (node instanceof PyBytes) return "bytes";
  if (node instanceof PyList)
    return (node.kind === "set" || node.kind === "frozenset") && node.items.length > 0 ? "emptied" : "dict";
  if (node instanceof PyDict) return node.keys.some((key) => typeof key !== "string") ? "emptied" : "dict";
  return node instanceof PyDateTime && instantOf(node) !== undefined ? "emptied" : "object";
}

/** `JSON.stringify` writes a Uint8Array by its indexes, a Buffer as `{"type":"Buffer","data":[…]}`. */
function looksLikeBytes(live: object): boolean {
  const { type, data } = live as { readonly type?: unknown; readonly data?: unknown };
  if (type === "Buffer" && Array.isArray(data)) return true;
  return Object.keys(live).every((name, index) => name === String(index));
}
