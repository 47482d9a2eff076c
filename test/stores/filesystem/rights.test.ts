/** What `check` and the errors say where files or the directory may not be used. */
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import { StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { DriverFailure } from "../../../src/stores/driver-failure.ts";
import { fileName } from "../../../src/stores/filesystem/names.ts";
import { filesystemStore } from "../../../src/stores/filesystem.ts";
import { asNobody } from "./as-nobody.ts";

const KEY = "session:SidThatNobodyMaySee";
const BYTES = Buffer.from("ValueThatNobodyMaySee");
const soon = (): Date => new Date(Date.now() + 60_000);

describe("rights to session files", () => {
  let base: string;
  let directory: string;
  let store: InspectableStore;
  let path: string;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "sessions-"));
    await chmod(base, 0o755);
    directory = join(base, "flask_session");
    await mkdir(directory);
    store = filesystemStore({ directory, fileNames: "md5" });
    await store.set(KEY, BYTES, soon());
    path = join(directory, fileName("md5", KEY));
  });
  afterEach(async () => {
    await chmod(directory, 0o700);
    await rm(base, { recursive: true });
  });

  const LISTING = "reading the directory (listing sessions)";
  const MAKING = "making files in the directory (writing sessions)";
  const FILES = "reading and writing the files that Flask has made (SESSION_FILE_MODE, or run as the same user)";
  const cases: readonly (readonly [string, directoryMode: number, fileMode: number, readonly string[]])[] = [
    ["misses nothing where all is allowed", 0o777, 0o666, []],
    ["tells of files that it may not read", 0o777, 0o000, [FILES]],
    ["tells of files that it may not write", 0o777, 0o444, [FILES]],
    ["tells of a directory that it may not write", 0o555, 0o666, [MAKING]],
    ["tells of a directory that it may not read", 0o333, 0o666, [LISTING]],
    ["tells of a directory that it may only read", 0o444, 0o666, [MAKING, FILES]],
  ];
  for (const [name, directoryMode, fileMode, missing] of cases) {
    it(`check ${name}`, async () => {
      await chmod(path, fileMode);
      await chmod(directory, directoryMode);
      const { missingRights, ...others } = await asNobody(() => store.check());
      expect(missingRights).to.deep.equal(missing);
      expect("serverTime" in others).to.equal(!missing.includes(MAKING));
    });
  }

  it("check finds nothing wrong with an empty directory", async () => {
    await store.delete(KEY);
    expect((await store.check()).missingRights).to.deep.equal([]);
  });

  it("check throws what is no question of rights", async () => {
    await rm(directory, { recursive: true });
    const error: unknown = await store.check().catch((thrown: unknown) => thrown);
    await mkdir(directory);
    expect(error).to.be.instanceOf(StoreUnavailableError);
  });

  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["get", () => store.get(KEY)],
    ["set", () => store.set(KEY, BYTES, soon())],
    ["set with null", () => store.set(KEY, BYTES, soon(), null)],
    ["set with an expectation", () => store.set(KEY, BYTES, soon(), { bytes: BYTES })],
    ["touch", () => store.touch(KEY, soon())],
    ["delete", () => store.delete(KEY)],
    ["delete with an expectation", () => store.delete(KEY, { bytes: BYTES })],
    ["list", () => store.list("")[Symbol.asyncIterator]().next()],
    ["deleteListed", () => store.deleteListed({ ref: fileName("md5", KEY), record: { bytes: BYTES } })],
    ["deleteExpired", () => store.deleteExpired()],
  ];
  for (const [name, call] of calls) {
    it(`${name} refused is a StoreError that shows neither key, file nor record`, async () => {
      await chmod(directory, 0o000);
      const error: unknown = await asNobody(() => call().catch((thrown: unknown) => thrown));
      expect(error).to.be.instanceOf(StoreError).and.not.instanceOf(StoreUnavailableError);
      const { message, cause } = error as StoreError;
      expect(message).to.match(/^Cannot use the session directory: EACCES in \w+$/);
      expect(cause).to.be.instanceOf(DriverFailure).and.include({ name: "Error", code: "EACCES" });
      const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
      for (const secret of [KEY, "SidThatNobodyMaySee", BYTES.toString(), fileName("md5", KEY)]) {
        expect(shown).to.not.include(secret);
      }
    });
  }

  it("of a file that belongs to another is a StoreError, not a missing session", async () => {
    await chmod(path, 0o000);
    await chmod(directory, 0o777);
    for (const call of [() => store.get(KEY), () => store.set(KEY, BYTES, soon(), { bytes: BYTES })]) {
      const error: unknown = await asNobody(() => call().catch((thrown: unknown) => thrown));
      expect(error).to.be.instanceOf(StoreError).with.property("message").that.includes("EACCES in open");
    }
  });
});
