/** Hooks on the prototypes of an Express application: once for each application, not once for each request. */
import type { OpenedSession } from "../../session/opened-session.ts";
import { Ending, type Parts } from "./ending.ts";
import {
  type Application,
  type ExpressRequest,
  type ExpressResponse,
  type Method,
  type Methods,
  OPENED,
  SENDING,
  type Sending,
} from "./response.ts";
import { rememberSources } from "./writers.ts";

/** On the prototype: its methods under the hooks. */
const METHODS: unique symbol = Symbol("flask-session-node: methods");
/** On a response: who receives what comes through the hooks of the prototype. */
const ENDING: unique symbol = Symbol("flask-session-node: ending");

/** Who replaces these keeps a state of the body. */
const BODY = ["write", "end"] as const;

interface HookedResponse extends ExpressResponse {
  readonly [METHODS]?: Methods;
  [ENDING]?: Ending;
}

/**
 * Gives the requests of an application a `session`, and hooks its responses, if that has not been done. Both are done
 * on the topmost application, because a mounted one may fall through to its parent.
 * @throws TypeError outside of Express
 */
export function install(request: ExpressRequest, response: HookedResponse): void {
  if (response[METHODS] !== undefined) return;
  let { app } = request;
  if (app === undefined) throw new TypeError("flaskSession() is middleware of an Express application");
  while (app.parent !== undefined) app = app.parent;
  defineSession(app);
  hookMethods(app);
}

/** Has the session stored before the response goes out. */
export function watch(response: HookedResponse, opened: OpenedSession, next: (error: unknown) => void): void {
  const beneath = response[METHODS] as Methods;
  const own = SENDING.filter((name) => Object.hasOwn(response, name));
  const methods = own.length === 0 ? beneath : { ...beneath, ...pick(response, own) };
  const ownOn = Object.getOwnPropertyDescriptor(response, "on");
  const replace = (): void => {
    restore(response, "on", ownOn);
    const ending = new Ending({ ...parts, isReplacement: true });
    if (BODY.every((name) => ownValue(response, name) === hooks[name])) {
      response[ENDING] = ending;
      return;
    }
    // Compression after us has seen the end of the refused body, and lets nothing through any more.
    for (const name of SENDING) Reflect.set(response, name, toEnding(name, ending));
  };
  const hasOwnOn = ownOn !== undefined;
  const parts: Parts = { response, opened, methods, hasOwnOn, isReplacement: false, replace, next };
  response[ENDING] = new Ending(parts);
  const hooks = hookOwn(response, own);
  rememberSources(response);
}

function defineSession({ request }: Application): void {
  Object.defineProperty(request, "session", {
    configurable: true,
    enumerable: true,
    get(this: ExpressRequest) {
      return this[OPENED]?.session;
    },
    set() {
      throw new TypeError("req.session is not assignable: clear() empties a session, destroy() ends it");
    },
  });
}

function hookMethods({ response }: Application): void {
  const methods = pick(response, SENDING) as Methods;
  Reflect.set(response, METHODS, methods);
  for (const name of SENDING) Reflect.set(response, name, hook(name, methods[name]));
}

function hook(name: Sending, real: Method): Method {
  return function (this: unknown, ...args) {
    const ending = (this as HookedResponse)[ENDING];
    // Where a response has a method of its own, the hook lies on that: this call comes from under it.
    if (ending === undefined || ending.methods[name] !== real) return Reflect.apply(real, this, args);
    return ending.receive(name, args);
  };
}

/** Hooks what a response has itself. What is below that stays out of it. */
function hookOwn(response: HookedResponse, names: readonly Sending[]): Partial<Methods> {
  const hooks: Partial<Methods> = {};
  for (const name of names) hooks[name] = toSlot(name, response);
  Object.assign(response, hooks);
  return hooks;
}

function toSlot(name: Sending, response: HookedResponse): Method {
  return (...args) => (response[ENDING] as Ending).receive(name, args);
}

function toEnding(name: Sending, ending: Ending): Method {
  return (...args) => ending.receive(name, args);
}

function ownValue(response: HookedResponse, name: Sending): unknown {
  return Object.getOwnPropertyDescriptor(response, name)?.value;
}

function pick(from: object, names: readonly Sending[]): Partial<Methods> {
  return Object.fromEntries(names.map((name) => [name, Reflect.get(from, name) as Method]));
}

function restore(target: object, name: string, before: PropertyDescriptor | undefined): void {
  if (before === undefined) Reflect.deleteProperty(target, name);
  else Object.defineProperty(target, name, before);
}
