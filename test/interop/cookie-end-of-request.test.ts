/** What happens to Flask's own cookie at the end of a request, cell by cell, against real Flask. */
import { expect } from "chai";
import { flaskConfig } from "../../src/config/index.ts";
import type { Session } from "../../src/session/session.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";

/** What the handler does; `get` is what *accessed* means. */
const acts: Readonly<Record<string, (get: () => Session) => unknown>> = {
  none: () => undefined,
  in: (get) => "u" in get(),
  getmiss: (get) => get()["nope"],
  read: (get) => get()["u"],
  set: (get) => {
    get()["u"] = "b";
  },
  setsame: (get) => {
    get()["u"] = "a";
  },
  new: (get) => {
    get()["x"] = 1;
  },
  nested: (get) => (get()["cart"] as unknown[] | undefined)?.push(1),
  nestedmod: (get) => (get()["cart"] as unknown[] | undefined)?.push(1),
  popall: (get) => {
    for (const key of ["u", "price", "cart"]) delete get()[key];
  },
  clear: (get) => {
    get().clear();
  },
  clearset: (get) => {
    get().clear();
    get()["z"] = 1;
  },
  permT: (get) => {
    get().permanent = true;
  },
  permF: (get) => {
    get().permanent = false;
  },
  setpop: (get) => {
    get()["q"] = 1;
    delete get()["q"];
  },
};

/** One request and what it left behind. */
interface Cell {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly vary: string;
}

type Cells = Readonly<Record<string, Cell>>;

interface Rows {
  readonly cells: Cells;
  readonly starts: Readonly<Record<string, string | null>>;
  readonly key: string;
  readonly lifetime: number;
}

/** Attributes that a session cookie may have; `PARTITIONED` is known since Flask 3.1. */
const everything = {
  SESSION_COOKIE_DOMAIN: "example.com",
  SESSION_COOKIE_PATH: "/app x",
  SESSION_COOKIE_SECURE: true,
  SESSION_COOKIE_SAMESITE: "Lax",
  SESSION_COOKIE_PARTITIONED: true,
  SESSION_COOKIE_HTTPONLY: false,
};

const configurations: readonly (readonly [
  EnvironmentName,
  flaskVersion: string,
  config: Readonly<Record<string, unknown>>,
])[] = [
  ["fs080-flask31", "3.1", {}],
  ["fs080-flask31", "3.1", everything],
  ["fs080-newest", "3.1", {}],
  ["fs050-flask22", "2.2", {}],
  ["fs040-flask20", "2.0", {}],
  ["fs040-flask20", "2.0", everything],
  ["fs032-flask11", "1.1", {}],
  ["fs032-flask11", "1.1", everything],
  ["fs050-flask22", "2.2", { ...everything, SESSION_COOKIE_HTTPONLY: true }],
];

describe("the end of a request with Flask's own cookie", function () {
  this.timeout(120_000);

  for (const [environment, flaskVersion, config] of configurations) {
    const attributes = Object.keys(config).length === 0 ? "" : ", every attribute";
    it(`is Flask's, but for what the documentation names (${environment}${attributes})`, async () => {
      const judge = await judgeOf(environment);
      const rows = (await judge.run("import cookie_rows\nresult = cookie_rows.run(input)", config)) as Rows;
      const names = Object.keys(rows.cells);
      const sent: Record<string, Cell> = {};
      for (const name of names) sent[name] = await inNode(name, rows, flaskVersion, config);
      const program = "import cookie_rows\nresult = cookie_rows.tell(**input)";
      const node = (await judge.run(program, { config, cells: sent })) as Cells;
      expect(names).to.have.length(2 * 8 * Object.keys(acts).length);
      for (const name of names) expect(node[name], name).to.deep.equal(expected(name, rows.cells, flaskVersion));
    });
  }
});

async function inNode(
  name: string,
  { starts, key, lifetime }: Rows,
  flaskVersion: string,
  config: Readonly<Record<string, unknown>>,
): Promise<Cell> {
  const [refresh, start = "", act = ""] = name.split(" ");
  const keys = {
    SECRET_KEY: key,
    PERMANENT_SESSION_LIFETIME: lifetime,
    SESSION_REFRESH_EACH_REQUEST: refresh === "1",
    ...config,
  };
  const sessions = createSessions(flaskConfig(keys, { flaskVersion, onEvent: () => undefined }));
  const cookie = starts[start];
  const opened = await sessions.open(typeof cookie === "string" ? `session=${cookie}` : undefined);
  await acts[act]?.(() => opened.session);
  const { setCookie, vary } = await opened.finish();
  return { status: 200, cookies: setCookie, vary: vary ? "Cookie" : "" };
}

/**
 * What Node does: Flask's cell, but for five differences, each of them meant. An equal value is no change, a nested change
 * is one, a visitor who brought no cookie is not told to delete one, every look at the session counts as one, as in
 * Flask >= 3.1.3, and what carries a cookie varies by it, as since Flask 2.2.5 (CVE-2023-30861).
 */
function expected(name: string, flask: Cells, flaskVersion: string): Cell {
  const [refresh = "", start = "", act = ""] = name.split(" ");
  const like = isNoChange(start, act) ? "read" : act === "nested" ? "nestedmod" : act;
  const { cookies: sent, vary, status } = flask[`${refresh} ${start} ${like}`] as Cell;
  const cookies = start === "nocookie" ? sent.filter((line) => !line.startsWith("session=;")) : sent;
  const varies = cookies.length > 0 || (flaskVersion !== "3.1" && act !== "none");
  return { status, vary: varies ? "Cookie" : vary, cookies };
}

function isNoChange(start: string, act: string): boolean {
  if (act === "setpop") return true;
  if (act === "setsame") return start === "plain" || start.startsWith("perm");
  if (act === "permT") return start === "perm" || start === "onlyperm";
  return act === "permF" && start === "permfalse";
}
