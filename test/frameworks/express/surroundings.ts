/** Middleware that changes the head or the body of responses, around the one that gives the session. */
import compression from "compression";
import type { Express, RequestHandler } from "express";
import helmet from "helmet";
import morgan from "morgan";
import onHeaders from "on-headers";

/** Middleware that stands before or after the session's. */
export interface Surroundings {
  readonly name: string;
  readonly before: readonly RequestHandler[];
  readonly after: readonly RequestHandler[];
  /** Whether the body is compressed, and so leaves some time after the handler has ended it. */
  readonly compresses: boolean;
}

const kinds: Readonly<Record<string, () => RequestHandler>> = {
  compression: () => compression({ threshold: 0 }),
  helmet: () => helmet(),
  morgan: () => morgan("tiny", { stream: { write: () => true } }),
  "on-headers": () => (_request, response, next) => {
    onHeaders(response, () => response.setHeader("X-Seen", response.getHeaderNames().includes("etag") ? "etag" : "no"));
    next();
  },
};

/** None, each kind before us and after us, and all of them on either side. */
export const surroundings: readonly Surroundings[] = [
  { name: "nothing around", before: [], after: [], compresses: false },
  ...Object.entries(kinds).flatMap(([kind, make]) => [
    { name: `${kind} before`, before: [make()], after: [], compresses: kind === "compression" },
    { name: `${kind} after`, before: [], after: [make()], compresses: kind === "compression" },
  ]),
  {
    name: "everything before and after",
    before: Object.values(kinds).map((make) => make()),
    after: Object.values(kinds).map((make) => make()),
    compresses: true,
  },
];

/** Puts the session's middleware between them. */
export function surround(app: Express, session: RequestHandler, { before, after }: Surroundings): void {
  for (const middleware of [...before, session, ...after]) app.use(middleware);
}
