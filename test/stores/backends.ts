/** Every place where Flask-Session keeps sessions, on a real server, told to both sides in Flask's own keys. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlaskConfig, FlaskConfigOptions } from "../../src/config/index.ts";
import { addressOf, makeTable, startDynamodb } from "../services/dynamodb-server.ts";
import type { FlaskConfig as FlaskJson } from "../services/flask-app.ts";
import { startMemcached } from "../services/memcached-server.ts";
import { startMongodb } from "../services/mongodb-server.ts";
import { startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { mariadb, mysqlUrl, postgresql, postgresUrl } from "./sql/servers.ts";

/** A place that is there, and how each side is told of it. All of it can be said in JSON, to another process. */
export interface OpenBackend {
  readonly flask: FlaskJson;
  readonly node: FlaskConfig;
  readonly options: FlaskConfigOptions;
  readonly end: () => Promise<void>;
}

/** A place for sessions. */
export interface Backend {
  /** As pages and tests call it. */
  readonly name: string;
  /** As it stands in a URL. */
  readonly path: string;
  /** Who deletes what has expired; `undefined` where records cannot be listed. */
  readonly expires: "by itself" | "on demand" | undefined;
  /** Whether Flask-Session 0.5 kept sessions there too, with what the tests have of its drivers. */
  readonly isOld: boolean;
  /** Starts or makes it. @param context of mocha, which is skipped where there is no server */
  readonly open: (context: Mocha.Context) => Promise<OpenBackend>;
}

const SECRET_KEY = "k".repeat(32);

/** What both sides are told in the same words. */
function alike(keys: FlaskJson, end: OpenBackend["end"], options: FlaskConfigOptions = {}): OpenBackend {
  const config: FlaskJson & FlaskConfig = { SECRET_KEY, ...keys };
  return { flask: config, node: config, options, end };
}

async function redis(context: Mocha.Context): Promise<OpenBackend> {
  requireService(context, "redis");
  const server = await startRedis();
  return alike({ SESSION_TYPE: "redis", SESSION_REDIS: server.url }, () => server.stop());
}

async function folder(): Promise<{ readonly directory: string; readonly end: OpenBackend["end"] }> {
  const directory = await mkdtemp(join(tmpdir(), "sessions-"));
  return { directory, end: () => rm(directory, { recursive: true }) };
}

async function files(): Promise<OpenBackend> {
  const { directory, end } = await folder();
  const keys = { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: directory, SESSION_FILE_THRESHOLD: 100_000 };
  return alike(keys, end, { fileNames: "md5" });
}

async function sqlite(): Promise<OpenBackend> {
  const { directory, end } = await folder();
  // How long either side waits for the file that others write.
  return sql(`sqlite:///${join(directory, "app.db")}?timeout=60`, end);
}

function sql(url: string, end: OpenBackend["end"] = () => Promise.resolve()): OpenBackend {
  return alike({ SESSION_TYPE: "sqlalchemy", SQLALCHEMY_DATABASE_URI: url }, end, { create: true });
}

async function memcached(context: Mocha.Context): Promise<OpenBackend> {
  requireService(context, "memcached");
  const server = await startMemcached();
  const { address } = server;
  const keys = { SECRET_KEY, SESSION_TYPE: "memcached" };
  return {
    flask: { ...keys, SESSION_MEMCACHED: { client: "pylibmc", server: address } },
    node: { ...keys, SESSION_MEMCACHED: [address] },
    options: {},
    end: () => server.stop(),
  };
}

async function mongodb(): Promise<OpenBackend> {
  const server = await startMongodb();
  return alike({ SESSION_TYPE: "mongodb", SESSION_MONGODB: server.url }, () => server.stop());
}

async function dynamodb(): Promise<OpenBackend> {
  const server = await startDynamodb();
  const table = await makeTable(server);
  const keys = { SESSION_TYPE: "dynamodb", SESSION_DYNAMODB: addressOf(server), SESSION_DYNAMODB_TABLE: table };
  return alike(keys, () => server.stop());
}

async function cachelibRedis(context: Mocha.Context): Promise<OpenBackend> {
  requireService(context, "redis");
  const server = await startRedis();
  const { url } = server;
  const keys = { SECRET_KEY, SESSION_TYPE: "cachelib" };
  return {
    flask: { ...keys, SESSION_CACHELIB: { name: "RedisCache", client: url } },
    node: { ...keys, SESSION_CACHELIB: { cache: "RedisCache", client: url } },
    options: {},
    end: () => server.stop(),
  };
}

async function cachelibMemcached(context: Mocha.Context): Promise<OpenBackend> {
  requireService(context, "memcached");
  const server = await startMemcached();
  const { address } = server;
  const keys = { SECRET_KEY, SESSION_TYPE: "cachelib" };
  const client = { client: "pylibmc", server: address };
  return {
    flask: { ...keys, SESSION_CACHELIB: { name: "MemcachedCache", client } },
    node: { ...keys, SESSION_CACHELIB: { cache: "MemcachedCache", client: address } },
    options: {},
    end: () => server.stop(),
  };
}

/** In the order of the docs. cachelib's FileSystemCache is what `files` are, on both sides. */
export const backends: readonly Backend[] = [
  { name: "Redis", path: "redis", expires: "by itself", isOld: true, open: redis },
  { name: "files", path: "files", expires: "on demand", isOld: true, open: files },
  { name: "SQLite", path: "sqlite", expires: "on demand", isOld: true, open: sqlite },
  {
    name: "PostgreSQL",
    path: "postgresql",
    expires: "on demand",
    isOld: false,
    open: async (context) => sql(postgresUrl(await postgresql(context))),
  },
  {
    name: "MariaDB",
    path: "mariadb",
    expires: "on demand",
    isOld: false,
    open: async (context) => sql(mysqlUrl(await mariadb(context))),
  },
  { name: "memcached", path: "memcached", expires: undefined, isOld: false, open: memcached },
  { name: "MongoDB", path: "mongodb", expires: "on demand", isOld: true, open: mongodb },
  { name: "DynamoDB", path: "dynamodb", expires: "on demand", isOld: false, open: dynamodb },
  { name: "cachelib's Redis", path: "cachelib-redis", expires: "by itself", isOld: false, open: cachelibRedis },
  {
    name: "cachelib's memcached",
    path: "cachelib-memcached",
    expires: undefined,
    isOld: false,
    open: cachelibMemcached,
  },
];
