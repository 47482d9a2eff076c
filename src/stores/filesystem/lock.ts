/** Locks among Node processes: a file beside the session's, made by the one who holds it. Python takes no locks. */
import { link, lstat, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StoreTimeoutError } from "../../errors.ts";
import { valueAt } from "./failure.ts";
import { lockPath, temporaryPath } from "./names.ts";

/** Age at which a lock is taken over, because who made it has died: longer than any save may take. */
const STALE_MILLIS = 10_000;
/** Longest pause between two tries, in milliseconds. Random, so that those who wait do not wake together. */
const PAUSE_MILLIS = 4;

/** Works while no other Node process works on these files. Their order is one for all, so that none wait for each other. */
export async function withLocks<T>(files: Iterable<string>, work: (locks: Locks) => Promise<T>): Promise<T> {
  const locks = new Locks(STALE_MILLIS);
  try {
    for (const file of files) await locks.take(lockPath(file));
    return await work(locks);
  } finally {
    await locks.release();
  }
}

/** Locks that this process holds. */
export class Locks {
  readonly #paths: string[] = [];
  readonly #staleMillis: number;
  #since = 0;

  /**
   * @param staleMillis age at which a lock counts as left behind by a process that died, by the clocks of this machine
   * and of the file system
   */
  constructor(staleMillis: number) {
    this.#staleMillis = staleMillis;
  }

  /** Waits for a lock. */
  async take(path: string): Promise<void> {
    while (!(await tryToLock(path))) {
      if (await isStale(path, this.#staleMillis)) await takeAway(path, this.#staleMillis);
      else await sleep(Math.random() * PAUSE_MILLIS);
    }
    if (this.#paths.push(path) === 1) this.#since = performance.now();
  }

  /** @throws StoreTimeoutError where they were held for so long that somebody may have taken them over */
  check(): void {
    if (this.#isOverdue()) {
      throw new StoreTimeoutError(`The lock of a session file was held for over ${this.#staleMillis} ms`);
    }
  }

  /** Lets them go, but for those that may be another's by now. */
  async release(): Promise<void> {
    if (this.#isOverdue()) return;
    for (const path of this.#paths) await unlink(path).catch(valueAt("ENOENT", undefined));
  }

  #isOverdue(): boolean {
    return performance.now() - this.#since >= this.#staleMillis;
  }
}

/** Takes a lock away if whoever made it has died. */
export async function takeAwayIfStale(path: string): Promise<void> {
  if (await isStale(path, STALE_MILLIS)) await takeAway(path, STALE_MILLIS);
}

/**
 * Takes a stale lock away. Renamed, it is ours alone: if it is a fresh one after all, because somebody else has taken
 * the stale one away first, it is put back.
 */
export async function takeAway(path: string, staleMillis: number): Promise<void> {
  const aside = temporaryPath(dirname(path));
  const taken = await rename(path, aside).then(() => true, valueAt("ENOENT", false));
  if (!taken) return;
  if (!(await isStale(aside, staleMillis))) await link(aside, path).catch(valueAt("EEXIST", undefined));
  await unlink(aside);
}

async function tryToLock(path: string): Promise<boolean> {
  const handle = await open(path, "wx", 0o600).catch(valueAt("EEXIST", undefined));
  await handle?.close();
  return handle !== undefined;
}

async function isStale(path: string, staleMillis: number): Promise<boolean> {
  const stats = await lstat(path).catch(valueAt("ENOENT", undefined));
  return stats !== undefined && Date.now() - stats.mtimeMs > staleMillis;
}
