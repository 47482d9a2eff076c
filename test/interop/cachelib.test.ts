/** Flask and Node over one cache of cachelib's. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MemcachedCache, RedisCache } from "../../src/config/index.ts";
import type { EnvironmentName } from "../python/judge.ts";
import { startMemcached } from "../services/memcached-server.ts";
import { startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { type BothSides, describeTwoWay } from "./two-way.ts";

type Open = (context: Mocha.Context) => Promise<BothSides>;

const SESSION_TYPE = "cachelib";

const files: Open = async () => {
  const directory = await mkdtemp(join(tmpdir(), "cachelib-"));
  return {
    flask: { SESSION_TYPE, SESSION_CACHELIB: { name: "FileSystemCache", cache_dir: directory } },
    node: { SESSION_TYPE, SESSION_CACHELIB: { cache: "FileSystemCache", directory } },
    end: () => rm(directory, { recursive: true }),
  };
};

const redisCache =
  (keyPrefix?: string): Open =>
  async (context) => {
    requireService(context, "redis");
    const server = await startRedis();
    const cache: RedisCache = { cache: "RedisCache", client: server.url, keyPrefix };
    return {
      flask: { SESSION_TYPE, SESSION_CACHELIB: { name: "RedisCache", client: server.url, key_prefix: keyPrefix } },
      node: { SESSION_TYPE, SESSION_CACHELIB: cache },
      end: () => server.stop(),
    };
  };

const memcachedCache =
  (client: string, keyPrefix?: string): Open =>
  async (context) => {
    requireService(context, "memcached");
    const server = await startMemcached();
    const cache: MemcachedCache = { cache: "MemcachedCache", client: server.address, keyPrefix };
    const python = { name: "MemcachedCache", client: { client, server: server.address }, key_prefix: keyPrefix };
    return {
      flask: { SESSION_TYPE, SESSION_CACHELIB: python },
      node: { SESSION_TYPE, SESSION_CACHELIB: cache },
      end: () => server.stop(),
    };
  };

/** cachelib 0.13 is in `fs080-stores`, 0.17 in `fs080-newest`. */
const rows: readonly (readonly [EnvironmentName, name: string, Open])[] = [
  ["fs080-stores", "FileSystemCache", files],
  ["fs080-newest", "FileSystemCache", files],
  ["fs080-stores", "RedisCache", redisCache()],
  ["fs080-newest", "RedisCache with a prefix", redisCache("a_b%[*]?\\:")],
  ["fs080-stores", "MemcachedCache of pylibmc", memcachedCache("pylibmc")],
  [
    "fs080-stores",
    "MemcachedCache of python-memcached with a prefix",
    memcachedCache("python-memcached", "a_b%[*]?\\:"),
  ],
  ["fs080-newest", "MemcachedCache of pymemcache", memcachedCache("pickle_serde")],
];

describe("one login in a cache of cachelib's", () => {
  for (const [environment, name, open] of rows) {
    describeTwoWay({ name: `${environment}, ${name}`, environment, format: "pickle", open });
  }
});
