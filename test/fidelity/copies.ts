/** Copies as handlers make them. */
import { types } from "node:util";

/** A copy of one level: spread, `slice`, or the constructor of a Map or Set. */
export function shallowCopy(live: object): object {
  if (Array.isArray(live)) return [...(live as unknown[])];
  if (types.isMap(live)) return new Map(live);
  if (types.isSet(live)) return new Set(live);
  return types.isUint8Array(live) ? live.slice() : { ...live };
}

/**
 * Whether `structuredClone` copies a value with all that it is: no class of ours in it, and not the session itself. What
 * is a key here and a value there would take after neither.
 */
export function isCloneable(value: unknown, session: object): boolean {
  const values = reachable([value], (live) => partsOf(live)?.values);
  const keys = [...values].flatMap((live) => partsOf(live)?.keys ?? []);
  const inKeys = reachable(keys, (live) => [...(partsOf(live)?.values ?? []), ...(partsOf(live)?.keys ?? [])]);
  const all = [...values, ...inKeys];
  return all.every(
    (live) => partsOf(live) !== undefined && live !== session && !(values.has(live) && inKeys.has(live)),
  );
}

/** Whether a value is an array of plain objects, as `map` is used on; the session itself has keys that no spread shows. */
export function isTable(live: object, session: object): live is object[] {
  return Array.isArray(live) && live.length > 0 && live.every((row) => isPlainObject(row) && row !== session);
}

/** All objects on the way down. */
function reachable(
  start: readonly unknown[],
  next: (live: object) => readonly unknown[] | undefined,
): ReadonlySet<object> {
  const found = new Set(start.filter(isObject));
  for (const live of found) for (const part of next(live) ?? []) if (isObject(part)) found.add(part);
  return found;
}

/** What lies in an object; `undefined` for an instance of a class. */
interface Parts {
  /** Keys of a Map, members of a Set. */
  readonly keys: readonly unknown[];
  readonly values: readonly unknown[];
}

function partsOf(live: object): Parts | undefined {
  if (types.isMap(live)) return { keys: [...live.keys()], values: [...live.values()] };
  if (types.isSet(live)) return { keys: [...live], values: [] };
  if (Array.isArray(live)) return { keys: [], values: live };
  if (types.isDate(live) || types.isUint8Array(live)) return { keys: [], values: [] };
  return isPlainObject(live) ? { keys: [], values: Object.values(live) } : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isPlainObject(value: unknown): value is object {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}
