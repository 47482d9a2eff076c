/** The keys of Flask's config that concern sessions, spelled and meant as in Python. */
import type { Duration } from "../session/lifetime.ts";
import type { DynamodbAddress, DynamodbClient } from "../stores/dynamodb.ts";
import type { MemcachedClient, MemcachedServer } from "../stores/memcached.ts";
import type { MongoClient } from "../stores/mongodb.ts";
import type { RedisClient } from "../stores/redis.ts";

/** In place of Python's `FileSystemCache("./flask_session", threshold=500)`. */
export interface FileSystemCache {
  readonly cache: "FileSystemCache";
  /** Relative to the working folder of this process. @defaultValue "flask_session" */
  readonly directory?: string | undefined;
  /** Accepted and not used: pruning is left to the Python side. @defaultValue 500 */
  readonly threshold?: number | undefined;
  /** Permissions of session files. @defaultValue 0o600 */
  readonly mode?: number | undefined;
}

/** In place of Python's `RedisCache(client, key_prefix="")`. */
export interface RedisCache {
  readonly cache: "RedisCache";
  /** A client of ioredis or node-redis, or a URL, which ioredis opens. @defaultValue redis://localhost:6379 */
  readonly client?: RedisClient | string | undefined;
  /** @defaultValue "" */
  readonly keyPrefix?: string | undefined;
}

/** In place of Python's `MemcachedCache(["127.0.0.1:11211"], key_prefix="")`. */
export interface MemcachedCache {
  readonly cache: "MemcachedCache";
  /** @defaultValue "127.0.0.1:11211" */
  readonly client?: MemcachedServer | MemcachedClient | undefined;
  /** @defaultValue "" */
  readonly keyPrefix?: string | undefined;
}

/**
 * Keys of Flask (to 3.1) and Flask-Session (0.3 to 0.8). Python's `None` is `null`, allowed where Python takes it; a key
 * that is `undefined` counts as absent. Defaults are Python's.
 */
export interface FlaskKeys {
  /** Signs session ids where SESSION_USE_SIGNER is set; not needed else. Text counts as its UTF-8 bytes. @defaultValue None */
  readonly SECRET_KEY?: string | Uint8Array | null | undefined;
  /** Accepted and not used: neither side takes an older key for session ids, only for Flask's own cookie. @defaultValue None */
  readonly SECRET_KEY_FALLBACKS?: readonly (string | Uint8Array)[] | null | undefined;
  /** Seconds, or their parts in place of a `timedelta`. @defaultValue 31 days */
  readonly PERMANENT_SESSION_LIFETIME?: number | Duration | undefined;
  /** Whether every request renews the lifetime. @defaultValue True */
  readonly SESSION_REFRESH_EACH_REQUEST?: boolean | null | undefined;
  /** Where SESSION_COOKIE_PATH is not set: the cookie's path. @defaultValue "/" */
  readonly APPLICATION_ROOT?: string | null | undefined;
  /** Before Flask 2.3, where SESSION_COOKIE_DOMAIN is None: the cookie's domain. @defaultValue None */
  readonly SERVER_NAME?: string | null | undefined;
  /** Accepted and not used: it warns of large cookies, and a session id is a small one. @defaultValue 4093 */
  readonly MAX_COOKIE_SIZE?: number | undefined;

  /** @defaultValue "session" */
  readonly SESSION_COOKIE_NAME?: string | undefined;
  /** None, False and "": the cookie is for one host only. @defaultValue None */
  readonly SESSION_COOKIE_DOMAIN?: string | false | null | undefined;
  /** None and "": APPLICATION_ROOT. @defaultValue None */
  readonly SESSION_COOKIE_PATH?: string | null | undefined;
  /** @defaultValue True */
  readonly SESSION_COOKIE_HTTPONLY?: boolean | null | undefined;
  /** @defaultValue False */
  readonly SESSION_COOKIE_SECURE?: boolean | null | undefined;
  /** "Strict", "Lax" or "None", in any case; null: no attribute. @defaultValue None */
  readonly SESSION_COOKIE_SAMESITE?: string | null | undefined;
  /** Accepted with a warning and not used: Flask-Session does not send it. @defaultValue False */
  readonly SESSION_COOKIE_PARTITIONED?: boolean | null | undefined;

