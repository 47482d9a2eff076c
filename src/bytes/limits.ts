/** How much a decoder takes before it throws a {@link LimitError}. Every decoder counts all three. */
export interface Limits {
  /** Bytes of one record, inflated ones too. */
  readonly maxBytes: number;
  /** Containers within containers. All recursion of the library stays below it. */
  readonly maxDepth: number;
  /** Values of one record, containers and their items. */
  readonly maxItems: number;
}

/** 4 MiB, 500 levels, 100,000 items. CPython itself pickles 498 to 750 levels, by version. */
export const DEFAULT_LIMITS: Limits = { maxBytes: 4 * 1024 * 1024, maxDepth: 500, maxItems: 100_000 };

/** Levels that JavaScript may put into a session; below what every supported CPython pickles. */
export const MAX_NEW_DEPTH = 400;

/** Digits of a decimal integer, reading and writing, as in Python and msgspec; `BigInt` of more is quadratic. */
export const MAX_INTEGER_DIGITS = 4300;

/**
 * Items that an int in decimal counts as, beside the one that it is: reading 4,300 digits takes as long as reading 400
 * small values.
 */
export function itemsOfDigits(digits: number): number {
  return digits > 100 ? Math.floor(digits / 10) : 0;
}
