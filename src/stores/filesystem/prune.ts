/** Deletes expired sessions now and then, where there are more files than Flask's threshold. */

/** Milliseconds from one look at all files to the next. */
const PAUSE_MILLIS = 60_000;

/** Work that goes on beside requests: none waits for it, and its failure is none of theirs. */
export class Pruning {
  readonly #work: () => Promise<unknown>;
  #running: Promise<void> | undefined;
  #notBefore = 0;

  constructor(work: () => Promise<unknown>) {
    this.#work = work;
  }

  /** Begins, unless the last time is not long past. */
  begin(): void {
    if (performance.now() < this.#notBefore) return;
    this.#notBefore = Number.POSITIVE_INFINITY;
    this.#running = this.#run();
  }

  /** Waits for what has begun. */
  async end(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      await this.#work();
    } catch {
      // What cannot be deleted now is looked at again.
    }
    this.#notBefore = performance.now() + PAUSE_MILLIS;
  }
}
