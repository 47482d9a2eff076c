/** Logins that outlive the session: what Flask-Login and Node do with the remember cookie, in every kind of session. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EnvironmentName } from "../../python/judge.ts";
import { type FlaskApp, startFlask } from "../../services/flask-app.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import { requireService } from "../../services/services.ts";
import { type LoginApp, startLoginApp } from "./app.ts";
import { PROTECTIONS } from "./cells.ts";
import { places } from "./places.ts";
import { PlainBrowser } from "./plain-browser.ts";

const SECRET_KEY = "your-super-secret-key";

/** Whom the first and the second request of a browser find that has but a remember cookie, and if it has that afterwards. */
interface Row {
  readonly protection: "basic" | "strong" | null;
  readonly permanent: boolean;
  /** The anonymous session holds a key. */
  readonly holds: boolean;
  readonly found: readonly [first: string | null, second: string | null, remembered: boolean];
}

const rows: readonly Row[] = [
  { protection: "basic", permanent: false, holds: false, found: ["42", "42", true] },
  { protection: "basic", permanent: false, holds: true, found: ["42", "42", true] },
  { protection: "basic", permanent: true, holds: false, found: ["42", "42", true] },
  { protection: "basic", permanent: true, holds: true, found: ["42", "42", true] },
  { protection: "strong", permanent: false, holds: false, found: ["42", null, false] },
  { protection: "strong", permanent: false, holds: true, found: [null, null, false] },
  { protection: "strong", permanent: true, holds: false, found: ["42", "42", true] },
  { protection: "strong", permanent: true, holds: true, found: ["42", "42", true] },
  { protection: null, permanent: false, holds: false, found: ["42", "42", true] },
  { protection: null, permanent: false, holds: true, found: ["42", "42", true] },
];

describe("a login from the remember cookie", function () {
  this.timeout(60_000);
  let redis: RedisServer;
  let folder: string;

  before(async function () {
    requireService(this, "redis-server");
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), "login-"));
  });

  after(async () => {
    await redis?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  for (const { name, environment, options, config } of places) {
    for (const permanent of [true, false]) {
      describe(`of a ${permanent ? "permanent " : ""}session in ${name}`, () => {
        let flask: FlaskApp;
        const nodes = new Map<Row["protection"], LoginApp>();

        before(async () => {
          const place = config({ redis: redis.url, folder });
          const own = { SECRET_KEY, ...place, ...("SESSION_TYPE" in place ? { SESSION_PERMANENT: permanent } : {}) };
          flask = await startFlask({ app: "login", environment, config: own });
          for (const protection of PROTECTIONS) {
            nodes.set(protection, await startLoginApp({ ...own, SESSION_PROTECTION: protection }, options));
          }
        });

        after(async () => {
          await Promise.all([flask, ...nodes.values()].map((app) => app?.stop()));
        });

        for (const row of rows.filter((other) => other.permanent === permanent)) {
          const { protection, holds, found } = row;
          // In a cookie a session without a key is not permanent either.
          if (name === "Flask's own cookie" && permanent && !holds) continue;
          const title = `${protection ?? "no"} protection, ${holds ? "holding a key" : "empty"}`;
          it(`${title}: finds ${found[0] ?? "nobody"}, then ${found[1] ?? "nobody"}`, async () => {
            const node = nodes.get(protection) as LoginApp;
            const stories = [];
            for (const [first, second] of [
              [flask, flask],
              [node, node],
              [flask, node],
              [node, flask],
            ] as const) {
              stories.push(await story(first.url, second.url, row));
            }
            for (const other of stories.slice(1)) expect(other).to.deep.equal(stories[0]);
            expect(stories[0]?.found).to.deep.equal(found);
          });
        }
      });
    }
  }
});

/** What two requests find, the first and the second of which may be Flask's or Node's. */
async function story(
  first: string,
  second: string,
  { protection, permanent, holds }: Row,
): Promise<{ found: unknown[]; answers: unknown[] }> {
  const browser = new PlainBrowser({ "user-agent": "UA", "x-protection": protection ?? "none" });
  await browser.post(`${first}/login`, { id: "42", remember: true });
  browser.cookies.delete("session");
  if (holds) await browser.post(`${first}/set`, { key: "value", ...(permanent ? { _permanent: true } : {}) });
  const answers = [await browser.json(`${first}/who`), await browser.json(`${second}/who`)];
  const ids = answers.map((answer) => (answer as { readonly id: unknown }).id);
  return { found: [...ids, browser.cookies.has("remember_token")], answers };
}

