/**
 * Pickles that no Python would write and every Python would read: containers in themselves, calls that take what is not
 * complete yet, states for anything. Chance alone makes few of them, for each byte of a pickle stands on the others.
 */

/** Where the fuzzer takes its chances from. */
export interface Chance {
  /** An int from 0 to `limit` - 1. */
  below(limit: number): number;
}

const MAX_DEPTH = 5;
const PROTOCOLS = [0, 2, 3, 4, 5] as const;

/** What is called with any arguments. Those that the decoder knows stand beside some that it does not. */
const GLOBALS: readonly (readonly [module: string, name: string])[] = [
  ["builtins", "set"],
  ["builtins", "frozenset"],
  ["builtins", "bytes"],
  ["builtins", "bytearray"],
  ["builtins", "getattr"],
  ["_codecs", "encode"],
  ["datetime", "datetime"],
  ["datetime", "date"],
  ["datetime", "time"],
  ["datetime", "timedelta"],
  ["datetime", "timezone"],
  ["zoneinfo", "ZoneInfo"],
  ["decimal", "Decimal"],
  ["uuid", "UUID"],
  ["markupsafe", "Markup"],
  ["copyreg", "_reconstructor"],
  ["functools", "partial"],
  ["collections", "OrderedDict"],
  ["shop", "Cart"],
];

const ATOMS = [
  "N",
  "\x88",
  "\x89",
  "K\0",
  "K\x01",
  "M\0\x01",
  "J\xff\xff\xff\xff",
  "\x8a\x01\x80",
  "G?\xf0\0\0\0\0\0\0",
  "G\x7f\xf8\0\0\0\0\0\0",
];
const TEXTS = ["", "a", "int", "latin1", "__class__", "__proto__", "UTC", "2.5", "\u00e9"];
const BYTES = ["", "a", "\x07\xe8\x02\x1d\x0c\x1e\x2d\0\0\0", "\x07\xe8\x02\x1d", "\x0c\x1e\x2d\0\0\0"];

/** A pickle of one value, with up to five levels. */
export function randomPickle(chance: Chance): Uint8Array {
  return new RandomPickle(chance).whole();
}

type Part = (this: RandomPickle, depth: number) => void;

class RandomPickle {
  readonly #chance: Chance;
  #code = "";
  #memoized = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  whole(): Uint8Array {
    const protocol = this.#pick(PROTOCOLS);
    if (protocol > 0) this.#code = `\x80${String.fromCharCode(protocol)}`;
    this.#value(0);
    return Buffer.from(`${this.#code}.`, "latin1");
  }

  /** Leaves one value on the stack. */
  #value(depth: number): void {
    const parts = depth < MAX_DEPTH ? [...this.#small, ...this.#large, ...this.#large] : this.#small;
    this.#pick(parts).call(this, depth);
  }

  readonly #small: readonly Part[] = [
    () => this.#emit(this.#pick(ATOMS)),
    () => this.#text(this.#pick(TEXTS)),
    () => this.#bytes(),
    () => this.#again(),
    () => this.#again(),
  ];

  readonly #large: readonly Part[] = [
    (depth) => this.#growing("]", "e", 1, depth),
    (depth) => this.#growing("}", "u", 2, depth),
    (depth) => this.#growing("\x8f", "\x90", 1, depth),
    (depth) => this.#closed(this.#pick(["t", "l", "\x91"]), 1, depth),
    (depth) => this.#closed("d", 2, depth),
    (depth) => this.#object(depth),
    (depth) => this.#object(depth),
  ];

  /** What is memoized before its items: they may hold it. */
  #growing(empty: string, fill: string, each: number, depth: number): void {
    this.#emit(empty);
    this.#remember();
    for (let times = this.#below(3); times > 0; times--) {
      this.#many(each, depth);
      this.#emit(fill);
    }
  }

  #closed(opcode: string, each: number, depth: number): void {
    this.#many(each, depth);
    this.#emit(opcode);
    this.#remember();
  }

  /** A mark and values. */
  #many(each: number, depth: number): void {
    this.#emit("(");
    for (let count = each * this.#below(4); count > 0; count--) this.#value(depth + 1);
  }

  #object(depth: number): void {
    if (this.#below(8) === 0) this.#value(depth + 1);
    else this.#global();
    this.#closed("t", 1, depth + 1);
    this.#emit(this.#pick(["R", "R", "\x81"]));
    this.#remember();
    for (let times = this.#below(3); times > 0; times--) this.#operation(depth);
  }

  #operation(depth: number): void {
    const fill = this.#pick(["b", "b", "a", "e", "u", "\x90"]);
    if (fill === "b" || fill === "a") this.#value(depth + 1);
    else this.#many(fill === "u" ? 2 : 1, depth);
    this.#emit(fill);
  }

  #global(): void {
    const [module, name] = this.#pick(GLOBALS);
    this.#text(module);
    this.#text(name);
    this.#emit("\x93");
    this.#remember();
  }

  #text(text: string): void {
    const bytes = Buffer.from(text).toString("latin1");
    this.#emit(`\x8c${String.fromCharCode(bytes.length)}${bytes}`);
    this.#remember();
  }

  #bytes(): void {
    const bytes = this.#pick(BYTES);
    this.#emit(`C${String.fromCharCode(bytes.length)}${bytes}`);
  }

  /** Something that is in the memo, finished or not. */
  #again(): void {
    if (this.#memoized === 0) this.#emit("N");
    else this.#emit(`h${String.fromCharCode(this.#below(Math.min(this.#memoized, 256)))}`);
  }

  #remember(): void {
    this.#emit("\x94");
    this.#memoized++;
  }

  #emit(code: string): void {
    this.#code += code;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)] as Item;
  }

  #below(limit: number): number {
    return this.#chance.below(limit);
  }
}
