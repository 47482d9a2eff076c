/** Flask's sessions as `req.session` of Express 4 and 5. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { OpenedSession } from "../session/opened-session.ts";
import type { SessionOptions } from "../session/options.ts";
import type { Session } from "../session/session.ts";
import { createSessions, type Sessions } from "../session/sessions.ts";
import { install, watch } from "./express-response/hooks.ts";
import { type ExpressRequest, type ExpressResponse, OPENED } from "./express-response/response.ts";

/** Express' `next`. */
export type Next = (error?: unknown) => void;

/** Middleware of Express 4 and 5. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

/**
 * What a request has. Beside `@types/express-session` its declaration of `req.session` stands, and {@link getSession}
 * gives ours: two declarations of one property cannot both hold.
 */
export interface SessionRequest {
  /** The session; `undefined` before the middleware. Not assignable: `clear()` empties it, `destroy()` ends it. */
  readonly session: "sessionID" extends keyof Express.Request ? unknown : Session;
}

declare global {
  namespace Express {
    // oxlint-disable-next-line typescript/no-empty-interface, typescript/no-empty-object-type
    interface Request extends SessionRequest {}
  }
}

/**
 * Middleware that opens the session before the handler runs, and stores it before the head of the response goes out.
 * What cannot be stored goes to the application's error handler in place of the handler's response.
 * @param optionsOrSessions what `flaskConfig` returns; or the sessions of `createSessions`, by who wants to close or read them
 * @throws ConfigError that names the option
 */
export function flaskSession(optionsOrSessions: SessionOptions | Sessions): Middleware {
  const sessions = "openNow" in optionsOrSessions ? optionsOrSessions : createSessions(optionsOrSessions);
  return (incoming, outgoing, next) => {
    const request = incoming as ExpressRequest;
    const response = outgoing as ExpressResponse;
    install(request, response);
    if (request[OPENED] !== undefined) {
      next();
      return;
    }
    const ready = (opened: OpenedSession): void => {
      request[OPENED] = opened;
      watch(response, opened, next);
      next();
    };
    const opened = sessions.openNow(request.headers.cookie);
    if (opened instanceof Promise) opened.then(ready, next);
    else ready(opened);
  };
}

/**
 * The session of a request, as `req.session`; the way to it where `@types/express-session` is installed too.
 * @throws TypeError where the middleware has not seen the request
 */
export function getSession(request: IncomingMessage): Session {
  const opened = (request as ExpressRequest)[OPENED];
  if (opened === undefined) throw new TypeError("The request has no session: app.use(flaskSession(…)) comes first");
  return opened.session;
}
