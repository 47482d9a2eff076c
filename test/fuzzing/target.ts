/** What a fuzzer feeds: something that reads bytes from outside. */
import type { Chance } from "./random-pickle.ts";

/** One of them. */
export interface Target {
  readonly name: string;
  /** Its share of the inputs, beside the weights of the others. */
  readonly weight: number;
  readonly seeds: readonly Uint8Array[];
  /** Bytes that mean something to the format. */
  readonly words: readonly Uint8Array[];
  /** Makes an input that mutations would hardly come to. */
  make?(chance: Chance): Uint8Array;
  /** @throws whatever a caller would not expect; `Difference` where a result is wrong */
  run(input: Uint8Array): void | Promise<void>;
}
