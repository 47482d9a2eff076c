/** cachelib's count of the files, kept by Node as cachelib itself keeps it; and what Node deletes where there are too many. */
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { InspectableStore } from "../../../src/session/store.ts";
import { encodeFile, readFile as readSession } from "../../../src/stores/filesystem/cache-file.ts";
import { CountFile } from "../../../src/stores/filesystem/count-file.ts";
import type { HeaderForm } from "../../../src/stores/filesystem/header.ts";
import { countPaths, fileName, temporaryPath } from "../../../src/stores/filesystem/names.ts";
import { type FileNames, filesystemStore } from "../../../src/stores/filesystem.ts";
import { type EnvironmentName, judgeOf } from "../../python/judge.ts";

const A = Uint8Array.of(0x80, 0x04, 0x7d, 0x94, 0x2e);
const B = Uint8Array.of(0x80, 0x04, 0x5d, 0x94, 0x2e);
const soon = (): Date => new Date(Date.now() + 60_000);

const environments: readonly (readonly [EnvironmentName, string, FileNames, HeaderForm])[] = [
  ["cachelib01", "0.1.1", "md5", "pickled"],
  ["cachelib06", "0.6.0", "md5", "pickled"],
  ["fs050-flask22", "0.10.2", "md5", "packed"],
  ["fs080-newest", "0.17.0", "sha256", "packed"],
];

/** One cache, which counts at its start and not again, so that it shows what Node has counted. */
const CACHE = `
import cachelib
if input["start"]:
    cachelib.started = cachelib.FileSystemCache(input["directory"], mode=0o600)
cache = cachelib.started
counted = lambda: [cache._file_count, len(list(cache._list_dir()))]
`;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sessions-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

for (const [environment, version, names, form] of environments) {
  describe(`the count of cachelib ${version}`, () => {
    let store: InspectableStore;

    const python = async (program: string, start = false): Promise<unknown> =>
      (await judgeOf(environment)).run(CACHE + program, { directory, start });

    beforeEach(async () => {
      store = filesystemStore({ directory });
      await python("cache.set('session:python', {'a': 1}, timeout=100)", true);
    });

    it("grows by what Node makes, and not by what it writes over", async () => {
      await store.set("session:one", A, soon(), null);
      await store.set("session:two", A, soon());
      await store.set("session:two", B, soon());
      await store.set("session:python", A, soon());
      expect(await python("result = counted()")).to.deep.equal([3, 3]);
    });

    it("shrinks by what Node deletes, in each way", async () => {
      for (const key of ["one", "two", "three", "four"]) await store.set(`session:${key}`, A, soon());
      await store.delete("session:one");
      await store.delete("session:one");
      await store.delete("session:two", { bytes: B });
      await store.delete("session:python");
      await store.touch("session:three", new Date(Date.now() - 2000));
      expect(await store.deleteExpired()).to.equal(1);
      await store.deleteListed({ ref: fileName(names, "session:four"), record: { bytes: B } });
      await store.deleteListed({ ref: fileName(names, "session:four"), record: { bytes: A } });
      expect(await python("result = counted()")).to.deep.equal([1, 1]);
    });

    it("goes on in Python where Node has left it", async () => {
      await store.set("session:one", A, soon());
      await python("cache.set('session:two', {'a': 1}, timeout=100)\ncache.delete('session:one')");
      await store.set("session:three", A, soon());
      expect(await python("result = counted()")).to.deep.equal([3, 3]);
    });

    it("is written in its form, with the mode that it had", async () => {
      const path = countPaths(directory)[names === "md5" ? 0 : 1] as string;
      for (const mode of [0o600, 0o640]) {
        await chmod(path, mode);
        await store.set(`session:${mode}`, A, soon());
        expect(await readSession(path)).to.include({ form, expiry: 0 });
        expect((await stat(path)).mode & 0o777).to.equal(mode);
      }
    });

    it("lets Python prune at the same number as without Node", async () => {
      for (let index = 0; index < 5; index++) await store.set(`session:${index}`, A, soon());
      await python("cache._threshold = 5\ncache.set('session:more', {'a': 1}, timeout=100)");
      expect(await python("result = len(list(cache._list_dir()))")).to.be.below(7);
    });
  });
}

