/** The cookies of a request to Flask: the browser's, as far as they are Flask's, and those of this request's own making. */
import { SessionError } from "../../errors.ts";
import type { SessionControl } from "../../session/session.ts";
import { type ExtensionRequest, headerOf } from "../request.ts";

/** Of Flask-Login. */
const REMEMBER_COOKIE = "remember_token";

/** A cookie that Flask has set through an earlier call for the same request: the browser does not have it yet. */
interface Received {
  /** As in a Cookie header; empty: Flask has deleted it. */
  readonly text: string;
  /** Of Node's session at that time: with another one, its own cookie is newer. */
  readonly signedSid: string | undefined;
}

const received = new WeakMap<SessionControl, Map<string, Received>>();

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
  const newer = new Map([...own, ...receivedBy(control)]);
  const kept = pairs.filter(({ name }) => !newer.has(name)).map(({ text }) => text);
  const made = [...newer].filter(([name, text]) => names.has(name) && text !== "").map(([, text]) => text);
  return kept.length + made.length === 0 ? undefined : [...kept, ...made].join("; ");
}

/**
 * Hands Flask's Set-Cookies to the browser, and keeps them for later calls of this request.
 * @throws ReadOnlySessionError on a session that `read()` gave, HeadersSentError once the response has begun
 */
export function passCookies(control: SessionControl, setCookies: readonly string[]): void {
  for (const line of setCookies) {
    control.addCookie(line);
    const jar = received.get(control) ?? new Map<string, Received>();
    const text = isDeletion(line) ? "" : pairTextOf(line);
    received.set(control, jar.set(nameOf(line), { text, signedSid: control.signedSid }));
  }
}

function receivedBy(control: SessionControl): [string, string][] {
  const { cookieName, signedSid } = control;
  const cookies = [...(received.get(control) ?? [])];
  const valid = cookies.filter(([name, cookie]) => name !== cookieName || cookie.signedSid === signedSid);
  return valid.map(([name, { text }]) => [name, text]);
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
  return header.split(";").map((text) => ({ name: nameOf(text), text: text.trim() }));
}

function nameOf(text: string): string {
  return pairTextOf(text).split("=", 1).join("").trim();
}

function pairTextOf(line: string): string {
  return line.split(";", 1).join("").trim();
}

/** As Flask deletes, and as browsers understand it. */
function isDeletion(line: string): boolean {
  const [, maxAge] = /;\s*max-age=(-?\d+)/i.exec(line) ?? [];
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  const [, expires = ""] = /;\s*expires=([^;]*)/i.exec(line) ?? [];
  return Date.parse(expires) <= Date.now();
}
