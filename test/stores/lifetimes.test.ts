/** Lifetimes in the stores that start at once; the others have theirs beside what else they do with Python, SQL in `sql/expiry.test.ts`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeLifetimes } from "../interop/lifetimes.ts";
import { type MemcachedServer, startMemcached } from "../services/memcached-server.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";

describe("stores", () => {
  let folder: string;
  let redis: RedisServer;
  let memcached: MemcachedServer;

  before(async function () {
    for (const service of ["redis", "memcached"] as const) requireService(this, service);
    folder = await mkdtemp(join(tmpdir(), "sessions-"));
    [redis, memcached] = await Promise.all([startRedis(), startMemcached()]);
  });
  after(async () => {
    await Promise.all([redis?.stop(), memcached?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  describeLifetimes({
    redis: () => ({ flask: { SESSION_TYPE: "redis", SESSION_REDIS: redis.url } }),
    files: () => ({ flask: { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: join(folder, "files") } }),
    "cachelib's FileSystemCache": () => ({
      flask: {
        SESSION_TYPE: "cachelib",
        SESSION_CACHELIB: { name: "FileSystemCache", cache_dir: join(folder, "cache") },
      },
      node: {
        SESSION_TYPE: "cachelib",
        SESSION_CACHELIB: { cache: "FileSystemCache", directory: join(folder, "cache") },
      },
    }),
    "cachelib's RedisCache": () => ({
      flask: {
        SESSION_TYPE: "cachelib",
        SESSION_CACHELIB: { name: "RedisCache", client: redis.url, key_prefix: "c:" },
      },
      node: { SESSION_TYPE: "cachelib", SESSION_CACHELIB: { cache: "RedisCache", client: redis.url, keyPrefix: "c:" } },
    }),
    "cachelib's MemcachedCache": () => ({
      flask: {
        SESSION_TYPE: "cachelib",
        SESSION_CACHELIB: { name: "MemcachedCache", client: { client: "pylibmc", server: memcached.address } },
      },
      node: { SESSION_TYPE: "cachelib", SESSION_CACHELIB: { cache: "MemcachedCache", client: memcached.address } },
    }),
  });
});
