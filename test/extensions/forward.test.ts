/** Requests to Flask on behalf of the browser: a real Flask-Login app behind an Express app, each on its own loopback address. */
import { once } from "node:events";
import { Agent, createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import express from "express";
import { flaskConfig } from "../../src/config/index.ts";
import { HeadersSentError, ReadOnlySessionError, SessionError } from "../../src/errors.ts";
import { createForward, type Forward, type ForwardInit, type ForwardOptions } from "../../src/extensions/forward.ts";
import { login, logout } from "../../src/extensions/login.ts";
import type { ExtensionRequest } from "../../src/extensions/request.ts";
import { flaskSession } from "../../src/frameworks/express.ts";
import type { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { type FlaskApp, startFlask } from "../services/flask-app.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { rejection, visit } from "./visit.ts";

const SECRET_KEY = "your-super-secret-key";
const BROWSER = "127.0.0.2";
const NODE = "127.0.0.3";

/** What the app's /echo saw. */
interface Echo {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly peer: string;
  readonly body: string;
}

describe("forward", function () {
  this.timeout(60_000);

  const agent = new Agent({ localAddress: NODE });
  let flask: FlaskApp;
  let sessions: Sessions;
  let forward: Forward;

  before(async () => {
    flask = await startFlask({ app: "forwarded", config: { SECRET_KEY } });
    sessions = createSessions(flaskConfig({ SECRET_KEY }));
    forward = to(flask);
  });
  after(() => flask?.stop());

  function to({ url }: FlaskApp, options: Partial<ForwardOptions> = {}): Forward {
    return createForward({ to: url, agent, ...options });
  }

  /** One call for a browser with these headers and no session. */
  async function asked(
    path: string,
    init: ForwardInit = {},
    headers: Readonly<Record<string, string>> = {},
    by = forward,
  ): Promise<Response> {
    return (await visit(sessions, headers["cookie"], (request) => by(request, path, init), headers)).result;
  }

  async function echoed(...asking: Parameters<typeof asked>): Promise<Echo> {
    return (await (await asked(...asking)).json()) as Echo;
  }

  describe("a login", () => {
    let redis: RedisServer;
    before(async function () {
      requireService(this, "redis-server");
      redis = await startRedis();
    });
    after(() => redis?.stop());

    const places = ["in Flask's own cookie", "in Redis, not permanent"] as const;
    for (const place of places) {
      describe(place, () => {
        let app: FlaskApp;
        let node: NodeApp;
        let browser: Visitor;

        before(async () => {
          const server = { SESSION_TYPE: "redis", SESSION_REDIS: redis.url, SESSION_PERMANENT: false };
          const config = { SECRET_KEY, SESSION_PROTECTION: "strong", ...(place === places[0] ? {} : server) };
          app = await startFlask({ app: "forwarded", config });
          node = await startNode(createSessions(flaskConfig(config)), to(app));
        });
        after(async () => {
          await node?.stop();
          await app?.stop();
        });
        beforeEach(() => {
          browser = new Visitor(BROWSER);
        });

        const user = async () => JSON.parse((await browser.ask(`${app.url}/me`)).text).user as unknown;

        it("outlives a hundred calls", async () => {
          await browser.ask(`${app.url}/login`, { method: "POST" });
          for (let call = 0; call < 100; call++) {
            expect(JSON.parse((await browser.ask(`${node.url}/me`)).text)).to.include({ user: "7" });
          }
          expect(await user()).to.equal("7");
        });

        it("dies of one call without it, and of any that lacks address or User-Agent", async () => {
          for (const headers of [{}, { "user-agent": Visitor.AGENT }, { "x-forwarded-for": BROWSER }]) {
            browser = new Visitor(BROWSER);
            await browser.ask(`${app.url}/login`, { method: "POST" });
            const alone = new Visitor(NODE, "");
            alone.cookies = browser.cookies;
            expect(JSON.parse((await alone.ask(`${app.url}/me`, { headers })).text).user).to.equal(null);
            expect(await user()).to.equal(null);
          }
        });

        it("through it is one of the browser's", async () => {
          const { status, headers } = await browser.ask(`${node.url}/login`, { method: "POST" });
          expect([status, headers["location"]]).to.deep.equal([302, "/me"]);
          expect(await user()).to.equal("7");
        });

        it("ends through it for good, a remembered one too", async () => {
          const form = { "content-type": "application/x-www-form-urlencoded" };
          await browser.ask(`${app.url}/login`, { method: "POST", headers: form, body: "remember=on" });
          expect(browser.cookies).to.include.keys("remember_token");
          expect((await browser.ask(`${node.url}/logout`)).status).to.equal(302);
          expect(await user()).to.equal(null);
          expect(browser.cookies).not.to.include.keys("remember_token");
        });

        it("is ended here after a call, whatever cookie Flask has sent", async () => {
          await browser.ask(`${app.url}/login`, { method: "POST" });
          expect((await browser.ask(`${node.url}/set-and-end`)).status).to.equal(200);
          expect(await user()).to.equal(null);
        });

        it("is made here after a call, whatever cookie Flask has sent", async () => {
          await browser.ask(`${app.url}/set/before`);
          expect((await browser.ask(`${node.url}/set-and-log-in`)).status).to.equal(200);
          expect(await user()).to.equal("7");
        });

        it("that is ended here is not restored from the remember cookie by a call after it", async () => {
          const form = { "content-type": "application/x-www-form-urlencoded" };
          await browser.ask(`${app.url}/login`, { method: "POST", headers: form, body: "remember=on" });
          const answer = await browser.ask(`${node.url}/end-and-me`);
          if (place === places[0]) expect(answer.status).to.equal(500);
          else expect(JSON.parse(answer.text)).to.include({ user: null });
          if (place === places[0]) await browser.ask(`${node.url}/set-and-end`);
          expect(await user()).to.equal(null);
          expect(browser.cookies).not.to.include.keys("remember_token");
        });

        it("of an earlier call of the same request is known to the later ones", async () => {
          expect(JSON.parse((await browser.ask(`${node.url}/login-and-me`)).text)).to.include({ user: "7" });
          expect(await user()).to.equal("7");
          expect(JSON.parse((await browser.ask(`${node.url}/logout-and-me`)).text)).to.include({ user: null });
          expect(await user()).to.equal(null);
        });
      });
    }

    describe("and a session in a store that this request has changed", () => {
      let app: FlaskApp;
      let stored: Sessions;

      before(async () => {
        const config = { SECRET_KEY, SESSION_TYPE: "redis", SESSION_REDIS: redis.url, SESSION_USE_SIGNER: true };
        app = await startFlask({ app: "forwarded", config });
        stored = createSessions(flaskConfig(config, { onEvent: () => {} }));
      });
      after(async () => {
        await stored?.close();
        await app?.stop();
      });

      const note = async (request: ExtensionRequest) =>
        ((await (await to(app)(request, "/me")).json()) as { readonly note: unknown }).note;

      it("is stored first, and found under its new sid", async () => {
        const { result, setCookie } = await visit(stored, undefined, async (request) => {
          const session = request.session as Session;
          session["note"] = "first";
          const notes = [await note(request)];
          await session.regenerate();
          session["note"] = "second";
          return [...notes, await note(request)];
        });
        expect(result).to.deep.equal(["first", "second"]);
        const cookie = setCookie.at(-1)?.split(";", 1)[0] as string;
        expect((await stored.read(cookie))["note"]).to.equal("second");
      });

      it("is gone where it was destroyed", async () => {
        const { setCookie } = await visit(stored, undefined, async ({ session }) => {
          (session as Session)["note"] = "kept";
        });
        const cookie = setCookie[0]?.split(";", 1)[0] as string;
        const headers = { cookie };
        const { result } = await visit(
          stored,
          cookie,
          async (request) => {
            const before = await note(request);
            await (request.session as Session).destroy();
            return [before, await note(request)];
          },
          headers,
        );
        expect(result).to.deep.equal(["kept", null]);
      });
    });
  });

  describe("the request", () => {
    it("has the browser's User-Agent, its address, the cookies that are Flask's, and no more", async () => {
      const cookie = "other=1; session=x.y; theme=dark; remember_token=7|abc; __Host-x=2";
      const { headers, peer, ...rest } = await echoed(
        "/echo?a=1&b=%20",
        {},
        {
          cookie,
          "user-agent": 'Odd "Agent" é',
          host: "example.com",
          connection: "close",
          "x-forwarded-proto": "https",
        },
      );
      expect(rest).to.deep.equal({ method: "GET", path: "/echo", query: "a=1&b=%20", body: "" });
      expect(peer).to.equal(NODE);
      expect(headers).to.deep.equal({
        Host: new URL(flask.url).host,
        Connection: "close",
        Cookie: "session=x.y; remember_token=7|abc",
        "User-Agent": 'Odd "Agent" é',
        "X-Forwarded-For": "127.0.0.1",
      });
    });

    it("has the browser's User-Agent byte for byte beside a body of text", async () => {
      const headers = { "user-agent": "\xe9t\xe9 \xff" };
      const echo = await echoed("/echo", { method: "POST", body: "\u20ac" }, headers);
      expect([echo.headers["User-Agent"], echo.body]).to.deep.equal(["\xe9t\xe9 \xff", "e282ac"]);
    });

    it("has no User-Agent and no cookie where the browser has none", async () => {
      const { headers } = await echoed("/echo");
      expect(Object.keys(headers)).to.have.members(["Host", "Connection", "X-Forwarded-For"]);
    });

    for (const value of ["10.0.0.1, 10.0.0.2", ""]) {
      it(`leaves X-Forwarded-For ${JSON.stringify(value)} as it came`, async () => {
        expect((await echoed("/echo", {}, { "x-forwarded-for": value })).headers["X-Forwarded-For"]).to.equal(value);
      });
    }

    it("calls an IPv4 address that Node maps into IPv6 by its own name", async () => {
      const opened = await sessions.open(undefined);
      const request = { session: opened.session, headers: {}, socket: { remoteAddress: "::ffff:10.0.0.1" } };
      const { headers } = (await (await forward(request, "/echo")).json()) as Echo;
      expect(headers["X-Forwarded-For"]).to.equal("10.0.0.1");
    });

    it("has other cookies by option, and a remember cookie of another name", async () => {
      const config = { SECRET_KEY, REMEMBER_COOKIE_NAME: "keep", SESSION_COOKIE_NAME: "sid" };
      const cookie = "theme=dark; keep=1; remember_token=2; session=3; sid=4";
      const headers = { cookie };
      const by = to(flask, { cookies: ["theme"] });
      const named = createSessions(flaskConfig(config, { onEvent: () => {} }));
      const { result } = await visit(named, cookie, async (request) => (await by(request, "/echo")).json(), headers);
      expect((result as Echo).headers["Cookie"]).to.equal("theme=dark; keep=1; sid=4");
    });

    const bytes = new Uint8Array([0, 255, 10]);
    const FORM = "application/x-www-form-urlencoded;charset=UTF-8";
    const bodies: readonly (readonly [string, () => ForwardInit["body"], string, string | undefined])[] = [
      ["text", () => "é€", Buffer.from("é€").toString("hex"), "text/plain;charset=UTF-8"],
      ["nothing", () => "", "", "text/plain;charset=UTF-8"],
      ["a form", () => new URLSearchParams({ a: "é 1" }), Buffer.from("a=%C3%A9+1").toString("hex"), FORM],
      ["bytes", () => bytes, "00ff0a", undefined],
      ["a stream of Node", () => Readable.from([bytes, bytes]), "00ff0a00ff0a", undefined],
      ["a stream of the Web", () => new Blob([bytes]).stream(), "00ff0a", undefined],
      ["a generator", () => pieces(), "6162", undefined],
    ];
    for (const [name, body, hex, contentType] of bodies) {
      it(`carries ${name}`, async () => {
        const echo = await echoed("/echo", { method: "POST", body: body() as NonNullable<ForwardInit["body"]> });
        expect(echo).to.include({ method: "POST", body: hex });
        expect(echo.headers["Content-Type"]).to.equal(contentType);
      });
    }

    it("has the caller's own headers, of which the type of its body", async () => {
      const headers = { accept: "text/html", "content-type": "application/json", "x-csrftoken": "t" };
      const echo = await echoed("/echo", { method: "PUT", headers, body: "{}" });
      expect(echo.headers).to.include({ Accept: "text/html", "Content-Type": "application/json", "X-Csrftoken": "t" });
    });

    const refusals: readonly (readonly [string, ForwardInit])[] = [
      ["Host", { headers: { Host: "evil" } }],
      ["Cookie", { headers: [["Cookie", "a=1"]] }],
      ["User-Agent", { headers: new Headers({ "User-Agent": "node" }) }],
      ["X-Forwarded-For", { headers: { "X-Forwarded-For": "1.2.3.4" } }],
      ["Transfer-Encoding", { headers: { "Transfer-Encoding": "chunked" } }],
      ["Proxy-Authorization", { headers: { "Proxy-Authorization": "x" } }],
      ["a line break", { headers: { a: "b\r\nc: d" } }],
      ["CONNECT", { method: "CONNECT" }],
      ["a method that is none", { method: "GET / HTTP/1.1" }],
      ["a body of GET", { body: "" }],
      ["a body of HEAD", { method: "HEAD", body: "" }],
      ["a body that is none", { method: "POST", body: {} as string }],
    ];
    for (const [name, init] of refusals) {
      it(`is refused for ${name}`, async () => {
        expect(await rejection(asked("/echo", init))).to.be.instanceOf(TypeError);
      });
    }

    it("is refused for a session that is none", async () => {
      expect(await rejection(forward({ session: {}, headers: {} }, "/echo"))).to.be.instanceOf(TypeError);
    });
  });

  describe("a path", () => {
    let second: Server;
    let connections = 0;
    before(async () => {
      second = createServer((_request, response) => response.end()).on("connection", () => connections++);
      await once(second.listen(0, "127.0.0.1"), "listening");
    });
    after(() => second?.close());

    const hostile = [
      "//HOST/x",
      "/\\HOST/x",
      "\\\\HOST/x",
      "///HOST/x",
      "/\t/HOST/x",
      "/\n/HOST/x",
      "\t//HOST/x",
      " //HOST/x",
      "http://HOST/x",
      "HTTP:/HOST/x",
      "@HOST/x",
      ":80@HOST/x",
      ".HOST/x",
      "",
      "x",
    ];
    for (const path of hostile) {
      it(`${JSON.stringify(path)} is refused, and nobody is asked`, async () => {
        const host = `127.0.0.1:${(second.address() as AddressInfo).port}`;
        expect(await rejection(asked(path.replace("HOST", host)))).to.be.instanceOf(TypeError);
        expect(connections).to.equal(0);
      });
    }

    it("that is no text is refused", async () => {
      expect(await rejection(asked(new URL(flask.url) as never))).to.be.instanceOf(TypeError);
    });

    it("with an @, dots or a fragment stays at Flask", async () => {
      expect((await echoed("/x/../echo?next=//evil#part")).query).to.equal("next=//evil");
      expect((await asked("/@127.0.0.1:1/x")).status).to.equal(404);
    });

    for (const address of ["ftp://a", "127.0.0.1:5000", "http://a/b", "http://u:p@a", "http://a?b", "", "/x"]) {
      it(`no Flask is at ${JSON.stringify(address)}`, () => {
        expect(() => createForward({ to: address })).to.throw(TypeError, "origin");
      });
    }
  });

  describe("the answer", () => {
    for (const status of [200, 201, 204, 301, 302, 303, 304, 404, 500]) {
      it(`${status} is as Flask gives it, and nothing is followed`, async () => {
        const answer = await asked(`/status/${status}`);
        expect(answer.status).to.equal(status);
        expect(answer.headers.get("location")).to.equal(status > 300 && status < 304 ? "/elsewhere" : null);
        expect(await answer.text()).to.equal(status === 204 || status === 304 ? "" : "text");
      });
    }

    it("to HEAD has no body", async () => {
      const answer = await asked("/status/200", { method: "HEAD" });
      expect([answer.status, answer.body, answer.headers.get("content-length")]).to.deep.equal([200, null, "4"]);
    });

    it("keeps every Set-Cookie, and so does the response to the browser", async () => {
      const { result, setCookie } = await visit(sessions, undefined, (request) => forward(request, "/cookies"));
      expect(setCookie.map((line) => line.split(";")[0])).to.deep.equal(["c0=0", "c1=1", "c2=2", "c0="]);
      expect(result.headers.getSetCookie()).to.deep.equal(setCookie);
      expect(result.headers.get("connection")).to.equal(null);
    });

    it("streams", async () => {
      const { body } = await asked("/stream");
      const times: number[] = [];
      for await (const _ of body as ReadableStream<Uint8Array>) times.push(performance.now());
      expect(times.length).to.be.greaterThan(1);
      expect((times.at(-1) as number) - (times[0] as number)).to.be.greaterThan(150);
    });

    it("is waited for until the deadline", async () => {
      const started = performance.now();
      const error = await rejection(asked("/slow", {}, {}, to(flask, { timeoutMillis: 200 })));
      expect(error).to.include({ name: "TimeoutError", message: "Flask did not answer within 200 ms" });
      expect(performance.now() - started).to.be.below(1500);
    });

    it("may take longer than the deadline once its head is there", async () => {
      expect(await (await asked("/stream", {}, {}, to(flask, { timeoutMillis: 400 }))).text()).to.equal("0\n1\n2\n");
    });

    it("ends with the caller's signal, its body too", async () => {
      const reason = new Error("gone");
      expect(await rejection(asked("/echo", { signal: AbortSignal.abort(reason) }))).to.equal(reason);
      const controller = new AbortController();
      const slow = rejection(asked("/slow", { signal: controller.signal }));
      await sleep(100);
      controller.abort(reason);
      expect(await slow).to.equal(reason);
      const streaming = new AbortController();
      const answer = await asked("/stream", { signal: streaming.signal });
      streaming.abort();
      expect(await rejection(answer.text())).to.be.instanceOf(Error);
    });

    it("is an error where nobody listens, where the body breaks, and where Flask does not speak TLS", async () => {
      const nobody = createForward({ to: "http://127.0.0.1:1" });
      expect(await rejection(asked("/", {}, {}, nobody))).to.have.property("code", "ECONNREFUSED");
      const broken = new Error("broken");
      const body = new Readable({ read: () => void body.destroy(broken) });
      expect(await rejection(asked("/echo", { method: "POST", body }))).to.equal(broken);
      const secure = createForward({ to: flask.url.replace("http:", "https:") });
      expect(await rejection(asked("/", {}, {}, secure)))
        .to.have.property("code")
        .that.matches(/SSL|EPROTO|ECONNRESET/);
    });

    it("is an error where its status is none", async () => {
      const odd = createServer((_request, response) => {
        response.socket?.end("HTTP/1.1 999 Odd\r\nContent-Length: 1\r\n\r\nx");
      });
      await once(odd.listen(0, "127.0.0.1"), "listening");
      try {
        const by = createForward({ to: `http://127.0.0.1:${(odd.address() as AddressInfo).port}` });
        expect(await rejection(asked("/", {}, {}, by))).to.be.instanceOf(RangeError);
      } finally {
        odd.close();
      }
    });
  });

  describe("a session", () => {
    it("that is Flask's own cookie must not have been changed before", async () => {
      const { result } = await visit(sessions, undefined, async (request) => {
        (request.session as Session)["a"] = 1;
        return rejection(forward(request, "/echo"));
      });
      expect(result).to.be.instanceOf(SessionError).with.property("code", "ERR_SESSION");
    });

    it("of nobody may ask after a log-out, without the remember cookie, and with a new one after a log-in", async () => {
      const headers = { cookie: "remember_token=7|abc" };
      const ended = await visit(
        sessions,
        headers.cookie,
        async (request) => {
          await logout(request);
          return (await (await forward(request, "/echo")).json()) as Echo;
        },
        headers,
      );
      expect(ended.result.headers).not.to.have.property("Cookie");
      const stored = createSessions({ store: memoryStore(), extensions: { login: { SECRET_KEY } } });
      const begun = await visit(
        stored,
        headers.cookie,
        async (request) => {
          await login(request, { userId: "8", remember: true });
          return (await (await forward(request, "/echo")).json()) as Echo;
        },
        headers,
      );
      const [session, remembered] = begun.setCookie.map((line) => line.split(";", 1)[0]);
      expect(begun.result.headers["Cookie"]).to.equal(`${session}; ${remembered}`);
      expect(remembered).to.match(/^remember_token=8\|[0-9a-f]{128}$/);
    });

    it("from read() may ask, but takes no cookies", async () => {
      const request = { session: await sessions.read(undefined), headers: {} };
      expect((await forward(request, "/echo")).status).to.equal(200);
      expect(await rejection(forward(request, "/cookies"))).to.be.instanceOf(ReadOnlySessionError);
      const noBody = rejection(forward(request, "/cookies", { method: "HEAD" }));
      expect(await noBody).to.be.instanceOf(ReadOnlySessionError);
    });

    it("takes no cookies once the response has begun", async () => {
      const opened = await sessions.open(undefined);
      const request = { session: opened.session, headers: {} };
      await opened.finish();
      expect(await rejection(forward(request, "/cookies"))).to.be.instanceOf(HeadersSentError);
    });

    it("that Flask sets replaces Node's refresh", async () => {
      const { setCookie } = await visit(sessions, undefined, async ({ session }) => {
        (session as Session).permanent = true;
      });
      const cookie = setCookie[0]?.split(";", 1)[0] as string;
      const headers = { cookie };
      const after = await visit(sessions, cookie, (request) => forward(request, "/set/hello"), headers);
      expect(after.setCookie).to.have.length(1);
      expect((await sessions.read(after.setCookie[0]?.split(";", 1)[0]))["note"]).to.equal("hello");
    });
  });
});

async function* pieces(): AsyncGenerator<string> {
  yield "a";
  yield "b";
}

/** An Express app that asks Flask for everything. */
interface NodeApp {
  readonly url: string;
  stop(): Promise<void>;
}

async function startNode(sessions: Sessions, forward: Forward): Promise<NodeApp> {
  const app = express();
  app.set("env", "test");
  app.use(flaskSession(sessions));
  app.get(["/login-and-me", "/logout-and-me"], async (request, response) => {
    const isLogin = request.path.startsWith("/login");
    await (await forward(request, isLogin ? "/login" : "/logout", isLogin ? { method: "POST" } : {})).text();
    response.send(await (await forward(request, "/me")).text());
  });
  app.get(["/set-and-end", "/set-and-log-in"], async (request, response) => {
    await (await forward(request, "/set/hello")).text();
    await (request.path === "/set-and-end" ? logout(request) : login(request, { userId: "7" }));
    response.send("ok");
  });
  app.get("/end-and-me", async (request, response) => {
    await logout(request);
    response.send(await (await forward(request, "/me")).text());
  });
  app.use(async (request, response) => {
    const answer = await forward(request, request.url, { method: request.method });
    const location = answer.headers.get("location");
    if (location !== null) response.set("location", location);
    response.status(answer.status).send(await answer.text());
  });
  const server = createServer(app).listen(0, "::");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await sessions.close();
    },
  };
}

