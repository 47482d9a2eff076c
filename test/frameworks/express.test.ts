import { once } from "node:events";
import { createServer, ServerResponse } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { ErrorRequestHandler, Express, RequestHandler } from "express";
import { flaskSession, getSession } from "../../src/frameworks/express.ts";
import type { SessionEvent } from "../../src/session/events.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { refuseUnhandledRejections } from "./express/rejections.ts";
import { cookieOf, cookiesOf, type Served, serve, versions, whole } from "./express/serving.ts";
import { slowStore } from "./express/slow-store.ts";
import { surround, surroundings } from "./express/surroundings.ts";

const setName: RequestHandler = (request, response) => {
  request.session["uname"] = "alice";
  response.send("set");
};

const showName: RequestHandler = (request, response) => {
  response.json({ uname: request.session["uname"] ?? null });
};

const showError: ErrorRequestHandler = (error: Error, _request, response, next) => {
  if (response.headersSent) next(error);
  else response.status(500).type("text").send(`${error.name}: ${error.message}`);
};

/** The bodies of answers to requests that are sent at once; each piece of a body is a chunk of its own. */
async function pipelined(port: number, requests: string, answers: number): Promise<string[]> {
  const socket = connect(port, "127.0.0.1", () => socket.write(requests));
  let text = "";
  for await (const data of socket) {
    text += String(data);
    if (text.split("\r\n0\r\n\r\n").length > answers) break;
  }
  const chunks = [...text.matchAll(/\r\n[0-9a-f]+\r\n([^\r]+)/g)].map(([, chunk]) => chunk);
  return chunks.join("").split(/(?<=>)/);
}

