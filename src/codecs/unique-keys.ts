/** Keys as Python compares them: 1 == 1.0 == True, the last value wins at the first key's place. */

import { type Exact, PyBytes, PyDateTime, PyDict, PyFloat, type PyList } from "../values/exact.ts";
import { digestOf, isLong } from "./long-texts.ts";

/** Up to as many text keys are compared each with each, which is faster than a set. */
const FEW = 8;

/**
 * Drops double keys from a dict as it came from bytes.
 * @param dict its keys are what msgspec gives: None, bool, int, float, str, bytes, datetimes in UTC, tuples of these
 */
export function makeKeysUnique(dict: PyDict): void {
  if (areDistinctTexts(dict.keys)) return;
  // By text, because V8 hashes numbers without a seed: thirty thousand chosen ones cost seconds.
  const places = new Map<string, number>();
  const keys: Exact[] = [];
  const values: Exact[] = [];
  dict.keys.forEach((key, index) => {
    const identity = identityOf(key, index);
    const place = places.get(identity) ?? keys.length;
    if (place === keys.length) keys.push(key);
    places.set(identity, place);
    values[place] = dict.values[index] as Exact;
  });
  dict.keys = keys;
  dict.values = values;
}

function areDistinctTexts(keys: readonly Exact[]): boolean {
  for (const key of keys) if (typeof key !== "string" || isLong(key)) return false;
  if (keys.length > FEW) return new Set(keys).size === keys.length;
  for (let index = 1; index < keys.length; index++) if (keys.indexOf(keys[index] as Exact) < index) return false;
  return true;
}

/**
 * Text that equal keys share.
 * @param index makes NaN, which equals nothing, unlike every other key
 */
function identityOf(key: Exact, index: number): string {
  if (typeof key === "string") return isLong(key) ? `long ${digestOf(key)}` : `str ${key}`;
  if (typeof key === "bigint") return `int ${key}`;
  if (key === null) return "None";
  if (typeof key !== "object") return numberIdentity(Number(key), index);
  if (key instanceof PyFloat) return numberIdentity(key.value, index);
  if (key instanceof PyBytes) return `bytes ${binaryText(key.bytes)}`;
  if (key instanceof PyDateTime) return `datetime ${binaryText(key.raw)}`;
  // The length in front keeps texts apart that look alike once they are joined.
  const items = (key as PyList).items.map((item) => identityOf(item, index));
  return `tuple ${items.map((item) => `${item.length} ${item}`).join("")}`;
}

function numberIdentity(value: number, index: number): string {
  if (Number.isSafeInteger(value)) return `int ${value}`;
  if (Number.isInteger(value)) return `int ${BigInt(value)}`;
  return Number.isNaN(value) ? `nan ${index}` : `float ${value}`;
}

function binaryText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
