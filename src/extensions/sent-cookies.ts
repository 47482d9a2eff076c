/** Cookies that go to the browser with the response, and that later calls of the same request must count with already. */
import type { SessionControl } from "../session/session.ts";

interface SentCookie {
  /** As in a Cookie header; empty: it was deleted. */
  readonly text: string;
  /** Of the session at that time: with another one, its own cookie is newer. */
  readonly signedSid: string | undefined;
}

const sent = new WeakMap<SessionControl, Map<string, SentCookie>>();

/** Queues a Set-Cookie and keeps it in mind. @throws ReadOnlySessionError, HeadersSentError as `addCookie` */
export function sendCookie(control: SessionControl, line: string): void {
  control.addCookie(line);
  const jar = sent.get(control) ?? new Map<string, SentCookie>();
  const text = isDeletion(line) ? "" : pairTextOf(line);
  sent.set(control, jar.set(cookieNameOf(line), { text, signedSid: control.signedSid }));
}

/** By name, texts such as `session=abc`, which are empty where the cookie was deleted. */
export function sentCookies(control: SessionControl): ReadonlyMap<string, string> {
  const { cookieName, signedSid } = control;
  const cookies = [...(sent.get(control) ?? [])];
  const valid = cookies.filter(([name, cookie]) => name !== cookieName || cookie.signedSid === signedSid);
  return new Map(valid.map(([name, { text }]) => [name, text]));
}

/** The name in a Set-Cookie, or in a part of a Cookie header. */
export function cookieNameOf(text: string): string {
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
