/** What each key of Flask's config may be. */
import { booleanOf, type Check, kindOf, nonEmptyTextOf, refused, textOf, wholeNumber } from "../session/checks.ts";
import { cookieDomainOf, cookieNameOf, cookiePathOf, sameSiteOf } from "../session/cookie-attributes.ts";
import { lifetimeSecondsOf } from "../session/lifetime.ts";
import { secretKeyOf, sidLengthOf } from "../session/option-checks.ts";
import type { SameSite } from "../session/options.ts";
import type { FlaskKeys } from "./flask-keys.ts";
import { sqlClientOf } from "./sql-client.ts";
import { cacheOf, dynamodbOf, fileModeOf, memcachedOf, mongodbOf, redisOf } from "./store-checks.ts";

/** What checks turn into one form, or keep as `null` because Python's None means something of its own there. */
interface Turned {
  /** Whole seconds. */
  readonly PERMANENT_SESSION_LIFETIME: number;
  readonly SESSION_COOKIE_SAMESITE: SameSite;
  readonly SESSION_TYPE: string | null;
  readonly APPLICATION_ROOT: string | null;
}

/** The keys once checked; None is absence. */
export type CheckedKeys = {
  readonly [Key in keyof FlaskKeys]?: Key extends keyof Turned
    ? Turned[Key]
    : Exclude<FlaskKeys[Key], null | undefined>;
};

const name: Check<string> = nonEmptyTextOf;
const nameOrNone: Check<string | undefined> = orNone(name);

/** In the order of {@link FlaskKeys}. */
export const KEY_CHECKS: { readonly [Key in keyof FlaskKeys]-?: Check<CheckedKeys[Key]> } = {
  SECRET_KEY: orNone(secretKeyOf),
  SECRET_KEY_FALLBACKS: orNone(secretKeysOf),
  PERMANENT_SESSION_LIFETIME: lifetimeSecondsOf,
  SESSION_REFRESH_EACH_REQUEST: flagOf,
  APPLICATION_ROOT: orNull(cookiePathOf),
  SERVER_NAME: orNone(textOf),
  MAX_COOKIE_SIZE: wholeNumber(0, Number.MAX_SAFE_INTEGER),

  SESSION_COOKIE_NAME: cookieNameOf,
  SESSION_COOKIE_DOMAIN: orNone(domainOf),
  SESSION_COOKIE_PATH: orNone(cookiePathOf),
  SESSION_COOKIE_HTTPONLY: flagOf,
  SESSION_COOKIE_SECURE: flagOf,
  SESSION_COOKIE_SAMESITE: orNone(sameSiteOf),
  SESSION_COOKIE_PARTITIONED: flagOf,

  SESSION_TYPE: orNull(textOf),
  SESSION_PERMANENT: flagOf,
  SESSION_USE_SIGNER: flagOf,
  SESSION_KEY_PREFIX: textOf,
  SESSION_ID_LENGTH: orNone(sidLengthOf),
  SESSION_SERIALIZATION_FORMAT: textOf,

  SESSION_REDIS: orNone(redisOf),
  SESSION_FILE_DIR: name,
  SESSION_FILE_THRESHOLD: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  SESSION_FILE_MODE: orNone(fileModeOf),

  SESSION_MEMCACHED: orNone(memcachedOf),
  SESSION_CACHELIB: orNone(cacheOf),
  SESSION_MONGODB: orNone(mongodbOf),
  SESSION_MONGODB_DB: name,
  SESSION_MONGODB_COLLECT: name,
  SESSION_SQLALCHEMY: orNone(sqlClientOf),
  SESSION_SQLALCHEMY_TABLE: name,
  SESSION_SQLALCHEMY_SEQUENCE: nameOrNone,
  SESSION_SQLALCHEMY_SCHEMA: nameOrNone,
  SESSION_SQLALCHEMY_BIND_KEY: nameOrNone,
  SESSION_CLEANUP_N_REQUESTS: orNone(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
  SQLALCHEMY_DATABASE_URI: anything,
  SQLALCHEMY_BINDS: anything,
  SQLALCHEMY_ENGINE_OPTIONS: anything,
  SESSION_DYNAMODB: orNone(dynamodbOf),
  SESSION_DYNAMODB_TABLE: name,
};

/** Whether Flask or Flask-Session knows the key. */
export function isFlaskKey(key: string): key is keyof FlaskKeys {
  return Object.hasOwn(KEY_CHECKS, key);
}

function orNone<T>(check: Check<T>): Check<T | undefined> {
  return (value, key) => (value === null ? undefined : check(value, key));
}

function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, key) => (value === null ? null : check(value, key));
}

/** What Python asks for its truth, so that None is false. Text would be true, "False" too, and is a mistake. */
function flagOf(value: unknown, key: string): boolean {
  return value === null ? false : booleanOf(value, key);
}

function anything(value: unknown): unknown {
  return value;
}

function domainOf(value: unknown, key: string): string | false {
  return value === false || value === "" ? false : cookieDomainOf(value, key);
}

function secretKeysOf(value: unknown, key: string): readonly (string | Uint8Array)[] {
  if (!Array.isArray(value)) throw refused(key, `it must be a list of keys, not ${kindOf(value)}`);
  return value.map((secretKey) => secretKeyOf(secretKey, key));
}
