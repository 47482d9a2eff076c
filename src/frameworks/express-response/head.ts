/** Changes to the head of a response. */
import type { ServerResponse } from "node:http";
import type { ResponseHeaders } from "../../session/response-headers.ts";
import type { ExpressResponse } from "./response.ts";

/** Headers that describe what a handler wanted to send, and would lie about an error page. */
const OF_THE_CONTENT: ReadonlySet<string> = new Set([
  "accept-ranges",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-length",
  "content-location",
  "content-range",
  "content-type",
  "etag",
  "last-modified",
  "location",
  "trailer",
  "transfer-encoding",
]);

/** Adds what the session needs. Where the head went out by a way that nobody sees, there is nothing left to add to. */
export function addSessionHeaders(response: ExpressResponse, { setCookie, vary }: ResponseHeaders): void {
  if (response.headersSent) return;
  if (vary) varyByCookie(response);
  if (setCookie.length > 0) response.appendHeader("Set-Cookie", setCookie);
}

/** `res.vary` parses; most responses have no Vary yet, and need no parser. */
function varyByCookie(response: ExpressResponse): void {
  if (response.hasHeader("Vary")) response.vary("Cookie");
  else response.setHeader("Vary", "Cookie");
}

/**
 * Sets the headers that are given to `writeHead` itself, which would replace the session's, before the session's are
 * added.
 * @param args of `writeHead`
 * @returns the arguments that are left; all of them where Node would refuse them
 */
export function setOwnHeaders(response: ServerResponse, args: readonly unknown[]): readonly unknown[] {
  const [status, reason] = args;
  const hasMessage = typeof reason === "string";
  // Node takes `writeHead(200, undefined, headers)` too.
  const own = hasMessage ? args[2] : (args[2] ?? reason);
  if (Array.isArray(own)) {
    const list: readonly unknown[] = Array.isArray(own[0]) ? own.flat() : own;
    if (list.length % 2 !== 0) return args;
    setPairs(response, list);
  } else if (typeof own === "object" && own !== null) {
    for (const [name, value] of Object.entries(own)) if (name !== "") response.setHeader(name, value as string);
  }
  return hasMessage ? [status, reason] : [status];
}

/** Names and values in turn; a name that comes again is a second header, as newer versions of Node have it. */
function setPairs(response: ServerResponse, list: readonly unknown[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < list.length; index += 2) {
    const name = list[index] as string;
    const value = list[index + 1] as string;
    const field = name.toLowerCase();
    if (seen.has(field)) response.appendHeader(name, value);
    else if (field !== "") response.setHeader(name, value);
    seen.add(field);
  }
}

/**
 * Takes back what a handler said of a response that does not go out. The status is 500, so that whatever is sent in its
 * place, and by whom, does not look like success.
 */
export function discardHead(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) if (OF_THE_CONTENT.has(name)) response.removeHeader(name);
  response.statusCode = 500;
  response.statusMessage = "";
}
