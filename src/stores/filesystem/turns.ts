/** Turns within this process: who waits for a turn need not try the lock file again and again. */

/** Runs work on one key piece by piece, in the order in which it came. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @param work is told whether it had to wait, so that others may have changed what its caller knows */
  take<T>(key: string, work: (waited: boolean) => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const after = (): Promise<T> => work(true);
    const turn = before === undefined ? work(false) : before.then(after, after);
    this.#last.set(key, turn);
    const leave = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  }
}
