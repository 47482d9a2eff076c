/** From the tags of Flask's JSON to the values they stand for. */
import { decodeBase64Lenient } from "../bytes/base64.ts";
import { DecodeError } from "../errors.ts";
import { rawDatetime } from "../values/datetimes.ts";
import { type Exact, PyBytes, PyDateTime, PyDict, PyFloat, PyList, PyMarkup, PyUuid, UTC } from "../values/exact.ts";
import { isDate, isTime } from "../values/value-types.ts";
import { pythonFloatText } from "./python-json.ts";
import type { TaggedJsonDialect } from "./tagged-json.ts";

/** Reads what stands in a tag; contents are read already. */
type ReadTag = (content: Exact, dialect: TaggedJsonDialect) => Exact;

/** Of a dict that only looks like a tag. */
const ESCAPED = " di";

const TAGS: ReadonlyMap<string, ReadTag> = new Map<string, ReadTag>([
  [" t", (content) => new PyList("tuple", itemsOf(content))],
  [" b", (content) => new PyBytes("bytes", bytesOf(content))],
  [" m", (content) => new PyMarkup(markupText(content))],
  [" u", (content) => new PyUuid(uuidOf(content))],
  [" d", (content, { awareDatetimes }) => datetimeOf(content, awareDatetimes)],
  [ESCAPED, unescapedDict],
]);

/** Whether a dict of this one key is a tag to Flask. */
export function isTagKey(key: Exact | undefined, { escapesTags }: TaggedJsonDialect): key is string {
  return typeof key === "string" && TAGS.has(key) && (escapesTags || key !== ESCAPED);
}

/** The values, from the innermost outwards. Lists and dicts change in place. @throws DecodeError */
export function untagged(value: Exact, dialect: TaggedJsonDialect): Exact {
  if (value instanceof PyList) {
    value.items = value.items.map((item) => untagged(item, dialect));
    return value;
  }
  if (!(value instanceof PyDict)) return value;
  value.values = value.values.map((item) => untagged(item, dialect));
  const [key] = value.keys;
  if (value.keys.length !== 1 || !isTagKey(key, dialect)) return value;
  const read = TAGS.get(key) as ReadTag;
  return read(value.values[0] as Exact, dialect);
}

/** As Python iterates: over items, keys, bytes, characters. */
function itemsOf(content: Exact): Exact[] {
  if (content instanceof PyList) return content.items;
  if (content instanceof PyDict) return content.keys;
  return content instanceof PyBytes ? Array.from(content.bytes) : Array.from(textOf(content) ?? fail(" t"));
}

/** Markup is a str to Python, in other tags too. */
function textOf(content: Exact): string | undefined {
  if (content instanceof PyMarkup) return content.text;
  return typeof content === "string" ? content : undefined;
}

/** As `base64.b64decode`: other characters are skipped, in bytes all of them, and padding is needed. */
function bytesOf(content: Exact): Uint8Array {
  const text = content instanceof PyBytes ? asciiOf(content.bytes) : (textOf(content) ?? fail(" b"));
  if (/[\u0080-\uffff]/.test(text)) fail(" b");
  const skipped = text.replace(/[^A-Za-z0-9+/=]/g, "");
  // Our decoder pads to a multiple of four; filled up with what it skips, the text has to bring its own padding.
  return decodeBase64Lenient(skipped.padEnd(Math.ceil(skipped.length / 4) * 4, "!")) ?? fail(" b");
}

function asciiOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.filter((byte) => byte < 0x80)).toString("latin1");
}

/** As `str()` of text, numbers, booleans and None. Flask < 1.0 writes a user's dict with the key " m" as it is. */
function markupText(content: Exact): string {
  if (content === null) return "None";
  if (typeof content === "boolean") return content ? "True" : "False";
  if (typeof content === "bigint") return String(content);
  const number = content instanceof PyFloat ? content.value : content;
  if (typeof number === "number") return Number.isInteger(content) ? String(number) : floatText(number);
  return textOf(content) ?? fail(" m");
}

/** As `str()`, where JSON spells two values otherwise. */
function floatText(value: number): string {
  return pythonFloatText(value).replace("Infinity", "inf").replace("NaN", "nan");
}

/** As `uuid.UUID` reads its hex digits. */
function uuidOf(content: Exact): bigint {
  const digits = (textOf(content) ?? fail(" u"))
    .replaceAll("urn:", "")
    .replaceAll("uuid:", "")
    .replace(/^[{}]+|[{}]+$/g, "")
    .replaceAll("-", "");
  return /^[\da-fA-F]{32}$/.test(digits) ? BigInt(`0x${digits}`) : fail(" u");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What Werkzeug's `http_date` writes, `Thu, 29 Feb 2024 12:30:45 GMT`; before 1.0 years have no zeros in front. */
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{1,4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;

/** None for what is no date, as `werkzeug.http.parse_date` answers; before 2.0 for everything that is false, too. */
function datetimeOf(content: Exact, aware: boolean): PyDateTime | null {
  if (content === null || (!aware && isFalse(content))) return null;
  const [, day, monthName, writtenYear, ...clock] = HTTP_DATE.exec(textOf(content) ?? fail(" d")) ?? [];
  const [hour = 0, minute = 0, second = 0] = clock.map(Number);
  const month = MONTHS.indexOf(monthName as string) + 1;
  const year = centuryOf(Number(writtenYear));
  if (!isDate(year, month, Number(day)) || !isTime(hour, minute, second, 0, 0)) return null;
  return new PyDateTime(
    "datetime",
    rawDatetime([year, month, Number(day), hour, minute, second, 0], 0),
    aware ? UTC : null,
  );
}

/** As Python's `not`, of what is no text: empty text is no date anyway. */
function isFalse(content: Exact): boolean {
  if (content instanceof PyList) return content.items.length === 0;
  if (content instanceof PyDict) return content.keys.length === 0;
  if (content instanceof PyBytes) return content.bytes.length === 0;
  return content === 0 || content === false || (content instanceof PyFloat && content.value === 0);
}

/** Two digits of a year are of our time to Python's parser, "0001" too. */
function centuryOf(year: number): number {
  if (year >= 100) return year;
  return year + (year > 68 ? 1900 : 2000);
}

/** Cuts off two characters unseen, as Flask does. */
function unescapedDict(content: Exact): PyDict {
  const key = content instanceof PyDict ? content.keys[0] : undefined;
  if (!(content instanceof PyDict) || typeof key !== "string") return fail(ESCAPED);
  return new PyDict([Array.from(key).slice(0, -2).join("")], [content.values[0] as Exact]);
}

function fail(tag: string): never {
  throw new DecodeError(`Cannot decode tagged JSON: the content of "${tag}" is not what Flask writes`, 0);
}
