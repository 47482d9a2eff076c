/** Redis in the matrix: records as they are, and as pickles that cachelib's RedisCache marks. */
import { Redis } from "ioredis";
import { startRedis } from "../../services/redis-server.ts";
import { hasCachelib, type Place, type Places, SETTINGS, served } from "./place.ts";

/** A server, and the tests' own connection to it. */
interface Opened {
  readonly url: string;
  readonly client: Redis;
  stop(): Promise<void>;
}

export const redis: Places = {
  name: "Redis",
  about: `Records are pickles up to 0.6, msgpack and JSON from 0.7. ${SETTINGS}`,
  service: "redis-server",
  serializes: true,
  ...served(opened, ({ url, client }) => ({
    config: { SESSION_TYPE: "redis", SESSION_REDIS: url },
    ...valuesIn(client, ""),
  })),
};

export const redisCache: Places = {
  name: "cachelib's RedisCache",
  about: `Records are pickles. ${SETTINGS}`,
  service: "redis-server",
  serializes: false,
  isFor: hasCachelib,
  ...served(opened, ({ url, client }) => ({
    config: { SESSION_TYPE: "cachelib", SESSION_CACHELIB: { name: "RedisCache", client: url } },
    node: { SESSION_CACHELIB: { cache: "RedisCache", client: url } },
    ...valuesIn(client, "!"),
  })),
};

async function opened(): Promise<Opened> {
  const server = await startRedis(["--databases", "1"]);
  const client = new Redis(server.port);
  return {
    url: server.url,
    client,
    stop: async () => {
      await client.quit();
      await server.stop();
    },
  };
}

/** @param mark what stands before each record */
function valuesIn(client: Redis, mark: string): Omit<Place, "config"> {
  return {
    async lying() {
      const keys = await client.keys("*");
      return Promise.all(
        keys.map(async (key) => ({
          bytes: ((await client.getBuffer(key)) as Buffer).subarray(mark.length),
          secondsLeft: (await client.pttl(key)) / 1000,
        })),
      );
    },
    async replace({ bytes, secondsLeft }) {
      const [key = ""] = await client.keys("*");
      const value = Buffer.concat([Buffer.from(mark), bytes]);
      if (secondsLeft > 0) await client.set(key, value, "PX", secondsLeft * 1000);
      else await client.del(key);
    },
    async clear() {
      await client.flushall();
    },
  };
}
