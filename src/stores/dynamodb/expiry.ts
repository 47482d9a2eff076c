/**
 * The attribute `expiration`: seconds since 1970, wrong by the zone of the machine that Flask runs on. Flask-Session 0.8.0
 * takes `datetime.utcnow()` and asks for its `timestamp()`, which counts the digits of UTC for those of the local clock.
 */
import { ConfigError } from "../../errors.ts";
import { type Offsets, offsetsOf, wallOffset } from "../../values/zone-offsets.ts";
import type { Attribute } from "./client.ts";

/** What Flask's machine makes of an instant, and back. */
export class Expiry {
  readonly #offsetAt: Offsets;

  /** @param zone of the tz database. @throws ConfigError for another */
  constructor(zone: string) {
    const offsetAt = offsetsOf(zone);
    if (offsetAt === undefined) {
      throw new ConfigError('Cannot use flaskTimeZone: it must be a zone of the tz database, such as "Europe/Paris"');
    }
    this.#offsetAt = offsetAt;
  }

  /** As Flask stores it, but to a millisecond; Python's floats have more digits. */
  stored(instant: Date): Attribute {
    return number(instant, wallOffset(this.#offsetAt, instant.getTime(), 0));
  }

  /**
   * What is stored for later instants is greater than this. In the hour that Flask's clock leaves out in spring it stores
   * two instants as one number: what may be live then counts as such.
   */
  threshold(instant: Date): Attribute {
    const [before, after] = ([0, 1] as const).map((fold) => wallOffset(this.#offsetAt, instant.getTime(), fold));
    return number(instant, Math.max(before as number, after as number));
  }

  /** The instant that is meant; `undefined` for what is no number. In the hour that is left out, the later of the two. */
  instant(stored: Attribute | undefined): Date | undefined {
    const millis = Number(stored?.N ?? Number.NaN) * 1000;
    if (!(Math.abs(millis) <= MAX_MILLIS)) return undefined;
    return new Date(millis + this.#offsetAt(millis) * 1000);
  }
}

function number(instant: Date, offset: number): Attribute {
  return { N: (instant.getTime() / 1000 - offset).toFixed(3) };
}

/** A day less than a Date can be, for the offset. */
const MAX_MILLIS = 8.64e15 - 86_400_000;
