/** What extensions take of a request: a framework's own, or its three parts. */
import { Session, type SessionControl } from "../session/session.ts";

/** A request of Node or Express, or whoever has a session, headers and an address. */
export interface ExtensionRequest {
  /** What a framework's adapter, `open()` or `read()` gives. */
  readonly session: unknown;
  /** Names in lower case, as Node has them, or the `Headers` of Fetch. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> | HeaderLookup;
  /** The peer; without it that of the socket counts. */
  readonly remoteAddress?: string | undefined;
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined;
}

/** The `Headers` of Fetch, as far as they are asked. */
export interface HeaderLookup {
  get(name: string): string | null;
}

/** The session object of a request. @throws TypeError where it has none */
export function sessionOf({ session }: ExtensionRequest): Record<string, unknown> {
  controlOf(session);
  return session as Record<string, unknown>;
}

/** The verbs of a session. @throws TypeError where it is none */
export function controlOf(session: unknown): SessionControl {
  return Session.of(session as object);
}

/** A header's text; several of one name are one text, as WSGI joins them. `undefined`: there is none. @param name in lower case */
export function headerOf({ headers }: ExtensionRequest, name: string): string | undefined {
  if (isLookup(headers)) return headers.get(name) ?? undefined;
  const value = headers[name];
  return typeof value === "object" ? value.join(",") : value;
}

/** The address of the peer, an IPv4 one as Flask sees it: Node listens on `::` and calls it `::ffff:127.0.0.1`. */
export function peerOf({ remoteAddress, socket }: ExtensionRequest): string | undefined {
  return (remoteAddress ?? socket?.remoteAddress)?.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}

function isLookup(headers: ExtensionRequest["headers"]): headers is HeaderLookup {
  return typeof headers["get"] === "function";
}
