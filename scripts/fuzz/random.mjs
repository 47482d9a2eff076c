// Random numbers that are the same for the same seed, on every machine.

/** Mulberry32. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** An int of 32 bits, unsigned. */
  uint32() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** An int from 0 to `limit` - 1. */
  below(limit) {
    return this.uint32() % limit;
  }

  /** Small ints are likelier: of every size class up to `limit` - 1 as often. */
  smallBelow(limit) {
    return this.below(1 + this.below(limit));
  }

  /** True once in `times`. */
  oneIn(times) {
    return this.below(times) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}
