/** The containers of a session that a handler can change. */
import { types } from "node:util";
import { type ExactNode, PyBytes, PyList } from "../../src/values/exact.ts";
import { PythonObject } from "../../src/values/python-object.ts";

/** The text of a str key, or the number of an item or entry. */
export type Step = string | number;

/** The way down to a value. */
export type Path = readonly Step[];

/** What Python has for it. */
export type Kind = "dict" | PyList["kind"] | PyBytes["kind"];

/** A container that the session reaches by containers alone. */
export interface Target {
  readonly path: Path;
  readonly live: object;
  readonly kind: Kind;
  /** Whether Python can put another value in its place: it lies in a dict or list. */
  readonly isReplaceable: boolean;
}

/** All of them, each at the first place where it is met; the session itself comes first. */
export function targetsOf(session: object, nodes: ReadonlyMap<object, ExactNode>): readonly Target[] {
  const found: Target[] = [{ path: [], live: session, kind: "dict", isReplaceable: false }];
  const met = new Set<object>([session]);
  for (const { path, live, kind } of found) {
    for (const [step, inner] of placesIn(live)) {
      if (!isContainer(inner) || met.has(inner)) continue;
      met.add(inner);
      const isReplaceable = kind === "dict" || kind === "list";
      found.push({ path: [...path, step], live: inner, kind: kindOf(nodes.get(inner)), isReplaceable });
    }
  }
  return found;
}

/** The value at a path. */
export function valueAt(session: object, path: Path): unknown {
  let value: unknown = session;
  for (const step of path) {
    const next = placesIn(value as object).find(([place]) => place === step);
    value = next?.[1];
  }
  return value;
}

/** Puts a value into the place at a path. */
export function putAt(session: object, path: Path, value: unknown): void {
  const holder = valueAt(session, path.slice(0, -1)) as object;
  const step = path[path.length - 1] as Step;
  if (types.isMap(holder)) holder.set([...holder.keys()][step as number], value);
  else Object.defineProperty(holder, step, { value, writable: true, enumerable: true, configurable: true });
}

function placesIn(live: object): (readonly [Step, unknown])[] {
  if (types.isMap(live)) return [...live.values()].map((value, index) => [index, value]);
  if (Array.isArray(live)) return live.map((value, index) => [index, value]);
  return types.isSet(live) || types.isUint8Array(live) ? [] : Object.entries(live);
}

function isContainer(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value instanceof PythonObject) return false;
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value) || types.isUint8Array(value)) return true;
  return Object.getPrototypeOf(value) === Object.prototype;
}

function kindOf(node: ExactNode | undefined): Kind {
  return node instanceof PyList || node instanceof PyBytes ? node.kind : "dict";
}
