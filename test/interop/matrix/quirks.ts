/** Where a version of Flask-Session does not do what 0.8 does. Tests expect it so; docs/interop.md lists it by number. */
import { hasFlaskBefore, hasFlaskSessionBefore, type Side } from "../sides.ts";
import type { Places } from "./place.ts";

/** What is different, and what Node does beside it. */
interface Quirk {
  /** In Markdown. */
  readonly text: string;
  readonly has: (side: Side, store?: Places) => boolean;
}

const before = (minor: number) => (side: Side) => hasFlaskSessionBefore(side, 0, minor);
const isZeroSix = (side: Side): boolean => before(7)(side) && !before(6)(side);

/** In the order of their numbers. */
export const QUIRKS = {
  UUID: {
    text: "Session ids are UUIDs, and `SESSION_ID_LENGTH` says nothing (up to 0.5). Node makes the same.",
    has: before(6),
  },
  "no SameSite": {
    text: "`SESSION_COOKIE_SAMESITE` says nothing (0.3). Node sends no `SameSite` either.",
    has: before(4),
  },
  dashes: {
    text: "Dates in Set-Cookie have dashes (Flask before 2.0). Node writes the same.",
    has: (side) => hasFlaskBefore(side, 2, 0),
  },
  "no Vary": {
    text: "No response says `Vary: Cookie` (up to 0.6). Node's do, in every version.",
    has: before(7),
  },
  "always a cookie": {
    text: "Each response sets the cookie, and where `SESSION_PERMANENT` is on each visitor has a record, with nothing but `_permanent` in it before the first key and after the last (up to 0.5). Node sets the cookie as 0.8 does, and stores nothing of who has no key.",
    has: before(6),
  },
  adopts: {
    text: "The sid of a session that is over, or that a visitor made up, is used for the next one (up to 0.6). Node makes a new one, as 0.7 and later do.",
    has: before(7),
  },
  "no regenerate": {
    text: "There is no `regenerate()` (up to 0.6). Node has it beside every version.",
    has: before(7),
  },
  "clear forgets": {
    text: "`session.clear()` takes `_permanent` too, so that what is set after it is no longer permanent (up to 0.6). Node's `clear()` keeps it, as 0.7 and later do.",
    has: before(7),
  },
  idle: {
    text: "Where the session is not permanent, a request that sets no key neither renews the lifetime nor stores a change inside a value (0.6). Node does both.",
    has: (side, store) => isZeroSix(side) && store?.transient?.(side) === undefined,
  },
  "blank or 500": {
    text: "Of what 0.7 and later write, msgpack with two or three keys is a 500 until the record ends, all else a blank session (0.6). Node reads it, and saves it as a pickle, which every version reads.",
    has: isZeroSix,
  },
  overwrites: {
    text: "What 0.7 and later write is a blank session, which overwrites it where it is stored (up to 0.5). Node reads it, and saves it as a pickle, which every version reads.",
    has: before(6),
  },
  converts: {
    text: "A pickle that 0.6 or an older one has left becomes msgpack or JSON when Flask saves it, a tuple a list and so on (from 0.7). Node saves it as a pickle, with its types.",
    has: (side) => !before(7)(side),
  },
  "no expiry": {
    text: "In SQL and MongoDB a session that is not permanent, and what is set after `session.clear()`, is stored without an expiry: its next request is a 500 (up to 0.5, in MongoDB up to 0.6) or finds nothing (0.6 in SQL). Node stores an expiry with every session.",
    has: (side, store) => store?.transient?.(side) !== undefined,
  },
} as const satisfies Readonly<Record<string, Quirk>>;

/** A quirk's name. */
export type QuirkName = keyof typeof QUIRKS;

/** Whether a side has it, in this store where it is not so in all. */
export function hasQuirk(side: Side, name: QuirkName, store?: Places): boolean {
  const quirk: Quirk = QUIRKS[name];
  return quirk.has(side, store);
}
