/** Where a session can lie, as a Flask side reads and saves it: each way in which a record is written by us and read by it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Format } from "../../src/codecs/codec.ts";
import { flaskConfig } from "../../src/config/index.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import { sides as versionsIn } from "../interop/sides.ts";
import type { EnvironmentName } from "../python/judge.ts";
import { type FlaskApp, type FlaskConfig, startFlask } from "../services/flask-app.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";

/** A record's format, and the Flask that reads it. */
export interface Target {
  readonly name: string;
  readonly environment: EnvironmentName;
  readonly store: "redis" | "filesystem";
  /** The record's own format, which Node keeps. */
  readonly format: Format;
  /** The format in which this Flask saves the record, where that is another. */
  readonly next?: "msgpack" | "json";
}

/** Every one of them. */
export const targets: readonly Target[] = [
  { name: "0.8, Redis, msgpack", environment: "fs080-flask31", store: "redis", format: "msgpack" },
  { name: "0.8, Redis, JSON", environment: "fs080-flask31", store: "redis", format: "json" },
  {
    name: "0.8, Redis, a pickle that is saved as msgpack",
    environment: "fs080-flask31",
    store: "redis",
    format: "pickle",
    next: "msgpack",
  },
  {
    name: "0.8, Redis, a pickle that is saved as JSON",
    environment: "fs080-flask31",
    store: "redis",
    format: "pickle",
    next: "json",
  },
  {
    name: "0.8, Redis, JSON that is saved as msgpack",
    environment: "fs080-flask31",
    store: "redis",
    format: "json",
    next: "msgpack",
  },
  {
    name: "0.8, Redis, msgpack that is saved as JSON",
    environment: "fs080-flask31",
    store: "redis",
    format: "msgpack",
    next: "json",
  },
  { name: "0.8, files", environment: "fs080-newest", store: "filesystem", format: "pickle" },
  { name: "0.5, Redis, pickle", environment: "fs050-flask22", store: "redis", format: "pickle" },
  { name: "0.5, files", environment: "fs050-flask22", store: "filesystem", format: "pickle" },
];

/** Versions of Flask-Session beside those above, with what was released around them: other msgspecs, other Pythons' picklers. */
export const otherVersions: readonly Target[] = [
  ...(["fs032-flask11", "fs040-flask20", "fs041-flask22", "fs060-flask23"] as const).flatMap((environment) =>
    (["redis", "filesystem"] as const).map(
      (store): Target => ({ name: `${environment}, ${store}, pickle`, environment, store, format: "pickle" }),
    ),
  ),
  ...(["fs070-flask30", "fs080-newest"] as const).flatMap((environment): Target[] => {
    const inRedis = { environment, store: "redis" } as const;
    return [
      { ...inRedis, name: `${environment}, redis, msgpack`, format: "msgpack" },
      { ...inRedis, name: `${environment}, redis, JSON`, format: "json" },
      {
        ...inRedis,
        name: `${environment}, redis, a pickle that is saved as msgpack`,
        format: "pickle",
        next: "msgpack",
      },
      { ...inRedis, name: `${environment}, redis, a pickle that is saved as JSON`, format: "pickle", next: "json" },
    ];
  }),
  { name: "fs070-flask30, files, pickle", environment: "fs070-flask30", store: "filesystem", format: "pickle" },
];

/** Those of `npm test`, or with INTEROP=all of every version. */
export const targetsOfRun: readonly Target[] =
  process.env["INTEROP"] === "all" ? [...targets, ...otherVersions] : targets;

/** A target with its Flask and its Node. */
export interface Side {
  readonly target: Target;
  readonly flask: FlaskApp;
  readonly sessions: Sessions;
  readonly store: Store;
}

/** The servers of all targets. */
export interface Sides {
  readonly sides: readonly Side[];
  readonly stop: () => Promise<void>;
}

/** More than the sessions of a test, so that Python removes none of their files. */
const THRESHOLD = 100_000;

/** Starts a Redis, and for each target a Flask (targets of one configuration share it) and a Node. */
export async function startSides(chosen: readonly Target[] = targetsOfRun): Promise<Sides> {
  const server: RedisServer = await startRedis(["--maxclients", "200"]);
  const redis = new Redis(server.port);
  const folders: string[] = [];
  const apps = new Map<string, Promise<FlaskApp>>();
  const folderOf = new Map<string, string>();

  const side = async (target: Target): Promise<Side> => {
    const { environment, store, format, next } = target;
    const written = next ?? format;
    const shared = `${environment} ${store} ${written}`;
    if (!folderOf.has(shared)) {
      folderOf.set(shared, mkdtempSync(join(tmpdir(), "other-way-")));
      folders.push(folderOf.get(shared) as string);
    }
    const config: FlaskConfig = {
      SECRET_KEY: "your-super-secret-key",
      SESSION_TYPE: store,
      SESSION_KEY_PREFIX: "session:",
      ...(written === "pickle" ? {} : { SESSION_SERIALIZATION_FORMAT: written }),
      ...(store === "filesystem" ? { SESSION_FILE_DIR: folderOf.get(shared), SESSION_FILE_THRESHOLD: THRESHOLD } : {}),
    };
    const flaskConfiguration = store === "redis" ? { ...config, SESSION_REDIS: server.url } : config;
    if (!apps.has(shared)) apps.set(shared, startFlask({ environment, app: "visits", config: flaskConfiguration }));
    const flask = await (apps.get(shared) as Promise<FlaskApp>);
    const versions = versionsIn.find((version) => version.environment === environment)?.options ?? {};
    const options = flaskConfig(store === "redis" ? { ...config, SESSION_REDIS: redis } : config, versions);
    return { target, flask, sessions: createSessions(options), store: options.store as Store };
  };

  const stop = async (): Promise<void> => {
    for (const app of apps.values()) await (await app).stop();
    redis.disconnect();
    await server.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { sides: await Promise.all(chosen.map(side)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
