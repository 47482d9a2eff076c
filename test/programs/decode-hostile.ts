/**
 * Decodes every hostile input five times, or with the argument `nothing` only makes them, and says how long it took and
 * how large it grew.
 */
import { existsSync, readFileSync } from "node:fs";
import { hostileInputs, outcomeOf } from "../codecs/hostile/outcome.ts";

const RUNS = 5;
const { gc } = globalThis;
const decodes = process.argv[2] !== "nothing";

/** Where Linux says how long this thread has run: who else works on the machine does not count. */
const STATISTICS = `/proc/self/task/${process.pid}/schedstat`;
const clock = existsSync(STATISTICS)
  ? () => Number.parseInt(readFileSync(STATISTICS, "utf8"), 10) / 1e6
  : () => performance.now();

function millisOf(work: () => void): number {
  const start = clock();
  work();
  return clock() - start;
}

const medians: Record<string, number> = {};
for (const [codec, inputs] of hostileInputs) {
  for (const [why, , bytes] of inputs) {
    const input = bytes();
    const times = Array.from({ length: RUNS }, () => {
      gc?.();
      return decodes ? millisOf(() => outcomeOf(codec, input)) : 0;
    });
    medians[`${codec.format}: ${why}`] = times.toSorted((a, b) => a - b)[(RUNS - 1) / 2] as number;
  }
}
console.log(JSON.stringify({ medians, peakBytes: process.resourceUsage().maxRSS * 1024 }));
