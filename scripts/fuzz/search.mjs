// The search: inputs that reach something new are kept and changed further.
import { createHash } from "node:crypto";
import { minimise } from "./minimise.mjs";
import { mutate } from "./mutate.mjs";
import { tryOnce } from "./trial.mjs";

/** Inputs between two looks at the clock and at messages. */
const TURN = 256;
/** The latest finds are the likeliest to lead on. */
const LATEST = 32;
/** Once in so many inputs one is made and no other changed, where the target can. */
const MADE_ONE_IN = 4;
/** Seeds that are longer are tried, but not changed: each change would cost too much. */
const MAX_PARENT_BYTES = 8192;
const MINIMISING_TRIALS = 2000;
const TRIMMING_TRIALS = 24;
/** What depends on the machine as well is told as it was found. */
const AS_FOUND = new Set(["hang", "memory"]);

/** Looks for faults of one target. */
export class Search {
  #target;
  #counters;
  #random;
  #journal;
  #avoided;
  #report;
  #corpus = [];
  #faults = new Map();
  #inputs = 0;

  /** @param report is called once for each kind of fault, with its shortest input */
  constructor({ target, counters, random, journal, avoided, report }) {
    this.#target = target;
    this.#counters = counters;
    this.#random = random;
    this.#journal = journal;
    this.#avoided = new Set(avoided);
    this.#report = report;
  }

  /** @returns how many inputs were tried, and of those how many failed in which way */
  async run(runs, millis) {
    const endsAt = performance.now() + millis;
    const isOver = () => this.#inputs >= runs || performance.now() >= endsAt;
    for (const seed of this.#target.seeds) {
      if (isOver()) break;
      if ((await this.#news(seed)).length > 0 && seed.length <= MAX_PARENT_BYTES) this.#corpus.push(Buffer.from(seed));
    }
    if (this.#corpus.length === 0) this.#corpus.push(Buffer.alloc(1));
    while (!isOver()) {
      for (let count = 0; count < TURN && this.#inputs < runs; count++) await this.#explore(this.#next());
      await new Promise((resolve) => setImmediate(resolve));
    }
    const failed = Object.fromEntries([...this.#faults].map(([key, { count }]) => [key, count]));
    return { inputs: this.#inputs, branches: this.#counters.covered, kept: this.#corpus.length, failed };
  }

  #next() {
    if (this.#target.make !== undefined && this.#random.oneIn(MADE_ONE_IN)) return this.#target.make(this.#random);
    return mutate(this.#parent(), this.#random, { others: this.#corpus, words: this.#target.words });
  }

  #parent() {
    const corpus = this.#corpus;
    const isLate = this.#random.oneIn(2);
    return corpus[
      isLate
        ? corpus.length - 1 - this.#random.below(Math.min(LATEST, corpus.length))
        : this.#random.below(corpus.length)
    ];
  }

  async #explore(input) {
    const news = await this.#news(input);
    if (news.length > 0) this.#corpus.push(await this.#trimmed(input, news));
  }

  /** What an input is the first to reach; nothing where it fails. */
  async #news(input) {
    if (this.#avoided.size > 0 && this.#avoided.has(digest(input))) return [];
    this.#inputs++;
    const fault = await this.#tryOnce(input);
    if (fault === undefined) return this.#counters.note();
    await this.#note(fault, input);
    return [];
  }

  /** As short as a few attempts make it: where an input is long, a change hardly hits the byte that counts. */
  #trimmed(input, news) {
    const isSame = async (candidate) => (await this.#tryOnce(candidate)) === undefined && this.#counters.reach(news);
    return minimise(input, isSame, TRIMMING_TRIALS);
  }

  #tryOnce(input) {
    this.#counters.clear();
    return tryOnce(this.#target, input, () => this.#journal.note(input, this.#inputs));
  }

  async #note(fault, input) {
    const known = this.#faults.get(fault.key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.#faults.set(fault.key, { count: 1 });
    const isSame = async (candidate) => (await this.#tryOnce(candidate))?.key === fault.key;
    const shortest = AS_FOUND.has(fault.kind) ? input : await minimise(input, isSame, MINIMISING_TRIALS);
    this.#report({ ...fault, input: shortest });
  }
}

/** How inputs that are to be left out are named. */
export function digest(input) {
  return createHash("sha1").update(input).digest("hex");
}
