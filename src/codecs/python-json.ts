/** Writes JSON character for character as `json.dumps` of Python 3.11 does. */
import { isWellFormed } from "../bytes/utf8.ts";
import { EncodeError } from "../errors.ts";
import { type Exact, type ExactNode, PyDict, PyFloat, PyList } from "../values/exact.ts";
import { isWritableInt } from "./json-text.ts";
import { LONE_SURROGATE } from "./msgspec-rules.ts";
import { pathOf } from "./path.ts";

/** What callers of `json.dumps` choose. */
export interface PythonJsonStyle {
  readonly itemSeparator: string;
  readonly keySeparator: string;
  /** Python's `ensure_ascii`: what is not ASCII is escaped. */
  readonly ascii: boolean;
}

/** What Python does unasked. */
export const SPACED: PythonJsonStyle = { itemSeparator: ", ", keySeparator: ": ", ascii: true };

/** What itsdangerous >= 1.0 asks for in URL-safe tokens. */
export const COMPACT: PythonJsonStyle = { itemSeparator: ",", keySeparator: ":", ascii: false };

/** What Flask asks for in its cookie. */
export const COMPACT_ASCII: PythonJsonStyle = { ...COMPACT, ascii: true };

/**
 * Containers within containers, those of tags too: what Flask 3.1.3 on Python 3.11 reads, and so can have written. What
 * JavaScript puts in is refused at fewer. A cycle ends here too.
 */
export const MAX_PYTHON_JSON_DEPTH = 490;

const NOT_ASCII = /[\u007f-\uffff]/g;

/** The end of a sentence on what JSON has no form for. */
const ONLY_PYTHON = "JSON has no form for it";

/** @throws EncodeError with the path of what JSON cannot hold */
export function pythonJson(value: Exact, style: PythonJsonStyle): string {
  const pieces: string[] = [];
  write(value, { root: value, style, pieces, depth: 0 });
  return pieces.join("");
}

interface Text {
  readonly root: Exact;
  readonly style: PythonJsonStyle;
  readonly pieces: string[];
  depth: number;
}

function write(value: Exact, text: Text): void {
  if (value instanceof PyList) writeList(value, text);
  else if (value instanceof PyDict) writeDict(value, text);
  else text.pieces.push(scalarText(value, text));
}

function writeList(list: PyList, text: Text): void {
  const { pieces, style } = text;
  enter(list, text);
  pieces.push("[");
  list.items.forEach((item, index) => {
    if (index > 0) pieces.push(style.itemSeparator);
    write(item, text);
  });
  pieces.push("]");
  text.depth--;
}

function writeDict(dict: PyDict, text: Text): void {
  const { pieces, style } = text;
  enter(dict, text);
  pieces.push("{");
  dict.keys.forEach((key, index) => {
    if (typeof key !== "string") refuse(dict, "the keys of JSON are strings", text);
    if (index > 0) pieces.push(style.itemSeparator);
    pieces.push(quoted(key, text), style.keySeparator);
    write(dict.values[index] as Exact, text);
  });
  pieces.push("}");
  text.depth--;
}

function enter(container: ExactNode, text: Text): void {
  if (++text.depth > MAX_PYTHON_JSON_DEPTH) refuse(container, "it holds itself, or is too deep", text);
}

function scalarText(value: Exact, text: Text): string {
  if (typeof value === "string") return quoted(value, text);
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : pythonFloatText(value);
  if (typeof value === "bigint")
    return isWritableInt(value) ? String(value) : refuse(value, "an int of too many digits", text);
  if (value instanceof PyFloat) return pythonFloatText(value.value);
  return typeof value === "object" && value !== null ? refuse(value, ONLY_PYTHON, text) : String(value);
}

/** JavaScript's own escapes are Python's, but for what is not ASCII. */
function quoted(value: string, text: Text): string {
  if (text.style.ascii) return JSON.stringify(value).replace(NOT_ASCII, escaped);
  return isWellFormed(value) ? JSON.stringify(value) : refuse(value, LONE_SURROGATE, text);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** `repr` of a float: `1.0`, `1e-05`, `1e+16`, `NaN`, `-Infinity`. */
export function pythonFloatText(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size >= 1e16 || (size < 1e-4 && size > 0)) return value.toExponential().replace(/([+-])(\d)$/, "$10$2");
  const text = Object.is(value, -0) ? "-0" : String(value);
  return Number.isInteger(value) ? `${text}.0` : text;
}

function refuse(value: unknown, reason: string, { root }: Text): never {
  throw new EncodeError(pathOf(root, value), reason);
}
