/** What a handler sees of a Python value that JavaScript has no form for: visible, frozen, written back equal. */
import { inspect } from "node:util";

/** What is told of a Python object. Containers in it are frozen unless the session holds them by themselves too. */
export interface Description {
  /** Positional arguments with which Python makes it. */
  readonly args: readonly unknown[];
  /** Keyword arguments; empty where there are none. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Items of a list, set or deque of a class of its own. */
  readonly items: readonly unknown[];
  /** Keys and values of a dict of a class of its own, in order. */
  readonly entries: readonly (readonly [unknown, unknown])[];
  /** What is set on it afterwards: attributes, or what its `__setstate__` takes. `undefined`: nothing. */
  readonly state: unknown;
}

const NO_ARGS: readonly unknown[] = Object.freeze([]);
const NO_KWARGS: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * A Python object: an instance of a class that Node does not know, or a class or function by its name. It can be moved
 * within its session, put into lists and deleted; not copied, not taken to another session.
 */
export class PythonObject implements Description {
  /** Module of its class, such as `collections`. */
  readonly module: string;
  /** Name of its class, such as `OrderedDict`. */
  readonly name: string;
  readonly args: readonly unknown[] = NO_ARGS;
  readonly kwargs: Readonly<Record<string, unknown>> = NO_KWARGS;
  readonly items: readonly unknown[] = [];
  readonly entries: readonly (readonly [unknown, unknown])[] = [];
  readonly state: unknown = undefined;
  /** Gives `"<module.name>"`. An own function, so that a spread is refused and `structuredClone` throws. */
  readonly toJSON: () => string = toJSON;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  toString(): string {
    return nameOf(this);
  }
}

/** Not a method, because the declarations cannot name the symbol. */
Object.defineProperty(PythonObject.prototype, inspect.custom, { value: inspected });

/** Levels that are shown where all are asked for: objects may hold each other, twice each. */
const MAX_SHOWN_LEVELS = 6;

/** Those that are being shown: an object in itself is shown by its name. */
const beingShown = new Set<PythonObject>();

/** @param levels that may still be shown; null: all */
function inspected(this: PythonObject, levels: number | null, options: object, inspectValue: typeof inspect): string {
  const title = `PythonObject ${nameOf(this)}`;
  const depth = Math.min(levels ?? MAX_SHOWN_LEVELS, MAX_SHOWN_LEVELS);
  if (depth < 0 || beingShown.has(this)) return `[${title}]`;
  const { args, kwargs, items, entries, state } = this;
  beingShown.add(this);
  try {
    return `${title} ${inspectValue({ args, kwargs, items, entries, state }, { ...options, depth })}`;
  } finally {
    beingShown.delete(this);
  }
}

/**
 * Tells what an object holds, once: objects may hold each other, so each exists before it is described. Its arguments may
 * be a container of the session and are not frozen here.
 */
export function describe(object: PythonObject, description: Partial<Description>): void {
  Object.assign(object, description);
  Object.freeze(object.items);
  for (const entry of object.entries) Object.freeze(entry);
  Object.freeze(object.entries);
  Object.freeze(object);
}

function toJSON(this: PythonObject): string {
  return nameOf(this);
}

function nameOf({ module, name }: PythonObject): string {
  return `<${module}.${name}>`;
}
