/** Tokens of Flask-WTF, given and taken by real Flask and by Node in turn. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import express from "express";
import express4 from "express4";
import { type FlaskConfig, flaskConfig } from "../../src/config/index.ts";
import { CsrfError, ReadOnlySessionError, SecretKeyMissingError } from "../../src/errors.ts";
import { csrfProtect, generateCsrf, validateCsrf } from "../../src/extensions/csrf.ts";
import { flaskSession } from "../../src/frameworks/express.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { UrlSafeTimedSerializer } from "../../src/signing/timed-serializer.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { Browser } from "../services/browser.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { cookieOf, rejection, visit } from "./visit.ts";

const SECRET_KEY = "your-super-secret-key";
const HOST = "ex.com";

/** A Referer over HTTPS, the host that was asked, and what becomes of the request. */
const referrers: readonly (readonly [referer: string | undefined, host: string, answer: string])[] = [
  [undefined, HOST, "The referrer header is missing."],
  [`https://${HOST}/page`, HOST, "ok"],
  [`https://EX.com`, HOST, "ok"],
  [`https://user@${HOST}/`, HOST, "ok"],
  [`https://${HOST}:443/`, HOST, "The referrer does not match the host."],
  [`https://${HOST}/`, `${HOST}:443`, "ok"],
  [`https://${HOST}:8443/`, `${HOST}:8443`, "ok"],
  [`https://${HOST}:8443/`, HOST, "The referrer does not match the host."],
  [`http://${HOST}/`, HOST, "The referrer does not match the host."],
  [`https://${HOST}.evil.com/`, HOST, "The referrer does not match the host."],
  ["https:///", HOST, "The referrer does not match the host."],
  ["garbage", HOST, "The referrer does not match the host."],
  ["https://[::1]:1/", "[::1]:1", "ok"],
  [`https://${HOST}:x/`, HOST, "The referrer does not match the host."],
];

