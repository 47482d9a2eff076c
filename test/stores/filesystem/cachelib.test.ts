/** Node and cachelib on one directory: each reads, touches and deletes what the other has written. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { InspectableStore } from "../../../src/session/store.ts";
import { fileName, isSessionName, lockPath, temporaryPath } from "../../../src/stores/filesystem/names.ts";
import { type FileNames, filesystemStore } from "../../../src/stores/filesystem.ts";
import { type EnvironmentName, judgeOf } from "../../python/judge.ts";

const KEY = "session:abc";
const VALUE = "{'_permanent': True, 'total': 10.0, 'pair': (1, 2)}";

const environments: readonly (readonly [EnvironmentName, string, FileNames])[] = [
  ["cachelib01", "0.1.1", "md5"],
  ["cachelib06", "0.6.0", "md5"],
  ["fs050-flask22", "0.10.2", "md5"],
  ["fs080-flask31", "0.13.0", "md5"],
  ["fs080-newest", "0.17.0", "sha256"],
];

/** `input` holds directory, threshold and what the program asks for. */
const CACHE = `
import os, pickle, struct
from importlib import metadata
from cachelib import FileSystemCache
cache = FileSystemCache(input["directory"], threshold=input.get("threshold", 500), mode=0o600)

def version(package):
    return tuple(map(int, metadata.version(package).split(".")[:2]))
`;

describe("an upgrade of cachelib", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sessions-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const steps: readonly (readonly [EnvironmentName, EnvironmentName])[] = [
    ["cachelib01", "cachelib06"],
    ["cachelib01", "fs080-flask31"],
    ["cachelib06", "fs080-flask31"],
    ["cachelib06", "fs080-newest"],
    ["fs050-flask22", "fs080-newest"],
    ["fs080-flask31", "cachelib06"],
  ];
  for (const [before, after] of steps) {
    it(`loses no session that Node saves: from ${before} to ${after}`, async () => {
      const input = { directory, key: KEY, value: VALUE };
      await (await judgeOf(before)).run(`${CACHE}cache.set(input['key'], eval(input['value']), timeout=100)`, input);
      const judge = await judgeOf(after);
      await judge.run(CACHE, input);
      const store = filesystemStore({ directory });
      const found = await store.get(KEY);
      expect(found?.record.expiresAt).to.be.instanceOf(Date);
      const bytes = found?.record.bytes as Uint8Array;
      expect(await store.set(KEY, bytes, new Date(Date.now() + 100_000), found?.record)).to.deep.equal({
        stored: true,
      });
      expect(await judge.run(`${CACHE}result = repr(cache.get(input['key']))`, input)).to.equal(VALUE);
      expect((await readdir(directory)).filter(isSessionName)).to.have.length(1);
    });
  }
});

