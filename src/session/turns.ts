/** Lets `close()` wait for what is under way; the work never rejects. */
export type Track = (work: Promise<unknown>) => void;

/** Runs the work of one session piece by piece: a save that nobody awaited must not race with the request's end. */
export class Turns {
  readonly #track: Track;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(track: Track) {
    this.#track = track;
  }

  /** Whether something is under way. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Runs the work after what is under way, or at once; `work` must not take a turn itself. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const run = this.busy ? this.#last.then(work) : work();
    this.#waiting++;
    this.#last = this.#end(run);
    this.#track(this.#last);
    return run;
  }

  async #end(run: Promise<unknown>): Promise<void> {
    await run.catch(nothing);
    this.#waiting--;
  }
}

/** Who took the turn gets the error. */
function nothing(): void {}