describe("CSRF tokens", function () {
  this.timeout(60_000);

  for (const environment of ["fs080-flask31", "fs050-flask22"] as const satisfies readonly EnvironmentName[]) {
    describe(`beside Flask-WTF of ${environment}`, () => {
      let flask: FlaskApp;
      let sessions: Sessions;

      before(async () => {
        flask = await startFlask({ app: "forms", environment, config: { SECRET_KEY } });
        sessions = createSessions(flaskConfig({ SECRET_KEY }));
      });

      after(async () => {
        await flask?.stop();
      });

      it("a form rendered by Node posts to Flask", async () => {
        const { result, setCookie } = await visit(sessions, undefined, async (request) => [
          await generateCsrf(request),
          await generateCsrf(request),
        ]);
        const [token = "", again] = result;
        expect(again).to.equal(token);
        const browser = new Browser();
        const [name = "", value = ""] = cookieOf(setCookie).split(/=(.*)/s);
        browser.cookies.set(name, value);
        expect(await posted(browser, { csrf_token: token })).to.deep.equal([200, { ok: true }]);
        expect(await posted(browser, { "login-csrf_token": token })).to.deep.equal([200, { ok: true }]);
        expect(await posted(browser, { csrf_token: `${token}x` })).to.deep.equal([
          400,
          { refused: "The CSRF token is invalid." },
        ]);
      });

      it("a form rendered by Flask posts to Node", async () => {
        const browser = new Browser();
        const { token, raw } = JSON.parse((await browser.get(`${flask.url}/form`)).text);
        const { result } = await visit(sessions, browser.cookieHeader, async (request) => {
          await validateCsrf(request, token);
          return (request.session as Record<string, unknown>)["csrf_token"];
        });
        expect(result).to.equal(raw);
        const read = { session: await sessions.read(browser.cookieHeader), headers: {} };
        await validateCsrf(read, await generateCsrf(read));
      });

      it("is refused with Flask-WTF's reason", async () => {
        const browser = new Browser();
        const { token } = JSON.parse((await browser.get(`${flask.url}/form`)).text);
        const { token: foreign } = JSON.parse((await new Browser().get(`${flask.url}/form`)).text);
        const raw = (value: unknown, secondsAgo = 0, salt = "wtf-csrf-token") =>
          new UrlSafeTimedSerializer({
            secretKey: SECRET_KEY,
            salt,
            now: () => new Date(Date.now() - secondsAgo * 1000),
          }).dumps(value);
        const tokens: readonly (readonly [string, string | null])[] = [
          ["none", null],
          ["an empty one", ""],
          ["tampered", `${token.slice(0, -4)}AAAA`],
          ["foreign", foreign],
          ["another salt", raw("x", 0, "cookie-session")],
          ["expired", raw("x", 3601)],
          ["at the last second", raw("x", 3598)],
          ["from the future", raw("x", -60)],
          ["no text", "é."],
          ["no token", "abc"],
          [
            "no JSON in it",
            new UrlSafeTimedSerializer({
              secretKey: SECRET_KEY,
              salt: "wtf-csrf-token",
              format: { encode: (text: string) => Buffer.from(text), decode: String },
            }).dumps("{"),
          ],
        ];
        const refusals = [];
        for (const [name, candidate] of tokens) {
          const { text } = await browser.postJson(`${flask.url}/validate`, { token: candidate });
          const { refused } = JSON.parse(text) as { readonly refused: string };
          const error = await visit(sessions, browser.cookieHeader, (request) =>
            rejection(validateCsrf(request, candidate)),
          );
          refusals.push([name, refused]);
          expect(error.result, name).to.be.instanceOf(CsrfError).with.property("reason", refused);
        }
        expect(new Set(refusals.map(([, reason]) => reason))).to.have.property("size", 4);
        const { text } = await new Browser().postJson(`${flask.url}/validate`, { token });
        const error = await visit(sessions, undefined, (request) => rejection(validateCsrf(request, token)));
        expect(error.result).to.have.property("message", JSON.parse(text).refused);
        expect(error.result).to.include({
          code: "ERR_CSRF",
          status: 400,
          reason: "The CSRF session token is missing.",
        });
      });

      async function posted(browser: Browser, form: Readonly<Record<string, string>>): Promise<unknown> {
        const { status, text } = await browser.post(`${flask.url}/form`, form);
        return [status, JSON.parse(text)];
      }
    });
  }

  it("keys and limit are Flask's own", async () => {
    const config = {
      SECRET_KEY,
      WTF_CSRF_SECRET_KEY: "a key for forms alone",
      WTF_CSRF_FIELD_NAME: "token",
      WTF_CSRF_TIME_LIMIT: null,
    };
    const sessions = createSessions(flaskConfig(config));
    const { result, setCookie } = await visit(sessions, undefined, generateCsrf);
    const held = await sessions.read(cookieOf(setCookie));
    const options = { secretKey: "a key for forms alone", salt: "wtf-csrf-token" };
    expect(new UrlSafeTimedSerializer(options).loads(result)).to.equal(held["token"]);
    const old = new UrlSafeTimedSerializer({ ...options, now: () => new Date(0) }).dumps(held["token"]);
    await validateCsrf({ session: held, headers: {} }, old);
  });

  it("of something that is no text match nothing", async () => {
    const sessions = createSessions(flaskConfig({ SECRET_KEY }));
    const serializer = new UrlSafeTimedSerializer({ secretKey: SECRET_KEY, salt: "wtf-csrf-token" });
    for (const [raw, claimed] of [
      ["5", 5],
      [5, "5"],
      [5, 5],
    ]) {
      const { result } = await visit(sessions, undefined, (request) => {
        (request.session as Record<string, unknown>)["csrf_token"] = raw;
        return rejection(validateCsrf(request, serializer.dumps(claimed)));
      });
      expect(result).to.have.property("reason", "The CSRF tokens do not match.");
    }
  });

  it("need a secret key", async () => {
    for (const secret of [undefined, ""]) {
      const extensions = { csrf: secret === undefined ? {} : { SECRET_KEY: secret } };
      const sessions = createSessions({ store: memoryStore(), extensions });
      const { result } = await visit(sessions, undefined, (request) => rejection(generateCsrf(request)));
      expect(result).to.be.instanceOf(SecretKeyMissingError);
    }
  });

  it("are not made for a session from read() that has none, and are replaced where the raw one is no text", async () => {
    const sessions = createSessions(flaskConfig({ SECRET_KEY }));
    const request = { session: await sessions.read(undefined), headers: {} };
    expect(await rejection(generateCsrf(request))).to.be.instanceOf(ReadOnlySessionError);
    const { result } = await visit(sessions, undefined, async (opened) => {
      const session = opened.session as Record<string, unknown>;
      session["csrf_token"] = 5;
      await generateCsrf(opened);
      return session["csrf_token"];
    });
    expect(result).to.match(/^[0-9a-f]{40}$/);
  });
});

