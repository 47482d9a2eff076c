/** Targets with faults in them, to see that the fuzzer finds each: behind bytes that chance alone would hardly hit. */
import { Difference } from "./difference.ts";
import type { Target } from "./target.ts";

/** How a fault shows. */
type Fault = (input: Uint8Array) => void;

const kept: Uint8Array[] = [];

const faults: Readonly<Record<string, Fault>> = {
  "wrong-type": () => {
    throw new TypeError("planted");
  },
  "endless-loop": (input) => {
    while (input.length > 0) kept.length = 0;
  },
  slow: () => {
    const until = performance.now() + 400;
    while (performance.now() < until) kept.length = 0;
  },
  "endless-recursion": (input) => {
    kept.push(nestedIn(input));
  },
  greedy: () => {
    kept.push(new Uint8Array(200 * 1024 * 1024).fill(1));
  },
  abort: () => {
    process.abort();
  },
  "wrong-value": () => {
    throw new Difference("planted");
  },
};

/** No end: every call makes the next. */
function nestedIn(input: Uint8Array): Uint8Array {
  return Buffer.concat([nestedIn(input.subarray(1)), input]);
}

/** One a fault, and one without. */
export const targets: readonly Target[] = [
  ...Object.entries(faults).map(([name, fault]) => planted(name, fault)),
  planted("none", () => undefined),
];

function planted(name: string, fault: Fault): Target {
  return {
    name,
    weight: 1,
    seeds: [Buffer.from("a seed")],
    words: [Buffer.from("word")],
    run: (input) => {
      if (isReached(input)) fault(input);
    },
  };
}

/** A comparison a branch: each is a step that the fuzzer can see. */
function isReached(input: Uint8Array): boolean {
  if (input[0] !== 0xfa) return false;
  if (input[1] !== 0x17) return false;
  return input[2] === 0xed;
}
