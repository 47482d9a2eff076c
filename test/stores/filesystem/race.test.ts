/** Compare-and-set of session files among processes. */
import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Found } from "../../../src/session/store.ts";
import { encodeFile, expiryOf } from "../../../src/stores/filesystem/cache-file.ts";
import { fileName, temporaryPath } from "../../../src/stores/filesystem/names.ts";
import { filesystemStore } from "../../../src/stores/filesystem.ts";
import { judgeOf } from "../../python/judge.ts";
import { compiled, runProgram } from "../program.ts";

const KEY = "session:abc";
const PROCESSES = 4;
const INCREMENTS = 25;

const COUNT = `
import { filesystemStore } from ${JSON.stringify(compiled("stores/filesystem.js"))};
const store = filesystemStore({ directory: process.argv[2] });
const soon = new Date(Date.now() + 60_000);
for (let left = ${INCREMENTS}; left > 0; ) {
  const { record } = await store.get(${JSON.stringify(KEY)});
  const next = Buffer.from(String(Number(Buffer.from(record.bytes)) + 1));
  const { stored } = await store.set(${JSON.stringify(KEY)}, next, soon, record);
  if (stored) left--;
}
`;

describe("session files", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sessions-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it(`lose none of ${PROCESSES * INCREMENTS} increments by ${PROCESSES} processes`, async function () {
    this.timeout(60_000);
    const store = filesystemStore({ directory, fileNames: "md5" });
    await store.set(KEY, Buffer.from("0"), new Date(Date.now() + 60_000));
    const ends = await Promise.all(Array.from({ length: PROCESSES }, () => runProgram(COUNT, [directory])));
    for (const { code, stderr } of ends) expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const found = await store.get(KEY);
    expect(Buffer.from(found?.record.bytes ?? []).toString()).to.equal(String(PROCESSES * INCREMENTS));
    expect(await readdir(directory)).to.deep.equal([fileName("md5", KEY)]);
  });

  it("once deleted stay deleted, whatever is being saved: 100 rounds", async () => {
    const store = filesystemStore({ directory, fileNames: "sha256" });
    const soon = new Date(Date.now() + 60_000);
    for (let round = 0; round < 100; round++) {
      const key = `session:${round}`;
      await store.set(key, Uint8Array.of(1), soon, null);
      const saves = [2, 3, 4].map((byte) => store.set(key, Uint8Array.of(byte), soon, { bytes: Uint8Array.of(1) }));
      await Promise.all([...saves, store.delete(key)]);
      expect(await store.get(key)).to.equal(undefined);
    }
  });

  it("are written again where somebody renames another file there between the look and the renaming", async () => {
    const store = filesystemStore({ directory, fileNames: "sha256" });
    const soon = new Date(Date.now() + 60_000);
    const path = join(directory, fileName("sha256", KEY));
    await store.set(KEY, Uint8Array.of(0), soon);
    const end = new AbortController();
    const renaming = (async () => {
      while (!end.signal.aborted) {
        const temporary = temporaryPath(directory);
        await writeFile(temporary, encodeFile(Uint8Array.of(1), expiryOf(soon)));
        await rename(temporary, path);
      }
    })();
    for (let round = 0; round < 60; round++) {
      expect(await store.set(KEY, Uint8Array.of(2), soon)).to.deep.equal({ stored: true });
    }
    end.abort();
    await renaming;
    expect(await readdir(directory)).to.deep.equal([fileName("sha256", KEY)]);
  });

  it("are hardly ever written over what Flask wrote meanwhile, saved as often as can be", async function () {
    this.timeout(20_000);
    const store = filesystemStore({ directory, fileNames: "sha256" });
    const soon = new Date(Date.now() + 60_000);
    await store.set(KEY, Buffer.from("0:"), soon);
    const judge = await judgeOf("fs080-newest");
    const end = new AbortController();
    const writing = judge.run(WRITES, { directory, key: KEY }).finally(() => {
      end.abort();
    });
    let saves = 0;
    while (!end.signal.aborted) {
      const { record } = (await store.get(KEY)) as Found;
      const [python] = Buffer.from(record.bytes).toString().split(":");
      const { stored } = await store.set(KEY, Buffer.from(`${python}:${saves}`), soon, record);
      if (stored) saves++;
    }
    // Where comparing and renaming went through the thread pool, it was every tenth; now it is one in two hundred.
    expect(await writing).to.be.at.most(5);
    expect(saves).to.be.greaterThan(50);
  });
});

/** Counts its writes that a save of Node's has replaced without having seen them: Node copies the number before the colon. */
const WRITES = `
import time
from cachelib import FileSystemCache

class Text:
    def dump(self, value, file, protocol=None):
        file.write(value.encode())

    def load(self, file):
        return file.read().decode()

cache = FileSystemCache(input["directory"], threshold=0)
cache.serializer = Text()
result = 0
for number in range(1, 101):
    cache.set(input["key"], "%d:" % number, timeout=100)
    time.sleep(0.02)
    if cache.get(input["key"]).split(":")[0] != str(number):
        result += 1
`;
