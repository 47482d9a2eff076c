/**
 * The form of a JavaScript value by which tests call two values equal: kinds, −0, the order of keys and what is shared count.
 * The members of a Set have no order.
 */
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "../../src/values/value-types.ts";

const SMALL = new Map<unknown, string>([
  [Decimal.prototype, "Decimal"],
  [Markup.prototype, "Markup"],
  [Uuid.prototype, "Uuid"],
  [Timedelta.prototype, "Timedelta"],
  [PythonDate.prototype, "PythonDate"],
  [PythonTime.prototype, "PythonTime"],
]);

/**
 * Two values are the same to us iff their forms are equal.
 * @param shares whether it counts that a container is reached twice; else there may be no cycles
 */
export function describeValue(value: unknown, shares: boolean): string {
  return new Describer(shares).describe(value);
}

/** Every `()` and every `frozenset()` is one object to CPython: whether empty ones are shared says nothing. */
function isEmpty(value: object): boolean {
  return Array.isArray(value) ? value.length === 0 : value instanceof Set && value.size === 0;
}

class Describer {
  readonly #shares: boolean;
  readonly #numbers = new Map<object, number>();

  constructor(shares: boolean) {
    this.#shares = shares;
  }

  describe(value: unknown): string {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
    if (typeof value !== "object" || value === null) return String(value);
    if (isEmpty(value)) return this.#object(value);
    const number = this.#numbers.get(value);
    if (number !== undefined && this.#shares) return `seen ${number}`;
    this.#numbers.set(value, this.#numbers.size);
    return this.#object(value);
  }

  #object(value: object): string {
    if (Array.isArray(value)) return `[${value.map((item) => this.describe(item)).join(", ")}]`;
    if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
    if (value instanceof Date) return `Date ${value.getTime()}`;
    if (value instanceof Map) {
      const entries = [...value].map(([key, item]) => `${this.describe(key)} => ${this.describe(item)}`);
      return `Map {${entries.join(", ")}}`;
    }
    if (value instanceof Set)
      return `Set {${[...value]
        .map((item) => this.describe(item))
        .toSorted()
        .join(", ")}}`;
    const name = SMALL.get(Object.getPrototypeOf(value));
    if (name !== undefined) return `${name} ${JSON.stringify({ ...value })}`;
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${this.describe(item)}`);
    return `${Object.getPrototypeOf(value) === Object.prototype ? "" : "an instance of something "}{${entries.join(", ")}}`;
  }
}
