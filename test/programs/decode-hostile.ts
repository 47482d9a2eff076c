/**
 * Decodes every hostile input five times, or with the argument `nothing` only makes them, and says how long it took and
 * how large it grew.
 */
import { hostileInputs, outcomeOf } from "../codecs/hostile/outcome.ts";

const RUNS = 5;
const { gc } = globalThis;
const decodes = process.argv[2] !== "nothing";

/** Milliseconds: of the clock, or of the processor where others kept it from us, whichever is less. */
function millisOf(work: () => void): number {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(elapsed, (user + system) / 1000);
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
