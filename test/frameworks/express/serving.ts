/** Express applications of both versions on free ports, and a client that tells everything of an answer. */
import { once } from "node:events";
import { createServer, type RequestListener, request } from "node:http";
import type { AddressInfo } from "node:net";
import express5 from "express";
import express4 from "express4";

/** Both versions that the adapter serves. */
export const versions = [
  { version: "Express 5", express: express5 },
  { version: "Express 4", express: express4 },
] as const;

/** What a client asks for. */
export interface Asking {
  readonly path: string;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** What a client gets; `broken`: the connection ended before the answer did, whether or not its head had come. */
export type Answer =
  | { readonly broken: true }
  | {
      readonly broken: false;
      readonly status: number;
      readonly message: string;
      readonly headers: Readonly<Record<string, string | readonly string[]>>;
      readonly trailers: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** An answer that must be one. */
export type WholeAnswer = Extract<Answer, { broken: false }>;

/** An application that listens. */
export interface Served {
  readonly port: number;
  ask(asking: Asking): Promise<Answer>;
  /** As `ask`, for who cannot do without an answer. */
  get(path: string, cookie?: string): Promise<WholeAnswer>;
  close(): Promise<void>;
}

/** Serves an application on a free port. */
export async function serve(app: RequestListener): Promise<Served> {
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const asks = (asking: Asking): Promise<Answer> => ask(port, asking);
  return {
    port,
    ask: asks,
    get: async (path, cookie) => whole(await asks({ path, headers: cookie === undefined ? {} : { cookie } })),
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The answer, which must be whole. */
export function whole(answer: Answer): WholeAnswer {
  if (answer.broken) throw new TypeError("The connection broke");
  return answer;
}

/** The Set-Cookies of an answer. */
export function cookiesOf({ headers }: WholeAnswer): readonly string[] {
  return (headers["set-cookie"] ?? []) as readonly string[];
}

/** What a browser would send back: name and value of the first Set-Cookie. */
export function cookieOf(answer: WholeAnswer): string {
  const [text = ""] = cookiesOf(answer);
  return text.split(";")[0] ?? "";
}

function ask(port: number, { path, method = "GET", headers = {}, body }: Asking): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, path, method, headers, agent: false, timeout: 5000 }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", () => {
        resolve({ broken: true });
      });
      incoming.on("end", () => {
        resolve({
          broken: false,
          status: incoming.statusCode ?? 0,
          message: incoming.statusMessage ?? "",
          headers: incoming.headers as WholeAnswer["headers"],
          trailers: incoming.trailers as WholeAnswer["trailers"],
          body: Buffer.concat(chunks).toString("latin1"),
        });
      });
    });
    outgoing.on("timeout", () => {
      reject(new Error(`No answer to ${method} ${path} within 5 s`));
      outgoing.destroy();
    });
    outgoing.on("error", () => {
      resolve({ broken: true });
    });
    outgoing.end(body);
  });
}
