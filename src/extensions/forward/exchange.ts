/** One request over `node:http` or `node:https`, and its answer as a `Response` of Fetch. No redirect is followed. */
import { type Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import type { PreparedBody } from "./body.ts";

/** What is sent, and how long is waited. */
export interface Exchange {
  readonly target: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: PreparedBody | undefined;
  /** Until the head of the answer is there. */
  readonly timeoutMillis: number;
  /** Ends the request, and the answer's body too. */
  readonly signal: AbortSignal | undefined;
  readonly agent: Agent | undefined;
}

/** Of one connection, and so not of the answer. */
const HOP_BY_HOP = /^(?:connection|keep-alive|proxy-[a-z-]+|te|trailer|transfer-encoding|upgrade)$/i;

/** Answers that have no body, to `Response` too. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** @throws the signal's reason, a `TimeoutError`, or what `node:http` has to say of a server that does not answer */
export async function exchange({ timeoutMillis, signal, ...sending }: Exchange): Promise<Response> {
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new DOMException(`Flask did not answer within ${timeoutMillis} ms`, "TimeoutError"));
  }, timeoutMillis);
  const stop = signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, signal]);
  try {
    return responseOf(await answerTo(sending, stop), sending.method);
  } finally {
    clearTimeout(timer);
  }
}

function answerTo(
  { target, method, headers, body, agent }: Omit<Exchange, "timeoutMillis" | "signal">,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(target, { method, headers, signal, ...(agent === undefined ? {} : { agent }) });
    request.on("response", resolve);
    request.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    const content = body?.content;
    if (!(content instanceof Readable)) request.end(content);
    else content.on("error", (error) => request.destroy(error)).pipe(request);
  });
}

/** @throws RangeError for a status that HTTP does not have */
function responseOf(answer: IncomingMessage, method: string): Response {
  const { statusCode = 0, statusMessage = "" } = answer;
  const bodiless = method === "HEAD" || BODILESS.has(statusCode);
  try {
    const body = bodiless ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
    return new Response(body, { status: statusCode, statusText: statusMessage, headers: headersOf(answer) });
  } finally {
    if (bodiless) answer.resume();
  }
}

/** Each header as often as it came; `Headers` keeps every Set-Cookie apart. */
function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!HOP_BY_HOP.test(name)) headers.append(name, value);
  }
  return headers;
}
