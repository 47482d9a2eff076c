/** What CPython's unpickler keeps while it runs; here is counted, against the limits, whatever an input could make grow. */
import type { Limits } from "../../bytes/limits.ts";
import { Reader } from "../../bytes/reader.ts";
import { DecodeError, LimitError } from "../../errors.ts";
import {
  type Exact,
  type ExactNode,
  PyDateTime,
  PyDict,
  PyGlobal,
  PyList,
  PyObject,
  PyUuid,
} from "../../values/exact.ts";
import type { DecodeOptions, Python2Strings } from "../codec.ts";
import { Globals } from "./globals.ts";

/** Characters of a module or a dotted name. Attributes of attributes would grow without end. */
const MAX_NAME = 1000;
/** Classes and functions that a pickle may name: each is looked up in the tables of dangerous ones. */
const MAX_GLOBALS = 1000;
const TOO_LONG = `a name of more than ${MAX_NAME} characters`;

/** One opcode: takes its argument from the reader and leaves its result on the stack. */
export type Instruction = (machine: Machine) => void;

/** A row of the instruction table. */
export type InstructionRow = readonly [opcode: number, instruction: Instruction];

/** A node whose contents count as a level of depth. */
export type Container = PyList | PyDict | PyObject;

/** Stack, marks and memo; globals by name; counters. */
export class Machine {
  readonly reader: Reader;
  /** At the bottom lies what is never taken: V8 gives the memory of an array back when it becomes empty. */
  readonly stack: Exact[] = [null];
  readonly globals: Globals = new Globals();
  readonly python2Strings: Python2Strings;
  /** As the last PROTO said; 0 before. Names are mapped below 3. */
  protocol = 0;
  /** Offset of the opcode at work. */
  at = 0;
  /** The result of a REDUCE that nothing has been done with yet. */
  fresh: Exact | undefined;
  /** Dicts, sets and frozensets, whose members must be unique in the end. */
  readonly hashed: (PyDict | PyList)[] = [];
  readonly #limits: Limits;
  /** Heights of the stack at the marks; the first is that of the empty stack, and no mark. */
  readonly #marks: number[] = [1];
  readonly #memo: (Exact | undefined)[] = [];
  #memoized = 0;
  /** Height of the stack at the last mark: what lies below is out of reach, as in CPython. */
  #fence = 1;
  #items = 0;
  #idle = 0;
  #copied = 0;

  constructor(bytes: Uint8Array, options: DecodeOptions) {
    this.reader = new Reader(bytes, "pickle");
    this.python2Strings = options.python2Strings ?? "ascii";
    this.#limits = options;
    if (bytes.length > options.maxBytes) this.exceed(`more than ${options.maxBytes} bytes`);
  }

  /** The argument up to the line feed, as latin-1 text; CPython takes no empty one. */
  line(): string {
    const line = this.reader.line();
    if (line === "") this.fail("an empty line");
    return line;
  }

  /** What an opcode names by module and name. */
  global(module: string, name: string): PyGlobal {
    if (module.length > MAX_NAME || name.length > MAX_NAME) this.exceed(TOO_LONG);
    if (this.protocol < 4 && name.includes(".")) this.fail("a dotted name below protocol 4");
    return this.#named(this.globals.find(module, name, this.protocol));
  }

  /** What `getattr` of a global gives. */
  attribute(object: PyGlobal, name: string): PyGlobal {
    if (object.name.length + name.length > MAX_NAME) this.exceed(TOO_LONG);
    return this.#named(this.globals.attribute(object, name));
  }

  /** A length that Python reads as signed. */
  length32(): number {
    const length = this.reader.int32LE();
    if (length < 0) this.fail("a negative length");
    return length;
  }

  /** A length in 8 bytes; beyond 2^53 it is inexact, but then longer than any input. */
  length64(): number {
    return Number(this.reader.uint64LE());
  }

