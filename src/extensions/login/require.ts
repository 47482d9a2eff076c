/** Pages for who is logged in, in Express: `login_required` and `fresh_login_required` of Flask-Login 0.6.3. */
import { LoginRequiredError, type LoginRequiredReason } from "../../errors.ts";
import { flash } from "../flash.ts";
import { type ExtensionRequest, headerOf } from "../request.ts";
import { type LoadOptions, loadLogin } from "./load.ts";

/** What is asked of a request of Express 4 or 5. */
export interface GuardRequest extends ExtensionRequest {
  readonly method?: string | undefined;
  readonly protocol?: string | undefined;
  readonly originalUrl?: string | undefined;
}

/** What is asked of a response. */
export interface GuardResponse {
  redirect(url: string): void;
}

/** What a page does for who may not see it; the names are those of Flask-Login's LoginManager. */
export interface GuardOptions {
  readonly userExists?: LoadOptions["userExists"];
  /** The browser's address as Flask sees it. @defaultValue the first of X-Forwarded-For, else the peer's */
  readonly clientAddress?: ((request: GuardRequest) => string | undefined) | undefined;
  /** URL of the page where one logs in; it gets `next`. @defaultValue none: a LoginRequiredError */
  readonly loginView?: string | undefined;
  /** What is flashed before; empty: nothing. @defaultValue "Please log in to access this page." */
  readonly loginMessage?: string | undefined;
  /** @defaultValue "message" */
  readonly loginMessageCategory?: string | undefined;
  /** Where a login is renewed that is not fresh; it gets `next`. @defaultValue none: a LoginRequiredError */
  readonly refreshView?: string | undefined;
  /** @defaultValue "Please reauthenticate to access this page." */
  readonly needsRefreshMessage?: string | undefined;
  /** @defaultValue "message" */
  readonly needsRefreshMessageCategory?: string | undefined;
}

/** Middleware of Express 4 and 5. */
type Guard = (request: GuardRequest, response: GuardResponse, next: (error?: unknown) => void) => void;

/** Where to, and what to flash there. */
interface Answer {
  readonly view: string | undefined;
  readonly message: string;
  readonly category: string;
}

const ANSWERS: Readonly<Record<LoginRequiredReason, (options: GuardOptions) => Answer>> = {
  anonymous: ({ loginView: view, loginMessage, loginMessageCategory: category = "message" }) => {
    return { view, message: loginMessage ?? "Please log in to access this page.", category };
  },
  stale: ({ refreshView: view, needsRefreshMessage, needsRefreshMessageCategory: category = "message" }) => {
    return { view, message: needsRefreshMessage ?? "Please reauthenticate to access this page.", category };
  },
};

/** Lets through who is logged in, and OPTIONS. Others are redirected, or a {@link LoginRequiredError} goes to the error handler. */
export function loginRequired(options: GuardOptions = {}): Guard {
  return guard(options, () => false);
}

/** As {@link loginRequired}, but lets through only a login that is fresh. */
export function freshLoginRequired(options: GuardOptions = {}): Guard {
  return guard(options, (isFresh) => !isFresh);
}

function guard(options: GuardOptions, isStale: (isFresh: boolean) => boolean): Guard {
  return (request, response, next) => {
    const passed = (mayPass: boolean): void => {
      if (mayPass) next();
    };
    passes(request, response, options, isStale).then(passed, next);
  };
}

/** Whether the request may go on; else it was redirected. @throws LoginRequiredError where there is no such page */
async function passes(
  request: GuardRequest,
  response: GuardResponse,
  options: GuardOptions,
  isStale: (isFresh: boolean) => boolean,
): Promise<boolean> {
  const url = await redirection(request, options, isStale);
  if (url !== undefined) response.redirect(url);
  return url === undefined;
}

/** Where the request must go first. @throws LoginRequiredError where there is no such page */
async function redirection(
  request: GuardRequest,
  options: GuardOptions,
  isStale: (isFresh: boolean) => boolean,
): Promise<string | undefined> {
  if (request.method === "OPTIONS") return undefined;
  const { userExists, clientAddress } = options;
  const { isAuthenticated, isFresh } = await loadLogin(request, {
    userExists,
    clientAddress: clientAddress?.(request),
  });
  if (isAuthenticated && !isStale(isFresh)) return undefined;
  const reason = isAuthenticated ? "stale" : "anonymous";
  const { view, message, category } = ANSWERS[reason](options);
  if (view === undefined) throw new LoginRequiredError(reason);
  if (message !== "") await flash(request, message, category);
  return withNext(view, request);
}

/** Adds the page to come back to. */
function withNext(view: string, request: GuardRequest): string {
  return view.replace(/^([^?#]*)(?:\?([^#]*))?/, (_, base: string, query: string | undefined) => {
    const parameters = new URLSearchParams(query);
    parameters.set("next", nextOf(base, request));
    return `${base}?${parameters.toString()}`;
  });
}

/** The page as the login page sees it: of another origin with scheme and host. */
function nextOf(view: string, request: GuardRequest): string {
  // Two slashes would make a host of the path, and of the login a way to anywhere.
  const page = (request.originalUrl ?? "/").replace(/^[/\\]+/, "/");
  const origin = `${request.protocol ?? "http"}://${headerOf(request, "host") ?? ""}`;
  const isOurs = !/^(?:https?:)?\/\//i.test(view) || view === origin || view.startsWith(`${origin}/`);
  return isOurs ? page : origin + page;
}
