/** From SESSION_TYPE to a store. */
import { UnsupportedSessionTypeError } from "../errors.ts";
import type { Store } from "../session/store.ts";
import { isBefore, type Version } from "../session/versions.ts";
import { filesystemStore } from "../stores/filesystem.ts";
import { mongodbStore } from "../stores/mongodb.ts";
import { redisStore } from "../stores/redis.ts";
import { cachelib } from "./cachelib.ts";
import { dynamodb } from "./dynamodb.ts";
import type { CheckedKeys } from "./key-checks.ts";
import { memcached } from "./memcached.ts";
import type { StoreOptions } from "./own-options.ts";
import { sqlalchemyStore } from "./sqlalchemy.ts";

type MakeStore = (keys: CheckedKeys, options: StoreOptions, flaskSessionVersion: Version) => Store;

/** Every type of Flask-Session but null. */
const SESSION_TYPES: ReadonlyMap<string, MakeStore> = new Map([
  ["redis", ({ SESSION_REDIS }) => redisStore(SESSION_REDIS ?? "redis://localhost:6379")],
  ["filesystem", files],
  ["memcached", memcached],
  ["cachelib", cachelib],
  ["mongodb", mongodb],
  ["sqlalchemy", sqlalchemyStore],
  ["dynamodb", dynamodb],
] satisfies [string, MakeStore][]);

/** @throws UnsupportedSessionTypeError */
export function storeOf(keys: CheckedKeys, options: StoreOptions, flaskSessionVersion: Version): Store {
  const { SESSION_TYPE } = keys;
  const early = isBefore(flaskSessionVersion, 0, 7);
  const type = early ? SESSION_TYPE : SESSION_TYPE?.toLowerCase();
  if (type === null || type === undefined || type === "null") {
    const reason = early
      ? "Flask-Session < 0.7 keeps no sessions with it"
      : "Flask-Session >= 0.7 does not start with it";
    throw unsupported("SESSION_TYPE null", `${reason}; leave SESSION_TYPE out where Flask's own cookie is meant`);
  }
  const make = SESSION_TYPES.get(type);
  if (make === undefined) throw unsupported(named(type), reasonOf(type));
  return make(keys, options, flaskSessionVersion);
}

function files(keys: CheckedKeys, { fileNames, create }: StoreOptions): Store {
  const { SESSION_FILE_DIR: directory = "flask_session", SESSION_FILE_MODE: mode } = keys;
  return filesystemStore({ directory, mode, threshold: keys.SESSION_FILE_THRESHOLD, fileNames, create });
}

function mongodb(keys: CheckedKeys): Store {
  const { SESSION_MONGODB: client = "mongodb://localhost:27017" } = keys;
  return mongodbStore(client, { db: keys.SESSION_MONGODB_DB, collection: keys.SESSION_MONGODB_COLLECT });
}

function reasonOf(type: string): string {
  // Where it was not lower-cased, Flask-Session < 0.7 takes it for null.
  if (SESSION_TYPES.has(type.toLowerCase()))
    return `case matters before Flask-Session 0.7: write "${type.toLowerCase()}"`;
  return "Flask-Session has no such type";
}

/** A short word is shown; what is longer may be anything, a URL with a password too. */
function named(type: string): string {
  return /^\w{1,20}$/.test(type) ? `SESSION_TYPE "${type}"` : "SESSION_TYPE";
}

function unsupported(what: string, reason: string): UnsupportedSessionTypeError {
  return new UnsupportedSessionTypeError(`Cannot use ${what}: ${reason}`);
}
