/** Where the sessions of a login lie, in Flask and in Node. */
import type { FlaskConfig, FlaskConfigOptions } from "../../../src/config/index.ts";
import type { EnvironmentName } from "../../python/judge.ts";

/** What a place has to be told. */
export interface Servers {
  readonly redis: string;
  readonly folder: string;
}

/** A kind of session, and who keeps it. */
export interface Place {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly options: FlaskConfigOptions;
  readonly config: (servers: Servers) => FlaskConfig;
}

const inRedis = ({ redis }: Servers) => ({ SESSION_TYPE: "redis", SESSION_REDIS: redis });

/** One for each way in which a session can be empty, and each format. */
export const places: readonly Place[] = [
  { name: "Flask's own cookie", environment: "fs080-flask31", options: {}, config: () => ({}) },
  { name: "Redis, msgpack", environment: "fs080-flask31", options: { flaskSessionVersion: "0.8" }, config: inRedis },
  {
    name: "Redis, pickles",
    environment: "fs040-flask20",
    options: { flaskSessionVersion: "0.4", flaskVersion: "2.0" },
    config: inRedis,
  },
  {
    name: "files",
    environment: "fs080-flask31",
    options: { flaskSessionVersion: "0.8" },
    config: ({ folder }) => ({ SESSION_TYPE: "filesystem", SESSION_FILE_DIR: folder }),
  },
];
