/** How long a session lives. */
import { kindOf, refused } from "./checks.ts";

/** A span of time, as Python's `timedelta` takes it: all parts are added up. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** Flask's own PERMANENT_SESSION_LIFETIME: 31 days. */
export const DEFAULT_LIFETIME_SECONDS: number = 31 * 86_400;

/** About 7,900 years: what ends after the year 9999 is no date in Python. */
export const MAX_LIFETIME_SECONDS = 250_000_000_000;

const SECONDS: Readonly<Record<keyof Duration, number>> = { days: 86_400, hours: 3600, minutes: 60, seconds: 1 };

/**
 * Whole seconds, as Flask-Session counts them: it cuts fractions off.
 * @param value seconds or their parts
 * @throws ConfigError below one second, which Redis refuses and files take for ever
 */
export function lifetimeSecondsOf(value: unknown, name: string): number {
  const seconds = Math.floor(typeof value === "number" ? value : sum(value, name));
  if (!(seconds >= 1 && seconds <= MAX_LIFETIME_SECONDS)) {
    throw refused(name, `it must be at least 1 second and at most ${MAX_LIFETIME_SECONDS}`);
  }
  return seconds;
}

function sum(value: unknown, name: string): number {
  if (typeof value !== "object" || value === null) {
    throw refused(name, `it must be seconds or { days, hours, minutes, seconds }, not ${kindOf(value)}`);
  }
  let seconds = 0;
  for (const [unit, amount] of Object.entries(value)) {
    if (!Object.hasOwn(SECONDS, unit))
      throw refused(name, "it may have days, hours, minutes and seconds, nothing else");
    if (typeof amount !== "number") throw refused(name, `${unit} must be a number, not ${kindOf(amount)}`);
    seconds += amount * SECONDS[unit as keyof Duration];
  }
  return seconds;
}
