/** What `deleteExpired` deletes from a session directory, and what it must leave there. */
import { lutimes, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encodeFile } from "../../../src/stores/filesystem/cache-file.ts";
import { countPaths, fileName } from "../../../src/stores/filesystem/names.ts";
import { filesystemStore } from "../../../src/stores/filesystem.ts";

const HOUR = 3600;
const MD5 = fileName("md5", "session:a");
const SHA256 = fileName("sha256", "session:a");
const [MD5_COUNT, SHA256_COUNT] = countPaths("").map((path) => path.replace(/^.*[/\\]/, "")) as [string, string];
const EXPIRED = encodeFile(Uint8Array.of(0x80, 0x04, 0x7d, 0x2e), 1_700_000_000);
const LIVE = encodeFile(Uint8Array.of(0x80, 0x04, 0x7d, 0x2e), Math.floor(Date.now() / 1000) + HOUR);

/** An entry of the directory, and what becomes of it. */
interface Case {
  readonly what: string;
  readonly name: string;
  /** @defaultValue a file with these bytes; `link` and `folder` are none */
  readonly content?: Uint8Array | "link" | "folder";
  readonly ageSeconds: number;
  /** `counted`: deleted as an expired session. */
  readonly outcome: "counted" | "deleted" | "left";
}

const cases: readonly Case[] = [
  { what: "an expired session", name: MD5, content: EXPIRED, ageSeconds: 0, outcome: "counted" },
  { what: "an expired session of cachelib 0.16", name: SHA256, content: EXPIRED, ageSeconds: 0, outcome: "counted" },
  { what: "a live session", name: SHA256, content: LIVE, ageSeconds: 40 * HOUR, outcome: "left" },
  { what: "a session's file that has been empty for a minute", name: MD5, ageSeconds: 61, outcome: "counted" },
  { what: "a session's file that is empty as yet", name: MD5, ageSeconds: 50, outcome: "left" },
  { what: "a link under a session's name", name: MD5, content: "link", ageSeconds: 2 * HOUR, outcome: "left" },
  { what: "a folder under a session's name", name: SHA256, content: "folder", ageSeconds: HOUR, outcome: "left" },
  { what: "a count file", name: MD5_COUNT, content: EXPIRED, ageSeconds: 40 * HOUR, outcome: "left" },
  { what: "a count file of cachelib 0.16", name: SHA256_COUNT, content: EXPIRED, ageSeconds: HOUR, outcome: "left" },
  { what: "an empty count file", name: MD5_COUNT, ageSeconds: HOUR, outcome: "left" },
  { what: "Python's temporary file", name: "tmpk3_x9a0b.__wz_cache", ageSeconds: HOUR + 10, outcome: "deleted" },
  { what: "our temporary file", name: `tmp${"0f".repeat(8)}.__wz_cache`, ageSeconds: HOUR + 10, outcome: "deleted" },
  { what: "a temporary file of late", name: "tmpk3_x9a0b.__wz_cache", ageSeconds: HOUR - 60, outcome: "left" },
  {
    what: "a link like a temporary file",
    name: "tmpa.__wz_cache",
    content: "link",
    ageSeconds: 2 * HOUR,
    outcome: "left",
  },
  {
    what: "a folder like a temporary file",
    name: "tmpa.__wz_cache",
    content: "folder",
    ageSeconds: 2 * HOUR,
    outcome: "left",
  },
  { what: "a lock left behind", name: `${SHA256}.lock.__wz_cache`, ageSeconds: 11, outcome: "deleted" },
  { what: "a lock that may be held", name: `${SHA256}.lock.__wz_cache`, ageSeconds: 9, outcome: "left" },
  {
    what: "a folder like a lock",
    name: `${MD5}.lock.__wz_cache`,
    content: "folder",
    ageSeconds: HOUR,
    outcome: "left",
  },
  { what: "another's lock", name: "app.lock.__wz_cache", ageSeconds: HOUR, outcome: "left" },
  { what: "a name in capitals", name: MD5.toUpperCase(), content: EXPIRED, ageSeconds: HOUR, outcome: "left" },
  { what: "a hash of another length", name: SHA256.slice(0, 40), content: EXPIRED, ageSeconds: HOUR, outcome: "left" },
  { what: "a name with an ending", name: `${MD5}.bak`, content: EXPIRED, ageSeconds: HOUR, outcome: "left" },
  { what: "another file of the suffix", name: "x.__wz_cache", ageSeconds: 2 * HOUR, outcome: "left" },
  { what: "a temporary file of others", name: "tmpk3_x9a0b", ageSeconds: 2 * HOUR, outcome: "left" },
  { what: "a stranger's file", name: ".gitignore", content: EXPIRED, ageSeconds: 40 * HOUR, outcome: "left" },
];

describe("deleteExpired in a session directory", () => {
  let base: string;
  let directory: string;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "sessions-"));
    directory = join(base, "flask_session");
    await mkdir(directory);
  });
  afterEach(() => rm(base, { recursive: true }));

  const put = async ({ name, content = new Uint8Array(), ageSeconds }: Case): Promise<void> => {
    const path = join(directory, name);
    const outside = join(base, "outside");
    await writeFile(outside, EXPIRED);
    if (content === "link") await symlink(outside, path);
    else if (content === "folder") await mkdir(path);
    else await writeFile(path, content);
    const changed = Date.now() / 1000 - ageSeconds;
    for (const touched of [outside, path]) await lutimes(touched, changed, changed);
  };

  for (const one of cases) {
    const { what, name, content, outcome } = one;
    it(`${outcome === "left" ? "leaves" : "deletes"} ${what}`, async () => {
      await put(one);
      const store = filesystemStore({ directory, fileNames: "md5" });
      expect(await store.deleteExpired()).to.equal(outcome === "counted" ? 1 : 0);
      await store.close();
      expect(await readdir(directory)).to.deep.equal(outcome === "left" ? [name] : []);
      if (content === "link") expect(Uint8Array.from(await readFile(join(base, "outside")))).to.deep.equal(EXPIRED);
    });
  }

  it("tells of sessions only how far it is", async () => {
    for (const one of cases.slice(0, 2)) await put(one);
    await writeFile(join(directory, ".gitignore"), "*");
    const progress: number[] = [];
    await filesystemStore({ directory, fileNames: "md5" }).deleteExpired({ onProgress: (done) => progress.push(done) });
    expect(progress).to.deep.equal([1, 2]);
  });

  it("goes on where another has deleted a leftover meanwhile", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `tmp${index}.__wz_cache`);
    for (const name of names) await put({ what: "", name, ageSeconds: 2 * HOUR, outcome: "deleted" });
    const stores = [1, 2, 3].map(() => filesystemStore({ directory, fileNames: "md5" }));
    await Promise.all(stores.map((store) => store.deleteExpired()));
    expect(await readdir(directory)).to.deep.equal([]);
  });
});
