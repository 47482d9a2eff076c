/** Where readers of JSON differ. */
import { MAX_INTEGER_DIGITS } from "../bytes/limits.ts";
import type { Exact } from "../values/exact.ts";

/** What a reader takes beyond RFC 8259, and what it refuses within. */
export interface JsonDialect {
  readonly words: ReadonlyMap<string, Exact>;
  /** Whether an escape may be half of a surrogate pair. */
  readonly loneSurrogates: boolean;
  /** Whether a number beyond the largest float is infinite; else it is an error. */
  readonly overflows: boolean;
  /** Characters that an int may have. */
  maxLength(int: string): number;
}

const WORDS: readonly (readonly [string, Exact])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
];

/** The dialect of msgspec 0.22.0, which reads records. It counts the sign of an int among its digits. */
export const MSGSPEC: JsonDialect = {
  words: new Map(WORDS),
  loneSurrogates: false,
  overflows: false,
  maxLength: () => MAX_INTEGER_DIGITS,
};

/** The dialect of `json.loads` in Python 3.11, which reads Flask's own cookie. */
export const PYTHON: JsonDialect = {
  words: new Map([
    ...WORDS,
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
  ]),
  loneSurrogates: true,
  overflows: true,
  maxLength: (int) => (int.startsWith("-") ? MAX_INTEGER_DIGITS + 1 : MAX_INTEGER_DIGITS),
};
