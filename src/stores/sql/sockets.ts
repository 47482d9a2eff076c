/** The sockets of a pool of our own: a connection that hangs must neither keep its place in the pool nor the process alive. */
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Nothing has moved on a socket for so long: it is idle, or its server hangs. Twice what a save may take by default. */
const SILENT_MILLIS = 10_000;
/** After so long a pool lets an idle connection go by itself, with a good-bye, so that none in use is ever taken for silent. */
export const IDLE_MILLIS = 5000;
/** How long a pool may take to say good-bye. */
const FAREWELL_MILLIS = 1000;

/** The open sockets of one pool. */
export class Sockets {
  readonly #open = new Set<Socket>();
  readonly #silentMillis: number;

  /** @param silentMillis after how long a silent socket is given up */
  constructor(silentMillis: number = SILENT_MILLIS) {
    this.#silentMillis = silentMillis;
  }

  /** Takes a socket in, which is destroyed once it falls silent. */
  add(socket: Socket): Socket {
    this.#open.add(socket);
    socket.setKeepAlive(true).setNoDelay(true);
    socket.setTimeout(this.#silentMillis, () => socket.destroy());
    return socket.once("close", () => this.#open.delete(socket));
  }

  /** Waits until the pool has ended, but not for ever, and destroys what is left. */
  async end(ending: Promise<unknown>): Promise<void> {
    await Promise.race([ending, sleep(FAREWELL_MILLIS, undefined, { ref: false })]);
    for (const socket of this.#open) socket.destroy();
  }
}