describe("a count file", () => {
  const path = (names: FileNames): string => countPaths(directory)[names === "md5" ? 0 : 1] as string;
  const plant = (names: FileNames, record: string, form: HeaderForm = "packed"): Promise<void> =>
    writeFile(path(names), encodeFile(Buffer.from(record, "hex"), 0, form));
  const recordIn = async (names: FileNames): Promise<string> =>
    Buffer.from((await readSession(path(names)))?.bytes ?? []).toString("hex");

  it("is not made where Flask keeps none", async () => {
    const store = filesystemStore({ directory, fileNames: "md5" });
    await store.set("session:one", A, soon());
    await store.delete("session:one");
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("is left alone where the threshold is 0", async () => {
    await plant("md5", "80054b072e");
    const store = filesystemStore({ directory, threshold: 0 });
    await store.set("session:one", A, soon());
    expect(await recordIn("md5")).to.equal("80054b072e");
  });

  it("is the newer one of two", async () => {
    await plant("md5", "80054b072e");
    await plant("sha256", "80054b032e");
    await utimes(path("md5"), 1, 1);
    await filesystemStore({ directory }).set("session:one", A, soon());
    expect([await recordIn("md5"), await recordIn("sha256")]).to.deep.equal(["80054b072e", "80024b042e"]);
  });

  it("is not changed by a session that only gets another name", async () => {
    await plant("sha256", "80054b032e");
    await writeFile(join(directory, fileName("md5", "session:one")), encodeFile(A, 0));
    await filesystemStore({ directory }).set("session:one", B, soon());
    expect(await recordIn("sha256")).to.equal("80054b032e");
  });

  const unreadable: readonly (readonly [why: string, content: Uint8Array])[] = [
    ["nothing", new Uint8Array()],
    ["no pickle", encodeFile(Uint8Array.of(1, 2), 0)],
    ["text", encodeFile(Buffer.from("80058c0161942e", "hex"), 0)],
  ];
  for (const [why, content] of unreadable) {
    it(`that holds ${why} counts from 0, as to cachelib`, async () => {
      await writeFile(path("md5"), content);
      await filesystemStore({ directory }).set("session:one", A, soon());
      expect(await recordIn("md5")).to.equal("80024b012e");
    });
  }

  it("that cannot be written is no failure of the session's", async () => {
    await plant("md5", "80054b032e");
    const store = filesystemStore({ directory });
    await rm(path("md5"));
    await writeFile(join(directory, fileName("md5", "session:x")), encodeFile(A, 0));
    // A directory in its place: nothing can be renamed over it.
    await rename(await mkdtemp(join(tmpdir(), "count-")), path("md5"));
    expect(await store.set("session:one", A, soon())).to.deep.equal({ stored: true });
    expect((await store.get("session:one"))?.record.bytes).to.have.length(A.length);
  });

  it("is read again where somebody replaces it between the look and the renaming", async function () {
    this.timeout(20_000);
    await plant("md5", "80054b032e");
    const count = new CountFile(directory);
    const replace = async (): Promise<void> => {
      const temporary = temporaryPath(directory);
      await writeFile(temporary, await readFile(path("md5")));
      await rename(temporary, path("md5"));
    };
    const replaceOften = async (): Promise<void> => {
      for (let index = 0; index < 100; index++) await replace();
    };
    const countOften = async (): Promise<void> => {
      for (let index = 0; index < 25; index++) await count.change(1);
    };
    await Promise.all([replaceOften(), countOften()]);
    // The other one puts back what it has read.
    expect(await recordIn("md5")).to.match(/^800[25]4b..2e$/);
    expect(await readdir(directory)).to.have.length(1);
  });

  it("loses nothing among the stores of one process", async () => {
    await plant("md5", "80054b002e");
    const stores = Array.from({ length: 4 }, () => filesystemStore({ directory }));
    const keys = Array.from({ length: 40 }, (_, index) => `session:${index}`);
    await Promise.all(keys.map((key, index) => (stores[index % 4] as InspectableStore).set(key, A, soon())));
    expect(await recordIn("md5")).to.equal("80024b282e");
  });
});

describe("a session directory over its threshold", () => {
  const count = (files: number): Promise<void> =>
    writeFile(countPaths(directory)[0] as string, encodeFile(Uint8Array.of(0x80, 5, 0x4b, files, 0x2e), 0));
  const file = (key: string): string => fileName("md5", key);
  const leave = (key: string, seconds: number): Promise<void> =>
    writeFile(join(directory, file(key)), encodeFile(A, Math.floor(Date.now() / 1000) + seconds));

  beforeEach(async () => {
    await leave("session:old", -10);
    await leave("session:live", 10);
  });

  it("loses its expired sessions, and no other", async () => {
    await count(2);
    const store = filesystemStore({ directory, threshold: 2 });
    await store.set("session:new", A, soon());
    await store.close();
    const names = await readdir(directory);
    expect(names).to.include.members([file("session:live"), file("session:new")]);
    expect(names).to.not.include(file("session:old"));
  });

  it("loses none of them below it", async () => {
    await count(2);
    const store = filesystemStore({ directory, threshold: 3 });
    await store.set("session:new", A, soon());
    await store.close();
    expect(await readdir(directory)).to.include(file("session:old"));
  });

  it("loses none of them by a session that is written again or deleted", async () => {
    await count(9);
    const store = filesystemStore({ directory, threshold: 2 });
    await store.set("session:live", B, soon());
    await store.delete("session:live");
    await store.close();
    expect(await readdir(directory)).to.include(file("session:old"));
  });

  it("is looked through once in a minute at most", async () => {
    await count(9);
    const store = filesystemStore({ directory, threshold: 2 });
    await store.set("session:one", A, soon());
    await store.set("session:two", A, soon());
    await store.close();
    await leave("session:old", -10);
    await store.set("session:three", A, soon());
    await store.close();
    expect(await readdir(directory)).to.include(file("session:old"));
  });

  it("has 500 as its threshold where nothing is told", async () => {
    await writeFile(countPaths(directory)[0] as string, encodeFile(Buffer.from("80054df4012e", "hex"), 0));
    const store = filesystemStore({ directory });
    await store.set("session:new", A, soon());
    await store.close();
    expect(await readdir(directory)).to.not.include(file("session:old"));
  });
});