  push(value: Exact): void {
    this.stack.push(value);
    // A dict of maxItems pairs has twice as many values.
    if (this.stack.length > 2 * this.#limits.maxItems) this.exceed(`more than ${this.#limits.maxItems} items`);
  }

  pop(): Exact {
    if (this.stack.length <= this.#fence) this.fail("nothing on the stack");
    return this.stack.pop() as Exact;
  }

  top(): Exact {
    if (this.stack.length <= this.#fence) this.fail("nothing on the stack");
    return this.stack[this.stack.length - 1] as Exact;
  }

  /** Whether the stack ends in a mark, which POP then drops. */
  get marked(): boolean {
    return this.#marks.length > 1 && this.stack.length === this.#fence;
  }

  mark(): void {
    this.#fence = this.stack.length;
    this.#marks.push(this.#fence);
    this.#countIdle(1);
    if (this.#marks.length > 2 * this.#limits.maxDepth) this.exceed(`deeper than ${this.#limits.maxDepth} levels`);
  }

  /** Drops the last mark. @returns where it stood on the stack */
  unmark(): number {
    if (this.#marks.length === 1) this.fail("no mark on the stack");
    const mark = this.#marks.pop() as number;
    this.#fence = this.#marks[this.#marks.length - 1] as number;
    return mark;
  }

  /** Takes what lies above the last mark. */
  popToMark(): Exact[] {
    return this.stack.splice(this.unmark());
  }

  /** Drops what lies above the last mark. */
  dropToMark(): void {
    this.countIdle();
    const mark = this.unmark();
    // To set its length would give the array's memory back.
    while (this.stack.length > mark) this.stack.pop();
  }

  recall(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) this.fail(`nothing in the memo at index ${index}`);
    this.push(value);
  }

  /** What the memo has at an index, if anything. */
  remembered(index: number): Exact | undefined {
    return this.#memo[index];
  }

  /** @param index the next one where absent, which is the number of entries */
  remember(index: number = this.#memoized): void {
    const value = this.top();
    // At most a dict's keys, its values and the tuples in it are memoized.
    if (index > 4 * this.#limits.maxItems) this.exceed("too many memo entries");
    // A gap would turn the array into a hash table, for good and for every pickle after this one.
    while (this.#memo.length <= index) this.#memo.push(undefined);
    if (this.#memo[index] === undefined) this.#memoized++;
    else this.countIdle();
    if (index > 0 && this.#memo[index - 1] === value) this.countIdle();
    this.#memo[index] = value;
    this.fresh = undefined;
  }

  /** Counts values that came into a container. */
  count(items: number): void {
    this.#items += items;
    if (this.#items > this.#limits.maxItems) this.exceed(`more than ${this.#limits.maxItems} items`);
  }

  /**
   * Counts what need leave nothing behind, and what picklers write for few values: one that is dropped, a memo entry that
   * is written again, a value that is memoized again.
   */
  countIdle(): void {
    this.#countIdle(2);
  }

  /** Counts bytes made from text, which the memo can give any number of times. */
  countBytes(bytes: number): void {
    this.#copied += bytes;
    if (this.#copied > this.#limits.maxBytes) this.exceed(`more than ${this.#limits.maxBytes} bytes`);
  }

  /** Notes that a value came into a container: how deep that is now. */
  hold(parent: Container, child: Exact): void {
    if (typeof child !== "object" || child === null) return;
    const depth = this.#levels(child);
    if (depth <= parent.depth) return;
    parent.depth = depth;
    if (depth >= this.#limits.maxDepth) this.exceed(`deeper than ${this.#limits.maxDepth} levels`);
  }

  fail(what: string): never {
    throw new DecodeError(`Cannot decode pickle: ${what} at offset ${this.at}`, this.at);
  }

  exceed(what: string): never {
    throw new LimitError(`Cannot decode pickle: ${what} at offset ${this.at}`, this.at);
  }

  /** At most one mark for each value and one for its state. */
  #countIdle(cost: 1 | 2): void {
    this.#idle += cost;
    if (this.#idle > 2 * this.#limits.maxItems) this.exceed(`more than ${this.#limits.maxItems} items`);
  }

  #named(global: PyGlobal): PyGlobal {
    if (this.globals.size > MAX_GLOBALS) this.exceed(`more than ${MAX_GLOBALS} classes and functions`);
    return global;
  }

  /** Levels of containers that a node is, itself included. */
  #levels(node: ExactNode): number {
    if (node instanceof PyDict || node instanceof PyList || node instanceof PyObject) return node.depth + 1;
    if (node instanceof PyGlobal) this.globals.heldAsValue(node);
    if (node instanceof PyDateTime && node.tzinfo !== null) return this.#levels(node.tzinfo as ExactNode) + 1;
    return node instanceof PyUuid && node.object !== undefined ? node.object.depth + 1 : 0;
  }
}
