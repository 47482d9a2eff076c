/**
 * Sessions that several Node processes save at once, wherever they lie. RACES=full makes it 8 processes with 200 saves each
 * and 200 rounds of a log-out beside a save; else it is 4 with 25, and 50.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { flaskConfig } from "../../src/config/index.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import type { SaveOften } from "../programs/save-often.ts";
import { projectFolder } from "../python/judge.ts";
import { Program } from "../services/process.ts";
import type { Backend, OpenBackend } from "../stores/backends.ts";
import { isFull } from "./long-form.ts";

const [PROCESSES, SAVES, ROUNDS] = isFull ? [8, 200, 200] : [4, 25, 50];
const TIMEOUT_MILLIS = 60_000;
const PROGRAM = join(projectFolder, "build", "test", "programs", "save-often.js");

/** One server of two: its sessions, and the events since somebody looked. */
interface Side {
  readonly sessions: Sessions;
  readonly events: string[];
}

/** Runs the races. */
export function describeRaces({ name, open }: Pick<Backend, "name" | "open">): void {
  describe(`sessions in ${name}, saved by several processes at once`, function () {
    this.timeout(15 * TIMEOUT_MILLIS);
    let backend: OpenBackend;
    let here: Side;
    let there: Side;

    before(async function () {
      backend = await open(this);
      here = sideOf(backend);
      there = sideOf(backend);
    });
    after(async () => {
      await here?.sessions.close();
      await there?.sessions.close();
      await backend?.end();
    });

    /** Stores a session and tells its sid. */
    const plant = async (): Promise<string> => {
      const opened = await here.sessions.open(undefined);
      opened.session["first"] = true;
      const { setCookie } = await opened.finish();
      return /^session=([^;]+)/.exec(setCookie[0] ?? "")?.[1] ?? "";
    };

    it(`loses none of ${PROCESSES * SAVES} changes by ${PROCESSES} processes`, async () => {
      const sid = await plant();
      const names = Array.from({ length: PROCESSES }, () => randomBytes(4).toString("hex"));
      const merges = await Promise.all(
        names.map(async (of) => {
          const task: SaveOften = {
            config: backend.node,
            options: backend.options,
            sid,
            name: of,
            saves: SAVES,
            timeoutMillis: TIMEOUT_MILLIS,
          };
          const program = new Program({ command: process.execPath, args: [PROGRAM, JSON.stringify(task)] });
          const [, stored, merged] = await program.output(/^saved (\d+), merged (\d+) times$/m, 12 * TIMEOUT_MILLIS);
          expect(stored).to.equal(String(SAVES));
          return Number(merged);
        }),
      );
      expect(Math.max(...merges), "some met others' saves").to.be.greaterThan(0);
      const { session } = await here.sessions.open(`session=${sid}`);
      const expected = names.flatMap((of) => Array.from({ length: SAVES }, (_, save) => `${of}-${save}`));
      expect(Object.keys(session)).to.have.members(["_permanent", "first", ...expected]);
    });

    it(`revives none of ${ROUNDS} sessions that are destroyed while they are saved`, async () => {
      let gone = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const sid = await plant();
        const [one, other] = await Promise.all(
          [here, there].map(({ sessions }) => sessions.open(`session=${sid}`)) as [Promise<Opened>, Promise<Opened>],
        );
        there.events.length = 0;
        await Promise.all([destroyed(one), saved(other)]);
        if (there.events.includes("gone")) gone++;
        expect((await here.sessions.read(`session=${sid}`)).new, `round ${round}`).to.equal(true);
      }
      expect(gone, "both orders are met").to.be.within(1, ROUNDS - 1);
    });
  });
}

type Opened = Awaited<ReturnType<Sessions["open"]>>;

async function destroyed(opened: Opened): Promise<void> {
  await sleep(Math.random() * 14);
  await opened.session.destroy();
  await opened.finish();
}

async function saved(opened: Opened): Promise<void> {
  await sleep(Math.random() * 14);
  opened.session["late"] = true;
  await opened.finish();
}

/** Sessions over a connection of their own, as another server has. */
function sideOf({ node, options }: OpenBackend): Side {
  const events: string[] = [];
  const config = flaskConfig(node, {
    ...options,
    readTimeoutMillis: TIMEOUT_MILLIS,
    saveTimeoutMillis: TIMEOUT_MILLIS,
    onEvent: ({ type }) => {
      events.push(type);
    },
  });
  return { sessions: createSessions({ ...config, store: delayed(config.store as Store) }), events };
}

/** Each call takes up to 4 ms more, so that every order of two requests is met. */
function delayed(store: Store): Store {
  const late =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await sleep(Math.random() * 2);
      const result = await call(...args);
      await sleep(Math.random() * 2);
      return result;
    };
  return {
    compareAndSet: store.compareAndSet,
    ...(store.format !== undefined && { format: store.format }),
    ...(store.open !== undefined && { open: () => store.open?.() ?? Promise.resolve() }),
    get: late((...args: Parameters<Store["get"]>) => store.get(...args)),
    set: late((...args: Parameters<Store["set"]>) => store.set(...args)),
    touch: late((...args: Parameters<Store["touch"]>) => store.touch(...args)),
    delete: late((...args: Parameters<Store["delete"]>) => store.delete(...args)),
    close: () => store.close(),
  };
}
