/** What handlers do to a response: everything that changes its head or its body. */
import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Express, NextFunction, Request, Response } from "express";

/** A handler under a name that says what it does. */
export interface Scenario {
  readonly name: string;
  readonly handle: (request: Request, response: Response, next: NextFunction) => unknown;
  /** Headers of the request. */
  readonly headers?: Readonly<Record<string, string>>;
}

const LINES = Array.from({ length: 50 }, (_, line) => `${line} ${"x".repeat(40)}\n`);
const BLOCKS = Array.from({ length: 8 }, (_, block) => String(block).repeat(60_000));

/** Handlers that do nothing wrong. */
const proper: readonly Scenario[] = [
  { name: "json", handle: (_, response) => response.json({ a: "y".repeat(3000) }) },
  { name: "text", handle: (_, response) => response.type("text").send("hello") },
  { name: "a buffer", handle: (_, response) => response.send(Buffer.from([0, 1, 254, 255])) },
  { name: "no content", handle: (_, response) => response.sendStatus(204) },
  { name: "nothing but a status", handle: (_, response) => response.status(202).end() },
  { name: "redirect", handle: (_, response) => response.redirect(303, "/there") },
  { name: "not found", handle: (_request, _response, next) => next() },
  { name: "a cookie", handle: (_, response) => response.cookie("other", "1").send("x") },
  { name: "Vary of its own", handle: (_, response) => response.vary("Accept").send("x") },
  { name: "Vary: *", handle: (_, response) => response.set("Vary", "*").send("x") },
  {
    name: "not modified",
    headers: { "if-none-match": '"v1"' },
    handle: (_, response) => response.set("ETag", '"v1"').send("cached"),
  },
  { name: "a file", handle: (_, response) => response.sendFile("package.json", { root: process.cwd() }) },
  {
    name: "a part of a file",
    headers: { range: "bytes=2-9" },
    handle: (_, response) => response.sendFile("package.json", { root: process.cwd() }),
  },
  {
    name: "a file that does not exist",
    handle: (_, response) => response.sendFile("nothing.json", { root: process.cwd() }),
  },
  { name: "a download", handle: (_, response) => response.download("LICENSE", "licence.txt", { root: process.cwd() }) },
  { name: "a pipe of lines", handle: (_, response) => Readable.from(LINES).pipe(response.type("text")) },
  { name: "a pipe of blocks", handle: (_, response) => Readable.from(BLOCKS).pipe(response.type("text")) },
  { name: "a pipeline", handle: (_, response) => pipeline(Readable.from(BLOCKS), response.type("html")) },
  {
    name: "writes that wait for drain",
    handle: async (_, response) => {
      response.type("text");
      for (const block of BLOCKS) if (!response.write(block)) await once(response, "drain");
      response.end();
    },
  },
  {
    name: "writes that do not wait",
    handle: (_, response) => {
      for (const block of BLOCKS) response.write(block);
      response.end("the end");
    },
  },
  {
    name: "an encoding",
    handle: (_, response) => {
      response.write("e9", "hex");
      response.end("/w==", "base64");
    },
  },
  {
    name: "callbacks of write and end",
    handle: (_, response) => {
      response.write("a", () => {
        response.end("called back");
      });
    },
  },
  { name: "writeHead", handle: (_, response) => response.writeHead(201).end("made") },
  { name: "writeHead, message", handle: (_, response) => response.writeHead(201, "Made it").end("made") },
  {
    name: "writeHead, headers",
    handle: (_, response) =>
      response.writeHead(200, { "Content-Type": "text/plain", "Set-Cookie": ["a=1", "b=2"], Vary: "Accept" }).end("x"),
  },
  {
    name: "writeHead, message and headers",
    handle: (_, response) => response.writeHead(418, "Short", { "X-A": 1, Vary: "Accept" }).end("x"),
  },
  {
    name: "writeHead, a list of headers",
    handle: (_, response) => response.writeHead(200, ["X-A", "1", "Vary", "Accept", "X-B", "2"]).end("x"),
  },
  {
    name: "writeHead, a length",
    handle: (_, response) => {
      response.writeHead(200, { "Content-Length": 4, "Content-Type": "image/png" });
      response.write("ab");
      response.end("cd");
    },
  },
  {
    name: "flushHeaders, and the body later",
    handle: async (_, response) => {
      response.type("text").flushHeaders();
      await sleep(8);
      response.end("late");
    },
  },
  {
    name: "flushHeaders after a write",
    handle: async (_, response) => {
      response.write("a");
      response.flushHeaders();
      await sleep(8);
      response.end("b");
    },
  },
  {
    name: "server-sent events",
    handle: async (_, response) => {
      response.set("Content-Type", "text/event-stream").flushHeaders();
      for (let event = 0; event < 3; event++) {
        response.write(`data: ${event}\n\n`);
        await sleep(3);
      }
      response.end();
    },
  },
  {
    name: "cork and uncork",
    handle: (_, response) => {
      response.cork();
      response.write("a");
      response.write("b");
      response.uncork();
      response.end("c");
    },
  },
  {
    name: "trailers",
    handle: ({ method }, response) => {
      // An answer without a body has no trailers.
      response.writeHead(200, method === "HEAD" ? {} : { Trailer: "X-Sum" });
      response.write("a");
      response.addTrailers({ "X-Sum": "7" });
      response.end();
    },
  },
  {
    name: "early hints",
    handle: (_, response) => {
      response.writeEarlyHints({ link: "</a.css>; rel=preload" });
      response.send("x");
    },
  },
  {
    name: "headers taken back",
    handle: (_, response) => {
      response.set({ "X-A": "1", "X-B": "2" });
      response.removeHeader("X-A");
      response.appendHeader("X-B", "3").setHeaders(new Map([["x-c", "4"]]));
      response.json([]);
    },
  },
];

