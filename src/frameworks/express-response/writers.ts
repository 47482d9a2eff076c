/** Streams that write a response by themselves: a handler that is done with is easier to stop than they are. */
import type { ServerResponse } from "node:http";

/** On a response: what is piped into it, or was. */
const SOURCES: unique symbol = Symbol("flask-session-node: sources");

interface Source {
  unpipe(destination: unknown): unknown;
}

interface PipedResponse extends ServerResponse {
  [SOURCES]?: Source[];
}

/** Remembers what is piped into a response from now on. */
export function rememberSources(response: ServerResponse): void {
  response.on("pipe", remember);
}

/** Stops whoever writes a response that does not go out: they would write on into the one that goes out instead. */
export function dismissWriters(response: PipedResponse): void {
  for (const source of response[SOURCES] ?? []) source.unpipe(response);
  response.removeAllListeners("drain");
}

function remember(this: PipedResponse, source: Source): void {
  this[SOURCES] ??= [];
  this[SOURCES].push(source);
}
