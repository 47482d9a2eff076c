/** Failures of session files: directories that are not there, may not be used, or hold something else. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type InspectableStore, PyDict, pickle, type Session } from "../../../src/index.ts";
import { fileName } from "../../../src/stores/filesystem/names.ts";
import { filesystemStore } from "../../../src/stores/filesystem.ts";
import { asNobody } from "../../stores/filesystem/as-nobody.ts";
import { COOKIE, KEY, SID, STORE_KEY, VALUE } from "./marks.ts";
import {
  errorsOf,
  type Failure,
  firstOf,
  type Listener,
  type Provocation,
  request,
  signedSessions,
} from "./provocation.ts";

/** What happens to a directory in which a session lies. */
interface Trouble {
  readonly name: string;
  readonly begin: (directory: string, file: string) => unknown;
  readonly fails: readonly Failure[];
  readonly tells?: Provocation["tells"];
}

const RECORD = pickle.encode(new PyDict(["sid", KEY], [SID, VALUE]));

const troubles: readonly Trouble[] = [
  {
    name: "that is gone",
    begin: (directory) => {
      rmSync(directory, { recursive: true });
    },
    fails: ["ERR_STORE_UNAVAILABLE"],
    tells: ["store-error"],
  },
  {
    name: "that is a file now",
    begin: (directory) => {
      rmSync(directory, { recursive: true });
      writeFileSync(directory, VALUE);
    },
    fails: ["ERR_STORE_UNAVAILABLE"],
  },
  {
    name: "that may not be used",
    begin: (directory) => {
      chmodSync(directory, 0o000);
    },
    fails: ["ERR_STORE"],
  },
  {
    name: "in which the session may not be read",
    begin: (_, file) => {
      chmodSync(file, 0o000);
    },
    fails: ["ERR_STORE"],
  },
  ...[
    ["a file without a byte", (file: string) => writeFileSync(file, "")] as const,
    [
      "half a record",
      (file: string) => writeFileSync(file, Buffer.concat([Buffer.alloc(4), RECORD.subarray(0, -9)])),
    ] as const,
    ["no record", (file: string) => writeFileSync(file, Buffer.concat([Buffer.alloc(4), Buffer.from(VALUE)]))] as const,
    ["a link", (file: string) => (rmSync(file), symlinkSync(VALUE, file))] as const,
    ["a directory", (file: string) => (rmSync(file), mkdirSync(file))] as const,
  ].map(
    ([name, plant]): Trouble => ({
      name: `in which the session is ${name}`,
      begin: (_, file) => plant(file),
      // What cannot be a session is corrupt: it is told of when it is opened, and not replaced by a save.
      fails: [],
      tells: ["corrupt"],
    }),
  ),
];

const handlers: readonly ((session: Session) => unknown)[] = [
  (session) => void (session[KEY] = [VALUE]),
  (session) => ((session[KEY] = [VALUE]), session.save()),
  (session) => session.touch(),
  (session) => session.regenerate(),
  (session) => session.destroy(),
  () => undefined,
];

/** Files. */
export const ofFiles: readonly Provocation[] = [
  ...troubles.map(
    (trouble): Provocation => ({
      name: `a directory ${trouble.name}`,
      ...(trouble.fails.length > 0 && { fails: trouble.fails }),
      tells: trouble.tells ?? [],
      by: (tell) => inTrouble(trouble, tell),
    }),
  ),
  {
    name: "a directory that was never there",
    fails: ["ERR_CONFIG"],
    by: (tell) => allCalls(filesystemStore({ directory: join(tmpdir(), `missing-${process.pid}`) }), tell),
  },
  {
    name: "a directory in which nothing says how files are named",
    fails: ["ERR_STORE"],
    by: async (tell) => {
      const directory = mkdtempSync(join(tmpdir(), "no-secrets-"));
      const sessions = signedSessions(filesystemStore({ directory }), tell);
      const errors = await errorsOf(() => request(sessions, (session) => void (session[KEY] = VALUE)));
      rmSync(directory, { recursive: true });
      return errors;
    },
  },
  {
    name: "a lifetime beyond what a file can hold",
    fails: ["ERR_STORE"],
    by: async (tell) => {
      const directory = mkdtempSync(join(tmpdir(), "no-secrets-"));
      const store = filesystemStore({ directory, fileNames: "md5" });
      const sessions = signedSessions(store, tell, { lifetimeSeconds: 2 ** 32 });
      const errors = await errorsOf(() => request(sessions, (session) => void (session[KEY] = VALUE)));
      rmSync(directory, { recursive: true });
      return errors;
    },
  },
];

async function inTrouble({ begin }: Trouble, tell: Listener): Promise<readonly unknown[]> {
  const directory = mkdtempSync(join(tmpdir(), "no-secrets-"));
  chmodSync(directory, 0o777);
  const store = filesystemStore({ directory, fileNames: "md5", mode: 0o666 });
  await store.set(STORE_KEY, RECORD, new Date(Date.now() + 60_000));
  const sessions = signedSessions(store, tell);
  const opened = await Promise.all(handlers.map(() => sessions.open(COOKIE)));
  await begin(directory, join(directory, fileName("md5", STORE_KEY)));
  const errors = await asNobody(async () => {
    const found: unknown[] = [];
    await sessions.read(COOKIE).catch(() => undefined);
    for (const [index, one] of opened.entries()) {
      found.push(
        ...(await errorsOf(
          () => handlers[index]?.(one.session),
          () => one.finish(),
        )),
      );
    }
    return [...found, ...(await allCalls(store, tell))];
  });
  await sessions.close();
  rmSync(directory, { recursive: true, force: true });
  return errors;
}

async function allCalls(store: InspectableStore, tell: Listener): Promise<readonly unknown[]> {
  const sessions = signedSessions(store, tell);
  const soon = new Date(Date.now() + 60_000);
  const record = { bytes: Buffer.from(VALUE) };
  return errorsOf(
    () => request(sessions, (session) => void (session[KEY] = VALUE)),
    () => sessions.read(COOKIE),
    () => sessions.ready(),
    () => store.set(STORE_KEY, record.bytes, soon),
    () => store.set(STORE_KEY, record.bytes, soon, record),
    () => store.touch(STORE_KEY, soon),
    () => store.delete(STORE_KEY, record),
    () => firstOf(store.list("session:")),
    () => store.deleteListed({ ref: fileName("md5", STORE_KEY), record }),
    () => store.deleteExpired(),
    () => store.check(),
    () => store.delete(STORE_KEY),
  );
}
