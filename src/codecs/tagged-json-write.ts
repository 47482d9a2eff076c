/** From values to the tags of Flask's JSON. */
import { EncodeError } from "../errors.ts";
import { fieldsOf, instantOf } from "../values/datetimes.ts";
import {
  type Exact,
  type ExactNode,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyFloat,
  PyList,
  PyMarkup,
  PyTimedelta,
  PyUuid,
} from "../values/exact.ts";
import { isWritableInt } from "./json-text.ts";
import { pathOf } from "./path.ts";
import { MAX_PYTHON_JSON_DEPTH } from "./python-json.ts";
import type { TaggedJsonDialect } from "./tagged-json.ts";
import { isTagKey } from "./tagged-json-read.ts";
import { uuidText } from "./uuid-text.ts";

/** @returns why a value is refused, without its contents, as the end of a sentence, or `undefined` */
export function refusal(value: Exact): string | undefined {
  if (typeof value === "bigint")
    return isWritableInt(value) ? undefined : "an int of more than 4300 digits is beyond Python";
  return typeof value === "object" && value !== null ? refuseNode(value) : undefined;
}

function refuseNode(node: ExactNode): string | undefined {
  if (node instanceof PyList) return refuseList(node);
  if (node instanceof PyBytes) return node.kind === "bytes" ? undefined : "tagged JSON has no bytearray: use a Buffer";
  if (node instanceof PyDateTime) return refuseDateTime(node);
  if (node instanceof PyDict || node instanceof PyFloat || node instanceof PyMarkup) return undefined;
  if (node instanceof PyUuid && uuidText(node) !== undefined) return undefined;
  if (node instanceof PyDecimal) return "tagged JSON turns a Decimal into text: use its toString()";
  return node instanceof PyTimedelta
    ? "tagged JSON has no timedelta: use a number of seconds"
    : "tagged JSON has no form for it";
}

function refuseList({ kind }: PyList): string | undefined {
  return kind === "list" || kind === "tuple" ? undefined : `tagged JSON has no ${kind}: use an array`;
}

function refuseDateTime(node: PyDateTime): string | undefined {
  if (node.kind !== "datetime") return `tagged JSON has no ${node.kind}: use its toString()`;
  if (instantOf(node) === undefined) return "only Python knows its offset from UTC";
  return fieldsOf(node.raw)[0] < 100 ? "Python reads a year before 100 as one of our time" : undefined;
}

/** @returns why a dict is refused that a Flask without the tag ` di` takes for a tag, or `undefined` */
export function refuseTagKey(value: Exact, dialect: TaggedJsonDialect): string | undefined {
  if (dialect.escapesTags || !(value instanceof PyDict) || value.keys.length !== 1) return undefined;
  return isTagKey(value.keys[0], dialect)
    ? "Flask before 1.0 takes a dict of this one key for something else"
    : undefined;
}

/** A tree of what JSON has. @throws EncodeError with the path of what has no form in it */
export function tagged(root: Exact, dialect: TaggedJsonDialect): Exact {
  return tagIn(root, { root, dialect, depth: 0 });
}

interface Tagging {
  readonly root: Exact;
  readonly dialect: TaggedJsonDialect;
  depth: number;
}

function tagIn(value: Exact, tagging: Tagging): Exact {
  const reason = refusal(value) ?? refuseTagKey(value, tagging.dialect);
  if (reason !== undefined) throw new EncodeError(pathOf(tagging.root, value), reason);
  if (value instanceof PyDict || value instanceof PyList) return tagContainer(value, tagging);
  return tagOf(value) ?? value;
}

function tagContainer(container: PyDict | PyList, tagging: Tagging): Exact {
  if (++tagging.depth > MAX_PYTHON_JSON_DEPTH) {
    throw new EncodeError(pathOf(tagging.root, container), "it holds itself, or is too deep");
  }
  const contents = container instanceof PyDict ? container.values : container.items;
  const inner = contents.map((item) => tagIn(item, tagging));
  tagging.depth--;
  if (container instanceof PyDict) return tagDict(container.keys, inner, tagging.dialect);
  const list = new PyList("list", inner);
  return container.kind === "tuple" ? tag(" t", list) : list;
}

function tagDict(keys: Exact[], values: Exact[], dialect: TaggedJsonDialect): PyDict {
  const [key] = keys;
  if (keys.length !== 1 || !isTagKey(key, dialect)) return new PyDict(keys, values);
  return tag(" di", new PyDict([`${key}__`], values));
}

function tagOf(value: Exact): PyDict | undefined {
  if (value instanceof PyBytes) return tag(" b", Buffer.from(value.bytes).toString("base64"));
  if (value instanceof PyMarkup) return tag(" m", value.text);
  if (value instanceof PyUuid) return tag(" u", (uuidText(value) as string).replaceAll("-", ""));
  // Whole seconds, as Flask writes them.
  if (value instanceof PyDateTime) return tag(" d", new Date(instantOf(value) as number).toUTCString());
  return undefined;
}

function tag(name: string, content: Exact): PyDict {
  return new PyDict([name], [content]);
}
