/** Python's equality of dict keys and set members: 1 == 1.0 == True == Decimal("1"), and a Markup equals its str. */
import { instantMicrosOf, instantOf } from "./datetimes.ts";
import {
  type Exact,
  type ExactNode,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyExt,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
  PyTimedelta,
  PyUuid,
} from "./exact.ts";
import { isNode } from "./exact-children.ts";

/** Digits and exponents of a Decimal up to which it is compared with ints and floats; `BigInt` of more is quadratic. */
const MAX_DIGITS = 1100;

/** What equal datetimes have in common; `undefined`: nothing equals this one. */
type DatetimeText = (key: PyDateTime) => string | undefined;

/** Datetimes are equal if a handler sees the same Date: to the millisecond, naive ones in UTC. */
export function shownDatetimeText(key: PyDateTime): string | undefined {
  const instant = instantOf(key);
  return instant === undefined ? datetimeText(key) : `instant ${instant}`;
}

/**
 * Numbers keys so that two have one number iff Python calls them equal. By text, because V8 hashes strings with a seed
 * and numbers without one. Instances of classes that Node does not know equal only themselves; NaN equals NaN.
 */
export class KeyIds {
  readonly #byText = new Map<string, number>();
  readonly #byNode = new Map<ExactNode, number>();
  readonly #datetimeText: DatetimeText;

  /** @param datetimes by what they are compared */
  constructor(datetimes: DatetimeText = datetimeText) {
    this.#datetimeText = datetimes;
  }

  /** The number of a key. */
  of(key: Exact): number {
    if (!isNode(key)) return this.#number(primitiveText(key));
    const known = this.#byNode.get(key);
    if (known !== undefined) return known;
    const itself = this.#number(`# ${this.#byNode.size}`);
    this.#byNode.set(key, itself); // what a cycle comes back to
    const text = this.#textOf(key) ?? this.otherText(key);
    const id = text === undefined ? itself : this.#number(text);
    this.#byNode.set(key, id);
    return id;
  }

  /** What keys share that Node cannot compare. @internal */
  protected otherText(_key: ExactNode): string | undefined {
    return undefined;
  }

  #number(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    this.#byText.set(text, this.#byText.size);
    return this.#byText.size - 1;
  }

  #textOf(key: ExactNode): string | undefined {
    if (key instanceof PyDateTime) return this.#datetimeText(key);
    if (!(key instanceof PyList)) return nodeText(key);
    if (key.kind === "tuple") return `( ${key.items.map((item) => this.of(item)).join(" ")}`;
    if (key.kind !== "frozenset") return undefined;
    const members = key.items.map((item) => this.of(item));
    return `{ ${members.toSorted((a, b) => a - b).join(" ")}`;
  }
}

function primitiveText(key: null | boolean | number | bigint | string): string {
  if (typeof key === "string") return `s ${key}`;
  if (key === null) return "None";
  return typeof key === "bigint" ? integerText(key) : numberText(Number(key));
}

function nodeText(key: ExactNode): string | undefined {
  if (key instanceof PyFloat) return numberText(key.value);
  if (key instanceof PyMarkup) return primitiveText(key.text);
  if (key instanceof PyBytes) return `b ${binary(key.bytes)}`;
  if (key instanceof PyDecimal) return decimalText(key.text);
  if (key instanceof PyTimedelta) return `delta ${key.days} ${key.seconds} ${key.microseconds}`;
  if (key instanceof PyUuid) return key.int === undefined ? undefined : `uuid ${key.int.toString(16)}`;
  if (key instanceof PyGlobal) return `global ${key.module} ${key.name}`;
  if (key instanceof PyExt) return `ext ${key.code} ${binary(key.bytes)}`;
  return undefined;
}

function integerText(value: bigint): string {
  return `i ${value.toString(16)}`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? integerText(BigInt(value)) : `f ${value}`;
}

/** Aware datetimes are equal if their instants are; naive ones by what they show; fold does not count. */
function datetimeText(key: PyDateTime): string | undefined {
  if (key.tzinfo === null) {
    const foldAt = key.kind === "time" ? 0 : 2;
    return `${key.kind} ${key.raw.map((byte, index) => (index === foldAt ? byte & 127 : byte)).join(" ")}`;
  }
  const instant = instantMicrosOf(key);
  return instant === undefined ? undefined : `instant ${instant.join(" ")}`;
}

/** A Decimal equals an int or a float only if it is exactly that number. */
function decimalText(text: string): string {
  const [, sign = "", whole = "", part = "", exponent = "0"] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${part}`;
  if (/^[+-]?inf/i.test(text)) return numberText(text.startsWith("-") ? -Infinity : Infinity);
  if (digits === "" || digits.length > MAX_DIGITS) return `decimal ${text}`;
  const kept = digits.replace(/^0+|0+$/g, "");
  const power = Number(exponent) - part.length + (digits.length - digits.replace(/0+$/, "").length);
  if (kept === "") return integerText(0n);
  if (Math.abs(power) > MAX_DIGITS) return `decimal ${sign}${kept}e${power}`;
  const negated = sign === "-" ? "-" : "";
  if (power >= 0) return integerText(BigInt(`${negated}${kept}${"0".repeat(power)}`));
  const near = Number(`${negated}${kept}e${power}`);
  const isExact = Number.isFinite(near) && exactDigits(Math.abs(near)) === `${kept}e${power}`;
  return isExact ? numberText(near) : `decimal ${negated}${kept}e${power}`;
}

/** All decimal digits of a positive float with a fraction: each halving adds one. */
function exactDigits(value: number): string {
  let [scaled, power] = [value, 0];
  for (; !Number.isInteger(scaled); power--) scaled *= 2;
  return `${BigInt(scaled) * 5n ** BigInt(-power)}e${power}`;
}

function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
