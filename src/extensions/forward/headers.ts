/** The headers of a request to Flask. */
import { type ExtensionRequest, headerOf, peerOf } from "../request.ts";
import type { PreparedBody } from "./body.ts";

/** Those that are the browser's, or this connection's own, and so nobody else's. */
const RESERVED: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "user-agent",
  "x-forwarded-for",
]);

/** As Fetch takes them. */
export type ForwardHeaders = Headers | Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/** The caller's headers. @throws TypeError for one that is not the caller's to set, or that HTTP cannot have */
export function givenHeaders(given: ForwardHeaders = {}): Headers {
  const headers = new Headers(given as Headers);
  for (const name of headers.keys()) {
    if (RESERVED.has(name) || name.startsWith("proxy-")) {
      throw new TypeError(`Cannot forward: the header ${name} is not the caller's to set`);
    }
  }
  return headers;
}

/**
 * What is sent besides Host and the connection's own. Flask-Login hashes the address and the User-Agent, so both must be
 * what Flask sees when the browser asks it directly.
 */
export function requestHeaders(
  request: ExtensionRequest,
  given: Headers,
  cookie: string | undefined,
  body: PreparedBody | undefined,
): Record<string, string> {
  const { content, contentType } = body ?? {};
  const entries = {
    "content-type": contentType,
    ...Object.fromEntries(given),
    "user-agent": headerOf(request, "user-agent"),
    "x-forwarded-for": headerOf(request, "x-forwarded-for") ?? peerOf(request),
    cookie,
    "content-length": content instanceof Uint8Array ? String(content.length) : undefined,
  };
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
