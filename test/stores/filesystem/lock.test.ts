/** Lock files: one holder at a time, and none forever. */
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { StoreTimeoutError } from "../../../src/errors.ts";
import { Locks, takeAway } from "../../../src/stores/filesystem/lock.ts";
import { fileName, lockPath } from "../../../src/stores/filesystem/names.ts";
import { filesystemStore } from "../../../src/stores/filesystem.ts";

describe("a lock of session files", () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sessions-"));
    path = join(directory, "one.lock.__wz_cache");
  });
  afterEach(() => rm(directory, { recursive: true }));

  const age = async (seconds: number): Promise<void> => {
    const changed = Date.now() / 1000 - seconds;
    await utimes(path, changed, changed);
  };

  it("waits for the one who holds it", async () => {
    const [first, second] = [new Locks(10_000), new Locks(10_000)];
    await first.take(path);
    const waiting = second.take(path).then(() => "taken");
    expect(await Promise.race([waiting, sleep(30, "waiting")])).to.equal("waiting");
    await first.release();
    expect(await waiting).to.equal("taken");
    await second.release();
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("is taken over ten seconds after its process has died, by one of many", async () => {
    const key = "session:abc";
    path = lockPath(join(directory, fileName("sha256", key)));
    await writeFile(path, "");
    await age(11);
    const store = filesystemStore({ directory, fileNames: "sha256" });
    const soon = new Date(Date.now() + 60_000);
    const results = await Promise.all([1, 2, 3].map((byte) => store.set(key, Uint8Array.of(byte), soon, null)));
    expect(results.filter(({ stored }) => stored)).to.have.lengthOf(1);
    expect(await readdir(directory)).to.deep.equal([fileName("sha256", key)]);
  });

  it("is not taken over before", async () => {
    await writeFile(path, "");
    await age(9);
    const locks = new Locks(10_000);
    const waiting = locks.take(path).then(() => "taken");
    expect(await Promise.race([waiting, sleep(50, "waiting")])).to.equal("waiting");
    await rm(path);
    expect(await waiting).to.equal("taken");
    await locks.release();
  });

  it("is put back where a fresh one was taken away", async () => {
    await writeFile(path, "fresh");
    await takeAway(path, 10_000);
    expect(await readdir(directory)).to.deep.equal(["one.lock.__wz_cache"]);
    expect(await readFile(path, "utf8")).to.equal("fresh");
  });

  it("is nothing to take away where somebody else has done so", async () => {
    await takeAway(path, 10_000);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("held too long is neither trusted nor let go: it may be another's by now", async () => {
    const locks = new Locks(20);
    await locks.take(path);
    locks.check();
    await sleep(30);
    expect(() => {
      locks.check();
    }).to.throw(StoreTimeoutError, "20 ms");
    await locks.release();
    expect(await readdir(directory)).to.deep.equal(["one.lock.__wz_cache"]);
  });
});
