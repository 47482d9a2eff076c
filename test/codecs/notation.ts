/** The exact tree in the notation of the fixtures, as `scripts/fixtures/fixture.py` writes Python's values. */
import { encodeSurrogateUtf8, isWellFormed } from "../../src/bytes/utf8.ts";
import { fieldsOf } from "../../src/values/datetimes.ts";
import { type Exact, PyBytes, PyDateTime, PyDict, PyExt, PyFloat, PyList, UTC } from "../../src/values/exact.ts";

/** What decoders of msgpack and JSON give: every datetime is aware UTC. */
export function notationOf(value: Exact): unknown {
  if (typeof value === "string") return isWellFormed(value) ? value : { $text: hex(encodeSurrogateUtf8(value)) };
  if (typeof value === "bigint") return { $int: String(value) };
  if (typeof value === "number" && !Number.isInteger(value)) return floatNotation(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof PyFloat) return floatNotation(value.value);
  if (value instanceof PyBytes) return { [`$${value.kind}`]: hex(value.bytes) };
  if (value instanceof PyExt) return { $ext: [value.code, hex(value.bytes)] };
  if (value instanceof PyDict) return dictNotation(value);
  if (value instanceof PyDateTime && value.kind === "datetime" && value.tzinfo === UTC) return instantNotation(value);
  if (!(value instanceof PyList)) throw new TypeError(`no notation for a ${value.constructor.name}`);
  const items = value.items.map(notationOf);
  return value.kind === "list" ? items : { [`$${value.kind}`]: items };
}

function floatNotation(value: number): unknown {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return { $float: bytes.toString("hex") };
}

function dictNotation({ keys, values }: PyDict): unknown {
  const items = values.map(notationOf);
  const isPlain = keys.every((key) => typeof key === "string" && !key.startsWith("$"));
  if (!isPlain) return { $dict: keys.map((key, index) => [notationOf(key), items[index]]) };
  return Object.fromEntries(keys.map((key, index) => [key, items[index]]));
}

function instantNotation({ raw }: PyDateTime): unknown {
  const [year, ...fields] = fieldsOf(raw);
  const [month, day, hour, minute, second, micro] = fields.map((field) => String(field).padStart(2, "0"));
  const fraction = micro === "00" ? "" : `.${String(micro).padStart(6, "0")}`;
  return {
    $datetime: `${String(year).padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}${fraction}+00:00`,
    fold: 0,
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
