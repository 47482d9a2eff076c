/** What the keys that name a store's server, client or folder may be. */
import {
  type Check,
  kindOf,
  members,
  nonEmptyTextOf,
  objectOf,
  oneOf,
  refused,
  textOf,
  wholeNumber,
} from "../session/checks.ts";
import { isDynamodbClient } from "../stores/dynamodb/client.ts";
import type { DynamodbAddress, DynamodbClient } from "../stores/dynamodb.ts";
import { isMemcachedClient, type MemcachedClient } from "../stores/memcached/client.ts";
import { addressOf, type MemcachedServer } from "../stores/memcached/server.ts";
import { A_MONGO_URL, isMongoUrl } from "../stores/mongodb/client.ts";
import type { MongoClient } from "../stores/mongodb.ts";
import { A_REDIS_URL, isRedisUrl } from "../stores/redis/client.ts";
import type { RedisClient } from "../stores/redis.ts";
import type { FileSystemCache, MemcachedCache, RedisCache } from "./flask-keys.ts";

/** A client of ioredis or node-redis, or a URL. @throws ConfigError */
export function redisOf(value: unknown, key: string): RedisClient | string {
  if (typeof value === "string") {
    // A URL may hold a password, so it is not shown.
    if (!isRedisUrl(value)) throw refused(key, A_REDIS_URL);
    return value;
  }
  const client = (typeof value === "object" && value !== null ? value : {}) as Partial<Record<string, unknown>>;
  if (typeof client["callBuffer"] !== "function" && typeof client["sendCommand"] !== "function") {
    throw refused(key, "it must be a client of ioredis or node-redis, or a URL");
  }
  return value as RedisClient;
}

/** A server, a list of one, or a client. @throws ConfigError */
export function memcachedOf(value: unknown, key: string): MemcachedServer | MemcachedClient {
  if (isMemcachedClient(value)) return value;
  addressOf(value, key);
  return value as MemcachedServer;
}

/** A client of the driver, or a URL. @throws ConfigError */
export function mongodbOf(value: unknown, key: string): MongoClient | string {
  if (typeof value === "string") {
    // A URL may hold a password, so it is not shown.
    if (!isMongoUrl(value)) throw refused(key, A_MONGO_URL);
    return value;
  }
  const client = (typeof value === "object" && value !== null ? value : {}) as Partial<Record<string, unknown>>;
  if (typeof client["db"] !== "function") throw refused(key, "it must be a MongoClient of the driver, or a URL");
  return value as MongoClient;
}

const addressOfDynamodb: Check<DynamodbAddress> = members(
  {
    endpoint: nonEmptyTextOf,
    region: nonEmptyTextOf,
    credentials: members(
      { accessKeyId: nonEmptyTextOf, secretAccessKey: nonEmptyTextOf, sessionToken: nonEmptyTextOf },
      "SESSION_DYNAMODB.credentials.",
    ),
  },
  "SESSION_DYNAMODB.",
) as Check<DynamodbAddress>;

/** A client of the AWS SDK, or where its own is to look. @throws ConfigError */
export function dynamodbOf(value: unknown, key: string): DynamodbAddress | DynamodbClient {
  return isDynamodbClient(value) ? value : addressOfDynamodb(value, key);
}

/** Permissions of files. @throws ConfigError */
export function fileModeOf(value: unknown, key: string): number {
  const numeric = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0o7777;
  if (!numeric) throw refused(key, `it must be a number such as 0o600, not ${kindOf(value)}`);
  return value;
}

/** One of cachelib's caches, and what it is made with. */
type Cache = FileSystemCache | RedisCache | MemcachedCache;

const MEMBER = "SESSION_CACHELIB.";
const cacheNameOf = oneOf("FileSystemCache", "RedisCache", "MemcachedCache");
const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);

const CACHES: Readonly<Record<Cache["cache"], Check<object>>> = {
  FileSystemCache: members(
    { cache: cacheNameOf, directory: nonEmptyTextOf, threshold: count, mode: fileModeOf },
    MEMBER,
  ),
  RedisCache: members({ cache: cacheNameOf, client: redisOf, keyPrefix: textOf }, MEMBER),
  MemcachedCache: members({ cache: cacheNameOf, client: memcachedOf, keyPrefix: textOf }, MEMBER),
};

/** A cache by its class and its arguments. @throws ConfigError */
export function cacheOf(value: unknown, key: string): Cache {
  const { cache } = objectOf(value, key) as { readonly cache?: unknown };
  return CACHES[cacheNameOf(cache, `${MEMBER}cache`)](value, key) as Cache;
}
