/** Requests from Node to Flask on behalf of the browser, which leave the browser's login as it is. */
import type { Agent } from "node:http";
import { type ForwardBody, preparedBody } from "./forward/body.ts";
import { cookieHeader, passCookies } from "./forward/cookies.ts";
import { exchange } from "./forward/exchange.ts";
import { type ForwardHeaders, givenHeaders, requestHeaders } from "./forward/headers.ts";
import { originOf, targetOf } from "./forward/target.ts";
import { controlOf, type ExtensionRequest } from "./request.ts";

export type { ForwardBody } from "./forward/body.ts";
export type { ForwardHeaders } from "./forward/headers.ts";
export type { ExtensionRequest, HeaderLookup } from "./request.ts";

/** Which Flask, and how it is asked. */
export interface ForwardOptions {
  /** The origin of the Flask app, as Node reaches it: `http://127.0.0.1:5000`. */
  readonly to: string | URL;
  /** Names of cookies to pass besides the session's and Flask-Login's remember cookie. @defaultValue [] */
  readonly cookies?: readonly string[];
  /** Milliseconds until the head of Flask's answer must be there. @defaultValue 10000 */
  readonly timeoutMillis?: number;
  /** For connections of one's own kind: a certificate authority, a local address. @defaultValue Node's */
  readonly agent?: Agent;
}

/** What one request is. */
export interface ForwardInit {
  /** @defaultValue "GET" */
  readonly method?: string;
  /** Besides the browser's: Accept, Content-Type, X-CSRFToken, Referer and the like. */
  readonly headers?: ForwardHeaders;
  readonly body?: ForwardBody;
  /** Ends the request, and the answer's body. */
  readonly signal?: AbortSignal;
}

/**
 * Asks Flask. The answer is as Flask gives it, a redirect too; its body is a stream that must be read or cancelled, and
 * its Set-Cookies are on their way to the browser already.
 *
 * @param path begins with one slash
 * @throws TypeError, before anything is sent, for a path that leads elsewhere and for headers that are not the caller's to set
 * @throws SessionError where this request has changed a session that is Flask's own cookie
 * @throws ReadOnlySessionError where Flask sets cookies and the session came from `read()`
 * @throws HeadersSentError where Flask sets cookies and the response to the browser has begun
 * @throws StoreError, EncodeError as `save()`
 * @throws DOMException `TimeoutError`; the signal's reason; what `node:http` throws where nobody listens
 */
export type Forward = (request: ExtensionRequest, path: string, init?: ForwardInit) => Promise<Response>;

/** Methods that are no request for a page: a tunnel, and a mirror of headers that scripts may not see. */
const REFUSED_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE"]);

/** Makes the function that asks one Flask app. @throws TypeError for a `to` that is no origin */
export function createForward({ to, cookies = [], timeoutMillis = 10_000, agent }: ForwardOptions): Forward {
  const origin = originOf(to);
  return async (request, path, { method = "GET", headers, body, signal } = {}) => {
    const target = targetOf(path, origin);
    const control = controlOf(request.session);
    const prepared = body === undefined ? undefined : preparedBody(body);
    checkMethod(method, prepared !== undefined);
    const given = givenHeaders(headers);
    const cookie = await cookieHeader(request, control, cookies);
    const sent = requestHeaders(request, given, cookie, prepared);
    const answer = await exchange({ target, method, headers: sent, body: prepared, timeoutMillis, signal, agent });
    try {
      passCookies(control, answer.headers.getSetCookie());
    } catch (error) {
      await answer.body?.cancel();
      throw error;
    }
    return answer;
  };
}

function checkMethod(method: string, hasBody: boolean): void {
  if (REFUSED_METHODS.has(method.toUpperCase())) throw new TypeError(`Cannot forward: ${method} is no request`);
  if (hasBody && (method === "GET" || method === "HEAD")) throw new TypeError(`Cannot forward: ${method} has no body`);
}
