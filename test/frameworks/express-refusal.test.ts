import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import type { ErrorRequestHandler, Express, RequestHandler, Response } from "express";
import { flaskSession } from "../../src/frameworks/express.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { refuseUnhandledRejections } from "./express/rejections.ts";
import { cookieOf, cookiesOf, type Served, serve, versions, type WholeAnswer, whole } from "./express/serving.ts";
import { slowStore } from "./express/slow-store.ts";
import { type Surroundings, surround, surroundings } from "./express/surroundings.ts";

const PAGE = `the error page ${"e".repeat(2000)}`;
const BLOCKS = Array.from({ length: 20 }, (_, block) => String(block % 10).repeat(50_000));

/** An error handler; while one that is not done at once thinks, it must not be interrupted. */
interface ErrorHandler {
  readonly name: string;
  readonly isDoneAtOnce: boolean;
  readonly handle: ErrorRequestHandler;
}

const errorHandlers: readonly ErrorHandler[] = [
  {
    name: "an error handler",
    isDoneAtOnce: true,
    handle: (_error, _request, response, _next) => {
      response.type("text").send(PAGE);
    },
  },
  {
    name: "an error handler that takes its time",
    isDoneAtOnce: false,
    handle: (_error, _request, response, _next) => {
      setTimeout(() => response.type("text").send(PAGE), 15);
    },
  },
  {
    name: "an error handler that writes piece by piece",
    isDoneAtOnce: false,
    handle: (_error, _request, response, _next) => {
      response.type("text").write(PAGE.slice(0, 10));
      setTimeout(() => response.end(PAGE.slice(10)), 5);
    },
  },
  {
    name: "an error handler that pipes",
    isDoneAtOnce: false,
    handle: (_error, _request, response, _next) => {
      Readable.from([PAGE.slice(0, 10), PAGE.slice(10)]).pipe(response.type("text"));
    },
  },
];

/** How the session cannot be stored. */
interface Refusal {
  readonly name: string;
  readonly value: unknown;
  readonly store: { readonly fails: boolean; readonly delayMillis: number };
}

const refusals: readonly Refusal[] = [
  { name: "a value that Python cannot have", value: () => 1, store: { fails: false, delayMillis: 0 } },
  { name: "a store that fails at once", value: 1, store: { fails: true, delayMillis: 0 } },
  { name: "a store that fails after some time", value: 1, store: { fails: true, delayMillis: 10 } },
];

/** What the handler has answered meanwhile. */
const answered: Readonly<Record<string, (response: Response) => unknown>> = {
  json: (response) => response.json({ a: "y".repeat(3000) }),
  "a redirect": (response) => response.redirect("/welcome"),
  "a download": (response) => response.download("package.json"),
  "a pipe": (response) => Readable.from(BLOCKS).pipe(response.type("text")),
  writeHead: (response) => response.writeHead(201, "Made", { "Content-Type": "image/png", ETag: '"x"' }).end("z"),
};

/** What it goes on answering, knowing nothing. */
const answering: typeof answered = {
  "flushHeaders, and the body much later": async (response) => {
    response.type("html").flushHeaders();
    await sleep(40);
    response.write("late");
    if (!response.headersSent) response.setHeader("X-Late", "1");
    response.end("later");
  },
  "a write a moment later": async (response) => {
    response.write("a");
    for (let moment = 0; moment < 20; moment++) await Promise.resolve();
    response.write("b");
    response.end("c");
  },
  "writes that do not look back": async (response) => {
    response.type("html");
    for (let piece = 0; piece < 6; piece++) {
      response.write("w".repeat(30_000));
      await sleep(4);
    }
    response.end();
  },
};

function pathOf(response: string): string {
  return `/${response}`.replaceAll(/[ ,]/g, "-");
}

function startRefusing(
  { express }: (typeof versions)[number],
  around: Surroundings,
  { value, store }: Refusal,
  onError: ErrorRequestHandler,
): Promise<Served> {
  const app = express();
  app.set("env", "test");
  surround(app, flaskSession({ store: Object.assign(slowStore(), store) }), around);
  for (const [name, respond] of Object.entries({ ...answered, ...answering })) {
    app.get(pathOf(name), async (request, response) => {
      request.session["value"] = value;
      await respond(response);
    });
  }
  app.use(onError);
  return serve(app);
}

