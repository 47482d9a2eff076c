/** The layout of a session file, as cachelib writes it, and what cannot be one. */
import { execFileSync } from "node:child_process";
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile as readWhole,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { DecodeError, LimitError, StoreError, TruncatedError } from "../../../src/errors.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { encodeFile, expiryOf, readFile as readSession } from "../../../src/stores/filesystem/cache-file.ts";
import { fileName, isSessionName } from "../../../src/stores/filesystem/names.ts";
import { type FileNames, filesystemStore } from "../../../src/stores/filesystem.ts";

interface Vector {
  readonly key: string;
  readonly timeout: number;
  readonly name: string;
  readonly file: string;
  readonly countName: string;
}

const FROZEN = 1_700_000_000;
const A = Uint8Array.of(0x80, 0x05, 0x7d, 0x94, 0x2e);
const KEY = "session:abc";
const soon = (millis = 60_000): Date => new Date(Date.now() + millis);

const vectorsOf = async (kind: FileNames | "pickled" | "pickled-highest"): Promise<Vector[]> => {
  const text = await readWhole(join("fixtures", "stores", `filesystem-${kind}.json`), "utf8");
  return (JSON.parse(text) as { vectors: Vector[] }).vectors;
};

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("a session file", () => {
  let directory: string;
  let store: InspectableStore;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sessions-"));
    store = filesystemStore({ directory, fileNames: "sha256" });
    path = join(directory, fileName("sha256", KEY));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const outside = async (): Promise<string> => {
    const file = join(directory, "outside");
    await writeFile(file, encodeFile(A, 0));
    return file;
  };
  const identity = async (): Promise<string> => {
    const { ino, size, mode, nlink } = await lstat(path);
    return `${ino} ${size} ${mode} ${nlink}`;
  };

  for (const kind of ["md5", "sha256"] as const) {
    it(`is named and laid out as by cachelib, with ${kind} names`, async () => {
      for (const { key, timeout, name, file, countName } of await vectorsOf(kind)) {
        const content = Buffer.from(file, "hex");
        expect(fileName(kind, key)).to.equal(name);
        expect(isSessionName(name)).to.equal(true);
        expect(isSessionName(countName)).to.equal(false);
        if (timeout === 0) continue;
        const expiry = expiryOf(new Date(FROZEN * 1000 + 750 + timeout * 1000));
        expect(Buffer.from(encodeFile(content.subarray(4), expiry))).to.deep.equal(content);
      }
    });

    it(`of cachelib's is read, with ${kind} names`, async () => {
      for (const { key, timeout, name, file } of await vectorsOf(kind)) {
        await writeFile(join(directory, name), Buffer.from(file, "hex"));
        const record = (await store.get(key))?.record;
        if (timeout > 0 && FROZEN + timeout < Date.now() / 1000) {
          expect(record).to.equal(undefined);
          continue;
        }
        expect(Buffer.from(record?.bytes ?? []).toString("hex")).to.equal(file.slice(8));
        expect(record?.expiresAt?.getTime()).to.equal(timeout === 0 ? undefined : (FROZEN + timeout) * 1000);
      }
    });
  }

  for (const older of ["pickled", "pickled-highest"] as const) {
    it(`of cachelib's before 0.7 is read: ${older}`, async () => {
      const today = await vectorsOf("md5");
      for (const [index, { key, timeout, name, file }] of (await vectorsOf(older)).entries()) {
        await writeFile(join(directory, name), Buffer.from(file, "hex"));
        const record = (await store.get(key))?.record;
        if (timeout > 0 && FROZEN + timeout < Date.now() / 1000) {
          expect(record).to.equal(undefined);
          continue;
        }
        expect(Buffer.from(record?.bytes ?? []).toString("hex")).to.equal(today[index]?.file.slice(8));
        expect(record?.expiresAt?.getTime()).to.equal(timeout === 0 ? undefined : (FROZEN + timeout) * 1000);
      }
    });
  }

  it("with expiry 0 never expires, until it is touched", async () => {
    await writeFile(path, encodeFile(A, 0));
    expect((await store.get(KEY))?.record).to.have.all.keys("bytes");
    expect(await store.deleteExpired()).to.equal(0);
    await store.touch(KEY, soon());
    expect((await store.get(KEY))?.record.expiresAt).to.be.instanceOf(Date);
  });

  it("is never given the expiry 0", async () => {
    await store.set(KEY, A, new Date(0));
    expect((await readWhole(path)).subarray(0, 4)).to.deep.equal(Buffer.from(encodeFile(new Uint8Array(), 1)));
  });

  it("cannot expire after 2106", async () => {
    const last = new Date(0xffffffff * 1000);
    expect(await store.set(KEY, A, last)).to.deep.equal({ stored: true });
    const later = new Date(2 ** 32 * 1000);
    for (const call of [() => store.set(KEY, A, later), () => store.touch(KEY, later)]) {
      expect(await failure(call()))
        .to.be.instanceOf(StoreError)
        .with.property("message")
        .that.includes("2106");
    }
    expect((await store.get(KEY))?.record.expiresAt).to.deep.equal(last);
  });

  for (const mode of [0o600, 0o640, 0o666]) {
    it(`has mode ${mode.toString(8)} where it is told so`, async () => {
      const told = filesystemStore({ directory, fileNames: "sha256", mode });
      await told.set(KEY, A, soon());
      expect((await stat(path)).mode & 0o777).to.equal(mode);
    });
  }

  it("is for its owner alone where nothing is told", async () => {
    await store.set(KEY, A, soon());
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("is changed by a touch in the four bytes of its expiry, and stays the same file", async () => {
    await store.set(KEY, A, soon());
    const { ino } = await stat(path);
    const instant = soon(120_000);
    await store.touch(KEY, instant);
    expect(Uint8Array.from(await readWhole(path))).to.deep.equal(encodeFile(A, Math.floor(instant.getTime() / 1000)));
    expect((await stat(path)).ino).to.equal(ino);
  });

  describe("whose new expiry does not fit over the old one", () => {
    const late = new Date(0xf0000000 * 1000);
    beforeEach(async () => {
      await writeFile(path, encodeFile(A, Math.floor(soon().getTime() / 1000), "pickled"));
    });

    it("is written anew by a touch", async () => {
      expect(await store.touch(KEY, late)).to.equal(true);
      expect((await store.get(KEY))?.record.expiresAt).to.deep.equal(late);
    });

    it("is left to who has written it meanwhile", async () => {
      store.get = () => Promise.resolve({ record: { bytes: Uint8Array.of(1) }, touched: false });
      expect(await store.touch(KEY, late)).to.equal(true);
      expect(await readSession(path)).to.include({ form: "pickled" });
    });

    it("stays gone if it was deleted meanwhile", async () => {
      store.get = async () => {
        await rm(path);
        return { record: { bytes: A }, touched: false };
      };
      expect(await store.touch(KEY, late)).to.equal(false);
      await writeFile(path, encodeFile(A, Math.floor(soon().getTime() / 1000), "pickled"));
      store.get = () => Promise.resolve(undefined);
      expect(await store.touch(KEY, late)).to.equal(false);
    });
  });

  it("leaves nothing else in the directory when it is written, refused or deleted", async () => {
    await store.set(KEY, A, soon(), null);
    await store.set(KEY, A, soon(), null);
    expect(await readdir(directory)).to.deep.equal([fileName("sha256", KEY)]);
    await store.delete(KEY);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  describe("that cannot be a session is corrupt, and stays as it is:", () => {
    const cases: readonly (readonly [string, typeof DecodeError, () => Promise<unknown>])[] = [
      ["an empty file", TruncatedError, () => writeFile(path, "")],
      ["a file that ends in its expiry", TruncatedError, () => writeFile(path, "\xff\xff\xff", "latin1")],
      ["a file without a record", TruncatedError, () => writeFile(path, "\xff\xff\xff\x7f", "latin1")],
      ["a symbolic link", DecodeError, async () => symlink(await outside(), path)],
      ["a symbolic link to nothing", DecodeError, () => symlink(join(directory, "nothing"), path)],
      ["a hard link", DecodeError, async () => link(await outside(), path)],
      ["a directory", DecodeError, () => mkdir(path)],
      ["a pipe", DecodeError, async () => execFileSync("mkfifo", [path])],
      ["a socket", DecodeError, () => new Promise<void>((resolve) => createServer().listen(path, resolve).unref())],
      [
        "a file of 65 MiB",
        LimitError,
        async () => {
          await writeFile(path, encodeFile(A, 0));
          await truncate(path, 65 * 1024 * 1024);
        },
      ],
    ];
    for (const [name, kind, plant] of cases) {
      it(name, async function () {
        await plant();
        const before = await identity();
        const calls = [
          () => store.get(KEY),
          () => store.set(KEY, A, soon()),
          () => store.set(KEY, A, soon(), null),
          () => store.set(KEY, A, soon(), { bytes: A }),
          () => store.touch(KEY, soon()),
        ];
        for (const call of calls) {
          const error = await failure(call());
          if (name === "a file without a record" && call === calls[4]) expect(error).to.equal("no failure");
          else expect(error).to.be.instanceOf(kind);
        }
        expect(await store.delete(KEY, { bytes: A })).to.equal(false);
        expect(await store.deleteListed({ ref: fileName("sha256", KEY), record: { bytes: A } })).to.equal(false);
        const listed = [];
        for await (const record of store.list("")) listed.push(record);
        expect(listed).to.deep.equal([]);
        expect(await identity()).to.equal(before);
        expect(await store.deleteExpired()).to.equal(0);
        expect(await identity()).to.equal(before);
      });
    }
  });

  it("that is a link goes at a log-out, and what it names stays", async () => {
    const precious = join(directory, "outside");
    await writeFile(precious, "precious");
    await symlink(precious, path);
    expect(await store.delete(KEY)).to.equal(true);
    expect(await readWhole(precious, "utf8")).to.equal("precious");
  });

  it("is deleted by its listed name only, not by a path", async () => {
    const error = await failure(store.deleteListed({ ref: "../outside", record: { bytes: A } }));
    expect(error).to.be.instanceOf(TypeError);
  });
});
