/** The notation of fixtures (`scripts/fixtures/fixture.py`) of an exact tree. */
import { encodeSurrogateUtf8 } from "../../../src/bytes/utf8.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyFloat,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "../../../src/values/exact.ts";

/** @returns `undefined` for what only Python can show, or where such a value is within */
export function notationOf(value: Exact): unknown {
  const seen = { opaque: false };
  const notation = describe(value, seen);
  return seen.opaque ? undefined : notation;
}

function describe(value: Exact, seen: { opaque: boolean }): unknown {
  if (typeof value === "string") return /\p{Surrogate}/u.test(value) ? { $text: utf8Hex(value) } : value;
  if (typeof value === "number") return Number.isInteger(value) ? value : float(value);
  if (typeof value === "bigint") return { $int: String(value) };
  if (value === null || typeof value === "boolean") return value;
  if (value instanceof PyFloat) return float(value.value);
  if (value instanceof PyBytes) return { [`$${value.kind}`]: Buffer.from(value.bytes).toString("hex") };
  if (value instanceof PyList) return list(value, seen);
  if (value instanceof PyDict) return dict(value, seen);
  if (value instanceof PyTimedelta) return { $timedelta: [value.days, value.seconds, value.microseconds] };
  if (value instanceof PyDecimal) return { $decimal: value.text };
  if (value instanceof PyMarkup) return { $markup: value.text };
  if (value instanceof PyUuid && value.int !== undefined) return { $uuid: uuid(value.int) };
  if (value instanceof PyDateTime && (value.tzinfo === null || isUtc(value.tzinfo))) return dateTime(value);
  seen.opaque = true;
  return undefined;
}

function list({ kind, items }: PyList, seen: { opaque: boolean }): unknown {
  const described = items.map((item) => describe(item, seen));
  return kind === "list" ? described : { [`$${kind}`]: described };
}

function dict({ keys, values }: PyDict, seen: { opaque: boolean }): unknown {
  const pairs = keys.map((key, index) => [describe(key, seen), describe(values[index] as Exact, seen)] as const);
  const plain = pairs.every(([key]) => typeof key === "string" && !key.startsWith("$"));
  return plain ? Object.fromEntries(pairs as readonly (readonly [string, unknown])[]) : { $dict: pairs };
}

function float(value: number): unknown {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return { $float: bytes.toString("hex") };
}

function utf8Hex(text: string): string {
  return encodeSurrogateUtf8(text).toString("hex");
}

function uuid(int: bigint): string {
  return int
    .toString(16)
    .padStart(32, "0")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function isUtc(zone: Exact): boolean {
  const [offset] = zone instanceof PyObject ? zone.args.items : [];
  return offset instanceof PyTimedelta && offset.days === 0 && offset.seconds === 0 && offset.microseconds === 0;
}

function dateTime({ kind, raw, tzinfo }: PyDateTime): unknown {
  const bytes = Buffer.from(raw);
  const date = (): string =>
    `${String(bytes.readUInt16BE(0)).padStart(4, "0")}-${two((bytes[2] as number) & 0x7f)}-${two(bytes[3] as number)}`;
  if (kind === "date") return { $date: date() };
  const start = kind === "datetime" ? 4 : 0;
  const micros = bytes.readUIntBE(start + 3, 3);
  const [hour, minute, second] = [bytes[start], bytes[start + 1], bytes[start + 2]] as [number, number, number];
  const time = `${two(hour & 0x7f)}:${two(minute)}:${two(second)}${micros ? `.${String(micros).padStart(6, "0")}` : ""}`;
  const zone = tzinfo === null ? "" : "+00:00";
  const fold = ((kind === "datetime" ? bytes[2] : hour) as number) >> 7;
  return kind === "time" ? { $time: time + zone, fold } : { $datetime: `${date()}T${time}${zone}`, fold };
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
