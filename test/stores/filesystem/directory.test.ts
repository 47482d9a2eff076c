/** The session directory: whether it is there, and how Flask names the files in it. */
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ConfigError, StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import { encodeFile, readFile as readSession } from "../../../src/stores/filesystem/cache-file.ts";
import { fileName } from "../../../src/stores/filesystem/names.ts";
import { type FileNames, filesystemStore } from "../../../src/stores/filesystem.ts";

const KEY = "session:abc";
const A = Uint8Array.of(0x80, 0x04, 0x2e);
const B = Uint8Array.of(0x80, 0x05, 0x2e);
const COUNT = "__wz_cache_count";
const soon = (): Date => new Date(Date.now() + 60_000);
const failure = (call: Promise<unknown> | undefined): Promise<unknown> =>
  Promise.resolve(call).then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("a session directory", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sessions-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const missing = (): string => join(directory, "deep", "flask_session");

  /** Leaves a file as old as that, by kind of name and key. */
  const leave = async (kind: FileNames, key: string, ageSeconds: number, bytes = A): Promise<void> => {
    const path = join(directory, fileName(kind, key));
    await writeFile(path, encodeFile(bytes, key === COUNT ? 0 : Math.floor(Date.now() / 1000) + 100));
    const changed = Date.now() / 1000 - ageSeconds;
    await utimes(path, changed, changed);
  };

  describe("names new files", () => {
    interface Case {
      readonly name: string;
      readonly files: readonly (readonly [FileNames, string, number])[];
      readonly option?: FileNames;
      readonly named: FileNames | undefined;
    }
    const cases: readonly Case[] = [
      { name: "as the count file", files: [["md5", COUNT, 5]], named: "md5" },
      {
        name: "as the count file, whatever the option says",
        files: [["md5", COUNT, 5]],
        option: "sha256",
        named: "md5",
      },
      {
        name: "as the newer of two count files",
        files: [
          ["md5", COUNT, 50],
          ["sha256", COUNT, 5],
        ],
        named: "sha256",
      },
      {
        name: "also where that is the older kind",
        files: [
          ["md5", COUNT, 5],
          ["sha256", COUNT, 50],
        ],
        named: "md5",
      },
      {
        name: "as the count file and not as newer sessions",
        files: [
          ["sha256", COUNT, 50],
          ["md5", "s", 5],
        ],
        named: "sha256",
      },
      {
        name: "as the newest session file",
        files: [
          ["md5", "s", 5],
          ["sha256", "t", 50],
        ],
        named: "md5",
      },
      {
        name: "as the newest session file, whatever the option says",
        files: [["sha256", "s", 5]],
        option: "md5",
        named: "sha256",
      },
      { name: "as the option says where there is no file", files: [], option: "sha256", named: "sha256" },
      { name: "not at all where nothing says how", files: [], named: undefined },
    ];
    for (const { name, files, option, named } of cases) {
      it(name, async () => {
        for (const file of files) await leave(...file);
        await writeFile(join(directory, "0".repeat(40)), "a stranger's");
        const store = filesystemStore({ directory, fileNames: option });
        const outcome = await store.set(KEY, A, soon(), null).catch((error: unknown) => error);
        const names = await readdir(directory);
        for (const kind of ["md5", "sha256"] as const) {
          expect(names.includes(fileName(kind, KEY)), kind).to.equal(kind === named);
        }
        if (named === undefined)
          expect(outcome).to.be.instanceOf(StoreError).with.property("message").that.includes("fileNames");
      });
    }

    it("and writes their expiry, as the newest session file does", async () => {
      for (const form of ["pickled", "packed"] as const) {
        const path = join(directory, fileName("md5", `session:${form}`));
        await writeFile(path, encodeFile(A, Math.floor(Date.now() / 1000) + 100, form));
        await utimes(path, form === "packed" ? 5 : 50, form === "packed" ? 5 : 50);
      }
      await filesystemStore({ directory }).set(KEY, A, soon());
      expect(await readSession(join(directory, fileName("md5", KEY)))).to.include({ form: "pickled" });
    });

    it("as the newest session file, and as of today, where that cannot be read", async () => {
      await writeFile(join(directory, fileName("md5", "s")), "");
      await filesystemStore({ directory }).set(KEY, A, soon());
      expect(await readSession(join(directory, fileName("md5", KEY)))).to.include({ form: "packed" });
    });

    it("and reads nothing where nothing says how", async () => {
      const store = filesystemStore({ directory });
      expect(await store.get(KEY)).to.equal(undefined);
      expect(await store.touch(KEY, soon())).to.equal(false);
      expect(await store.delete(KEY)).to.equal(false);
    });

    it("as Flask does from its next start on, where it counts", async () => {
      await leave("md5", COUNT, 50);
      const store = filesystemStore({ directory });
      await store.set("session:one", A, soon());
      await leave("sha256", COUNT, 0);
      await store.set("session:two", A, soon());
      expect(await readdir(directory)).to.include.members([
        fileName("md5", "session:one"),
        fileName("sha256", "session:two"),
      ]);
    });

    it("by looking at the sessions only once", async () => {
      await leave("md5", "s", 5);
      const store = filesystemStore({ directory });
      await store.set("session:one", A, soon());
      await rm(join(directory, fileName("md5", "s")));
      await rm(join(directory, fileName("md5", "session:one")));
      await store.set("session:two", A, soon());
      expect(await readdir(directory)).to.deep.equal([fileName("md5", "session:two")]);
    });
  });

  describe("with two files for one key", () => {
    it("reads the newer", async () => {
      await leave("md5", KEY, 50, A);
      await leave("sha256", KEY, 5, B);
      const store = filesystemStore({ directory });
      expect(Uint8Array.from((await store.get(KEY))?.record.bytes ?? [])).to.deep.equal(B);
      await leave("md5", KEY, 0, A);
      expect(Uint8Array.from((await store.get(KEY))?.record.bytes ?? [])).to.deep.equal(A);
    });

    it("leaves one of them after a set, so that Flask's log-out ends the session", async () => {
      await leave("sha256", COUNT, 0);
      await leave("md5", KEY, 5, A);
      const store = filesystemStore({ directory });
      expect(await store.set(KEY, B, soon(), { bytes: A })).to.deep.equal({ stored: true });
      expect(await readdir(directory)).to.have.members([fileName("sha256", KEY), fileName("sha256", COUNT)]);
    });

    it("deletes both", async () => {
      await leave("md5", KEY, 50);
      await leave("sha256", KEY, 5);
      expect(await filesystemStore({ directory }).delete(KEY)).to.equal(true);
      expect(await readdir(directory)).to.deep.equal([]);
    });
  });

  describe("that does not exist", () => {
    it("is a ConfigError with its absolute path, at open or the first call", async () => {
      const store = filesystemStore({ directory: missing(), fileNames: "md5" });
      const calls = [
        () => store.open?.(),
        () => store.get(KEY),
        () => store.set(KEY, A, soon()),
        () => store.check(),
        () => store.deleteExpired(),
        () => store.list("")[Symbol.asyncIterator]().next(),
      ];
      for (const call of calls) {
        const error = await failure(call());
        expect(error).to.be.instanceOf(ConfigError);
        expect((error as Error).message)
          .to.include(missing())
          .and.include("create: true");
      }
    });

    it("is no error once Flask has made it", async () => {
      const store = filesystemStore({ directory: missing() });
      expect(await failure(store.open?.())).to.be.instanceOf(ConfigError);
      await mkdir(missing(), { recursive: true });
      await store.open?.();
      expect(await store.get(KEY)).to.equal(undefined);
    });

    it("is made where the option says so", async () => {
      const store = filesystemStore({ directory: missing(), create: true, fileNames: "sha256" });
      await store.set(KEY, A, soon());
      expect(await readdir(missing())).to.deep.equal([fileName("sha256", KEY)]);
    });

    it("any more is an error, not a missing session", async () => {
      const store = filesystemStore({ directory, fileNames: "md5" });
      await store.set(KEY, A, soon());
      await rm(directory, { recursive: true });
      for (const call of [() => store.get(KEY), () => store.set(KEY, A, soon()), () => store.delete(KEY)]) {
        expect(await failure(call())).to.be.instanceOf(StoreUnavailableError);
      }
    });
  });

  it("that is a file is a ConfigError", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const error = await failure(filesystemStore({ directory: file }).open?.());
    expect(error)
      .to.be.instanceOf(ConfigError)
      .with.property("message", `The session directory ${file} is no directory`);
  });

  it("that is relative is taken from the working directory of the time", async () => {
    const before = process.cwd();
    process.chdir(tmpdir());
    const store = filesystemStore({ directory: "./flask_session_of_nobody" });
    process.chdir(before);
    const error = await failure(store.open?.());
    expect((error as Error).message).to.include(join(tmpdir(), "flask_session_of_nobody"));
  });

  it("refuses names that cachelib does not use", () => {
    expect(() => filesystemStore({ directory, fileNames: "sha1" as "md5" })).to.throw(ConfigError, "fileNames");
  });
});
