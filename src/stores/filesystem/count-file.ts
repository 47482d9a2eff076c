/**
 * cachelib's count of the files in a directory. It counts anew at each start, adds and takes away what it makes and
 * deletes, and deletes sessions where the count is over its threshold.
 */
import { decodePickle } from "../../codecs/pickle/decode.ts";
import { encodePickle } from "../../codecs/pickle/encode.ts";
import { type CacheFile, encodeFile, readFile, removeFile, writeFile } from "./cache-file.ts";
import { nothingIfCorrupt } from "./failure.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { countPaths, temporaryPath } from "./names.ts";
import { isSameFile, newestFirst, renameIfUnchanged, type SeenFile } from "./seen-file.ts";

/** A count file as it was read. */
interface Counted {
  readonly seen: SeenFile;
  readonly layout: Layout;
  readonly files: number;
}

/** The count file of a directory; of two, after an upgrade of cachelib, the newer. */
export class CountFile {
  readonly #directory: string;
  readonly #paths: readonly string[];
  #last: Counted | undefined;
  /** What nobody counts yet; those who do at once in one process would stand in each other's way for minutes. */
  #uncounted = 0;
  #counting: Promise<unknown> = Promise.resolve();
  #waiting: Promise<number> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.#paths = countPaths(directory);
  }

  /** What it shows of the cachelib that writes it; `undefined` where nothing is counted. */
  async layout(): Promise<Layout | undefined> {
    return (await this.#read())?.layout;
  }

  /**
   * Counts files that were made, or, below 0, deleted. Where Flask counts none, nothing is done. Without a lock: one that
   * a process left behind as it died would hold up all new sessions, and Python takes none.
   * @returns how many there are now, as far as is counted
   */
  change(by: number): Promise<number> {
    this.#uncounted += by;
    this.#waiting ??= this.#counting.catch(() => undefined).then(() => this.#countWaiting());
    return this.#waiting;
  }

  /** Counts what has come while somebody else was counting. */
  #countWaiting(): Promise<number> {
    const counting = this.#count(this.#uncounted);
    this.#counting = counting;
    this.#waiting = undefined;
    this.#uncounted = 0;
    return counting;
  }

  async #count(by: number): Promise<number> {
    for (;;) {
      const counted = await this.#read();
      if (counted === undefined) return 0;
      const files = counted.files + by;
      if (await this.#replace(counted, files)) return files;
    }
  }

  /** Read again only if another file lies there. */
  async #read(): Promise<Counted | undefined> {
    const [newest] = await newestFirst(this.#paths);
    if (newest === undefined) return undefined;
    if (this.#last !== undefined && isSameFile(this.#last.seen, newest)) return this.#last;
    const file = await readFile(newest.path).catch(nothingIfCorrupt);
    this.#last = { seen: newest, layout: layoutOf(newest.path, file), files: filesIn(file) };
    return this.#last;
  }

  /** With the mode that it had: who reads it must be able to read it still. */
  async #replace({ seen, layout }: Counted, files: number): Promise<boolean> {
    const temporary = temporaryPath(this.#directory);
    try {
      // Every Python reads protocol 2.
      await writeFile(temporary, encodeFile(encodePickle(files, { pickleProtocol: 2 }), 0, layout.header), seen.mode);
      return renameIfUnchanged(temporary, seen.path, [seen.path], [seen]);
    } finally {
      await removeFile(temporary);
    }
  }
}

/** cachelib takes for 0 what it cannot read. */
function filesIn(file: CacheFile | undefined): number {
  if (file === undefined) return 0;
  try {
    const { value } = decodePickle(file.bytes);
    return typeof value === "number" ? value : 0;
  } catch (error) {
    return nothingIfCorrupt(error) ?? 0;
  }
}
