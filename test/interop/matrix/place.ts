/** What the matrix needs of a store: where the sessions of both sides lie, and how a test looks at them. */
import type { FlaskConfigOptions } from "../../../src/config/index.ts";
import type { FlaskConfig } from "../../services/flask-app.ts";
import type { ServiceName } from "../../services/services.ts";
import { hasFlaskSessionBefore, type Side } from "../sides.ts";

/** What lies in a store. */
export interface Lying {
  readonly bytes: Uint8Array;
  readonly secondsLeft: number;
}

/** The store of one Flask app. */
export interface Place {
  /** Flask's keys, which Node takes too. */
  readonly config: FlaskConfig;
  /** Those that Node is told otherwise. */
  readonly node?: FlaskConfig;
  /** Every session. */
  lying(): Promise<readonly Lying[]>;
  /** Puts this in the place of the only session. */
  replace(lying: Lying): Promise<void>;
  /** Removes every session. */
  clear(): Promise<void>;
}

/** A kind of store. */
export interface Places {
  /** How tables call it. */
  readonly name: string;
  /** Under which settings, in Markdown. */
  readonly about: string;
  readonly service?: ServiceName;
  /** Whether records are in the format of SESSION_SERIALIZATION_FORMAT; pickles in every version else. */
  readonly serializes: boolean;
  /** Sides that it is for; all if absent. */
  readonly isFor?: (side: Side) => boolean;
  /** What becomes in Flask of a session that is not permanent at its next request, where it is not found. */
  readonly transient?: (side: Side) => "error" | "blank" | undefined;
  /** What Node is told beside the versions of a side. */
  readonly options?: (side: Side) => FlaskConfigOptions;
  /** Whether Flask is lent a driver that its environment lacks, of the environment `drivers`. */
  readonly lendsDriver?: boolean;
  /** One for each app of a side. */
  place(side: Side): Promise<Place>;
  /** Ends what was started for the places. */
  end(): Promise<void>;
}

/** What is walked through in every store. */
export const SETTINGS = "All of it with session ids signed and not, and with `SESSION_PERMANENT` on and off.";

/** A running server, with what a test talks to it through. */
interface Running {
  stop(): Promise<void>;
}

/** A server for the places of one side, started for the first of them. */
export function served<S extends Running>(
  start: () => Promise<S>,
  place: (server: S, side: Side) => Place | Promise<Place>,
): Pick<Places, "place" | "end"> {
  let server: S | undefined;
  return {
    async place(side) {
      server ??= await start();
      return place(server, side);
    },
    async end() {
      const ended = server;
      server = undefined;
      await ended?.stop();
    },
  };
}

/** Cachelib came with Flask-Session 0.7. */
export const hasCachelib = (side: Side): boolean => !hasFlaskSessionBefore(side, 0, 7);

/** Where an expiry has a place of its own. */
export const PERMANENT_ALONE = "Up to 0.6 with it on alone (13).";
