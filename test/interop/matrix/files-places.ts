/** Files in the matrix, in the layout of the side's own cachelib, so that its Python reads and writes them here. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Judge, judgeOf } from "../../python/judge.ts";
import { hasCachelib, type Place, type Places, SETTINGS } from "./place.ts";

export const files: Places = inFolders(
  { name: "files", about: `Records are pickles in every version. ${SETTINGS}`, serializes: false },
  (directory) => ({
    config: { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: directory },
  }),
);

export const fileSystemCache: Places = inFolders(
  {
    name: "cachelib's FileSystemCache",
    about: `Records are pickles. ${SETTINGS}`,
    serializes: false,
    isFor: hasCachelib,
  },
  (directory) => ({
    config: { SESSION_TYPE: "cachelib", SESSION_CACHELIB: { name: "FileSystemCache", cache_dir: directory } },
    node: { SESSION_CACHELIB: { cache: "FileSystemCache", directory } },
  }),
);

function inFolders(
  about: Omit<Places, "place" | "end">,
  config: (directory: string) => Pick<Place, "config" | "node">,
): Places {
  const directories: string[] = [];
  return {
    ...about,
    async place(side) {
      const directory = mkdtempSync(join(tmpdir(), "matrix-"));
      directories.push(directory);
      return { ...config(directory), ...filesIn(directory, await judgeOf(side.environment)) };
    },
    end() {
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
      return Promise.resolve();
    },
  };
}

const LYING = `
import session_files as files
found = [files.read(input, name) for name in files.names(input)]
result = [[record.hex(), expiry] for expiry, record in found]`;

const REPLACE = `
import session_files as files
directory, record, expiry = input
(name,) = files.names(directory)
files.write(directory, name, expiry, bytes.fromhex(record))`;

function filesIn(directory: string, python: Judge): Omit<Place, "config"> {
  return {
    async lying() {
      const found = (await python.run(LYING, directory)) as [record: string, expiry: number][];
      return found.map(([record, expiry]) => ({
        bytes: Buffer.from(record, "hex"),
        secondsLeft: expiry - Date.now() / 1000,
      }));
    },
    async replace({ bytes, secondsLeft }) {
      const expiry = Math.floor(Date.now() / 1000 + secondsLeft);
      await python.run(REPLACE, [directory, Buffer.from(bytes).toString("hex"), expiry]);
    },
    clear() {
      for (const name of readdirSync(directory)) {
        if (!COUNT_FILES.includes(name)) rmSync(join(directory, name));
      }
      return Promise.resolve();
    },
  };
}

/** Without it nobody knows how files are named; Python makes it at its start. */
const COUNT_FILES = [
  "2029240f6d1128be89ddc32729463129",
  "79bc207ee04a581ab2348ca1f3494e64cd0ec36128735b8c6bc85ddd8fe1938c",
];
