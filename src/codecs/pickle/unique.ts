/**
 * Keys of a dict and members of a set, unique as Python compares them: 1 == 1.0 == True, NaN equals nothing, tuples and
 * frozensets by content. Each is given a number, a tuple by the numbers of its items, so that a tuple of tuples costs
 * its own length however much it shares. Numbers are compared as text: V8 hashes numbers without a seed, and thirty
 * thousand chosen ones cost seconds.
 */
import { MAX_INTEGER_DIGITS } from "../../bytes/limits.ts";
import {
  type Exact,
  type ExactNode,
  PyBytes,
  PyDict,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
} from "../../values/exact.ts";
import { digestOf, isLong } from "../long-texts.ts";
import type { Machine } from "./machine.ts";

/** Up to as many text keys are compared each with each, which is faster than a set. */
const FEW = 8;

/** An int of as many hexadecimal digits has more than {@link MAX_INTEGER_DIGITS} decimal ones. */
const MAX_HEX_DIGITS = Math.ceil(MAX_INTEGER_DIGITS / Math.log10(16));

/** Drops what Python would not have kept: a dict's first key stays and takes the last value, a set keeps the first. */
export function makeUnique(machine: Machine): void {
  const identities = new Identities(machine);
  for (const node of machine.hashed) {
    const members = node instanceof PyDict ? node.keys : node.items;
    if (!areDistinctTexts(members)) identities.deduplicate(node, members);
  }
}

function areDistinctTexts(members: readonly Exact[]): boolean {
  for (const member of members) if (typeof member !== "string" || isLong(member)) return false;
  if (members.length > FEW) return new Set(members).size === members.length;
  for (let index = 1; index < members.length; index++) {
    if (members.indexOf(members[index] as Exact) < index) return false;
  }
  return true;
}

/** Numbers for values: equal ones have the same. */
class Identities {
  readonly #machine: Machine;
  readonly #texts = new Map<string, number>();
  readonly #others = new Map<unknown, number>();
  #next = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  deduplicate(node: PyDict | PyList, members: readonly Exact[]): void {
    const identities = members.map((member) => this.#of(member));
    if (new Set(identities).size === members.length) return;
    const places = new Map<number, number>();
    const kept: Exact[] = [];
    const values: Exact[] = [];
    for (let index = 0; index < members.length; index++) {
      const identity = identities[index] as number;
      const place = places.get(identity) ?? kept.length;
      if (place === kept.length) {
        places.set(identity, place);
        kept.push(members[index] as Exact);
      }
      if (node instanceof PyDict) values[place] = node.values[index] as Exact;
    }
    if (node instanceof PyList) node.items = kept;
    else [node.keys, node.values] = [kept, values];
  }

  #of(value: Exact): number {
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "boolean") return this.#of(value ? 1 : 0);
    if (typeof value === "bigint") return this.#numbered(this.#others, this.#hexadecimal(value));
    if (typeof value === "object") return this.#others.get(value) ?? this.#node(value);
    return Number.isNaN(value) ? this.#next++ : this.#numbered(this.#others, `int ${value}`);
  }

  /** The memo gives a long text any number of times, and each time it must be gone through. */
  #text(text: string): number {
    if (!isLong(text)) return this.#numbered(this.#texts, text);
    this.#machine.countBytes(text.length);
    return this.#numbered(this.#others, `text ${digestOf(text)}`);
  }

  #node(value: ExactNode | null): number {
    if (value instanceof PyMarkup) return this.#of(value.text);
    if (value instanceof PyFloat)
      return this.#of(Number.isSafeInteger(value.value) ? value.value : BigInt(value.value));
    const identity = this.#numbered(this.#others, this.#content(value));
    // What is short is sooner looked at again than remembered.
    if (!(value instanceof PyList && value.depth === 0 && value.items.length <= FEW)) this.#others.set(value, identity);
    return identity;
  }

  /** What a node is compared by: text of its content, else the node itself. */
  #content(value: ExactNode | null): unknown {
    if (value instanceof PyDict || (value instanceof PyBytes && value.kind === "bytearray")) return this.#unhashable();
    if (value instanceof PyBytes) return bytesIdentity(value.bytes);
    // A bound method is another object each time it is asked for, and they are equal.
    if (value instanceof PyGlobal) return `global ${value.module.length} ${value.module} ${value.name}`;
    if (!(value instanceof PyList)) return value;
    if (value.kind === "list" || value.kind === "set") return this.#unhashable();
    if (value.kind === "frozenset") {
      const members = new Set(value.items.map((item) => this.#of(item)));
      return `frozenset ${[...members].toSorted((a, b) => a - b).join()}`;
    }
    let text = "tuple";
    for (const item of value.items) text += ` ${this.#of(item)}`;
    return text;
  }

  #unhashable(): never {
    return this.#machine.fail("a key that Python cannot hash");
  }

  #hexadecimal(value: bigint): string {
    const text = value.toString(16);
    if (text.length > MAX_HEX_DIGITS) this.#machine.exceed("an int of too many digits as a key");
    this.#machine.countBytes(text.length);
    return `big ${text}`;
  }

  #numbered<Key>(numbers: Map<Key, number>, key: Key): number {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = this.#next++));
    return number;
  }
}

function bytesIdentity(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return isLong(text) ? `long bytes ${digestOf(text)}` : `bytes ${text}`;
}
