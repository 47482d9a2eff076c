/** Real Flask apps, each a process of one of the pinned environments on a port that the system chooses. */
import { join } from "node:path";
import { type EnvironmentName, projectFolder, pythonPath } from "../python/judge.ts";
import { Program } from "./process.ts";

/**
 * Flask's own configuration as JSON: a lifetime is seconds or `{ days: 7 }`, SESSION_REDIS a URL. `flaskConfig` takes the
 * same, but for SESSION_MEMCACHED and SESSION_CACHELIB, which `test/python/apps/serving.py` makes a client and a cache of.
 */
export type FlaskConfig = Readonly<Record<string, unknown>>;

/** Which app to start. */
export interface FlaskOptions {
  /** @defaultValue "fs080-flask31" */
  readonly environment?: EnvironmentName;
  /** A file of `test/python/apps`, without `.py`. */
  readonly app: "tutorial" | "workbench" | "workbenches" | "visits" | "forms" | "login" | "forwarded";
  /** Replaces what the app itself configures, key by key. */
  readonly config?: FlaskConfig;
  /** Where the app's relative paths begin. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A Flask app that answers. */
export interface FlaskApp {
  readonly port: number;
  /** Without a slash at its end. */
  readonly url: string;
  /** What the app has written, for the message of a failed test. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts an app. @throws Error with what it wrote, if it does not come up */
export async function startFlask(options: FlaskOptions): Promise<FlaskApp> {
  const { environment = "fs080-flask31", app, config = {}, cwd, env = {} } = options;
  const program = new Program({
    command: await pythonPath(environment),
    args: [join(projectFolder, "test", "python", "apps", `${app}.py`), JSON.stringify(config)],
    env: { PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const [, digits] = await program.output(/^serving on port (\d+)$/m);
  const port = Number(digits);
  return { port, url: `http://127.0.0.1:${port}`, log: () => program.log, stop: () => program.stop("SIGKILL") };
}
