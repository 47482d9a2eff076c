/** An Express app with the routes of `test/python/apps/login.py`. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Request, type Response } from "express";
import { type FlaskConfig, type FlaskConfigOptions, flaskConfig } from "../../../src/config/index.ts";
import { generateCsrf, validateCsrf } from "../../../src/extensions/csrf.ts";
import {
  freshLoginRequired,
  type GuardOptions,
  type LoginOptions,
  loadLogin,
  login,
  loginRequired,
  logout,
} from "../../../src/extensions/login.ts";
import { flaskSession, getSession } from "../../../src/frameworks/express.ts";
import { createSessions } from "../../../src/session/sessions.ts";

/** An app that answers. */
export interface LoginApp {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What POST /login takes. */
export type LoginBody = Partial<LoginOptions> & { readonly id: string; readonly permanent?: boolean };

/** Nobody whose id begins so exists, in Flask's app neither. */
const userExists = async (id: string): Promise<boolean> => !id.startsWith("deleted");

/** Starts an app. @param host where it listens; `::` takes IPv4 too */
export async function startLoginApp(
  config: FlaskConfig,
  options: FlaskConfigOptions = {},
  { host = "127.0.0.1", framework = express, guards = {} }: AppOptions = {},
): Promise<LoginApp> {
  const sessions = createSessions(flaskConfig(config, options));
  const app = framework();
  app.set("env", "test");
  app.use(flaskSession(sessions), framework.json());
  for (const [path, handle] of Object.entries(handlers)) {
    app.all(path, (request, response, next) => {
      handle(request).then((result) => response.json(result), next);
    });
  }
  app.all("/page", loginRequired({ userExists, ...guards }), ok);
  app.all("/fresh", freshLoginRequired({ userExists, ...guards }), ok);
  app.use((error: Error, _request: Request, response: Response, _next: unknown) => {
    response.status("status" in error ? Number(error.status) : 500).send(`${error.name}: ${error.message}`);
  });
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, host, () => {
      resolve(listening);
    });
  });
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await sessions.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

interface AppOptions {
  readonly host?: string;
  readonly framework?: typeof express;
  readonly guards?: GuardOptions;
}

const handlers: Readonly<Record<string, (request: Request) => Promise<unknown>>> = {
  "/login": async (request) => {
    const { id, permanent, ...options } = request.body as LoginBody;
    if (permanent !== undefined) getSession(request).permanent = permanent;
    await login(request, { userId: id, ...options });
    return who(request);
  },
  "/logout": async (request) => {
    await logout(request);
    return who(request);
  },
  "/set": async (request) => Object.assign(getSession(request), request.body),
  "/who": who,
  "/flashed": async (request) => getSession(request)["_flashes"] ?? [],
  "/id": async (request) => getSession(request)["_id"],
  "/csrf": async (request) => generateCsrf(request),
  "/validate": async (request) => {
    await validateCsrf(request, (request.body as { readonly token: string }).token);
    return "ok";
  },
};

/** What the app finds, as Flask's app tells it. */
async function who(request: Request): Promise<unknown> {
  const { currentUserId, isFresh } = await loadLogin(request, { userExists });
  const held = Object.entries(getSession(request)).map(([key, value]): [string, unknown] => {
    return [key, key === "_id" ? (value as string).length : value];
  });
  return { id: currentUserId ?? null, fresh: isFresh, session: Object.fromEntries(held) };
}

function ok(_request: Request, response: Response): void {
  response.send("ok");
}
