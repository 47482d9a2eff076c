/** The keys of Flask's config that concern sessions, spelled and meant as in Python. */
import type { Duration } from "../session/lifetime.ts";
import type { DynamodbAddress, DynamodbClient } from "../stores/dynamodb.ts";
import type { MemcachedClient, MemcachedServer } from "../stores/memcached.ts";
import type { MongoClient } from "../stores/mongodb.ts";
import type { RedisClient } from "../stores/redis.ts";
import type { SqlClient } from "../stores/sql.ts";
import type { CsrfKeys, LoginKeys } from "./extension-keys.ts";

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
  /** Signs Flask's own cookie, and session ids where SESSION_USE_SIGNER is set; not needed else. Text counts as its UTF-8 bytes. @defaultValue None */
  readonly SECRET_KEY?: string | Uint8Array | null | undefined;
  /** Keys that only verify, in Flask's own cookie since Flask 3.1; neither side takes them for session ids. @defaultValue None */
  readonly SECRET_KEY_FALLBACKS?: readonly (string | Uint8Array)[] | null | undefined;
  /** Seconds, or their parts in place of a `timedelta`. @defaultValue 31 days */
  readonly PERMANENT_SESSION_LIFETIME?: number | Duration | undefined;
  /** Whether every request renews the lifetime. @defaultValue True */
  readonly SESSION_REFRESH_EACH_REQUEST?: boolean | null | undefined;
  /** Where SESSION_COOKIE_PATH is not set: the cookie's path. @defaultValue "/" */
  readonly APPLICATION_ROOT?: string | null | undefined;
  /** Before Flask 2.3, where SESSION_COOKIE_DOMAIN is None: the cookie's domain. @defaultValue None */
  readonly SERVER_NAME?: string | null | undefined;
  /** Bytes of the Set-Cookie text of Flask's own cookie; 0: no limit. A session id is small. @defaultValue 4093 */
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
  /** Of Flask's own cookie since Flask 3.1; Flask-Session does not send it, which is a warning. @defaultValue False */
  readonly SESSION_COOKIE_PARTITIONED?: boolean | null | undefined;

  /** "redis", "filesystem", "memcached", "cachelib", "sqlalchemy", "mongodb" or "dynamodb"; None: Flask's own cookie. */
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
  /** Files beyond which Node deletes the expired ones; live ones are left to the Python side. @defaultValue 500 */
  readonly SESSION_FILE_THRESHOLD?: number | undefined;
  /** Permissions of session files. @defaultValue 0o600 */
  readonly SESSION_FILE_MODE?: number | null | undefined;

  /** In place of Python's client its server, such as "127.0.0.1:11211" or a list of one, or a client. @defaultValue "127.0.0.1:11211" */
  readonly SESSION_MEMCACHED?: MemcachedServer | MemcachedClient | null | undefined;
  /** @defaultValue files in "flask_session" */
  readonly SESSION_CACHELIB?: FileSystemCache | RedisCache | MemcachedCache | null | undefined;
  /** A client of one of the databases, or its URL, in place of the two SQLALCHEMY_ keys below. @defaultValue None */
  readonly SESSION_SQLALCHEMY?: SqlClient | string | null | undefined;
  /** @defaultValue "sessions" */
  readonly SESSION_SQLALCHEMY_TABLE?: string | undefined;
  /** Numbers new rows, in PostgreSQL and MariaDB. @defaultValue None: the column id does */
  readonly SESSION_SQLALCHEMY_SEQUENCE?: string | null | undefined;
  /** @defaultValue None: the connection's own */
  readonly SESSION_SQLALCHEMY_SCHEMA?: string | null | undefined;
  /** Which of SQLALCHEMY_BINDS. @defaultValue None: SQLALCHEMY_DATABASE_URI */
  readonly SESSION_SQLALCHEMY_BIND_KEY?: string | null | undefined;
  /** Accepted and not used: expired rows are left to the Python side, and to `deleteExpired()`. @defaultValue None */
  readonly SESSION_CLEANUP_N_REQUESTS?: number | null | undefined;
  /** Flask-SQLAlchemy's, read where the sessions are in a database: its URL, as SQLAlchemy takes it. */
  readonly SQLALCHEMY_DATABASE_URI?: unknown;
  /** Flask-SQLAlchemy's, read where SESSION_SQLALCHEMY_BIND_KEY is set: a URL, or an object with one as `url`, for each key. */
  readonly SQLALCHEMY_BINDS?: unknown;
  /** Flask-SQLAlchemy's, read where the sessions are in a database: `connect_args` is refused, what else is in it not used. */
  readonly SQLALCHEMY_ENGINE_OPTIONS?: unknown;

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
}

/** Keys that this library reads: Flask's, Flask-Session's, Flask-Login's and Flask-WTF's. */
export interface KnownKeys extends FlaskKeys, LoginKeys, CsrfKeys {}

/** {@link KnownKeys} and keys of other extensions, which are passed over. */
interface KnownKeysAmongOthers extends KnownKeys {
  readonly [key: Uppercase<string>]: unknown;
}

/** The config of a Flask app. */
export type FlaskConfig = KnownKeys | KnownKeysAmongOthers;
