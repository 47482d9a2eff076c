/** A real Express app over the sessions of a Flask app, in this process. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Request } from "express";
import { type FlaskConfig, type FlaskConfigOptions, flaskConfig } from "../../src/config/index.ts";
import { flaskSession } from "../../src/frameworks/express.ts";
import type { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";

/** What a route does with the session; what it returns is the answer's JSON. */
export type Handler = (session: Session) => unknown;

/** An Express app that answers. */
export interface NodeApp {
  readonly url: string;
  readonly sessions: Sessions;
  readonly stop: () => Promise<void>;
}

/** Starts an app whose `POST /<name>` runs the handler of that name. */
export async function startNode(
  config: FlaskConfig,
  handlers: Readonly<Record<string, Handler>>,
  options: FlaskConfigOptions = {},
): Promise<NodeApp> {
  const sessions = createSessions(flaskConfig(config, options));
  const app = express();
  app.set("env", "test");
  app.use(flaskSession(sessions));
  for (const [name, handler] of Object.entries(handlers)) {
    app.post(`/${name}`, async (request: Request, response) => {
      response.json((await handler(request.session)) ?? null);
    });
  }
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, "127.0.0.1", () => {
      resolve(listening);
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sessions,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await sessions.close();
    },
  };
}
