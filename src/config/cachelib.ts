/** SESSION_TYPE cachelib: which store a cache of Python's is, and the form that it has there. */
import { UnsupportedSessionTypeError } from "../errors.ts";
import type { Store } from "../session/store.ts";
import { isBefore, type Version } from "../session/versions.ts";
import { cachelibStore } from "../stores/cachelib.ts";
import { filesystemStore } from "../stores/filesystem.ts";
import { memcachedStore } from "../stores/memcached.ts";
import { redisStore } from "../stores/redis.ts";
import type { CheckedKeys } from "./key-checks.ts";
import { checkPrefix, whereOf } from "./memcached.ts";
import type { StoreOptions } from "./own-options.ts";

/** @throws ConfigError that names the key; UnsupportedSessionTypeError before Flask-Session 0.7 */
export function cachelib(keys: CheckedKeys, { fileNames, create }: StoreOptions, flaskSessionVersion: Version): Store {
  if (isBefore(flaskSessionVersion, 0, 7)) {
    throw new UnsupportedSessionTypeError('Cannot use SESSION_TYPE "cachelib": it came with Flask-Session 0.7');
  }
  const given = keys.SESSION_CACHELIB ?? { cache: "FileSystemCache" };
  if (given.cache === "FileSystemCache") {
    const { directory = "flask_session", mode } = given;
    return filesystemStore({ directory, mode, fileNames, create });
  }
  const { cache, client, keyPrefix = "" } = given;
  if (cache === "RedisCache") {
    return cachelibStore({ cache, keyPrefix, store: redisStore(client ?? "redis://localhost:6379") });
  }
  checkPrefix(
    keyPrefix + (keys.SESSION_KEY_PREFIX ?? "session:"),
    "SESSION_CACHELIB.keyPrefix before SESSION_KEY_PREFIX",
  );
  return cachelibStore({ cache, keyPrefix, store: memcachedStore({ ...whereOf(client), pickled: true }) });
}