describe("csrfProtect", function () {
  this.timeout(60_000);
  const config = { SECRET_KEY };

  for (const environment of ["fs080-flask31", "fs050-flask22"] as const satisfies readonly EnvironmentName[]) {
    it(`wants the referrer that Flask-WTF of ${environment} wants`, async () => {
      const program = `
from flask import Flask, session
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
app = Flask("app")
app.config["SECRET_KEY"] = "${SECRET_KEY}"
csrf = CSRFProtect(app)
with app.test_request_context("/"):
    token, raw = generate_csrf(), session["csrf_token"]

def answer(referer, host):
    headers = {"X-CSRFToken": token, **({} if referer is None else {"Referer": referer})}
    with app.test_request_context("/", method="POST", base_url="https://" + host, headers=headers):
        session["csrf_token"] = raw
        try:
            csrf.protect()
            return "ok"
        except CSRFError as error:
            return error.description
        except ValueError:
            return "500"

result = [answer(*case) for case in input]`;
      const input = referrers.map(([referer, host]) => [referer ?? null, host]);
      const answers = (await (await judgeOf(environment)).run(program, input)) as readonly string[];
      // Python fails at a port that is no number.
      const ours = referrers.map(([referer, , answer]) => (referer?.endsWith(":x/") === true ? "500" : answer));
      expect(answers).to.deep.equal(ours);
    });
  }

  for (const [name, framework] of [
    ["Express 5", express],
    ["Express 4", express4],
  ] as const) {
    describe(name, () => {
      it("lets tokens through in the field, a suffixed field and the headers, and refuses others", async () => {
        const app = await startApp(framework, config);
        const { token, cookie } = await app.form();
        const answers: readonly (readonly [
          Readonly<Record<string, string>>,
          Readonly<Record<string, string>>,
          string,
        ])[] = [
          [{ csrf_token: token }, {}, "ok"],
          [{ "login-csrf_token": token }, {}, "ok"],
          [{ csrf_token: "", "a-csrf_token": "", "b-csrf_token": token }, {}, "ok"],
          [{ csrf_token_x: token }, {}, "The CSRF token is missing."],
          [{}, { "x-csrftoken": token }, "ok"],
          [{}, { "x-csrf-token": token }, "ok"],
          [{ csrf_token: "wrong" }, { "x-csrftoken": token }, "The CSRF token is invalid."],
          [{}, {}, "The CSRF token is missing."],
        ];
        for (const [form, headers, answer] of answers) {
          expect(await app.post(form, { cookie, ...headers }), JSON.stringify([form, headers])).to.equal(answer);
        }
        expect(await app.post({ csrf_token: token }, {})).to.equal("The CSRF session token is missing.");
        const twice = await app.request("POST", `csrf_token=${token}&csrf_token=x`, { cookie, ...FORM });
        expect(twice).to.equal("ok");
        await app.stop();
      });

      it("a JSON body is no form, and other methods need no token", async () => {
        const app = await startApp(framework, config);
        const { token, cookie } = await app.form();
        const json = { cookie, "content-type": "application/json" };
        expect(await app.request("POST", JSON.stringify({ csrf_token: token }), json)).to.equal(
          "The CSRF token is missing.",
        );
        expect(await app.request("OPTIONS", undefined, { cookie })).to.equal("ok");
        await app.stop();
      });

      it("lets a form through that Flask has rendered, and not the token of another browser", async () => {
        const flask = await startFlask({ app: "forms", config });
        const app = await startApp(framework, config);
        const form = async () => {
          const browser = new Browser();
          const { token } = JSON.parse((await browser.get(`${flask.url}/form`)).text) as { readonly token: string };
          return { token, cookie: browser.cookieHeader as string };
        };
        const [mine, other] = [await form(), await form()];
        expect(await app.post({ csrf_token: mine.token }, { cookie: mine.cookie })).to.equal("ok");
        const foreign = await app.post({ csrf_token: other.token }, { cookie: mine.cookie });
        expect(foreign).to.equal("The CSRF tokens do not match.");
        await app.stop();
        await flask.stop();
      });

      for (const key of ["WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT"] as const) {
        it(`checks nothing where ${key} is false`, async () => {
          const app = await startApp(framework, { ...config, [key]: false });
          expect(await app.post({}, {})).to.equal("ok");
          await app.stop();
        });
      }

      it("wants a referrer of the same host over HTTPS, the port as it is written", async () => {
        const app = await startApp(framework, config, true);
        const { token, cookie } = await app.form();
        const https = { "x-forwarded-proto": "https", "x-forwarded-host": HOST };
        for (const [referer, host, answer] of referrers) {
          const headers = { cookie, ...https, "x-forwarded-host": host, ...(referer === undefined ? {} : { referer }) };
          expect(await app.post({ csrf_token: token }, headers), `${referer} at ${host}`).to.equal(answer);
        }
        expect(await app.post({}, { cookie, ...https })).to.equal("The CSRF token is missing.");
        await app.stop();
      });

      it("believes no proxy that the application does not trust, and asks for no referrer where told so", async () => {
        const app = await startApp(framework, config);
        const { token, cookie } = await app.form();
        expect(await app.post({ csrf_token: token }, { cookie, "x-forwarded-proto": "https" })).to.equal("ok");
        await app.stop();
        const lax = await startApp(framework, { ...config, WTF_CSRF_SSL_STRICT: false }, true);
        const form = await lax.form();
        const headers = { cookie: form.cookie, "x-forwarded-proto": "https" };
        expect(await lax.post({ csrf_token: form.token }, headers)).to.equal("ok");
        await lax.stop();
      });

      it("asks the application's trust function for the peer as Express does", async () => {
        const asked = new Set<unknown>();
        const trusts = (address: unknown) => {
          asked.add(address);
          return address === "::ffff:127.0.0.1";
        };
        const app = await startApp(framework, config, trusts, "::");
        const { token, cookie } = await app.form();
        const proxied = { "x-forwarded-proto": "https", "x-forwarded-host": HOST, referer: `https://${HOST}/` };
        expect(await app.post({ csrf_token: token }, { cookie, ...proxied })).to.equal("ok");
        expect([...asked]).to.deep.equal(["::ffff:127.0.0.1"]);
        await app.stop();
      });

      it("takes the Host header where no proxy names another", async () => {
        const app = await startApp(framework, config, true);
        const { token, cookie } = await app.form();
        const headers = { cookie, "x-forwarded-proto": "https", referer: app.url.replace("http:", "https:") };
        expect(await app.post({ csrf_token: token }, headers)).to.equal("ok");
        await app.stop();
      });
    });
  }

  it("a request of another kind is known by its parts", async () => {
    const sessions = createSessions(flaskConfig(config));
    const opened = await sessions.open(undefined);
    const session = opened.session;
    const token = await generateCsrf({ session, headers: {} });
    const request = { session, headers: new Headers({ "x-csrftoken": token, referer: "https://a/" }), method: "POST" };
    const pass = (more: object) =>
      new Promise((done) => {
        csrfProtect()({ ...request, ...more }, undefined, done);
      });
    expect(await pass({})).to.equal(undefined);
    expect(await pass({ headers: { "x-csrftoken": [token] } })).to.equal(undefined);
    expect(await pass({ secure: true })).to.have.property("reason", "The referrer does not match the host.");
    expect(await pass({ method: undefined, headers: {} })).to.equal(undefined);
    expect(await pass({ session: {} })).to.be.instanceOf(TypeError);
  });
});

