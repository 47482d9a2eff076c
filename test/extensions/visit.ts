/** One request to sessions without a framework, as extensions see it. */
import type { ExtensionRequest } from "../../src/extensions/request.ts";
import type { Sessions } from "../../src/session/sessions.ts";

/** Opens the session of a cookie header, lets a handler at it, and gives the cookies of the response. */
export async function visit<Result>(
  sessions: Sessions,
  cookie: string | undefined,
  handle: (request: ExtensionRequest) => Promise<Result>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly result: Result; readonly setCookie: readonly string[] }> {
  const opened = await sessions.open(cookie);
  const request = { session: opened.session, headers, remoteAddress: "127.0.0.1" };
  const result = await handle(request);
  const { setCookie } = await opened.finish();
  return { result, setCookie };
}

/** What the browser sends back. */
export function cookieOf([line = ""]: readonly string[]): string {
  return line.split(";", 1)[0] as string;
}

/** What a promise rejects with. */
export async function rejection(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}
