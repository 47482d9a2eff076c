/** What the adapter knows of Express' request and response: typed by structure, so that Express stays optional. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { OpenedSession } from "../../session/opened-session.ts";

/** Where a request keeps its session. */
export const OPENED: unique symbol = Symbol("flask-session-node: opened");

/** An Express application. A mounted one has a parent, whose prototypes its own inherit from. */
export interface Application {
  readonly parent?: Application;
  readonly request: object;
  readonly response: object;
}

/** An Express request. `app` is missing where something else than Express runs the middleware. */
export interface ExpressRequest extends IncomingMessage {
  readonly app?: Application;
  [OPENED]?: OpenedSession;
}

/** An Express response. */
export interface ExpressResponse extends ServerResponse {
  vary(field: string): unknown;
}

/** The methods that send the head of a response, or something after it. */
export const SENDING = ["writeHead", "flushHeaders", "write", "end"] as const;

/** One of {@link SENDING}. */
export type Sending = (typeof SENDING)[number];

/** A method of a response, without the types of its arguments. */
export type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

/** Implementations of {@link SENDING}. */
export type Methods = Record<Sending, Method>;
