/**
 * `deleteExpired` in a loop, beside 50 saves a second from Node and 50 from Flask: what was saved is there. Each save goes to
 * a session of its own that expires about then, because that is where the three can meet.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { flaskConfig } from "../../src/config/index.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { InspectableStore } from "../../src/session/store.ts";
import { isFull } from "../contracts/long-form.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { type Backend, backends, type OpenBackend } from "./backends.ts";

/** Of each side, at a time: a visit takes 1.25 s on the average, so that there are 50 a second where the machine can. */
const VISITORS = 64;
/** Of each visitor. */
const VISITS = isFull ? 16 : 1;
const SAVES = VISITORS * VISITS;
const TIMEOUT_MILLIS = 60_000;
/** How long a session lives before it is saved again; MariaDB and files know whole seconds only. */
const LIFETIME_SECONDS = 2;

/** What became of a session that was saved while it expired. */
interface Visit {
  readonly old: string;
  /** The sid that the answer's cookie names; `undefined`: the session was gone, and the visitor was told. */
  readonly sid: string | undefined;
}

for (const backend of backends.filter(({ expires }) => expires !== undefined)) describeExpiring(backend);

function describeExpiring({ name, expires, open }: Backend): void {
  describe(`expired sessions in ${name}, deleted while others are saved`, function () {
    this.timeout(isFull ? 600_000 : 120_000);
    let backend: OpenBackend;
    let flask: FlaskApp;
    let store: InspectableStore;
    let sessions: Sessions;
    let brief: Sessions;

    before(async function () {
      backend = await open(this);
      const options = {
        ...backend.options,
        readTimeoutMillis: TIMEOUT_MILLIS,
        saveTimeoutMillis: TIMEOUT_MILLIS,
        onEvent: () => undefined,
      };
      const config = flaskConfig(backend.node, options);
      store = config.store as InspectableStore;
      sessions = createSessions(config);
      const short = { ...backend.node, PERMANENT_SESSION_LIFETIME: LIFETIME_SECONDS };
      brief = createSessions(flaskConfig(short, options));
      await sessions.ready();
      flask = await startFlask({ environment: "fs080-stores", app: "workbench", config: backend.flask });
    });
    after(async () => {
      await flask?.stop();
      await brief?.close();
      await sessions?.close();
      await backend?.end();
    });

    const plant = async (): Promise<string> => {
      const opened = await brief.open(undefined);
      opened.session["first"] = true;
      return sidOf((await opened.finish()).setCookie) as string;
    };
    const saveInNode = async (old: string): Promise<string | undefined> => {
      const opened = await sessions.open(`session=${old}`);
      opened.session["saved"] = true;
      return sidOf((await opened.finish()).setCookie);
    };
    const saveInFlask = async (old: string): Promise<string | undefined> => {
      const browser = new Browser();
      browser.cookies.set("session", old);
      const { status } = await browser.postJson(`${flask.url}/do`, ["session['saved'] = True"]);
      expect(status, flask.log()).to.equal(200);
      return browser.cookies.get("session");
    };
    const visit = async (save: (old: string) => Promise<string | undefined>): Promise<Visit> => {
      const old = await plant();
      await sleep(LIFETIME_SECONDS * 1250 * Math.random());
      return { old, sid: await save(old) };
    };
    const visits = async (save: (old: string) => Promise<string | undefined>): Promise<readonly Visit[]> => {
      const all: Visit[] = [];
      const visitor = async (): Promise<void> => {
        for (let number = 0; number < VISITS; number++) all.push(await visit(save));
      };
      await Promise.all(Array.from({ length: VISITORS }, visitor));
      return all;
    };

    it(`loses none of ${2 * SAVES} saves`, async () => {
      const end = new AbortController();
      const deleting = deleteAlways(store, end.signal);
      const all = (
        await Promise.all([visits(saveInNode), visits(saveInFlask)]).finally(() => {
          end.abort();
        })
      ).flat();
      const deleted = await deleting;
      const saved = all.flatMap(({ sid }) => sid ?? []);
      const found = await Promise.all(saved.map((sid) => sessions.read(`session=${sid}`)));
      expect(found.filter((session) => session["saved"] !== true)).to.deep.equal([]);
      expect(saved.length, "few were gone while they were saved").to.be.greaterThan(SAVES);
      const renewed = all.filter(({ old, sid }) => old === sid);
      expect(renewed.length, "some are saved before they expire, some after").to.be.within(1, 2 * SAVES - 1);
      if (expires === "on demand") expect(deleted).to.be.greaterThan(0);
      else expect(deleted).to.equal(0);
    });
  });
}

/** @returns how many were deleted */
async function deleteAlways(store: InspectableStore, signal: AbortSignal): Promise<number> {
  let deleted = 0;
  while (!signal.aborted) {
    deleted += await store.deleteExpired();
    // As often as can be, but the other side must get a turn.
    await sleep(1);
  }
  return deleted;
}

function sidOf(setCookie: readonly string[]): string | undefined {
  return /^session=([^;]+)/.exec(setCookie[0] ?? "")?.[1];
}
