/** A browser that sends the headers it is told and no others: fetch cannot be without a User-Agent. */
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: IncomingMessage["headers"];
  readonly setCookie: readonly string[];
}

/** One visitor's browser, which keeps cookies by name, for every port. */
export class PlainBrowser {
  readonly cookies: Map<string, string> = new Map<string, string>();
  /** Sent with every request, a list line by line; one character a byte. */
  headers: Readonly<Record<string, string | string[]>>;

  constructor(headers: Readonly<Record<string, string | string[]>> = {}) {
    this.headers = headers;
  }

  get(url: string): Promise<Answer> {
    return this.send("GET", url);
  }

  post(url: string, value: unknown = {}): Promise<Answer> {
    return this.send("POST", url, JSON.stringify(value));
  }

  /** The body of an answer that went well. @throws Error with the answer otherwise */
  async json(url: string): Promise<unknown> {
    const { status, body } = await this.get(url);
    if (status !== 200) throw new Error(`${status} ${String(body)}`);
    return body;
  }

  async send(method: string, url: string, body?: string): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = {
      ...this.headers,
      ...(cookie === "" ? {} : { cookie }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    // A body that is text takes the headers with it, which Node then writes as UTF-8.
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { method, headers, agent: false }, resolve).on("error", reject).end(bytes);
    });
    const setCookie = response.headers["set-cookie"] ?? [];
    for (const line of setCookie) this.#keep(line);
    return {
      status: response.statusCode ?? 0,
      body: parsed(await text(response)),
      headers: response.headers,
      setCookie,
    };
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    if (attributes.includes("Max-Age=0")) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
