/** Flask-Session's filesystem back end: the files of cachelib, one a session. */
import { join } from "node:path";
import type { Found, InspectableStore, ListedRecord, SetResult, StoreCheck, StoredRecord } from "../session/store.ts";
import { encodeFile, expiryOf, isLive, moveExpiry, readFile, removeFile, writeFile } from "./filesystem/cache-file.ts";
import { SessionDirectory } from "./filesystem/directory.ts";
import { deleteIfExpired } from "./filesystem/expired.ts";
import { fileError, nothingIfCorrupt } from "./filesystem/failure.ts";
import { deleteIfLeftOver } from "./filesystem/left-over.ts";
import { withLocks } from "./filesystem/lock.ts";
import { type FileNames, isSessionName, namesIn, sessionNames, temporaryPath } from "./filesystem/names.ts";
import { Pruning } from "./filesystem/prune.ts";
import { checkDirectory } from "./filesystem/rights.ts";
import { renameIfUnchanged, type SeenFile } from "./filesystem/seen-file.ts";
import { Turns } from "./filesystem/turns.ts";
import { isSameRecord } from "./same-record.ts";

export type { FileNames } from "./filesystem/names.ts";

/** Where and how session files are kept. */
export interface FilesystemOptions {
  /** Flask: SESSION_FILE_DIR. A relative one is taken from the working directory at the time the store is made. */
  readonly directory: string;
  /** Flask: SESSION_FILE_MODE. @defaultValue 0o600 */
  readonly mode?: number | undefined;
  /**
   * Flask: SESSION_FILE_THRESHOLD. Where Flask counts more files, a new session lets Node delete the expired ones, and no
   * other; 0: neither counted nor deleted. @defaultValue 500
   */
  readonly threshold?: number | undefined;
  /** What new files are named by in a directory in which Flask has left no file yet. */
  readonly fileNames?: FileNames | undefined;
  /** Whether to make the directory if it does not exist. @defaultValue false, because Flask makes it at its start */
  readonly create?: boolean | undefined;
}

/**
 * A store of files that Flask-Session 0.3.2 to 0.8 with cachelib 0.1 to 0.17 reads and writes, with SESSION_TYPE
 * "filesystem". The directory is looked for at the first call, or by `open()`.
 */
export function filesystemStore(options: FilesystemOptions): InspectableStore {
  return new FilesystemStore(options);
}

class FilesystemStore implements InspectableStore {
  readonly compareAndSet = "node";
  readonly format = "pickle";
  readonly #directory: SessionDirectory;
  readonly #mode: number;
  readonly #threshold: number;
  readonly #turns = new Turns();
  readonly #pruning = new Pruning(() => this.deleteExpired());

  constructor(options: FilesystemOptions) {
    this.#directory = new SessionDirectory(options);
    this.#mode = options.mode ?? 0o600;
    this.#threshold = options.threshold ?? 500;
  }

