// One input given to a target, and what came of it.
import v8 from "node:v8";

/** An input of up to 4 KiB that takes longer is looked at again. A longer one may take longer, in proportion. */
const SLOW_MILLIS = 250;
const SHORT_BYTES = 4096;
/** The fastest of so many further attempts counts: the machine has other things to do as well. */
const ATTEMPTS = 5;
/** Bytes by which the heap may have grown when an input has been taken, garbage included. */
const GREEDY_BYTES = 128 * 1024 * 1024;

/**
 * @typedef {object} Fault
 * @property {"overflow" | "hang" | "memory" | "difference" | "untyped"} kind
 * @property {string} key what two inputs share that fail in the same way
 * @property {string} about for people
 */

/**
 * @param begins is called before each attempt: who watches has to wait for one at a time
 * @returns {Promise<Fault | undefined>} what is wrong with how the target took the input
 */
export async function tryOnce(target, input, begins) {
  begins();
  const startedAt = performance.now();
  const heapBefore = heapBytes();
  try {
    const running = target.run(input);
    if (running !== undefined) await running;
  } catch (error) {
    return thrownFault(error);
  }
  const grown = heapBytes() - heapBefore;
  if (grown > GREEDY_BYTES) return { kind: "memory", key: "memory", about: `${(grown / 2 ** 20) | 0} MiB more heap` };
  const most = SLOW_MILLIS * Math.max(1, input.length / SHORT_BYTES);
  return performance.now() - startedAt > most ? slowFault(target, input, most, begins) : undefined;
}

async function slowFault(target, input, most, begins) {
  let fastest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && fastest > most; attempt++) {
    begins();
    const startedAt = performance.now();
    await target.run(input);
    fastest = Math.min(fastest, performance.now() - startedAt);
  }
  if (fastest <= most) return undefined;
  return { kind: "hang", key: "slow", about: `${fastest | 0} ms at best, ${most | 0} allowed` };
}

function thrownFault(error) {
  const stack = error instanceof Error ? String(error.stack) : "";
  if (error instanceof RangeError && error.message.includes("call stack")) {
    return { kind: "overflow", key: `overflow ${repeatedPlace(stack)}`, about: stack };
  }
  const name = error instanceof Error ? error.name : typeof error;
  if (name === "Difference") return { kind: "difference", key: error.message, about: stack };
  return { kind: "untyped", key: `${name} ${firstPlace(stack)}`, about: stack || String(error) };
}

/** File and line of the first frame that is ours. */
function firstPlace(stack) {
  return /\/((?:src|test)\/[^:]*:\d+)/.exec(stack)?.[1] ?? "nowhere";
}

/** The file that an endless recursion goes through most: which function hits the end of the stack is chance. */
function repeatedPlace(stack) {
  const counts = new Map();
  for (const [, file] of stack.matchAll(/\/((?:src|test)\/[^:]*):\d+/g)) counts.set(file, (counts.get(file) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? "nowhere";
}

function heapBytes() {
  const { used_heap_size: used, external_memory: external } = v8.getHeapStatistics();
  return used + external;
}