const FORM = { "content-type": "application/x-www-form-urlencoded" };

interface App {
  readonly url: string;
  readonly form: () => Promise<{ readonly token: string; readonly cookie: string }>;
  readonly post: (form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>) => Promise<string>;
  readonly request: (
    method: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** An Express application that protects everything. */
async function startApp(
  framework: typeof express,
  config: FlaskConfig,
  trustsProxies: unknown = false,
  host = "127.0.0.1",
): Promise<App> {
  const app = framework();
  app.set("trust proxy", trustsProxies);
  app.use(flaskSession(flaskConfig(config)));
  app.use(framework.urlencoded({ extended: false }), framework.json());
  app.get("/form", (request, response, next) => {
    generateCsrf(request).then((token) => response.send(token), next);
  });
  app.use(csrfProtect());
  app.use((_request, response) => {
    response.send("ok");
  });
  app.use((error: Error, _request: express.Request, response: express.Response, _next: unknown) => {
    response.status((error as CsrfError).status).send(error.message);
  });
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, host, () => {
      resolve(listening);
    });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request: App["request"] = async (method, body, headers) => {
    const init = body === undefined ? { method, headers } : { method, headers, body };
    return (await fetch(url, init)).text();
  };
  return {
    url,
    form: async () => {
      const answer = await fetch(`${url}/form`);
      return { token: await answer.text(), cookie: cookieOf(answer.headers.getSetCookie()) };
    },
    post: (form, headers) => request("POST", new URLSearchParams(form).toString(), { ...FORM, ...headers }),
    request,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
