import { StoreTimeoutError } from "../errors.ts";

/** An instant until which the calls of one operation must have answered. */
export class Deadline {
  readonly #at: number;
  readonly #millis: number;

  constructor(millis: number) {
    this.#at = performance.now() + millis;
    this.#millis = millis;
  }

  /** Whether the instant has passed. */
  get passed(): boolean {
    return performance.now() >= this.#at;
  }

  /** What the call answers. @throws StoreTimeoutError when it has not by the deadline; its late answer is dropped */
  within<T>(call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          reject(new StoreTimeoutError(`The store did not answer within ${this.#millis} ms`));
        },
        Math.max(0, this.#at - performance.now()),
      );
      call.then(resolve, reject).finally(() => {
        clearTimeout(timer);
      });
    });
  }
}
