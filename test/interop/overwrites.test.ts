/**
 * What a Flask request undoes of what Node stores during it, and Node of what Flask stores. Nothing is left to chance: in the
 * middle of its own request, each side asks the other one with the same cookie. `npm run races` counts over every place for
 * sessions and puts the figures into docs/concurrency.md; the small form is Redis.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { FlaskConfigOptions } from "../../src/config/index.ts";
import type { Session } from "../../src/session/session.ts";
import { isFull } from "../contracts/long-form.ts";
import { type EnvironmentName, projectFolder } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { type Backend, backends, type OpenBackend } from "../stores/backends.ts";
import { type NodeApp, startNode } from "./node-app.ts";

const ROUNDS = isFull ? 20 : 3;
const PAGE = join(projectFolder, "docs", "concurrency.md");
const BLOCK = /(<!-- figures, made by npm run races -->\n)[\s\S]*?(\n<!-- end of the figures -->)/;

interface Release {
  readonly version: string;
  readonly environment: EnvironmentName;
  readonly options: FlaskConfigOptions;
}

const NEW: Release = { version: "0.8.0", environment: "fs080-stores", options: {} };
const OLD: Release = {
  version: "0.5.0",
  environment: "fs050-flask22",
  options: { flaskSessionVersion: "0.5", flaskVersion: "2.2" },
};

/** What the Flask request does beside asking Node; the first changes nothing. */
const FLASK_STEPS = { reads: "session.get('uname')", changes: "session['flask'] = 1" } as const;

/** The Flask apps: SESSION_REFRESH_EACH_REQUEST, by the path of the app that has it. */
const APPS = { on: true, off: false } as const;

/** A column of the page's table. */
const COLUMNS = (["reads", "changes"] as const).flatMap((step) =>
  (["on", "off"] as const).map((refresh) => ({ step, refresh })),
);

/** How many of {@link ROUNDS} were undone. */
interface Undone {
  saves: number;
  logOuts: number;
}

const rows: string[] = [];

for (const backend of isFull ? backends : backends.slice(0, 1)) {
  for (const release of backend.isOld ? [NEW, OLD] : [NEW]) describeOverwrites(backend, release);
}

describe("the figures of what is overwritten", () => {
  it("stand in the page", () => {
    const text = readFileSync(PAGE, "utf8");
    expect(text).to.match(BLOCK);
    if (process.env["WRITE_PAGES"] !== "1") return;
    const date = new Date().toISOString().slice(0, 10);
    const heads = COLUMNS.map(({ step, refresh }) => `${step}, refresh ${refresh}`);
    const table = [
      `| ${["sessions in", "Flask-Session", ...heads, "undone by Node"].join(" | ")} |`,
      `|${"---|".repeat(heads.length + 3)}`,
      ...rows,
    ];
    const about = `Of ${ROUNDS} saves and ${ROUNDS} log-outs in each cell, counted on ${date} with Node ${process.versions.node}:`;
    const figures = `${about}\n\n${table.join("\n")}`;
    console.log(figures);
    writeFileSync(
      PAGE,
      text.replace(BLOCK, (_block, begin: string, end: string) => `${begin}\n${figures}\n${end}`),
    );
  });
});

function describeOverwrites({ name, open }: Backend, { version, environment, options }: Release): void {
  describe(`requests of Flask-Session ${version} and of Node over ${name}, one within the other`, function () {
    this.timeout(isFull ? 600_000 : 60_000);
    let backend: OpenBackend;
    let flask: FlaskApp;
    let node: NodeApp;

    const inFlask = async (cookies: Browser, app: keyof typeof APPS, steps: readonly string[]): Promise<void> => {
      const { status } = await cookies.postJson(`${flask.url}/${app}/do`, steps);
      expect(status, flask.log()).to.equal(200);
    };
    /** What a Node request asks Flask before it changes the session itself. */
    const around = (step: string) => async (session: Session) => {
      await inFlask(withSid(session.sid as string), "on", [step]);
      session["node"] = 1;
    };
    const handlers = {
      enter: (session: Session) => {
        session["uname"] = "alice";
      },
      save: (session: Session) => {
        session["node"] = 1;
      },
      leave: (session: Session) => session.destroy(),
      aroundSave: around(FLASK_STEPS.changes),
      aroundLeave: around("session.clear()"),
    };

    before(async function () {
      backend = await open(this);
      node = await startNode(backend.node, handlers, { ...backend.options, ...options, onEvent: () => undefined });
      await node.sessions.ready();
      const config = Object.fromEntries(
        Object.entries(APPS).map(([app, refresh]) => [
          app,
          { ...backend.flask, SESSION_REFRESH_EACH_REQUEST: refresh },
        ]),
      );
      flask = await startFlask({ environment, app: "workbenches", config });
    });
    after(async () => {
      await node?.stop();
      await flask?.stop();
      await backend?.end();
    });

    const plant = async (): Promise<string> => {
      const browser = new Browser();
      await browser.post(`${node.url}/enter`);
      return browser.cookies.get("session") as string;
    };
    const found = (sid: string) => node.sessions.read(`session=${sid}`);
    /** A Flask request that asks Node, which saves or logs out, and then does a step of its own. */
    const flaskAround = async (app: keyof typeof APPS, asked: "save" | "leave", step: string): Promise<string> => {
      const sid = await plant();
      const ask = `urllib.request.Request('${node.url}/${asked}', b'', {'Cookie': request.headers['Cookie']})`;
      await inFlask(withSid(sid), app, ["import urllib.request", `urllib.request.urlopen(${ask}).status`, step]);
      return sid;
    };
    const countUndone = async (app: keyof typeof APPS, step: string): Promise<Undone> => {
      const undone: Undone = { saves: 0, logOuts: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        if ((await found(await flaskAround(app, "save", step)))["node"] !== 1) undone.saves++;
        if (!(await found(await flaskAround(app, "leave", step))).new) undone.logOuts++;
      }
      return undone;
    };

    const figures: Undone[] = [];
    for (const { step, refresh } of COLUMNS) {
      it(`a Flask request that ${step}, with refreshing ${refresh}`, async () => {
        const undone = await countUndone(refresh, FLASK_STEPS[step]);
        figures.push(undone);
        // What README and page promise of this one setting; the others are counted.
        if (version === "0.8.0" && step === "reads" && refresh === "off")
          expect(undone).to.deep.equal({ saves: 0, logOuts: 0 });
      });
    }

    it("a Node request undoes no save and no log-out of Flask's", async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const sid = await plant();
        await withSid(sid).post(`${node.url}/aroundSave`);
        const { flask: byFlask, node: byNode } = await found(sid);
        expect({ byFlask, byNode }).to.deep.equal({ byFlask: 1, byNode: 1 });
        const left = await plant();
        await withSid(left).post(`${node.url}/aroundLeave`);
        expect((await found(left)).new).to.equal(true);
      }
      const cells = figures.map(({ saves, logOuts }) => `${saves} and ${logOuts}`);
      rows.push(`| ${[name, version, ...cells, "0 and 0"].join(" | ")} |`);
    });
  });
}

/** A browser whose cookie names this session. */
function withSid(sid: string): Browser {
  const browser = new Browser();
  browser.cookies.set("session", sid);
  return browser;
}