describe("the remember cookie", function () {
  this.timeout(60_000);
  const configs: readonly (readonly [string, EnvironmentName, Readonly<Record<string, unknown>>, string])[] = [
    ["as it is", "fs080-flask31", {}, "3.1"],
    [
      "with all its keys",
      "fs080-flask31",
      {
        REMEMBER_COOKIE_NAME: "remember",
        REMEMBER_COOKIE_DURATION: 60,
        REMEMBER_COOKIE_DOMAIN: ".example.com",
        REMEMBER_COOKIE_PATH: "/",
        REMEMBER_COOKIE_SECURE: true,
        REMEMBER_COOKIE_HTTPONLY: false,
        REMEMBER_COOKIE_SAMESITE: "strict",
      },
      "3.1",
    ],
    ["of Flask-Login 0.5.0", "fs040-flask20", { REMEMBER_COOKIE_HTTPONLY: true }, "2.0"],
    ["sent at each request", "fs080-flask31", { REMEMBER_COOKIE_REFRESH_EACH_REQUEST: true }, "3.1"],
    ["of bytes", "fs080-flask31", { SECRET_KEY: "clé" }, "3.1"],
  ];

  for (const [name, environment, config, flaskVersion] of configs) {
    describe(name, () => {
      let flask: FlaskApp;
      let node: LoginApp;

      before(async () => {
        const keys = { SECRET_KEY, ...config };
        flask = await startFlask({ app: "login", environment, config: keys });
        node = await startLoginApp(keys, { flaskVersion });
      });

      after(async () => {
        await flask?.stop();
        await node?.stop();
      });

      it("is sent and deleted as by Flask-Login", async () => {
        const answers = [];
        for (const { url } of [flask, node]) {
          const browser = new PlainBrowser();
          const cookies = async (path: string, body?: unknown) => {
            const { setCookie } = await (body === undefined ? browser.get(url + path) : browser.post(url + path, body));
            return setCookie.filter((line) => line.startsWith("remember")).map(withoutExpires);
          };
          answers.push([
            await cookies("/login", { id: "42" }),
            await cookies("/who"),
            await cookies("/login", { id: "42", remember: true }),
            await cookies("/login", { id: "43", remember: true, duration: 90 }),
            // What the login before has left in the session counts, as in Flask.
            await cookies("/login", { id: "44", remember: true }),
            await cookies("/who"),
            await cookies("/logout", {}),
            await cookies("/who"),
          ]);
        }
        expect(answers[1]).to.deep.equal(answers[0]);
        expect(answers[0]?.[2]).to.have.lengthOf(1);
      });

      it("logs in on the other side, whatever the user is called", async () => {
        for (const id of ["42", "a|b", "é☃", 'q"u\\o', "a b,c;d", "\x01\x19\x7f", "user@example.com", "1/2=3:4", ""]) {
          for (const [from, to] of [
            [flask, node],
            [node, flask],
          ] as const) {
            const browser = new PlainBrowser();
            await browser.post(`${from.url}/login`, { id, remember: true });
            browser.cookies.delete("session");
            expect(await browser.json(`${to.url}/who`)).to.deep.include({ id, fresh: false });
          }
        }
      });

      it("of somebody who exists no more names nobody", async () => {
        const answers = [];
        for (const { url } of [flask, node]) {
          const browser = new PlainBrowser();
          await browser.post(`${url}/login`, { id: "deleted", remember: true });
          const stored = await browser.json(`${url}/who`);
          browser.cookies.delete("session");
          answers.push([stored, await browser.json(`${url}/who`), browser.cookies.size]);
        }
        expect(answers[1]).to.deep.equal(answers[0]);
        expect(answers[0]?.[0]).to.deep.include({ id: null });
      });
    });
  }
});

/** Seconds from now, with what a slow answer adds, in place of the date. */
function withoutExpires(line: string): string {
  return line.replace(/Expires=([^;]*)/, (_, date: string) => {
    const seconds = (Date.parse(date) - Date.now()) / 1000;
    return date.startsWith("Thu, 01 Jan 1970") ? date : `Expires in ${Math.round(seconds / 15) * 15}`;
  });
}
