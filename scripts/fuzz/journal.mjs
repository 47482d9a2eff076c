// The input at work, in a file: whatever becomes of the process that works on it, another can read it there.
import { closeSync, existsSync, openSync, readSync, writeSync } from "node:fs";

const HEAD_BYTES = 12;
const MAX_BYTES = 1024 * 1024;

/** Written before every trial; a write of a few KiB costs two microseconds. */
export class Journal {
  #file;
  #entry = Buffer.alloc(HEAD_BYTES + MAX_BYTES);
  #trials = 0;

  constructor(path) {
    this.#file = openSync(path, "w+");
  }

  /** @param inputs how many there were; an input may be tried more than once */
  note(input, inputs) {
    this.#entry.writeUInt32LE(++this.#trials, 0);
    this.#entry.writeUInt32LE(inputs, 4);
    this.#entry.writeUInt32LE(input.length, 8);
    this.#entry.set(input, HEAD_BYTES);
    writeSync(this.#file, this.#entry, 0, HEAD_BYTES + input.length, 0);
  }
}

/** The other end. @returns how many trials and inputs there were so far, and the last input; no trials before the first */
export function readJournal(path) {
  if (!existsSync(path)) return { trials: 0, inputs: 0, input: Buffer.alloc(0) };
  const file = openSync(path, "r");
  try {
    const entry = Buffer.alloc(HEAD_BYTES + MAX_BYTES);
    readSync(file, entry, 0, entry.length, 0);
    const [trials, inputs, length] = [0, 4, 8].map((at) => entry.readUInt32LE(at));
    return { trials, inputs, input: entry.subarray(HEAD_BYTES, HEAD_BYTES + length) };
  } finally {
    closeSync(file);
  }
}
