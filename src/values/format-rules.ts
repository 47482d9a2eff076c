import type { Exact } from "./exact.ts";

/**
 * What the format of a record, or the one in which Flask saves it next, cannot hold. The patch asks for every value
 * that JavaScript newly puts in, primitives too; what the record already held is not asked about.
 */
export interface FormatRules {
  /** @returns why the value is refused, as the end of a sentence, or `undefined`. Containers are asked without their contents. */
  refuse(value: Exact): string | undefined;
  /**
   * As {@link FormatRules.refuse}, of dict keys; absent where these are values like any. The members of a set are values.
   * @param isWhole whether it is the key itself, not an item of a tuple that is one
   */
  refuseKey?(key: Exact, isWhole: boolean): string | undefined;
  /** Whether a value is written anew wherever it is reached, so that one in itself has no end. */
  readonly hasNoReferences?: boolean;
}
