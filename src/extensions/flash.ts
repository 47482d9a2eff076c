/** Messages for the next page, in the session's key `_flashes`: `flash` and `get_flashed_messages` of Flask 3.1.3. */
import { ReadOnlySessionError } from "../errors.ts";
import type { SessionControl } from "../session/session.ts";
import { py } from "../values/py.ts";
import type { Markup } from "../values/value-types.ts";
import { controlOf, type ExtensionRequest, sessionOf } from "./request.ts";

export type { ExtensionRequest, HeaderLookup } from "./request.ts";

/** What Flask's templates show; safe HTML where it is Markup, which msgpack and JSON cannot hold. */
export type FlashedMessage = string | Markup;

/** Which messages, and in which form. */
export interface FlashedOptions {
  /** Pairs of category and message in place of messages. @defaultValue false */
  readonly withCategories?: boolean;
  /** Only messages of these categories; empty: of all. @defaultValue [] */
  readonly categoryFilter?: readonly string[];
}

/** A category and its message. */
export type FlashedPair = readonly [category: string, message: FlashedMessage];

const KEY = "_flashes";

/** What a request has taken out already; later calls of the same request get the same. */
const taken = new WeakMap<SessionControl, readonly FlashedPair[]>();

/**
 * Keeps a message for who calls {@link getFlashedMessages} next, in Flask or here.
 * @param category Flask recommends `message`, `error`, `info` and `warning`
 * @throws ReadOnlySessionError on a session that `read()` gave
 */
export async function flash(request: ExtensionRequest, message: FlashedMessage, category = "message"): Promise<void> {
  const session = sessionOf(request);
  const { format, isReadOnly } = controlOf(session);
  if (isReadOnly) throw new ReadOnlySessionError("Cannot flash a message into a session that read() gave");
  // Tuples where the format has them, as Flask writes; it reads lists as well.
  const pair = format === "pickle" || format === "tagged-json" ? py.tuple([category, message]) : [category, message];
  session[KEY] = [...flashesIn(session), pair];
}

/**
 * Takes the messages out of the session.
 * @throws ReadOnlySessionError on a session that `read()` gave, where there are any
 */
export function getFlashedMessages(
  request: ExtensionRequest,
  options: FlashedOptions & { readonly withCategories: true },
): Promise<FlashedPair[]>;
export function getFlashedMessages(request: ExtensionRequest, options?: FlashedOptions): Promise<FlashedMessage[]>;
export async function getFlashedMessages(
  request: ExtensionRequest,
  { withCategories = false, categoryFilter = [] }: FlashedOptions = {},
): Promise<FlashedMessage[] | FlashedPair[]> {
  const pairs = take(sessionOf(request));
  const wanted = categoryFilter.length === 0 ? pairs : pairs.filter(([category]) => categoryFilter.includes(category));
  return withCategories ? [...wanted] : wanted.map(([, message]) => message);
}

function take(session: Record<string, unknown>): readonly FlashedPair[] {
  const control = controlOf(session);
  const before = taken.get(control);
  if (before !== undefined) return before;
  const pairs = flashesIn(session).map(([category, message]): FlashedPair => [category, message]);
  if (KEY in session) {
    if (control.isReadOnly) throw new ReadOnlySessionError("Cannot take messages out of a session that read() gave");
    delete session[KEY];
  }
  taken.set(control, pairs);
  return pairs;
}

/** What lies there, whoever put it there. */
function flashesIn(session: Record<string, unknown>): FlashedPair[] {
  const flashes = session[KEY];
  return Array.isArray(flashes) ? (flashes as FlashedPair[]) : [];
}
