import { expect } from "chai";
import type { ErrorRequestHandler, Request, RequestHandler } from "express";
import { flaskSession } from "../../src/frameworks/express.ts";
import { refuseUnhandledRejections } from "./express/rejections.ts";
import { addScenarios, pathOf, type Scenario, scenarios } from "./express/scenarios.ts";
import { type Answer, type Served, serve, versions } from "./express/serving.ts";
import { slowStore } from "./express/slow-store.ts";
import { type Surroundings, surround, surroundings } from "./express/surroundings.ts";

/** What a handler does to the session before anything else, and how long the store takes. */
interface Use {
  readonly name: string;
  readonly delayMillis: number;
  readonly use: (request: Request) => void;
}

const change = (request: Request): void => {
  request.session["n"] = 1;
};

const uses: readonly Use[] = [
  { name: "changes the session, in a store that answers at once", delayMillis: 0, use: change },
  { name: "changes the session, in a slow store", delayMillis: 4, use: change },
  {
    name: "reads the session",
    delayMillis: 0,
    use: (request) => {
      void request.session["n"];
    },
  },
  { name: "leaves the session alone", delayMillis: 0, use: () => undefined },
];

const withoutUs: RequestHandler = (request, _response, next) => {
  Reflect.set(request, "session", {});
  next();
};

const handleErrors: ErrorRequestHandler = (error: Error, _request, response, next) => {
  if (response.headersSent) next(error);
  else response.status(500).type("text").send(`handled ${error.message}`);
};

/** Where and how it is compared. */
interface Ground extends Surroundings {
  readonly methods: readonly string[];
  readonly errorHandlers: readonly ErrorRequestHandler[];
}

const grounds: readonly Ground[] = [
  ...surroundings.map((around) => ({ ...around, methods: ["GET", "HEAD"], errorHandlers: [handleErrors] })),
  {
    // Express' own error handler answers when the request has ended, which one with a body has not when it starts.
    name: "Express' own error handler",
    before: [],
    after: [],
    compresses: false,
    methods: ["GET", "HEAD", "POST"],
    errorHandlers: [],
  },
];

/**
 * Responses that were complete before something went wrong. Plain Express breaks the connection over what compression
 * has not let go of yet, so that chance decides; what the session kept in the meantime always arrives.
 */
const completed: ReadonlySet<string> = new Set([
  "throws after json",
  "fails some time after json",
  "answers twice",
  "sets a header after the end",
]);

type Express = (typeof versions)[number]["express"];

function serveScenarios(express: Express, session: RequestHandler, ground: Ground, { use }: Use): Promise<Served> {
  const app = express();
  app.set("env", "test");
  surround(app, session, ground);
  addScenarios(app, use);
  for (const handler of ground.errorHandlers) app.use(handler);
  return serve(app);
}

/** Node has said "OK" by the time it meets the header, and says so on the error page: `500 OK`. We have not. */
const BAD_HEADER = "gives writeHead a bad header";

/** The answer without what the session adds to it, and without the time of day. */
function comparable(answer: Answer, scenario: Scenario): unknown {
  if (answer.broken) return answer;
  const message = scenario.name === BAD_HEADER ? "" : answer.message;
  const { date: _date, "set-cookie": cookies = [], vary = "", ...headers } = answer.headers;
  const others = (cookies as readonly string[]).filter((text) => !text.startsWith("session="));
  const fields = (vary as string).split(", ").filter((field) => field !== "Cookie" && field !== "");
  return { ...answer, message, headers, others, fields: fields.toSorted() };
}

async function compare(
  plain: Served,
  ours: Served,
  scenario: Scenario,
  { methods, compresses }: Ground,
): Promise<void> {
  for (const method of methods) {
    const body = method === "POST" ? "a body that no handler reads" : undefined;
    const headers = { "accept-encoding": "gzip", ...scenario.headers };
    const asking = { path: pathOf(scenario), method, headers, body };
    const [expected, answer] = await Promise.all([plain.ask(asking), ours.ask(asking)]);
    if (compresses && completed.has(scenario.name) && (expected.broken || answer.broken)) continue;
    expect(comparable(answer, scenario), `${method} ${scenario.name}`).to.deep.equal(comparable(expected, scenario));
  }
}

describe("Express with flaskSession answers as plain Express", () => {
  refuseUnhandledRejections();

  const { stackTraceLimit } = Error;

  // Express' own error page shows the stack, which differs.
  before(() => {
    Error.stackTraceLimit = 0;
  });

  after(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  for (const { version, express } of versions) {
    for (const ground of grounds) {
      for (const use of uses) {
        it(`${version}, ${ground.name}, a handler that ${use.name}`, async () => {
          const plain = await serveScenarios(express, withoutUs, ground, use);
          const session = flaskSession({ store: slowStore(use.delayMillis) });
          const ours = await serveScenarios(express, session, ground, use);
          try {
            await Promise.all(scenarios.map((scenario) => compare(plain, ours, scenario, ground)));
          } finally {
            await Promise.all([plain.close(), ours.close()]);
          }
        });
      }
    }
  }
});
