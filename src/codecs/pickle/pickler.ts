/** What CPython's pickler keeps while it runs: its output, the memo, how deep it is. */
import { Writer } from "../../bytes/writer.ts";
import { EncodeError } from "../../errors.ts";
import type { Exact, ExactNode } from "../../values/exact.ts";
import { pathOf } from "../path.ts";
import { OPCODES as OP } from "./opcodes.ts";

/** A node, or a text by its characters: to Python equal texts are equal, one object or two. */
export type Memoized = ExactNode | string;

/** Writes a value of one type. */
export type Write<Value> = (pickler: Pickler, value: Value) => void;

/** How values are written. */
export interface Writers {
  /** What has no node. */
  readonly atom: Write<unknown>;
  /** By the class of the node. */
  readonly nodes: ReadonlyMap<unknown, Write<ExactNode>>;
}

/** Nodes within nodes. CPython gives up at 1,000 frames, so that nothing which it wrote is deeper. */
const MAX_DEPTH = 1000;

/** Output and memo of one pickle. */
export class Pickler {
  readonly out: Writer;
  /**
   * Offset, in the pickle that was read, of the call whose arguments are being written; -1 outside of arguments. A
   * container that changed last before it was complete when the call was made.
   */
  callAt = -1;
  /** How many memo entries there were when a container was last begun at once, within itself. */
  readonly entered: Map<ExactNode, number | undefined> = new Map();
  readonly #root: Exact;
  readonly #writers: Writers;
  readonly #memo = new Map<Memoized, number>();
  #depth = 0;

  constructor(root: Exact, maxBytes: number, writers: Writers) {
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

  /** Fetches a value from the memo. @returns whether it is there */
  recall(value: Memoized): boolean {
    const index = this.#memo.get(value);
    if (index === undefined) return false;
    if (index < 256) {
      this.out.uint8(OP.BINGET);
      this.out.uint8(index);
    } else {
      this.out.uint8(OP.LONG_BINGET);
      this.out.uint32LE(index);
    }
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
    this.#memo.set(value, this.#memo.size);
    this.out.uint8(OP.MEMOIZE);
  }

  /** @throws EncodeError with the path to the value */
  refuse(value: unknown, reason: string): never {
    throw new EncodeError(pathOf(this.#root, value), reason);
  }
}
