/** Flask-Session's filesystem back end: the files of cachelib 0.7 and later, one a session. */
import { join } from "node:path";
import type { Found, InspectableStore, ListedRecord, SetResult, StoreCheck, StoredRecord } from "../session/store.ts";
import {
  encodeFile,
  expiryOf,
  isExpired,
  isLive,
  moveExpiry,
  nothingIfCorrupt,
  readFile,
  removeFile,
  writeFile,
} from "./filesystem/cache-file.ts";
import { SessionDirectory } from "./filesystem/directory.ts";
import { fileError } from "./filesystem/failure.ts";
import { withLocks } from "./filesystem/lock.ts";
import { type FileNames, isSessionName, sessionNames, temporaryPath } from "./filesystem/names.ts";
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
  /** What new files are named by in a directory in which Flask has left no file yet. */
  readonly fileNames?: FileNames | undefined;
  /** Whether to make the directory if it does not exist. @defaultValue false, because Flask makes it at its start */
  readonly create?: boolean | undefined;
}

/**
 * A store of files that Flask-Session 0.3.2 to 0.8 with cachelib >= 0.7 reads and writes, with SESSION_TYPE
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
  readonly #turns = new Turns();

  constructor(options: FilesystemOptions) {
    this.#directory = new SessionDirectory(options);
    this.#mode = options.mode ?? 0o600;
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
      const content = encodeFile(bytes, expiryOf(expiresAt));
      const path = this.#directory.pathOf(key, await this.#directory.fileNames());
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
      return file !== undefined && moveExpiry(file.path, expiry);
    });
  }

  delete(key: string, expected?: StoredRecord): Promise<boolean> {
    const work = async (): Promise<boolean> => {
      const files = await this.#directory.filesOf(key);
      if (expected !== undefined) {
        const current = await recordIn(files[0]).catch(nothingIfCorrupt);
        if (!isSameRecord(current, expected)) return false;
      }
      const removed = await Promise.all(files.map(({ path }) => removeFile(path)));
      return removed.includes(true);
    };
    return this.#within(() => this.#turns.take(key, () => withLocks(this.#directory.pathsOf(key), work)));
  }

  open(): Promise<void> {
    return this.#within(() => Promise.resolve());
  }

  close(): Promise<void> {
    return Promise.resolve();
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
    return this.#within(() =>
      withLocks(
        [path],
        async () => isSameRecord(await readFile(path).catch(nothingIfCorrupt), record) && removeFile(path),
      ),
    );
  }

  deleteExpired(options: Parameters<InspectableStore["deleteExpired"]>[0] = {}): Promise<number> {
    return this.#within(async () => {
      let [done, deleted] = [0, 0];
      for await (const name of sessionNames(this.#directory.path)) {
        options.signal?.throwIfAborted();
        if (await this.#deleteIfExpired(join(this.#directory.path, name))) deleted++;
        options.onProgress?.(++done);
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
          return { stored: true };
        }
      });
    } finally {
      await removeFile(temporary);
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

  /** Looked at again under the lock: a session that was renewed meanwhile stays. */
  async #deleteIfExpired(path: string): Promise<boolean> {
    if (!(await hasExpired(path))) return false;
    return withLocks([path], async () => (await hasExpired(path)) && removeFile(path));
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

async function hasExpired(path: string): Promise<boolean> {
  return (await isExpired(path).catch(nothingIfCorrupt)) ?? false;
}
