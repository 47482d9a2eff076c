import type { Exact } from "./exact.ts";

/**
 * What the format of a record, or the one in which Flask saves it next, cannot hold. The patch asks for every value
 * that JavaScript newly puts in, primitives too; what the record already held is not asked about.
 */
export interface FormatRules {
  /** @returns why the value is refused, as the end of a sentence, or `undefined`. Containers are asked without their contents. */
  refuse(value: Exact): string | undefined;
  /** @returns why a dict key is refused; absent where keys are values like any. */
  refuseKey?(key: Exact): string | undefined;
}
