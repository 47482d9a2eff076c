/** Random sessions of real Flasks, changed in Node: what each Flask reads of them with and without Node in between. */
import { inspect } from "node:util";
import { type FlaskConfig, flaskConfig } from "../../../src/config/index.ts";
import type { SessionEvent } from "../../../src/session/events.ts";
import type { CookieSigning } from "../../../src/session/options.ts";
import { Session } from "../../../src/session/session.ts";
import { createSessions, type Sessions } from "../../../src/session/sessions.ts";
import { type EnvironmentName, type Judge, judgeOf } from "../../python/judge.ts";

/** A Flask, and what Node has to be told of it. */
export interface Flask {
  readonly environment: EnvironmentName;
  readonly flaskVersion: string;
  /** itsdangerous 0.24 counts seconds from 2011. */
  readonly cookieSession?: CookieSigning;
}

/** Oldest first. */
export const flasks: readonly Flask[] = [
  { environment: "cookie-flask012", flaskVersion: "0.12", cookieSession: { epoch: "2011" } },
  { environment: "cookie-flask10", flaskVersion: "1.0", cookieSession: { epoch: "2011" } },
  { environment: "fs032-flask11", flaskVersion: "1.1" },
  { environment: "fs040-flask20", flaskVersion: "2.0" },
  { environment: "fs050-flask22", flaskVersion: "2.2" },
  { environment: "fs060-flask23", flaskVersion: "2.3" },
  { environment: "fs070-flask30", flaskVersion: "3.0" },
  { environment: "cookie-flask310", flaskVersion: "3.1" },
  { environment: "fs080-flask31", flaskVersion: "3.1" },
];

/** A session that Flask has made, and what a request is to do to it. */
interface Plan {
  readonly token: string;
  readonly act: string;
  /** One of the session's. */
  readonly key: string;
}

/** Two readings that should be one. */
export interface Difference {
  readonly act: string;
  readonly wanted: string;
  readonly found: string;
}

/** What came of it. */
export interface Outcome {
  readonly sessions: number;
  /** How often each act was done. */
  readonly acts: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}

/** As `ACTS` of `cookie_sessions.py`. */
const acts: Readonly<Record<string, (session: Session, key: string) => void>> = {
  add: (session) => {
    session["node"] = ["é\ud800", 7, 1.5, { deep: true }];
  },
  replace: (session, key) => {
    session[key] = "changed";
  },
  remove: (session, key) => {
    delete session[key];
  },
  nested: (session) => {
    Object.assign((session["cart"] as [object])[0], { qty: 7, note: "<\u{1f600}>" });
  },
  refresh: (session) => {
    session["_permanent"] = true;
  },
};

const BATCH = 250;

/** Sends `count` sessions from Flask through Node to Flask. */
export async function throughNode(flask: Flask, count: number, seed: number): Promise<Outcome> {
  const judge = await judgeOf(flask.environment);
  const events: SessionEvent[] = [];
  const key = (await ask(judge, "result = cookie_sessions.KEY", {})) as string;
  const sessions = sessionsOf(flask, key, (event) => void events.push(event));
  const done = new Map<string, number>();
  const differences: Difference[] = [];
  for (let first = 0; first < count; first += BATCH) {
    const given = { seed, first, count: Math.min(BATCH, count - first) };
    const plans = (await ask(judge, "result = cookie_sessions.make(**input)", given)) as readonly Plan[];
    const tokens: string[] = [];
    for (const plan of plans) {
      tokens.push(await changed(sessions, plan).catch((error: unknown) => inspect([error, ...events.splice(0)])));
      done.set(plan.act, (done.get(plan.act) ?? 0) + 1);
    }
    const found = await ask(judge, "result = cookie_sessions.differing(**input)", { plans, tokens });
    differences.push(...(found as readonly Difference[]));
  }
  return { sessions: count, acts: Object.fromEntries(done), differences };
}

/** What that Flask's cookie does not keep, without Node, in a line each. */
export async function lossesOf({ environment }: Flask): Promise<readonly string[]> {
  return (await ask(await judgeOf(environment), "result = cookie_sessions.losses()", {})) as readonly string[];
}

function ask(judge: Judge, program: string, input: object): Promise<unknown> {
  return judge.run(`import cookie_sessions\n${program}`, input);
}

function sessionsOf(
  { flaskVersion, cookieSession }: Flask,
  key: string,
  onEvent: (event: SessionEvent) => void,
): Sessions {
  const config: FlaskConfig = { SECRET_KEY: key, MAX_COOKIE_SIZE: 0 };
  const options = flaskConfig(config, { flaskVersion, onEvent });
  return createSessions({ ...options, ...(cookieSession === undefined ? {} : { cookieSession }) });
}

/** The cookie's value after a request in Node. */
async function changed(sessions: Sessions, { token, act, key }: Plan): Promise<string> {
  const request = await sessions.open(`session=${token}`);
  if (Session.of(request.session).new) throw new Error("Node found no session");
  acts[act]?.(request.session, key);
  const { setCookie } = await request.finish();
  return /^session=([^;]*);/.exec(setCookie[0] ?? `session=${token};`)?.[1] as string;
}
