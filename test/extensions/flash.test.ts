/** Flashed messages, given and taken by real Flask and by Node in turn. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { flaskConfig } from "../../src/config/index.ts";
import { EncodeError, ReadOnlySessionError } from "../../src/errors.ts";
import { flash, getFlashedMessages } from "../../src/extensions/flash.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { PyDict } from "../../src/values/exact.ts";
import { Markup } from "../../src/values/value-types.ts";
import type { EnvironmentName } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { cookieOf, rejection, visit } from "./visit.ts";

const SECRET_KEY = "your-super-secret-key";

/** Where the session lies, and what Python finds in it. */
const places: readonly (readonly [
  name: string,
  environment: EnvironmentName,
  config: (place: { readonly redis: string; readonly folder: string }) => Readonly<Record<string, unknown>>,
  flaskSessionVersion: "0.5" | "0.8" | undefined,
  stored: string,
])[] = [
  ["Flask's own cookie", "fs080-flask31", () => ({}), undefined, "[('error', 'Node ☃'), ('message', 'two')]"],
  [
    "msgpack",
    "fs080-flask31",
    ({ redis }) => ({ SESSION_TYPE: "redis", SESSION_REDIS: redis }),
    "0.8",
    "[['error', 'Node ☃'], ['message', 'two']]",
  ],
  [
    "JSON",
    "fs080-flask31",
    ({ redis }) => ({ SESSION_TYPE: "redis", SESSION_REDIS: redis, SESSION_SERIALIZATION_FORMAT: "json" }),
    "0.8",
    "[['error', 'Node ☃'], ['message', 'two']]",
  ],
  [
    "pickles in Redis",
    "fs050-flask22",
    ({ redis }) => ({ SESSION_TYPE: "redis", SESSION_REDIS: redis }),
    "0.5",
    "[('error', 'Node ☃'), ('message', 'two')]",
  ],
  [
    "files",
    "fs080-flask31",
    ({ folder }) => ({ SESSION_TYPE: "filesystem", SESSION_FILE_DIR: folder }),
    "0.8",
    "[('error', 'Node ☃'), ('message', 'two')]",
  ],
];

describe("flashed messages", function () {
  this.timeout(60_000);
  let redis: RedisServer;
  let folder: string;

  before(async function () {
    requireService(this, "redis-server");
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), "flash-"));
  });

  after(async () => {
    await redis?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  for (const [name, environment, config, flaskSessionVersion, stored] of places) {
    describe(`in ${name}`, () => {
      let flask: FlaskApp;
      let sessions: Sessions;

      before(async () => {
        const keys = { SECRET_KEY, ...config({ redis: redis.url, folder }) };
        flask = await startFlask({ app: "forms", environment, config: keys });
        sessions = createSessions(flaskConfig(keys, flaskSessionVersion === undefined ? {} : { flaskSessionVersion }));
      });

      after(async () => {
        await flask?.stop();
        await sessions?.close();
      });

      it("Node's are shown by Flask, as Flask would have stored them", async () => {
        const { setCookie } = await visit(sessions, undefined, async (request) => {
          await flash(request, "Node ☃", "error");
          await flash(request, "two");
        });
        const headers = { cookie: cookieOf(setCookie) };
        expect(JSON.parse((await new Browser().get(`${flask.url}/stored`, { headers })).text)).to.deep.include({
          flashes: stored,
        });
        const [pairs, messages] = JSON.parse((await new Browser().get(`${flask.url}/flashed`, { headers })).text);
        expect([pairs, messages]).to.deep.equal([stored, "['Node ☃', 'two']"]);
      });

      it("Flask's are shown by Node, once, and are gone for Flask", async () => {
        const browser = new Browser();
        await browser.postJson(`${flask.url}/flash`, [
          ["message", "Flask ☃"],
          ["error", "no"],
        ]);
        const { result, setCookie } = await visit(sessions, browser.cookieHeader, async (request) => [
          await getFlashedMessages(request, { categoryFilter: ["error"] }),
          await getFlashedMessages(request, { withCategories: true }),
          await getFlashedMessages(request),
          { ...(request.session as object) },
        ]);
        const held = name === "Flask's own cookie" ? {} : { _permanent: true };
        expect(result).to.deep.equal([
          ["no"],
          [
            ["message", "Flask ☃"],
            ["error", "no"],
          ],
          ["Flask ☃", "no"],
          held,
        ]);
        expect(setCookie[0]).to.include("Max-Age=0");
      });

      it("Flask's and Node's stand beside one another", async () => {
        const browser = new Browser();
        await browser.postJson(`${flask.url}/flash`, [["message", "one"]]);
        const { setCookie } = await visit(sessions, browser.cookieHeader, (request) => flash(request, "two"));
        // A session in a store keeps its sid, so the browser's own cookie serves.
        const headers = { cookie: setCookie.length === 0 ? (browser.cookieHeader as string) : cookieOf(setCookie) };
        const [, messages] = JSON.parse((await new Browser().get(`${flask.url}/flashed`, { headers })).text);
        expect(messages).to.equal("['one', 'two']");
      });

      it("Markup is kept where the next save can carry it", async () => {
        const work = visit(sessions, undefined, (request) => flash(request, new Markup("<b>")));
        if (stored.startsWith("[[")) {
          expect(await rejection(work)).to.be.instanceOf(EncodeError);
          return;
        }
        const headers = { cookie: cookieOf((await work).setCookie) };
        const [, messages] = JSON.parse((await new Browser().get(`${flask.url}/flashed`, { headers })).text);
        expect(messages).to.equal("[Markup('<b>')]");
      });

      it("of a session from read() are not taken out", async () => {
        const browser = new Browser();
        const none = { session: await sessions.read(undefined), headers: {} };
        expect(await getFlashedMessages(none)).to.deep.equal([]);
        expect(await rejection(flash(none, "x"))).to.be.instanceOf(ReadOnlySessionError);
        await browser.postJson(`${flask.url}/flash`, [["message", "one"]]);
        const request = { session: await sessions.read(browser.cookieHeader), headers: {} };
        expect(await rejection(getFlashedMessages(request))).to.be.instanceOf(ReadOnlySessionError);
      });
    });
  }

  it("in a pickle that Flask stores as msgpack next are stored as that, and Markup is refused", async () => {
    const store = memoryStore();
    const sessions = createSessions({ store });
    const record = pickle.encode(new PyDict(["_permanent"], [true]));
    await store.set(`session:${"a".repeat(43)}`, record, new Date(Date.now() + 60_000));
    const cookie = `session=${"a".repeat(43)}`;
    const markup = visit(sessions, cookie, (request) => flash(request, new Markup("<b>")));
    expect(await rejection(markup)).to.be.instanceOf(EncodeError);
    await visit(sessions, cookie, (request) => flash(request, "text"));
    const { result } = await visit(sessions, cookie, (request) =>
      getFlashedMessages(request, { withCategories: true }),
    );
    expect(result).to.deep.equal([["message", "text"]]);
  });

  it("are none where the key holds something else", async () => {
    const sessions = createSessions({ cookieSession: true, secretKey: SECRET_KEY });
    const { result } = await visit(sessions, undefined, async (request) => {
      (request.session as Record<string, unknown>)["_flashes"] = "text";
      return getFlashedMessages(request);
    });
    expect(result).to.deep.equal([]);
  });

  it("need a session", async () => {
    expect(await rejection(flash({ session: {}, headers: {} }, "x"))).to.be.instanceOf(TypeError);
  });
});
