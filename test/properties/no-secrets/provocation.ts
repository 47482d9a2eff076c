/** Ways to make the library fail, and what they gave. */
import { type ErrorCode, FlaskSessionError } from "../../../src/errors.ts";
import type { SessionEvent } from "../../../src/session/events.ts";
import type { SessionOptions } from "../../../src/session/options.ts";
import type { Session } from "../../../src/session/session.ts";
import { createSessions, type Sessions } from "../../../src/session/sessions.ts";
import type { Store } from "../../../src/session/store.ts";
import { COOKIE, SECRET } from "./marks.ts";

/** What an error is called: its code, or the class of a programmer's mistake. */
export type Failure = ErrorCode | "TypeError" | "RangeError";

/** Hears every event of the sessions under test. */
export type Listener = (event: SessionEvent) => void;

/** A way to fail, by what users of the library call. */
export interface Provocation {
  readonly name: string;
  /** Every error is one of these; none of them is missing. */
  readonly fails?: readonly Failure[];
  /** Events that must be told of, among others. */
  readonly tells?: readonly SessionEvent["type"][];
  /** @returns the errors */
  readonly by: (tell: Listener) => Promise<readonly unknown[]> | readonly unknown[];
}

/** The name of an error in {@link Failure}. */
export function nameOf(error: unknown): string {
  return error instanceof FlaskSessionError ? error.code : (error as Error).name;
}

/** What calls throw or reject with, one after the other. */
export async function errorsOf(...calls: readonly (() => unknown)[]): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  for (const call of calls) {
    try {
      await call();
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

/** The sessions of an app that signs its ids. */
export function signedSessions(store: Store, tell: Listener, options: Partial<SessionOptions> = {}): Sessions {
  return createSessions({ store, secretKey: SECRET, useSigner: true, permanent: false, onEvent: tell, ...options });
}

/** What a handler does with the session of the visitor with the marked cookie, and the end of the request. */
export async function request(sessions: Sessions, handle: (session: Session) => unknown): Promise<void> {
  const opened = await sessions.open(COOKIE);
  await handle(opened.session);
  await opened.finish();
}

/** The first item of a listing, which is then let go of. */
export async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** An error that showed itself elsewhere, in the output of a process or in a response, with all that was shown. */
export function shownElsewhere(name: Failure, text: string): Error {
  return Object.assign(new Error(text), { name });
}
