/** The cookies of a request to Flask: the browser's, as far as they are Flask's, and those of this request's own making. */
import { SessionError } from "../../errors.ts";
import type { SessionControl } from "../../session/session.ts";
import { type ExtensionRequest, headerOf } from "../request.ts";
import { cookieNameOf, sendCookie, sentCookies } from "../sent-cookies.ts";

/** Of Flask-Login. */
const REMEMBER_COOKIE = "remember_token";

/** Texts such as `session=abc`, in the order in which they came. */
interface Pair {
  readonly name: string;
  readonly text: string;
}

/**
 * The Cookie header for Flask, or `undefined` for none. What this request has changed in the session is stored first.
 * @param others names of cookies to pass besides the session's and Flask-Login's
 * @throws SessionError where the session is Flask's own cookie and was changed: Flask would not see it, and answer with another
 * @throws StoreError, EncodeError as `save()`
 */
export async function cookieHeader(
  request: ExtensionRequest,
  control: SessionControl,
  others: readonly string[],
): Promise<string | undefined> {
  const { REMEMBER_COOKIE_NAME: remember = REMEMBER_COOKIE } = control.config("login");
  const names = new Set([control.cookieName, remember, ...others]);
  const pairs = pairsOf(headerOf(request, "cookie") ?? "").filter(({ name }) => names.has(name));
  const own = await changedSession(control);
  const newer = new Map([...own, ...sentCookies(control)]);
  const kept = pairs.filter(({ name }) => !newer.has(name)).map(({ text }) => text);
  const made = [...newer].filter(([name, text]) => names.has(name) && text !== "").map(([, text]) => text);
  return kept.length + made.length === 0 ? undefined : [...kept, ...made].join("; ");
}

/**
 * Hands Flask's Set-Cookies to the browser, and to later calls of this request.
 * @throws ReadOnlySessionError on a session that `read()` gave, HeadersSentError once the response has begun
 */
export function passCookies(control: SessionControl, setCookies: readonly string[]): void {
  for (const line of setCookies) sendCookie(control, line);
}

/** The session's cookie where this request has changed it; an empty text where it has none any more. */
async function changedSession(control: SessionControl): Promise<readonly (readonly [string, string])[]> {
  if (!control.modified) return [];
  if (control.format === "tagged-json") {
    throw new SessionError("Cannot forward: this request has changed the session, which is Flask's own cookie");
  }
  await control.save();
  const { cookieName, signedSid } = control;
  return [[cookieName, signedSid === undefined ? "" : `${cookieName}=${signedSid}`]];
}

function pairsOf(header: string): Pair[] {
  return header.split(";").map((text) => ({ name: cookieNameOf(text), text: text.trim() }));
}
