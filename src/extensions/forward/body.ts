/** What a request to Flask may carry. */
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** Text, a form, bytes, or a stream of bytes. */
export type ForwardBody =
  | string
  | URLSearchParams
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<string | Uint8Array>;

/** A body, ready to be sent. */
export interface PreparedBody {
  /** A stream has no length and is sent in chunks. */
  readonly content: Uint8Array | Readable;
  /** As Fetch would say it; absent: Fetch would not. */
  readonly contentType?: string;
}

/** @throws TypeError for what is no body */
export function preparedBody(body: ForwardBody): PreparedBody {
  if (typeof body === "string") return { content: Buffer.from(body), contentType: "text/plain;charset=UTF-8" };
  if (body instanceof Uint8Array) return { content: body };
  if (body instanceof URLSearchParams) {
    const contentType = "application/x-www-form-urlencoded;charset=UTF-8";
    return { content: Buffer.from(String(body)), contentType };
  }
  if (body instanceof Readable) return { content: body };
  if (body instanceof ReadableStream) return { content: Readable.fromWeb(body as NodeReadableStream) };
  if (typeof body === "object" && Symbol.asyncIterator in body) return { content: Readable.from(body) };
  throw new TypeError("Cannot forward: the body must be text, a URLSearchParams, a Uint8Array or a stream");
}
