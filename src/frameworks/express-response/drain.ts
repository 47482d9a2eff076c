/** Wakes writers that were told to wait while the store was asked. */
import type { ServerResponse } from "node:http";

type Listener = (this: unknown) => void;
type On = (this: unknown, event: string | symbol, listener: Listener) => unknown;

/**
 * Keeps the listeners of `drain` until {@link release}. Compression before us puts them on its gzip stream; that never
 * filled up, as we kept the writes to ourselves, and so it would never drain.
 */
export class HeldDrain {
  readonly #response: ServerResponse;
  readonly #on: On;
  readonly #listeners: Listener[] = [];
  #released = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#on = Reflect.get(response, "on") as On;
    Reflect.set(response, "on", (...args: Parameters<On>) => this.#receive(...args));
  }

  /** Lets the listeners go where they wanted to. */
  release(): readonly Listener[] {
    this.#released = true;
    for (const listener of this.#listeners) Reflect.apply(this.#on, this.#response, ["drain", listener]);
    return this.#listeners;
  }

  #receive(event: string | symbol, listener: Listener): unknown {
    if (event !== "drain" || this.#released) return Reflect.apply(this.#on, this.#response, [event, listener]);
    this.#listeners.push(listener);
    return this.#response;
  }
}

/** Tells everybody who waits to write that they may. @param held listeners that the response itself may not know */
export function emitDrain(response: ServerResponse, held: readonly Listener[]): void {
  const known = new Set<unknown>(response.rawListeners("drain"));
  response.emit("drain");
  for (const listener of held) if (!known.has(listener)) Reflect.apply(listener, response, []);
}
