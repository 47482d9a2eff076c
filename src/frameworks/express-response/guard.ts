/** Keeps the head of a response as it is while the store is asked, and its losers from doing harm afterwards. */
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Method } from "./response.ts";

/** What becomes of a change to the head; `"refuse"`: Node's own error, as if the head were out. */
export type Verdict = "allow" | "ignore" | "refuse";

const CHANGING = ["setHeader", "appendHeader", "removeHeader"] as const;
const STATUS = ["statusCode", "statusMessage"] as const;

/**
 * Asks for a verdict before each change to the head. `headersSent` is true while the verdict is `"refuse"`: an error
 * handler must not append its page to a response that has begun.
 */
export function guardHead(response: ServerResponse, verdict: () => Verdict): void {
  for (const name of CHANGING) guardMethod(response, name, verdict);
  for (const name of STATUS) guardProperty(response, name, verdict);
  Object.defineProperty(response, "headersSent", {
    configurable: true,
    get: () => verdict() === "refuse" || isHeadOut(response),
  });
}

/** Whether Node has made the head, whatever {@link guardHead} says of it. */
export function isHeadOut(response: ServerResponse): boolean {
  return Reflect.get(Object.getPrototypeOf(response) as object, "headersSent", response) as boolean;
}

function guardMethod(response: ServerResponse, name: (typeof CHANGING)[number], verdict: () => Verdict): void {
  const real = response[name] as Method;
  const guarded: Method = (...args) => {
    const found = verdict();
    if (found === "allow") return Reflect.apply(real, response, args);
    if (found === "refuse") refuse(name, args);
    return response;
  };
  Reflect.set(response, name, guarded);
}

function guardProperty(response: ServerResponse, name: (typeof STATUS)[number], verdict: () => Verdict): void {
  let current: unknown = response[name];
  Object.defineProperty(response, name, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (value: unknown) => {
      if (verdict() === "allow") current = value;
    },
  });
}

/** Throws what Node throws: the change is tried on a response whose head is out. */
function refuse(name: (typeof CHANGING)[number], args: readonly unknown[]): void {
  const spent = new ServerResponse(new IncomingMessage(new Socket()));
  spent.writeHead(200);
  Reflect.apply(spent[name] as Method, spent, args);
}
