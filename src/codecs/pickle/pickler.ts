/** What CPython's pickler keeps while it runs: its output, the memo, how deep it is. */
import { Writer } from "../../bytes/writer.ts";
import { EncodeError } from "../../errors.ts";
import type { Exact, ExactNode } from "../../values/exact.ts";
import type { EncodeOptions, PickleProtocol } from "../codec.ts";
import { pathOf } from "../path.ts";
import { OPCODES as OP } from "./opcodes.ts";

/** What stands for the `__new__` of a class, which has no node. */
export interface Constructor {
  readonly callee: ExactNode;
}

/** A node, or a text by its characters: to Python equal texts are equal, one object or two. */
export type Memoized = ExactNode | string | Constructor;

/** Writes a value of one type. */
export type Write<Value> = (pickler: Pickler, value: Value) => void;

/** What is written in another way by protocol. */
export type ByProtocol<Item> = Readonly<Record<PickleProtocol, Item>>;

/** How values are written. */
export interface Writers {
  /** What has no node. */
  readonly atom: Write<unknown>;
  /** By the class of the node. */
  readonly nodes: ReadonlyMap<unknown, Write<ExactNode>>;
}

/** What there was when the writing of a container began. */
interface Begun {
  /** Entries of the memo. */
  readonly memoized: number;
  readonly unfoundSets: number;
}

/** Nodes within nodes. CPython gives up at 1,000 frames, so that nothing which it wrote is deeper. */
const MAX_DEPTH = 1000;

/** Puts what is on top of the stack into the memo, behind its last entry. */
const memoize: ByProtocol<Write<number>> = { 2: put, 3: put, 4: putNext, 5: putNext };

/** Output and memo of one pickle. */
export class Pickler {
  readonly out: Writer;
  readonly protocol: PickleProtocol;
  /**
   * Offset, in the pickle that was read, of the call whose arguments are being written; -1 outside of arguments. A
   * container that changed last before it was complete when the call was made.
   */
  callAt = -1;
  /** The last time that a container was begun at once, within itself. */
  readonly begun: Map<ExactNode, Begun | undefined> = new Map();
  /** By their classes. */
  readonly constructors: Map<ExactNode, Constructor> = new Map();
  /** Sets that are being written below protocol 4, where a cycle does not find them in the memo. */
  unfoundSets = 0;
  readonly #root: Exact;
  readonly #writers: Writers;
  readonly #memo = new Map<Memoized, number>();
  #depth = 0;

  constructor(root: Exact, { maxBytes, pickleProtocol }: Required<EncodeOptions>, writers: Writers) {
    this.protocol = pickleProtocol;
    this.out = new Writer(maxBytes, () => new EncodeError("session", `its pickle has more than ${maxBytes} bytes`));
    this.#root = root;
    this.#writers = writers;
  }

  write(value: Exact): void {
    if (typeof value !== "object" || value === null) return this.#writers.atom(this, value);
    if (this.recall(value)) return;
    const write = this.#writers.nodes.get(value.constructor);
    if (write === undefined) this.refuse(value, "a pickle cannot hold it");
    if (++this.#depth > MAX_DEPTH) this.refuse(value, `it is more than ${MAX_DEPTH} levels deep`);
    write(this, value);
    this.#depth--;
  }

  writeAll(values: readonly Exact[]): void {
    for (const value of values) this.write(value);
  }

  opcode(opcode: number): void {
    this.out.uint8(opcode);
  }

  /** An opcode with the number behind it, in one byte where it fits, else in four: no record has more. */
  numbered(short: number, long: number, number: number): void {
    this.out.uint8(number < 256 ? short : long);
    if (number < 256) this.out.uint8(number);
    else this.out.uint32LE(number);
  }

  /** Fetches a value from the memo. @returns whether it is there */
  recall(value: Memoized): boolean {
    const index = this.#memo.get(value);
    if (index === undefined) return false;
    this.numbered(OP.BINGET, OP.LONG_BINGET, index);
    return true;
  }

  /** Entries of the memo. */
  get memoized(): number {
    return this.#memo.size;
  }

  has(value: Memoized): boolean {
    return this.#memo.has(value);
  }

  remember(value: Memoized): void {
    memoize[this.protocol](this, this.#memo.size);
    this.#memo.set(value, this.#memo.size);
  }

  /** @throws EncodeError with the path to the value */
  refuse(value: unknown, reason: string): never {
    throw new EncodeError(pathOf(this.#root, value), reason);
  }
}

function put(pickler: Pickler, index: number): void {
  pickler.numbered(OP.BINPUT, OP.LONG_BINPUT, index);
}

function putNext(pickler: Pickler): void {
  pickler.opcode(OP.MEMOIZE);
}
