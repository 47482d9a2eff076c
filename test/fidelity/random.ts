/** Random numbers by a seed. */

/** The generator mulberry32: the same seed gives the same numbers. */
export class Random {
  #state: number;

  /** @param seed of which 32 bits count */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to less than `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** One of the values. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }
}
