/**
 * One login on both sides, in every way in which Flask-Login may protect a session and browsers may look.
 * `LOGIN_CELLS=all` walks through all 1,440 cells for each Flask-Login, a number through so many.
 */
import { expect } from "chai";
import type { FlaskConfigOptions } from "../../../src/config/index.ts";
import type { EnvironmentName } from "../../python/judge.ts";
import { type FlaskApp, startFlask } from "../../services/flask-app.ts";
import { type LoginApp, startLoginApp } from "./app.ts";
import { allCells, type Cell, HOSTS, PROTECTIONS, someCells, titleOf } from "./cells.ts";
import { PlainBrowser } from "./plain-browser.ts";

const wanted = process.env["LOGIN_CELLS"] ?? "24";
const CELLS = wanted === "all" ? allCells() : someCells(Number(wanted));

const environments: readonly (readonly [name: string, EnvironmentName, FlaskConfigOptions])[] = [
  ["Flask-Login 0.6.3", "fs080-flask31", {}],
  ["Flask-Login 0.5.0", "fs040-flask20", { flaskVersion: "2.0" }],
];

describe("a login", function () {
  this.timeout(600_000);

  for (const [name, environment, options] of environments) {
    describe(`shared with ${name}`, () => {
      const flasks = new Map<Cell["protection"], FlaskApp>();
      const nodes = new Map<string, LoginApp>();

      before(async () => {
        for (const protection of PROTECTIONS) {
          const config = { SECRET_KEY: "your-super-secret-key", SESSION_PROTECTION: protection };
          flasks.set(protection, await startFlask({ app: "login", environment, config }));
          for (const host of HOSTS) nodes.set(`${protection} ${host}`, await startLoginApp(config, options, { host }));
        }
      });

      after(async () => {
        await Promise.all([...flasks.values(), ...nodes.values()].map((app) => app.stop()));
      });

      for (const cell of CELLS) {
        it(titleOf(cell), async () => {
          const flask = (flasks.get(cell.protection) as FlaskApp).url;
          const node = (nodes.get(`${cell.protection} ${cell.host}`) as LoginApp).url;
          const identifiers: unknown[] = [];
          for (const [from, to] of [
            [node, flask],
            [flask, node],
          ] as const) {
            const browser = new PlainBrowser(cell.headers);
            await browser.post(`${from}/login`, { id: "42", permanent: cell.permanent });
            const cookies = new Map(browser.cookies);
            expect(await browser.json(`${to}/who`)).to.deep.equal(loggedIn(cell));
            expect(await browser.json(`${from}/who`)).to.deep.equal(loggedIn(cell));
            expect((await browser.get(`${to}/fresh`)).body).to.equal("ok");
            identifiers.push(await browser.json(`${to}/id`));
            for (const side of [from, to]) await loggedOut(browser, cookies, side, side === from ? to : from);
          }
          expect(identifiers[0]).to.equal(identifiers[1]);
        });
      }
    });
  }

  // Node's parser drops what Flask's server keeps; the page on logins lists both.
  for (const [name, userAgent] of [
    ["ends in blanks", "UA  "],
    ["is sent twice", ["UA", "UB"]],
  ] as const) {
    it(`of a browser whose User-Agent ${name} is not fresh on the other side`, async () => {
      const config = { SECRET_KEY: "your-super-secret-key" };
      const flask = await startFlask({ app: "login", config });
      const node = await startLoginApp(config);
      for (const [from, to] of [
        [flask.url, node.url],
        [node.url, flask.url],
      ] as const) {
        const browser = new PlainBrowser({ "user-agent": typeof userAgent === "string" ? userAgent : [...userAgent] });
        await browser.post(`${from}/login`, { id: "42" });
        expect(await browser.json(`${from}/who`)).to.deep.include({ id: "42", fresh: true });
        expect(await browser.json(`${to}/who`)).to.deep.include({ id: "42", fresh: false });
      }
      await flask.stop();
      await node.stop();
    });
  }

  it("of another browser is not fresh, or none", async () => {
    const SECRET_KEY = "your-super-secret-key";
    for (const [protection, permanent, expected] of [
      ["basic", false, { id: "42", fresh: false }],
      ["basic", true, { id: "42", fresh: false }],
      ["strong", true, { id: "42", fresh: false }],
      ["strong", false, { id: null, fresh: false }],
      [null, false, { id: "42", fresh: true }],
    ] as const) {
      const config = { SECRET_KEY, SESSION_PROTECTION: protection };
      const flask = await startFlask({ app: "login", config });
      const node = await startLoginApp(config);
      const answers = [];
      for (const { url } of [flask, node]) {
        const browser = new PlainBrowser({ "user-agent": "one" });
        await browser.post(`${url}/login`, { id: "42", permanent });
        browser.headers = { "user-agent": "another" };
        const { setCookie } = await browser.get(`${url}/who`);
        browser.headers = { "user-agent": "one" };
        answers.push([await browser.json(`${url}/who`), setCookie.filter((line) => line.startsWith("remember"))]);
      }
      await flask.stop();
      await node.stop();
      expect(answers[1]).to.deep.equal(answers[0]);
      expect(answers[0]?.[0]).to.deep.include(expected);
    }
  });
});

/** Logs out on one side; the other one agrees. */
async function loggedOut(
  browser: PlainBrowser,
  cookies: ReadonlyMap<string, string>,
  from: string,
  to: string,
): Promise<void> {
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  expect((await browser.get(`${from}/page`)).status).to.equal(200);
  await browser.post(`${from}/logout`);
  for (const side of [from, to]) {
    expect(await browser.json(`${side}/who`)).to.deep.include({ id: null, fresh: false });
    expect((await browser.get(`${side}/page`)).status).to.equal(401);
  }
}

function loggedIn({ permanent }: Cell): unknown {
  return { id: "42", fresh: true, session: { _permanent: permanent, _user_id: "42", _fresh: true, _id: 128 } };
}
