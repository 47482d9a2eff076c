/** The Python sides that Node is tested beside, one a pinned environment, and which of them this run meets. */
import type { FlaskConfigOptions } from "../../src/config/index.ts";
import { isBefore, versionOf } from "../../src/session/versions.ts";
import type { FlaskEnvironment } from "../python/judge.ts";

/** Flask-Session with what was released around it. */
export interface Side {
  readonly environment: FlaskEnvironment;
  /** How tables call it. */
  readonly name: string;
  /** What Node is told of it. */
  readonly options: Required<Pick<FlaskConfigOptions, "flaskSessionVersion" | "flaskVersion">>;
}

/** In the order of their releases. */
export const sides: readonly Side[] = [
  side("fs032-flask11", "0.3.2", "0.3", "1.1"),
  side("fs040-flask20", "0.4.0", "0.4", "2.0"),
  side("fs041-flask22", "0.4.1", "0.4", "2.2"),
  side("fs050-flask22", "0.5.0", "0.5", "2.2"),
  side("fs060-flask23", "0.6.0", "0.6", "2.3"),
  side("fs070-flask30", "0.7.0", "0.7", "3.0"),
  side("fs080-flask31", "0.8.0", "0.8", "3.1"),
  side("fs080-newest", "0.8.0, all else the newest", "0.8", "3.1"),
];

/** Those of `npm test`: the oldest and the newest way of keeping sessions. */
const USUAL = "fs050-flask22,fs080-flask31";

/** The sides of this run: all with INTEROP=all, or those that INTEROP_ENVIRONMENTS names with commas between. */
export const sidesOfRun: readonly Side[] = chosen(
  process.env["INTEROP_ENVIRONMENTS"] ?? (process.env["INTEROP"] === "all" ? "all" : USUAL),
);

/** Whether a side has a Flask-Session older than this. */
export function hasFlaskSessionBefore({ options }: Side, major: number, minor: number): boolean {
  return isBefore(versionOf(options.flaskSessionVersion, "flaskSessionVersion"), major, minor);
}

/** Whether a side has a Flask older than this. */
export function hasFlaskBefore({ options }: Side, major: number, minor: number): boolean {
  return isBefore(versionOf(options.flaskVersion, "flaskVersion"), major, minor);
}

function side(
  environment: FlaskEnvironment,
  name: string,
  flaskSessionVersion: Side["options"]["flaskSessionVersion"],
  flaskVersion: string,
): Side {
  return { environment, name, options: { flaskSessionVersion, flaskVersion } };
}

/** @throws Error for a name that is none of ours: a run that tests nothing must not pass */
function chosen(names: string): readonly Side[] {
  if (names === "all") return sides;
  return names.split(",").map((name) => {
    const found = sides.find(({ environment }) => environment === name);
    if (found === undefined) throw new Error(`INTEROP_ENVIRONMENTS: there is no environment ${name}`);
    return found;
  });
}
