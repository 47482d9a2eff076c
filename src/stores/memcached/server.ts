/** Which memcached a config names, in the notations of the Python clients. */
import { isIPv6, type NetConnectOpts } from "node:net";
import { ConfigError } from "../../errors.ts";

/**
 * `host:port`, `host`, `[::1]:11211`, `memcached://host:port`, the path of a UNIX socket; a list of one of them, as
 * pylibmc and python-memcached take it; a host and a port, as pymemcache does.
 */
export type MemcachedServer = string | readonly [string] | readonly [host: string, port: number];

/** What a server is, as a message says it that does not show the value. */
export const A_MEMCACHED_SERVER = 'it must be a server such as "127.0.0.1:11211", or a list of one';

const DEFAULT_PORT = 11211;
const HOST_AND_PORT = /^(?:\[([^\]]+)\]|([^:[\]/@?#]+))(?::(\d{1,5}))?$/;

/** @throws ConfigError for more than one server, and for what names none */
export function addressOf(server: unknown, option: string): NetConnectOpts {
  const texts = textsOf(server);
  if (texts.length > 1) {
    throw new ConfigError(
      `Cannot use ${option}: it names ${texts.length} servers, and which of them holds a session depends on the Python ` +
        "client; give one server, or a client of your own that finds the right one",
    );
  }
  const address = addressIn(texts[0] ?? "");
  if (address === undefined) throw new ConfigError(`Cannot use ${option}: ${A_MEMCACHED_SERVER}`);
  return address;
}

/** The servers that are named; text of several, as environment variables hold it, is taken apart. */
function textsOf(server: unknown): readonly string[] {
  if (Array.isArray(server) && server.length === 2 && typeof server[1] === "number") {
    return [isIPv6(String(server[0])) ? `[${server[0]}]:${server[1]}` : `${server[0]}:${server[1]}`];
  }
  const listed: readonly unknown[] = Array.isArray(server) ? server : [server];
  return listed.flatMap((one) => (typeof one === "string" ? one.split(/[\s,;]+/).filter(Boolean) : [""]));
}

function addressIn(text: string): NetConnectOpts | undefined {
  const path = /^(?:unix:)?(\/.*)$/.exec(text)?.[1];
  if (path !== undefined) return { path };
  const plain = text.replace(/^(?:memcached:\/\/|inet6?:)/, "").replace(/\/$/, "");
  if (isIPv6(plain)) return { host: plain, port: DEFAULT_PORT };
  const [, bracketed, host = bracketed, port = DEFAULT_PORT] = HOST_AND_PORT.exec(plain) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65535) return undefined;
  return { host, port: Number(port) };
}