for (const { version, express } of versions) {
  describe(version, () => {
    refuseUnhandledRejections();

    const running: Served[] = [];

    async function start(configure: (app: Express) => void): Promise<Served> {
      const app = express();
      app.set("env", "test");
      configure(app);
      app.use(showError);
      const served = await serve(app);
      running.push(served);
      return served;
    }

    afterEach(async () => {
      await Promise.all(running.splice(0).map((served) => served.close()));
    });

    describe("req.session", () => {
      it("keeps its keys from one request to the next", async () => {
        const site = await start((app) => {
          app
            .use(flaskSession({ store: memoryStore() }))
            .get("/set", setName)
            .get("/show", showName);
        });
        const cookie = cookieOf(await site.get("/set"));
        expect((await site.get("/show", cookie)).body).to.equal('{"uname":"alice"}');
        expect((await site.get("/show")).body).to.equal('{"uname":null}');
      });

      it("comes from sessions that somebody else has made, too", async () => {
        const sessions = createSessions({ store: memoryStore() });
        const site = await start((app) => {
          app.use(flaskSession(sessions)).get("/set", setName);
        });
        const session = await sessions.read(cookieOf(await site.get("/set")));
        expect(session["uname"]).to.equal("alice");
      });

      it("is not assignable", async () => {
        const site = await start((app) => {
          app.use(flaskSession({ store: memoryStore() }));
          app.get("/", (request) => {
            Reflect.set(request, "session", {});
          });
        });
        expect((await site.get("/")).body)
          .to.match(/^TypeError: req\.session is not assignable/)
          .and.include("clear()")
          .and.include("destroy()");
      });

      it("is what getSession gives", async () => {
        const site = await start((app) => {
          app.use(flaskSession({ store: memoryStore() }));
          app.get("/", (request, response) => {
            response.json(getSession(request) === request.session);
          });
        });
        expect((await site.get("/")).body).to.equal("true");
      });

      it("is not there for a request that the middleware has not seen", async () => {
        const site = await start((app) => {
          app.get("/none", (request, response) => {
            response.json(typeof request.session);
          });
          app.get("/get", (request) => getSession(request));
          app.use(flaskSession({ store: memoryStore() })).get("/set", setName);
        });
        await site.get("/set");
        expect((await site.get("/none")).body).to.equal('"undefined"');
        expect((await site.get("/get")).body).to.match(/^TypeError: The request has no session/);
      });

      it("is opened once, though the middleware is used twice", async () => {
        const events: string[] = [];
        const session = flaskSession({ store: memoryStore(), onEvent: ({ type }) => events.push(type) });
        const site = await start((app) => {
          app.use(session, session).use(session).get("/set", setName).get("/show", showName);
        });
        const set = await site.get("/set");
        expect(cookiesOf(set)).to.have.lengthOf(1);
        expect(set.headers["vary"]).to.equal("Cookie");
        expect((await site.get("/show", cookieOf(set))).body).to.equal('{"uname":"alice"}');
        expect(events).to.deep.equal(["saved", "opened", "touched"]);
      });
    });

    describe("the verbs of a session", () => {
      const verbs: Readonly<Record<string, RequestHandler>> = {
        promises: async ({ session }, response) => {
          session["n"] = 1;
          await session.save();
          await session.regenerate();
          session["n"] = 2;
          await session.save();
          response.json([session["n"]]);
        },
        callbacks: (request, response, next) => {
          request.session["n"] = 1;
          request.session.save((failed) => {
            if (failed !== undefined) return next(failed);
            request.session.regenerate((refused) => {
              if (refused !== undefined) return next(refused);
              request.session["n"] = 2;
              request.session.save(() => response.json([request.session["n"]]));
            });
          });
        },
      };

      for (const [kind, handler] of Object.entries(verbs)) {
        it(`answer by ${kind}, and the response has one cookie however often the session was saved`, async () => {
          const sessions = createSessions({ store: memoryStore() });
          const site = await start((app) => {
            app.use(flaskSession(sessions)).get("/", handler);
          });
          const answer = await site.get("/");
          expect(answer.body).to.equal("[2]");
          expect(cookiesOf(answer)).to.have.lengthOf(1);
          expect((await sessions.read(cookieOf(answer)))["n"]).to.equal(2);
        });
      }

      it("end a session by destroy(), by promise and callback", async () => {
        const site = await start((app) => {
          app
            .use(flaskSession({ store: memoryStore() }))
            .get("/set", setName)
            .get("/show", showName);
          app.get("/promise", (request, response, next) => {
            request.session.destroy().then(() => response.redirect("/login"), next);
          });
          app.get("/callback", (request, response) => {
            request.session.destroy(() => response.redirect("/login"));
          });
        });
        for (const path of ["/promise", "/callback"]) {
          const cookie = cookieOf(await site.get("/set"));
          const answer = await site.get(path, cookie);
          expect([answer.status, answer.headers["location"]]).to.deep.equal([302, "/login"]);
          expect(cookiesOf(answer)[0]).to.match(/^session=;.*Max-Age=0/);
          expect((await site.get("/show", cookie)).body).to.equal('{"uname":null}');
        }
      });
    });

    describe("the head of a response", () => {
      /** How a handler treats the session, and the response's Vary. */
      const cases: readonly { readonly name: string; readonly handler: RequestHandler; readonly vary?: string }[] = [
        {
          name: "has no Vary where nobody looks at the session",
          handler: (_, response) => response.send("x"),
        },
        {
          name: "varies where somebody has looked",
          vary: "Cookie",
          handler: (request, response) => {
            void request.session;
            response.send("x");
          },
        },
        {
          name: "varies on an error page",
          vary: "Cookie",
          handler: (request) => {
            void request.session;
            throw new TypeError("oh");
          },
        },
        {
          name: "keeps the handler's Vary",
          vary: "Accept, Cookie",
          handler: (request, response) => {
            void request.session;
            response.vary("Accept").send("x");
          },
        },
        {
          name: "leaves Vary: * alone",
          vary: "*",
          handler: (request, response) => {
            void request.session;
            response.set("Vary", "*").send("x");
          },
        },
        {
          name: "varies although writeHead is given a Vary",
          vary: "Accept, Cookie",
          handler: (request, response) => {
            void request.session;
            response.writeHead(200, { Vary: "Accept" }).end("x");
          },
        },
      ];

      for (const { name, handler, vary } of cases) {
        it(name, async () => {
          const site = await start((app) => {
            app.use(flaskSession({ store: memoryStore() })).get("/", handler);
          });
          const answer = await site.get("/");
          expect(answer.headers["vary"]).to.equal(vary);
          expect(cookiesOf(answer)).to.deep.equal([]);
        });
      }

      /** What a handler gives to `writeHead`, and the cookies and the X-A that arrive. */
      const heads: readonly { readonly args: readonly unknown[]; readonly cookies: string[]; readonly a?: string }[] = [
        { args: [200], cookies: ["session"] },
        { args: [200, undefined], cookies: ["session"] },
        { args: [200, { "X-A": 1, "": "nothing" }], cookies: ["session"], a: "1" },
        { args: [200, "Fine", { "X-A": "1" }], cookies: ["session"], a: "1" },
        { args: [200, undefined, { "X-A": "1" }], cookies: ["session"], a: "1" },
        { args: [200, { "Set-Cookie": ["a=1", "b=2"] }], cookies: ["a", "b", "session"] },
        { args: [200, ["X-A", "1", "Set-Cookie", "a=1", "", "nothing"]], cookies: ["a", "session"], a: "1" },
        { args: [200, ["Set-Cookie", "a=1", "set-cookie", "b=2"]], cookies: ["a", "b", "session"] },
        { args: [200, ["Set-Cookie", ["a=1", "b=2"]]], cookies: ["a", "b", "session"] },
        {
          args: [
            200,
            [
              ["X-A", "1"],
              ["Set-Cookie", ["a=1", "b=2"]],
            ],
          ],
          cookies: ["a", "b", "session"],
          a: "1",
        },
      ];

      for (const { args, cookies, a } of heads) {
        it(`has the headers that writeHead is given, and the session's: ${JSON.stringify(args)}`, async () => {
          const site = await start((app) => {
            app.use(flaskSession({ store: memoryStore() }));
            app.get("/", (request, response) => {
              request.session["n"] = 1;
              const writeHead = Reflect.get(response, "writeHead") as (...all: unknown[]) => void;
              writeHead.apply(response, [...args]);
              response.end("x");
            });
          });
          const answer = await site.get("/");
          expect(cookiesOf(answer).map((text) => text.split("=")[0])).to.deep.equal(cookies);
          expect(answer.headers["x-a"]).to.equal(a);
          expect(answer.headers["vary"]).to.equal("Cookie");
        });
      }

      it("is left alone where it went out by a way that nobody sees", async () => {
        const site = await start((app) => {
          app.use(flaskSession({ store: memoryStore() }));
          app.get("/", (request, response) => {
            void request.session;
            ServerResponse.prototype.writeHead.call(response, 200, { "X-A": "1" });
            response.end("x");
          });
        });
        const answer = await site.get("/");
        expect([answer.headers["x-a"], answer.headers["vary"], answer.body]).to.deep.equal(["1", undefined, "x"]);
      });

      it("is not made again by a second writeHead while the store is asked", async () => {
        const site = await start((app) => {
          app.use(flaskSession({ store: slowStore(5) }));
          app.get("/", (request, response) => {
            request.session["n"] = 1;
            response.writeHead(201, { "X-A": "1" });
            response.writeHead(404, { "X-A": "2" });
            response.end("x");
          });
        });
        const answer = await site.get("/");
        expect([answer.status, answer.headers["x-a"], answer.body]).to.deep.equal([201, "1", "x"]);
      });

      it("is what Node says it is: headersSent, statusCode and what the methods answer, while the store is asked", async () => {
        const told: unknown[] = [];
        const site = await start((app) => {
          app.use(flaskSession({ store: slowStore(5) }));
          app.get("/", (request, response) => {
            request.session["n"] = 1;
            told.push(response.headersSent);
            told.push(response.write("a"), response.headersSent, response.flushHeaders());
            expect(() => response.setHeader("X-A", "1"))
              .to.throw()
              .with.property("code", "ERR_HTTP_HEADERS_SENT");
            expect(() => response.appendHeader("X-A", "1"))
              .to.throw()
              .with.property("code", "ERR_HTTP_HEADERS_SENT");
            expect(() => response.removeHeader("X-A"))
              .to.throw()
              .with.property("code", "ERR_HTTP_HEADERS_SENT");
            response.statusCode = 404;
            told.push(response.writeHead(404) === response, response.end("b") === response, response.statusCode);
            told.push(response.headersSent, response.setHeader("X-A", "1") === response, response.getHeader("X-A"));
          });
        });
        const answer = await site.get("/");
        expect(told).to.deep.equal([false, false, true, undefined, true, true, 200, false, true, undefined]);
        expect([answer.status, answer.body]).to.deep.equal([200, "ab"]);
      });
    });

    describe("a writer that was told to wait", () => {
      for (const around of surroundings) {
        it(`is told once that it may go on: ${around.name}`, async () => {
          let drained = 0;
          const site = await start((app) => {
            surround(app, flaskSession({ store: slowStore(3) }), around);
            app.get("/", (request, response) => {
              request.session["n"] = 1;
              expect(response.type("png").write("a")).to.equal(false);
              response.on("drain", () => {
                drained++;
                response.end("b");
              });
            });
          });
          expect((await site.get("/")).body).to.equal("ab");
          expect(drained).to.equal(1);
        });
      }

      it("waits on where the connection has no room", async () => {
        let drained = 0;
        const site = await start((app) => {
          app.use(flaskSession({ store: slowStore(3) }));
          app.get("/", (request, response) => {
            request.session["n"] = 1;
            response.write("x".repeat(32 * 1024 * 1024));
            response.once("drain", () => {
              drained++;
              response.end();
            });
          });
        });
        const socket = connect(site.port, "127.0.0.1", () => socket.write("GET / HTTP/1.0\r\n\r\n")).pause();
        await sleep(50);
        expect(drained).to.equal(0);
        await once(socket.resume(), "end");
        expect(drained).to.equal(1);
      });
    });

    describe("a change after the head went out", () => {
      const late: RequestHandler = (request, response) => {
        response.write("a");
        request.session["late"] = 1;
        response.end("b");
      };

      it("is stored where the browser holds the sid", async () => {
        const sessions = createSessions({ store: memoryStore() });
        const site = await start((app) => {
          app.use(flaskSession(sessions)).get("/set", setName).get("/late", late);
        });
        const cookie = cookieOf(await site.get("/set"));
        expect((await site.get("/late", cookie)).body).to.equal("ab");
        expect((await sessions.read(cookie))["late"]).to.equal(1);
      });

      it("is told of where the browser holds none", async () => {
        const events: SessionEvent[] = [];
        const site = await start((app) => {
          app.use(flaskSession({ store: memoryStore(), onEvent: (event) => events.push(event) })).get("/", late);
        });
        const answer = await site.get("/");
        expect([answer.body, cookiesOf(answer)]).to.deep.equal(["ab", []]);
        expect(events.map((event) => (event.type === "headers-sent" ? event.keys : event.type))).to.deep.equal([
          ["late"],
        ]);
      });

      /** How it cannot be stored. */
      const failures: Readonly<Record<string, { readonly late: unknown; readonly fails: boolean }>> = {
        "the store fails": { late: 1, fails: true },
        "Python has no such value": { late: () => 1, fails: false },
      };

      for (const [name, { late: value, fails }] of Object.entries(failures)) {
        it(`is told of, and does no harm, where ${name}`, async () => {
          const store = slowStore();
          const events: string[] = [];
          const site = await start((app) => {
            app.use(flaskSession({ store, onEvent: ({ type }) => events.push(type) })).get("/set", setName);
            app.get("/late", (request, response) => {
              response.write("a");
              request.session["late"] = value;
              store.fails = fails;
              response.end("b");
            });
          });
          const cookie = cookieOf(await site.get("/set"));
          expect((await site.get("/late", cookie)).body).to.equal("ab");
          expect(events).to.include("store-error");
        });
      }
    });

    describe("applications within applications", () => {
      /** Where the middleware stands, and how the inner application is reached. */
      const nestings: readonly {
        readonly name: string;
        readonly nest: (app: Express, session: RequestHandler) => void;
      }[] = [
        {
          name: "a mounted application that uses it, and falls through to its parent",
          nest: (app, session) => {
            app.use(express().use(session));
          },
        },
        {
          name: "an application that is mounted on a mounted one",
          nest: (app, session) => {
            app.use("/", express().use("/", express().use(session)));
          },
        },
        {
          name: "a router",
          nest: (app, session) => {
            app.use(express.Router().use(session));
          },
        },
        {
          name: "the parent, with a mounted application between",
          nest: (app, session) => {
            app.use(session).use(
              express().use((request, _response, next) => {
                request.session["inner"] = true;
                next();
              }),
            );
          },
        },
        {
          name: "an application that is called as a function, and falls through",
          nest: (app, session) => {
            const inner = express().use(session);
            app.use((request, response, next) => {
              inner(request, response, next);
            });
          },
        },
        {
          name: "the parent, and again an application that is called as a function",
          nest: (app, session) => {
            const inner = express().use(session);
            app.use(session).use((request, response, next) => {
              inner(request, response, next);
            });
          },
        },
      ];

      for (const { name, nest } of nestings) {
        it(`${name}: the parent's handlers have the session, and it is saved`, async () => {
          const sessions = createSessions({ store: memoryStore() });
          const site = await start((app) => {
            nest(app, flaskSession(sessions));
            app.get("/set", setName).get("/show", showName);
          });
          const answer = await site.get("/set");
          expect(cookiesOf(answer)).to.have.lengthOf(1);
          expect((await site.get("/show", cookieOf(answer))).body).to.equal('{"uname":"alice"}');
        });
      }

      it("a handler of the inner application answers with the session of the outer one", async () => {
        const site = await start((app) => {
          app.use(flaskSession({ store: memoryStore() }));
          app.use("/inner", express().get("/set", setName).get("/show", showName));
        });
        const cookie = cookieOf(await site.get("/inner/set"));
        expect((await site.get("/inner/show", cookie)).body).to.equal('{"uname":"alice"}');
      });

      it("an application that does not use it is left as it was", async () => {
        const other = express();
        const before = Object.getOwnPropertyNames(other.response);
        const site = await start((app) => {
          app.use(flaskSession({ store: memoryStore() })).get("/set", setName);
        });
        await site.get("/set");
        expect(Object.getOwnPropertyNames(other.response)).to.deep.equal(before);
        expect("session" in other.request).to.equal(false);
      });

      it("hooks are installed once, whatever the number of requests and middlewares", async () => {
        const found = new Set<unknown>();
        const site = await start((app) => {
          app.use(flaskSession({ store: memoryStore() })).use(express().use(flaskSession({ store: memoryStore() })));
          app.get("/", (_, response) => {
            found.add(Object.getOwnPropertyDescriptor(app.response, "end")?.value);
            response.send("x");
          });
        });
        for (let request = 0; request < 3; request++) await site.get("/");
        expect(found.size).to.equal(1);
      });
    });

    it("gives a failing store's error to the error handler, before the handler runs", async () => {
      const store = slowStore();
      let ran = 0;
      const site = await start((app) => {
        app.use(flaskSession({ store })).get("/set", setName);
        app.get("/", (_, response) => {
          ran++;
          response.send("x");
        });
      });
      const cookie = cookieOf(await site.get("/set"));
      store.fails = true;
      const answer = await site.get("/", cookie);
      expect([answer.status, answer.body, ran]).to.deep.equal([500, "StoreUnavailableError: The store is down", 0]);
      expect((await site.get("/")).status).to.equal(200);
    });

    it("answers requests that come down one connection without waiting, in their order", async () => {
      const site = await start((app) => {
        const store = slowStore(5);
        app.use(flaskSession({ store }));
        app.get("/:n", (request, response) => {
          request.session["n"] = request.params["n"];
          response.write(`<${request.params["n"]}`);
          response.end(">");
        });
      });
      const requests = ["1", "2", "3"].map((n) => `GET /${n} HTTP/1.1\r\nHost: x\r\n\r\n`);
      expect(await pipelined(site.port, requests.join(""), 3)).to.deep.equal(["<1>", "<2>", "<3>"]);
    });

    it("stores what a visitor changed who left while the store was asked", async () => {
      const store = slowStore();
      const sessions = createSessions({ store });
      let gone: Promise<void> | undefined;
      const site = await start((app) => {
        app.use(flaskSession(sessions)).get("/set", setName);
        app.get("/leave", (request, response) => {
          gone = new Promise((resolve) => response.once("close", resolve));
          request.session["stayed"] = true;
          store.delayMillis = 20;
          response.json({});
          request.socket.destroy();
        });
      });
      const cookie = cookieOf(await site.get("/set"));
      expect((await site.ask({ path: "/leave", headers: { cookie } })).broken).to.equal(true);
      await gone;
      await sessions.close();
      expect((await sessions.read(cookie))["stayed"]).to.equal(true);
    });
  });
}

describe("flaskSession", () => {
  it("is middleware of Express and of nothing else", async () => {
    const session = flaskSession({ store: memoryStore() });
    let thrown: unknown;
    const server = await serve(
      createServer((request, response) => {
        try {
          session(request, response, () => undefined);
        } catch (error) {
          thrown = error;
        }
        response.end();
      }).listeners("request")[0] as Parameters<typeof serve>[0],
    );
    try {
      whole(await server.ask({ path: "/" }));
    } finally {
      await server.close();
    }
    expect(thrown).to.be.instanceOf(TypeError).with.property("message").that.includes("Express");
  });

  it("names the option that cannot work, when it is called", () => {
    expect(() => flaskSession({ store: memoryStore(), useSigner: true })).to.throw(/secretKey/);
  });
});