  /** "redis", "filesystem", "memcached", "cachelib", "mongodb" or "dynamodb"; others are not supported yet. */
  readonly SESSION_TYPE?: string | null | undefined;
  /** Whether a new session starts as a permanent one. @defaultValue True */
  readonly SESSION_PERMANENT?: boolean | null | undefined;
  /** Whether the session id in the cookie is signed. @defaultValue False */
  readonly SESSION_USE_SIGNER?: boolean | null | undefined;
  /** @defaultValue "session:" */
  readonly SESSION_KEY_PREFIX?: string | undefined;
  /** Bytes of randomness in a session id, Flask-Session >= 0.6. @defaultValue 32 */
  readonly SESSION_ID_LENGTH?: number | null | undefined;
  /** "msgpack" or "json", Flask-Session >= 0.7; says nothing before, nor of files. @defaultValue "msgpack" */
  readonly SESSION_SERIALIZATION_FORMAT?: string | null | undefined;

  /** A client of ioredis or node-redis, or a URL, which ioredis opens. @defaultValue redis://localhost:6379 */
  readonly SESSION_REDIS?: RedisClient | string | null | undefined;
  /** Relative to the working folder of this process. @defaultValue "flask_session" */
  readonly SESSION_FILE_DIR?: string | undefined;
  /** Accepted and not used: pruning is left to the Python side. @defaultValue 500 */
  readonly SESSION_FILE_THRESHOLD?: number | undefined;
  /** Permissions of session files. @defaultValue 0o600 */
  readonly SESSION_FILE_MODE?: number | null | undefined;

  /** In place of Python's client its server, such as "127.0.0.1:11211" or a list of one, or a client. @defaultValue "127.0.0.1:11211" */
  readonly SESSION_MEMCACHED?: MemcachedServer | MemcachedClient | null | undefined;
  /** @defaultValue files in "flask_session" */
  readonly SESSION_CACHELIB?: FileSystemCache | RedisCache | MemcachedCache | null | undefined;

  /** The driver's client, or a URL, which the driver opens. @defaultValue "mongodb://localhost:27017" */
  readonly SESSION_MONGODB?: MongoClient | string | null | undefined;
  /** @defaultValue "flask_session" */
  readonly SESSION_MONGODB_DB?: string | undefined;
  /** @defaultValue "sessions" */
  readonly SESSION_MONGODB_COLLECT?: string | undefined;

  /** In place of Python's resource where it is, or a client of the AWS SDK. @defaultValue `http://localhost:8000`, "us-west-2" */
  readonly SESSION_DYNAMODB?: DynamodbAddress | DynamodbClient | null | undefined;
  /** @defaultValue "Sessions" */
  readonly SESSION_DYNAMODB_TABLE?: string | undefined;

  /** Of a store that is not supported yet, as all keys below. */
  readonly SESSION_SQLALCHEMY?: unknown;
  readonly SESSION_SQLALCHEMY_TABLE?: string | undefined;
  readonly SESSION_SQLALCHEMY_SEQUENCE?: string | null | undefined;
  readonly SESSION_SQLALCHEMY_SCHEMA?: string | null | undefined;
  readonly SESSION_SQLALCHEMY_BIND_KEY?: string | null | undefined;
  readonly SESSION_CLEANUP_N_REQUESTS?: number | null | undefined;
}

/** {@link FlaskKeys} and keys of other extensions, which are passed over. */
interface FlaskKeysAmongOthers extends FlaskKeys {
  readonly [key: Uppercase<string>]: unknown;
}

/** The config of a Flask app. */
export type FlaskConfig = FlaskKeys | FlaskKeysAmongOthers;