async function expectPage(site: Served, path: string): Promise<void> {
  const answer = whole(await site.ask({ path, headers: { "accept-encoding": "gzip" } }));
  expect(textOf(answer), path).to.equal(PAGE);
  expect([answer.status, answer.message], path).to.deep.equal([500, "Internal Server Error"]);
  expect(answer.headers["content-type"], path).to.equal("text/plain; charset=utf-8");
  expect(answer.headers["vary"], path).to.include("Cookie");
  expect(answer.headers, path).to.not.have.any.keys("location", "content-disposition", "last-modified");
  expect(cookiesOf(answer), path).to.deep.equal([]);
}

/** The body, unpacked where it was compressed. */
function textOf({ body, headers }: WholeAnswer): string {
  const bytes = Buffer.from(body, "latin1");
  return (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
}

describe("a session that cannot be stored, in Express", () => {
  refuseUnhandledRejections();

  for (const version of versions) {
    for (const { name: handler, isDoneAtOnce, handle } of errorHandlers) {
      for (const around of surroundings) {
        it(`gives way to ${handler}: ${version.version}, ${around.name}`, async () => {
          const sites = await Promise.all(refusals.map((refusal) => startRefusing(version, around, refusal, handle)));
          const responses = isDoneAtOnce ? { ...answered, ...answering } : answered;
          try {
            const paths = Object.keys(responses).map(pathOf);
            await Promise.all(sites.flatMap((site) => paths.map((path) => expectPage(site, path))));
            // Those who lost still write for a while; nothing of it may reach a response, or throw where nobody catches.
            if (isDoneAtOnce) await sleep(50);
          } finally {
            await Promise.all(sites.map((site) => site.close()));
          }
        });
      }
    }

    describe(version.version, () => {
      const running: Served[] = [];

      async function start(configure: (app: Express) => void, onError?: ErrorRequestHandler): Promise<Served> {
        const app = version.express();
        app.set("env", "test");
        configure(app);
        if (onError !== undefined) app.use(onError);
        const served = await serve(app);
        running.push(served);
        return served;
      }

      afterEach(async () => {
        await Promise.all(running.splice(0).map((served) => served.close()));
      });

      it("tells the error handler which value it is", async () => {
        let told: unknown;
        const site = await start(
          (app) => {
            app.use(flaskSession({ store: slowStore() }));
            app.get("/", (request, response) => {
              request.session["cart"] = [{ when: Symbol("x") }];
              response.send("x");
            });
          },
          (error, _request, response, _next) => {
            told = error;
            response.sendStatus(500);
          },
        );
        await site.get("/");
        expect(told).to.include({ code: "ERR_ENCODE", path: "session.cart[0].when" });
      });

      it("goes to Express' own error handler where the application has none", async () => {
        const site = await start((app) => {
          app.use(flaskSession({ store: slowStore() }));
          app.get("/", (request, response) => {
            request.session["f"] = () => 1;
            response.status(201).json({});
          });
        });
        const answer = await site.get("/");
        expect([answer.status, answer.headers["content-type"]]).to.deep.equal([500, "text/html; charset=utf-8"]);
        expect(answer.body).to.include("Cannot store session.f");
      });

      it("has its listeners of the head heard again: the error page tells of itself", async () => {
        const around = surroundings.find(({ name }) => name === "on-headers after") as Surroundings;
        const site = await start(
          (app) => {
            surround(app, flaskSession({ store: slowStore() }), around);
            app.get("/", (request, response) => {
              request.session["f"] = () => 1;
              response.end("x");
            });
          },
          (_error, _request, response, _next) => {
            response.send("the error page");
          },
        );
        expect((await site.get("/")).headers["x-seen"]).to.equal("etag");
      });

      it("is stored for all that when the error handler saves what it can", async () => {
        const sessions = createSessions({ store: slowStore(3) });
        const site = await start(
          (app) => {
            app.use(flaskSession(sessions));
            app.get("/set", (request, response) => {
              request.session["n"] = 1;
              response.send("x");
            });
            app.get("/", (request, response) => {
              Object.assign(request.session, { n: 2, f: () => 1 });
              response.json({});
            });
          },
          (_error, request, response, next) => {
            const { session } = request;
            delete session["f"];
            session.save((failed) => (failed === undefined ? undefined : next(failed)));
            response.write("the error ");
            response.status(404);
            response.end("page");
          },
        );
        const cookie = cookieOf(await site.get("/set"));
        expect(await site.get("/", cookie)).to.include({ status: 500, body: "the error page" });
        await sessions.close();
        expect((await sessions.read(cookie))["n"]).to.equal(2);
      });

      /** Handlers whose writing stops until the response has room again. */
      const waiting: Readonly<Record<string, (response: Response) => unknown>> = {
        "a pipe": (response) => Readable.from(BLOCKS).pipe(response),
        "a listener": (response) => {
          response.write("the refused response");
          response.on("drain", () => response.write("and more of it"));
        },
      };

      for (const [name, write] of Object.entries(waiting)) {
        for (const around of surroundings.filter((each) => each.compresses || each.before.length === 0)) {
          it(`does not let ${name} go on when the error page waits for room, ${around.name}`, async () => {
            const page = BLOCKS.map((block) => block.replaceAll(/./g, "e"));
            const site = await start(
              (app) => {
                surround(app, flaskSession({ store: slowStore() }), around);
                app.get("/", (request, response) => {
                  request.session["f"] = () => 1;
                  return write(response.type("text"));
                });
              },
              (_error, _request, response, _next) => {
                Readable.from(page).pipe(response.type("text"));
              },
            );
            const answer = whole(await site.ask({ path: "/", headers: { "accept-encoding": "gzip" } }));
            expect(textOf(answer)).to.equal(page.join(""));
          });
        }
      }

      it("breaks no other response", async () => {
        const store = slowStore();
        const site = await start(
          (app) => {
            app.use(flaskSession({ store }));
            app.get("/bad", (request, response) => {
              request.session["f"] = () => 1;
              response.send("bad");
            });
            app.get("/good", (request, response) => {
              request.session["n"] = 1;
              response.send("good");
            });
          },
          (_error, _request, response, _next) => {
            response.sendStatus(500);
          },
        );
        const answers = await Promise.all(["/bad", "/good", "/bad", "/good"].map((path) => site.get(path)));
        expect(answers.map(({ status }) => status)).to.deep.equal([500, 200, 500, 200]);
      });

      it("leaves a broken response to the error handler too, when the head was out", async () => {
        const told: unknown[] = [];
        const broken: RequestHandler = (request, response) => {
          request.session["n"] = 1;
          response.write("a");
          response.write(123);
          response.end();
        };
        const site = await start(
          (app) => {
            app.use(flaskSession({ store: slowStore(3) })).get("/", broken);
          },
          (error: NodeJS.ErrnoException, _request, response, next) => {
            told.push(error.code, response.headersSent);
            next(error);
          },
        );
        expect((await site.ask({ path: "/" })).broken).to.equal(true);
        expect(told).to.deep.equal(["ERR_INVALID_ARG_TYPE", true]);
      });

      it("breaks the connection for an error handler that leaves a broken response alone", async () => {
        const site = await start(
          (app) => {
            app.use(flaskSession({ store: slowStore(3) }));
            app.get("/", (request, response) => {
              request.session["n"] = 1;
              response.write("a");
              response.write(123);
            });
          },
          (_error, _request, _response, _next) => undefined,
        );
        expect((await site.ask({ path: "/" })).broken).to.equal(true);
      });

      it("does not stop a response from closing when its visitor has left", async () => {
        let closed: Promise<unknown> | undefined;
        let errors = 0;
        const store = slowStore(10);
        const site = await start(
          (app) => {
            app.use(flaskSession({ store }));
            app.get("/", (request, response) => {
              closed = once(response, "close");
              request.session["n"] = 1;
              store.fails = true;
              response.json({});
              request.socket.destroy();
            });
          },
          (_error, _request, response, _next) => {
            errors++;
            response.sendStatus(500);
          },
        );
        expect((await site.ask({ path: "/" })).broken).to.equal(true);
        await closed;
        await sleep(20);
        expect(errors).to.equal(1);
      });
    });
  }
});