for (const [environment, version, kind] of environments) {
  describe(`cachelib ${version} and session files`, () => {
    let directory: string;
    let store: InspectableStore;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "sessions-"));
      store = filesystemStore({ directory });
    });
    afterEach(() => rm(directory, { recursive: true }));

    const python = async (program: string, more: object = {}): Promise<unknown> =>
      (await judgeOf(environment)).run(CACHE + program, { directory, key: KEY, value: VALUE, ...more });
    const pickled = async (): Promise<Buffer> =>
      Buffer.from((await python("result = pickle.dumps(eval(input['value']), -1).hex()")) as string, "hex");

    it("is that version", async () => {
      expect(await python("result = metadata.version('cachelib')")).to.equal(version);
    });

    it("Node reads what Python has written", async () => {
      const before = Math.floor(Date.now() / 1000);
      await python("cache.set(input['key'], eval(input['value']), timeout=100)");
      const record = (await store.get(KEY))?.record;
      expect(Buffer.from(record?.bytes ?? [])).to.deep.equal(await pickled());
      expect(Number(record?.expiresAt) / 1000).to.be.within(before + 100, before + 105);
    });

    it("Python reads what Node has written into its directory", async () => {
      await python("");
      await store.set(KEY, await pickled(), new Date(Date.now() + 100_000), null);
      expect(await python("result = repr(cache.get(input['key']))")).to.equal(VALUE);
    });

    it("Python reads what Node has written over its own", async () => {
      await python("cache.set(input['key'], {'a': 1}, timeout=100)");
      const found = await store.get(KEY);
      const result = await store.set(KEY, await pickled(), new Date(Date.now() + 100_000), found?.record);
      expect(result).to.deep.equal({ stored: true });
      expect(await python("result = repr(cache.get(input['key']))")).to.equal(VALUE);
    });

    it("Node notices what Python has written over its record", async () => {
      await python("");
      const bytes = await pickled();
      await store.set(KEY, bytes, new Date(Date.now() + 100_000), null);
      await python("cache.set(input['key'], {'a': 1}, timeout=100)");
      const result = await store.set(KEY, bytes, new Date(Date.now() + 100_000), { bytes });
      expect(result.stored).to.equal(false);
      expect(await python("result = cache.get(input['key'])")).to.deep.equal({ a: 1 });
    });

    it("Python finds the expiry that Node has put there, and the same value", async () => {
      await python("cache.set(input['key'], eval(input['value']), timeout=100)");
      await store.touch(KEY, new Date(2_000_000_000_500));
      const program = `
with open(cache._get_filename(input["key"]), "rb") as file:
    is_pickled = version("cachelib") < (0, 7)
    result = [pickle.load(file) if is_pickled else struct.unpack("I", file.read(4))[0], repr(cache.get(input["key"]))]
`;
      expect(await python(program)).to.deep.equal([2_000_000_000, VALUE]);
      await store.touch(KEY, new Date(Date.now() - 2000));
      expect(await python("result = cache.has(input['key'])")).to.equal(false);
    });

    it("Python finds an expiry after 2038, which is longer in a pickle", async () => {
      await python("cache.set(input['key'], eval(input['value']), timeout=100)");
      expect(await store.touch(KEY, new Date(2_200_000_000_500))).to.equal(true);
      expect(Number((await store.get(KEY))?.record.expiresAt)).to.equal(2_200_000_000_000);
      expect(await python("result = repr(cache.get(input['key']))")).to.equal(VALUE);
      expect(await store.touch(KEY, new Date(Date.now() + 100_000))).to.equal(true);
      expect(await python("result = repr(cache.get(input['key']))")).to.equal(VALUE);
    });

    it("what one deletes is gone for the other", async () => {
      await python("cache.set(input['key'], {'a': 1}, timeout=100)");
      await store.delete(KEY);
      expect(await python("result = cache.get(input['key'])")).to.equal(null);
      await store.set(KEY, await pickled(), new Date(Date.now() + 100_000), null);
      await python("cache.delete(input['key'])");
      expect(await store.get(KEY)).to.equal(undefined);
    });

    it("Node lists what Python has written, and not the count file", async () => {
      await python("cache.set('session:one', {'a': 1}, timeout=100); cache.set('session:two', {'a': 2}, timeout=0)");
      const refs = [];
      for await (const { ref } of store.list("session:")) refs.push(ref);
      expect(refs).to.have.members([fileName(kind, "session:one"), fileName(kind, "session:two")]);
    });

    it("both delete only what has expired", async () => {
      await python("cache.set('session:live', {'a': 1}, timeout=100); cache.set('session:old', {'a': 2}, timeout=-5)");
      expect(await store.deleteExpired()).to.equal(1);
      expect(await readdir(directory)).to.include(fileName(kind, "session:live"));
    });

    it("Python neither counts, reads nor prunes Node's locks and temporary files", async () => {
      await python("");
      const ours = [lockPath(join(directory, fileName(kind, KEY))), temporaryPath(directory)];
      for (const path of ours) await writeFile(path, "");
      const program = `
for index in range(9):
    cache.set("session:%d" % index, {"a": index}, timeout=100 + index)
result = len(list(cache._list_dir()))
`;
      expect(await python(program, { threshold: 3 })).to.be.within(3, 4);
      for (const path of ours) expect(await readFile(path, "utf8")).to.equal("");
    });
  });
}