/** Handlers that throw, answer twice, or change their mind too late. */
const improper: readonly Scenario[] = [
  {
    name: "throws before it answers",
    handle: () => {
      throw new Error("early");
    },
  },
  {
    name: "throws, with a status and headers set",
    handle: (_, response) => {
      response.status(201).set({ "Content-Type": "image/png", "X-A": "1" });
      throw new Error("early");
    },
  },
  {
    name: "throws after json",
    handle: (_, response) => {
      response.json({ a: 1 });
      throw new Error("late");
    },
  },
  {
    name: "fails some time after json",
    handle: async (_, response, next) => {
      response.json({ a: 1 });
      await sleep(5);
      next(new Error("late"));
    },
  },
  {
    name: "calls next after json",
    handle: (_, response, next) => {
      response.json({ a: 1 });
      next();
    },
  },
  {
    name: "answers twice",
    handle: (_, response) => {
      response.json({ a: 1 });
      response.status(404).json({ b: 2 });
    },
  },
  {
    name: "sets a header after the end",
    handle: (_, response) => {
      response.send("x");
      response.set("X-Late", "1");
    },
  },
  {
    name: "sets a status after the end",
    handle: (_, response) => {
      response.send("x");
      response.status(404);
    },
  },
  {
    name: "throws after a write",
    handle: (_, response) => {
      response.write("a");
      throw new Error("late");
    },
  },
  {
    name: "answers json after a write",
    handle: (_, response) => {
      response.write("a");
      response.json({ b: 1 });
    },
  },
  {
    name: "removes a header after a write",
    handle: (_, response) => {
      response.write("a");
      response.removeHeader("X-Powered-By");
      response.end();
    },
  },
  {
    name: "sets a status after a write",
    handle: (_, response) => {
      response.write("a");
      response.status(404).end();
    },
  },
  {
    name: "gives writeHead a bad header",
    handle: (_, response) => response.writeHead(200, { "X-Bad": "a\nb" }).end("x"),
  },
  { name: "gives writeHead a bad list", handle: (_, response) => response.writeHead(200, ["X-A"]).end("x") },
  { name: "gives writeHead a bad status", handle: (_, response) => response.writeHead(99).end("x") },
  { name: "gives writeHead a bad message", handle: (_, response) => response.writeHead(200, "O\nK").end("x") },
  { name: "writes a number", handle: (_, response) => response.write(123) },
  {
    name: "writes a number after a text",
    handle: (_, response) => {
      response.write("a");
      response.write(123);
    },
  },
  { name: "destroys the response", handle: (_, response) => response.destroy() },
];

/** All of them. */
export const scenarios: readonly Scenario[] = [...proper, ...improper];

/** Where a scenario is served. */
export function pathOf({ name }: Scenario): string {
  return `/${name.replace(/[^a-z]+/gi, "-").toLowerCase()}`;
}

/** Serves every scenario; `use` is what each handler does to the session first. */
export function addScenarios(app: Express, use: (request: Request) => void): void {
  for (const scenario of scenarios) {
    app.all(pathOf(scenario), async (request, response, next) => {
      try {
        use(request);
        await scenario.handle(request, response, next);
      } catch (error) {
        next(error);
      }
    });
  }
}
