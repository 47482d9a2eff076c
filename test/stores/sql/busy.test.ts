/** A SQLite file that another process has locked: waited for in short steps, then a typed error, then as before. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { StoreTimeoutError, StoreUnavailableError } from "../../../src/errors.ts";
import { createSessions } from "../../../src/session/sessions.ts";
import { sqlStore } from "../../../src/stores/sql.ts";
import { type Judge, judgeOf } from "../../python/judge.ts";
import { atEnd } from "../redis/at-end.ts";
import { openStore, sqliteFile } from "./databases.ts";
import { openSqlite } from "./sqlite-client.ts";

const KEY = "session:a";
const OLD = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const NEW = Uint8Array.of(0x81, 0xa1, 0x61, 0x02);
const soon = (): Date => new Date(Date.now() + 60_000);

/** What a module of Python holds stays until it lets it go. */
const LOCK = `
import builtins, sqlite3
builtins.lock = sqlite3.connect(input, isolation_level=None)
builtins.lock.execute("BEGIN EXCLUSIVE")
`;
const UNLOCK = `
import builtins
builtins.lock.rollback()
builtins.lock.close()
`;

/** Longest time for which nothing else ran, in milliseconds, while something was awaited. */
async function longestBlock(work: Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await work.catch(() => undefined);
  delay.disable();
  return delay.max / 1e6;
}

for (const mode of ["DELETE", "WAL"]) {
  describe(`SQLite in journal mode ${mode}, locked by another process`, () => {
    let path: string;
    let python: Judge;

    beforeEach(async () => {
      python = await judgeOf("fs080-stores");
      path = await sqliteFile();
      const database = openSqlite(path);
      database.exec(`PRAGMA journal_mode = ${mode}`);
      await sqlStore({ client: database, create: true }).set(KEY, OLD, soon());
      database.close();
    });

    it("is waited for, and served once it is free", async () => {
      const store = openStore(`sqlite:///${path}`);
      await store.open?.();
      await python.run(LOCK, path);
      const save = store.set(KEY, NEW, soon(), { bytes: OLD });
      await sleep(300);
      await python.run(UNLOCK, null);
      expect(await save).to.deep.equal({ stored: true });
    });

    it("is given up after the time that the URL says, and works again when it is free", async () => {
      const store = openStore(`sqlite:///${path}?timeout=0.3`);
      await store.open?.();
      await python.run(LOCK, path);
      const started = performance.now();
      const error: unknown = await store.set(KEY, NEW, soon()).catch((thrown: unknown) => thrown);
      expect(performance.now() - started).to.be.within(280, 2000);
      expect(error).to.be.instanceOf(StoreUnavailableError);
      expect((error as Error).message).to.equal("SQLite cannot serve UPDATE now: SQLITE_BUSY");
      await python.run(UNLOCK, null);
      expect(await store.set(KEY, NEW, soon())).to.deep.equal({ stored: true });
    });

    for (const timeout of [0, 5000]) {
      it(`never blocks others for long, whether or not its own busy timeout is ${timeout} ms`, async function () {
        // On a machine with other work to do the process itself may stand still.
        this.retries(3);
        const database = openSqlite(path, { timeout });
        atEnd(() => database.close());
        const store = openStore(database);
        await store.open?.();
        await python.run(LOCK, path);
        const saves = Promise.all(Array.from({ length: 20 }, () => store.set(KEY, NEW, soon())));
        expect(await longestBlock(Promise.race([saves, sleep(600)]))).to.be.lessThan(100);
        await python.run(UNLOCK, null);
        for (const result of await saves) expect(result).to.deep.equal({ stored: true });
        // The application's own statements wait as before.
        expect(database.prepare("PRAGMA busy_timeout").all()).to.deep.equal([{ timeout }]);
      });
    }

    it("is a StoreTimeoutError at the deadline of a request; the next one after the lock works", async () => {
      const sessions = createSessions({ store: openStore(`sqlite:///${path}`), saveTimeoutMillis: 200 });
      await sessions.ready();
      const opened = await sessions.open("session=a");
      opened.session["a"] = 2;
      await python.run(LOCK, path);
      const error: unknown = await Promise.resolve(opened.finish()).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(StoreTimeoutError);
      await python.run(UNLOCK, null);
      const again = await sessions.open("session=a");
      again.session["b"] = 3;
      await again.finish();
      expect((await sessions.read("session=a"))["b"]).to.equal(3);
    });
  });
}

describe("SQLite", () => {
  it("lets others work between 300 saves that wait for the disk", async () => {
    const store = openStore(`sqlite:///${await sqliteFile()}`);
    await store.open?.();
    const started = performance.now();
    const saves = Array.from({ length: 300 }, (_, index) => store.set(`session:${index}`, OLD, soon(), null));
    const blocked = await longestBlock(Promise.all(saves));
    // One of them may take its time on a busy disk; without turns it is all of them together.
    expect(blocked).to.be.lessThan((performance.now() - started) / 4);
  });

  it("reads while another process has locked the file for writing in WAL", async () => {
    const path = await sqliteFile();
    const database = openSqlite(path);
    atEnd(() => database.close());
    database.exec("PRAGMA journal_mode = WAL");
    const store = openStore(database);
    await store.set(KEY, OLD, soon());
    const python = await judgeOf("fs080-stores");
    await python.run(LOCK, path);
    atEnd(() => python.run(UNLOCK, null));
    expect(Uint8Array.from((await store.get(KEY))?.record.bytes ?? [])).to.deep.equal(OLD);
  });
});
