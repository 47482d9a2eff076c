/** A directory of session files: whether it is there, what its files are named by, which file a key has. */
import { access, mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConfigError, StoreError } from "../../errors.ts";
import { CountFile } from "./count-file.ts";
import { valueAt } from "./failure.ts";
import { type Layout, newestLayout } from "./layout.ts";
import { type FileNames, fileName } from "./names.ts";
import { newestFirst, type SeenFile } from "./seen-file.ts";

/** Where the files of a store lie. */
export interface DirectoryOptions {
  readonly directory: string;
  readonly fileNames?: FileNames | undefined;
  readonly create?: boolean | undefined;
}

const KINDS: ReadonlySet<FileNames> = new Set(["md5", "sha256"]);

/** The session directory of a store. */
export class SessionDirectory {
  /** Absolute, by the working directory at the time the store was made. */
  readonly path: string;
  /** What Flask counts. */
  readonly count: CountFile;
  readonly #create: boolean;
  readonly #fileNames: FileNames | undefined;
  #opening: Promise<void> | undefined;
  #newestLayout: Layout | undefined;

  /** @throws ConfigError for a hash that cachelib does not use */
  constructor({ directory, fileNames, create = false }: DirectoryOptions) {
    if (fileNames !== undefined && !KINDS.has(fileNames)) {
      throw new ConfigError('The option fileNames must be "md5" or "sha256"');
    }
    this.path = resolve(directory);
    this.count = new CountFile(this.path);
    this.#fileNames = fileNames;
    this.#create = create;
  }

  /** Once it was there, it is not looked for again. @throws ConfigError where it is not and may not be made */
  open(): Promise<void> {
    this.#opening ??= this.#prepare().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** The file of a key, with either kind of names. */
  pathOf(key: string, kind: FileNames): string {
    return join(this.path, fileName(kind, key));
  }

  /** Both files that a key can have; always in this order, so that those who lock both do not wait for each other. */
  pathsOf(key: string): readonly string[] {
    return [this.pathOf(key, "md5"), this.pathOf(key, "sha256")];
  }

  /** The files that a key has, the newest first: that one counts. An upgrade of cachelib leaves two. */
  async filesOf(key: string): Promise<readonly SeenFile[]> {
    const files = await newestFirst(this.pathsOf(key));
    // No file is no session only as long as there is a directory.
    if (files.length === 0) await access(this.path);
    return files;
  }

  /**
   * How new files are written: as cachelib writes its count, else as its newest session file, else named by the option.
   * @throws StoreError where none of them says
   */
  async layout(): Promise<Layout> {
    const counted = await this.count.layout();
    if (counted !== undefined) return counted;
    // Found out once: without a count file every look is at all files.
    this.#newestLayout ??= await newestLayout(this.path);
    if (this.#newestLayout !== undefined) return this.#newestLayout;
    if (this.#fileNames !== undefined) return { names: this.#fileNames, header: "packed" };
    throw new StoreError(
      "Cannot store in the session directory: nothing in it says how Flask names its files; start Flask first, or give " +
        'the option fileNames: "md5" for cachelib up to 0.15, "sha256" from 0.16',
    );
  }

  async #prepare(): Promise<void> {
    if (this.#create) await mkdir(this.path, { recursive: true });
    const stats = await stat(this.path).catch(valueAt("ENOENT", undefined));
    if (stats === undefined) {
      throw new ConfigError(
        `The session directory ${this.path} does not exist: start Flask first, which makes it, or give the option create: true`,
      );
    }
    if (!stats.isDirectory()) throw new ConfigError(`The session directory ${this.path} is no directory`);
  }
}
