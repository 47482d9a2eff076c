/** Logging in and out: `login_user` and `logout_user` of Flask-Login 0.6.3. */
import { isWellFormed } from "../../bytes/utf8.ts";
import { ReadOnlySessionError } from "../../errors.ts";
import { type Duration, lifetimeSecondsOf } from "../../session/lifetime.ts";
import { py } from "../../values/py.ts";
import { dropCsrf } from "../csrf/token.ts";
import type { ExtensionRequest } from "../request.ts";
import { sentCookies } from "../sent-cookies.ts";
import { identifierOf } from "./identifier.ts";
import { setLogin } from "./load.ts";
import { settleRemember } from "./remember-cookie.ts";
import { rememberKeyOf } from "./remember-token.ts";
import { userIdText, type Visit, visitOf } from "./visit.ts";

/** Who logs in, and how. */
export interface LoginOptions {
  /** What the user's `get_id()` gives in Flask; it is stored as text. */
  readonly userId: string | number | bigint;
  /** Sends the remember cookie, which logs in again when the session has ended. @defaultValue false */
  readonly remember?: boolean | undefined;
  /** How long that cookie lives: seconds, or their parts in place of a `timedelta`. @defaultValue REMEMBER_COOKIE_DURATION */
  readonly duration?: number | Duration | undefined;
  /** False: pages that want a fresh login ask once more. @defaultValue true */
  readonly fresh?: boolean | undefined;
  /** The browser's address as Flask sees it. @defaultValue the first of X-Forwarded-For, else the peer's */
  readonly clientAddress?: string | undefined;
  /**
   * Keeps the session's CSRF token, and so the forms that are open in other tabs. Whoever has planted his own anonymous
   * session in the browser before then knows a token that is good after the login. @defaultValue false
   */
  readonly keepCsrfToken?: boolean | undefined;
}

/**
 * Logs a user in, in Flask too. The session keeps what it holds and gets a new sid: one that somebody else has planted
 * must not become a login.
 * @throws TypeError for a user id that is none
 * @throws ConfigError for a remember cookie without a SECRET_KEY of latin-1, and for a duration below a second
 * @throws ReadOnlySessionError on a session that `read()` gave
 * @throws StoreError, HeadersSentError as `regenerate()`
 */
export async function login(request: ExtensionRequest, options: LoginOptions): Promise<void> {
  const { remember = false, duration, fresh = true, clientAddress, keepCsrfToken = false } = options;
  const visit = writableVisit(request, "log in to");
  const { session, control, config } = visit;
  const userId = checkedUserId(options.userId);
  const identifier = identifierOf(request, clientAddress);
  const seconds = duration === undefined ? undefined : lifetimeSecondsOf(duration, "duration");
  // What cannot be signed is refused before anything has changed.
  if (remember) rememberKeyOf(config);
  await control.regenerate();
  session["_user_id"] = userId;
  session["_fresh"] = fresh;
  session["_id"] = identifier;
  if (remember) session["_remember"] = "set";
  if (remember && seconds !== undefined) session["_remember_seconds"] = py.float(seconds);
  settleRemember(visit, remember ? seconds : undefined);
  if (!keepCsrfToken) dropCsrf(control, session);
  setLogin(control, userId, fresh);
}

/**
 * Logs out, in Flask too: takes the login out of the session, which stays, and deletes the remember cookie. That is done
 * where the request has not brought it as well, since its Path may be another.
 * @throws ReadOnlySessionError on a session that `read()` gave
 * @throws HeadersSentError once the response has begun
 */
export async function logout(request: ExtensionRequest): Promise<void> {
  const visit = writableVisit(request, "log out of");
  const { session, control } = visit;
  // Flask's own cookie, sent through `forward`, would take the place of ours, and may hold the login still.
  if (control.format === "tagged-json" && sentCookies(control).has(control.cookieName)) await control.regenerate();
  for (const key of ["_user_id", "_fresh", "_id", "_remember_seconds"]) Reflect.deleteProperty(session, key);
  session["_remember"] = "clear";
  settleRemember(visit);
  setLogin(control);
}

function writableVisit(request: ExtensionRequest, verb: string): Visit {
  const visit = visitOf(request);
  if (visit.control.isReadOnly) throw new ReadOnlySessionError(`Cannot ${verb} a session that read() gave`);
  return visit;
}

function checkedUserId(userId: unknown): string {
  const text = userIdText(userId);
  // What is no exact number may be another user's.
  const isInexact = typeof userId === "number" && !Number.isSafeInteger(userId);
  if (text === undefined || isInexact || !isWellFormed(text))
    throw new TypeError("Cannot log in: userId must be text or a whole number");
  return text;
}