  get(key: string): Promise<Found | undefined> {
    return this.#within(async () => {
      const [file] = await this.#directory.filesOf(key);
      const record = await recordIn(file);
      return record && { record, touched: false };
    });
  }

  set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult> {
    return this.#within(async () => {
      const expiry = expiryOf(expiresAt);
      const { names, header } = await this.#directory.layout();
      const content = encodeFile(bytes, expiry, header);
      const path = this.#directory.pathOf(key, names);
      return this.#turns.take(key, async (waited) => {
        if (waited) {
          const { conflict } = await this.#compare(key, expected);
          if (conflict !== undefined) return conflict;
        }
        return this.#replace(key, path, content, expected);
      });
    });
  }

  touch(key: string, expiresAt: Date): Promise<boolean> {
    return this.#within(async () => {
      const expiry = expiryOf(expiresAt);
      const [file] = await this.#directory.filesOf(key);
      const moved = file && (await moveExpiry(file.path, expiry));
      return moved === "unfit" ? this.#rewrite(key, expiresAt) : moved === "moved";
    });
  }

  delete(key: string, expected?: StoredRecord): Promise<boolean> {
    const work = async (): Promise<number> => {
      const files = await this.#directory.filesOf(key);
      if (expected !== undefined) {
        const current = await recordIn(files[0]).catch(nothingIfCorrupt);
        if (!isSameRecord(current, expected)) return 0;
      }
      const removed = await Promise.all(files.map(({ path }) => removeFile(path)));
      return removed.filter(Boolean).length;
    };
    return this.#within(async () => {
      const removed = await this.#turns.take(key, () => withLocks(this.#directory.pathsOf(key), work));
      await this.#count(-removed);
      return removed > 0;
    });
  }

  open(): Promise<void> {
    return this.#within(() => Promise.resolve());
  }

  close(): Promise<void> {
    return this.#pruning.end();
  }

  /** All sessions, whatever their keys: the names are hashes, and tell no prefix. */
  async *list(_prefix: string): AsyncGenerator<ListedRecord> {
    try {
      await this.#directory.open();
      for await (const name of sessionNames(this.#directory.path)) {
        const record = await recordIn({ path: join(this.#directory.path, name) }).catch(nothingIfCorrupt);
        if (record !== undefined) yield { ref: name, record };
      }
    } catch (error) {
      throw fileError(error);
    }
  }

  async deleteListed({ ref, record }: ListedRecord): Promise<boolean> {
    if (!isSessionName(ref)) throw new TypeError("A listed record's ref is the name of a session file");
    const path = join(this.#directory.path, ref);
    const work = async (): Promise<boolean> =>
      isSameRecord(await readFile(path).catch(nothingIfCorrupt), record) && removeFile(path);
    return this.#within(async () => {
      const removed = await withLocks([path], work);
      await this.#count(removed ? -1 : 0);
      return removed;
    });
  }

  deleteExpired(options: Parameters<InspectableStore["deleteExpired"]>[0] = {}): Promise<number> {
    return this.#within(async () => {
      let [done, deleted] = [0, 0];
      try {
        for await (const name of namesIn(this.#directory.path)) {
          options.signal?.throwIfAborted();
          const path = join(this.#directory.path, name);
          if (!isSessionName(name)) {
            await deleteIfLeftOver(path);
            continue;
          }
          if (await deleteIfExpired(path)) deleted++;
          options.onProgress?.(++done);
        }
      } finally {
        await this.#count(-deleted);
      }
      return deleted;
    });
  }

  check(): Promise<StoreCheck> {
    return this.#within(() => checkDirectory(this.#directory.path));
  }

  /** The new file is written before the look at the old one, so that little time is between that and the renaming. */
  async #replace(
    key: string,
    path: string,
    content: Uint8Array,
    expected: StoredRecord | null | undefined,
  ): Promise<SetResult> {
    const temporary = temporaryPath(this.#directory.path);
    const paths = this.#directory.pathsOf(key);
    let made = 0;
    try {
      await writeFile(temporary, content, this.#mode);
      return await withLocks(paths, async (locks) => {
        for (;;) {
          const { conflict, files } = await this.#compare(key, expected);
          if (conflict !== undefined) return conflict;
          locks.check();
          if (!renameIfUnchanged(temporary, path, paths, files)) continue;
          // The file with the other name would be the session again once Flask deletes this one at a log-out.
          await Promise.all(files.filter((file) => file.path !== path).map((file) => removeFile(file.path)));
          made = 1 - files.length;
          return { stored: true };
        }
      });
    } finally {
      await removeFile(temporary);
      await this.#count(made);
    }
  }

  /** Also where nothing is expected the file is read: what cannot be a session is not replaced. */
  async #compare(
    key: string,
    expected: StoredRecord | null | undefined,
  ): Promise<{ readonly files: readonly SeenFile[]; readonly conflict?: SetResult }> {
    const files = await this.#directory.filesOf(key);
    const current = await recordIn(files[0]);
    if (expected === undefined || isSameRecord(current, expected ?? undefined)) return { files };
    return { files, conflict: { stored: false, current } };
  }

  /** For an expiry that does not fit over the old one. Who has changed the record meanwhile has renewed it. */
  async #rewrite(key: string, expiresAt: Date): Promise<boolean> {
    const found = await this.get(key);
    if (found === undefined) return false;
    const result = await this.set(key, found.record.bytes, expiresAt, found.record);
    return result.stored || result.current !== undefined;
  }

  /** Keeps Flask's count. A session that is stored is stored, whatever becomes of it: Flask counts anew at its start. */
  async #count(made: number): Promise<void> {
    if (made === 0 || this.#threshold === 0) return;
    const files = await this.#directory.count.change(made).catch(() => 0);
    if (made > 0 && files > this.#threshold) this.#pruning.begin();
  }

  /** In the directory, and with errors that do not name the file. */
  async #within<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.#directory.open();
      return await work();
    } catch (error) {
      throw fileError(error);
    }
  }
}

/** The live record in a file, if there is one. @throws DecodeError */
async function recordIn(seen: { readonly path: string } | undefined): Promise<StoredRecord | undefined> {
  const file = seen && (await readFile(seen.path));
  if (file === undefined || !isLive(file.expiry)) return undefined;
  const { bytes, expiry } = file;
  return expiry === 0 ? { bytes } : { bytes, expiresAt: new Date(expiry * 1000) };
}