/** A browser at an address of its own. */
class Visitor {
  static readonly AGENT = "Mozilla/5.0 (test)";
  cookies: Map<string, string> = new Map<string, string>();
  readonly #address: string;
  readonly #userAgent: string;

  constructor(address: string, userAgent: string = Visitor.AGENT) {
    this.#address = address;
    this.#userAgent = userAgent;
  }

  async ask(
    url: string,
    { method = "GET", headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<{ status: number; text: string; headers: Readonly<Record<string, unknown>> }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = httpRequest(url, {
      method,
      localAddress: this.#address,
      headers: {
        ...(this.#userAgent === "" ? {} : { "user-agent": this.#userAgent }),
        ...(cookie === "" ? {} : { cookie }),
        ...(body === undefined ? {} : { "content-length": String(body.length) }),
        ...headers,
      },
    });
    request.end(body);
    const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
    for (const line of response.headers["set-cookie"] ?? []) this.#keep(line);
    const text = Buffer.concat(await response.toArray()).toString();
    return { status: response.statusCode ?? 0, text, headers: response.headers };
  }

  #keep(line: string): void {
    const [, name = "", value = ""] = /^([^=]*)=([^;]*)/.exec(line) ?? [];
    if (/Max-Age=0|Expires=Thu, 01 Jan 1970/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
