// The counters that istanbul put into the instrumented modules, as one array that is cleared and compared in microseconds.

/** By how often a branch was taken: one bit for each of 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more. */
const CLASSES = Uint8Array.from({ length: 129 }, (_, count) => {
  if (count === 0) return 0;
  const bounds = [1, 2, 3, 7, 15, 31, 127];
  const found = bounds.findIndex((bound) => count <= bound);
  return 1 << (found < 0 ? bounds.length : found);
});

/** Branches and functions of all modules that are loaded. */
export class Counters {
  #counts;
  /** By counter: the classes of counts that any input has reached. */
  #reached;
  #branches;

  /** @param coverage what istanbul keeps: by file, `b` with the branches' counters and `f` with the functions' */
  constructor(coverage) {
    const files = Object.values(coverage);
    this.#branches = files.reduce(
      (sum, { b }) => sum + Object.values(b).reduce((most, { length }) => most + length, 0),
      0,
    );
    const functions = files.reduce((sum, { f }) => sum + Object.keys(f).length, 0);
    this.#counts = new Uint32Array(this.#branches + functions);
    this.#reached = new Uint8Array(this.#counts.length);
    let at = 0;
    const take = (length) => this.#counts.subarray(at, (at += length));
    // The modules count on in memory of ours: they look their counters up each time.
    for (const { b } of files) for (const key of Object.keys(b)) b[key] = take(b[key].length);
    for (const file of files) file.f = take(Object.keys(file.f).length);
  }

  /** Begins anew: nothing has been reached. */
  forget() {
    this.#reached.fill(0);
  }

  clear() {
    this.#counts.fill(0);
  }

  /** Notes what has been reached since `clear`. @returns the counters that came into a class for the first time */
  note() {
    const news = [];
    for (let index = 0; index < this.#counts.length; index++) {
      const count = this.#counts[index];
      if (count === 0) continue;
      const reached = CLASSES[count < 128 ? count : 128];
      if ((this.#reached[index] & reached) !== 0) continue;
      this.#reached[index] |= reached;
      news.push([index, reached]);
    }
    return news;
  }

  /** Whether all of it has been reached since `clear`. */
  reach(news) {
    return news.every(([index, reached]) => CLASSES[Math.min(this.#counts[index], 128)] === reached);
  }

  /** Branches that some input took. */
  get covered() {
    return this.#reached.subarray(0, this.#branches).reduce((sum, reached) => sum + (reached === 0 ? 0 : 1), 0);
  }
}
