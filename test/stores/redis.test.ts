/** The contracts over Redis, through every kind of client that the store takes. */
import { Cluster, Redis } from "ioredis";
import { createClient, createClientPool, RESP_TYPES } from "redis";
import type { InspectableStore } from "../../src/session/store.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type StoreUnderTest } from "../contracts/store.ts";
import { type RedisServer, startRedis, startRedisCluster } from "../services/redis-server.ts";
import { requireService, type ServiceName } from "../services/services.ts";

type Opened = Pick<StoreUnderTest<InspectableStore>, "store" | "end">;

interface Kind {
  readonly name: string;
  readonly service?: ServiceName;
  readonly directives?: readonly string[];
  /** Redis before 6.2 has no GETEX; here it is renamed away. */
  readonly touchesInGet?: boolean;
  readonly open: (server: RedisServer) => Opened | Promise<Opened>;
}

const bytesAsBuffer = { commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } };
const ignore = (): void => {};

const through = (client: Redis): Opened => ({
  store: redisStore(client),
  end: async () => {
    client.disconnect();
  },
});

const kinds: readonly Kind[] = [
  { name: "ioredis", open: ({ url }) => through(new Redis(url)) },
  {
    name: "ioredis with RESP2 and integers as text",
    open: ({ url }) => through(new Redis(url, { protocol: 2, stringNumbers: true })),
  },
  {
    name: "a URL",
    open: ({ url }) => {
      const store = redisStore(url);
      return { store, end: () => store.close() };
    },
  },
  {
    name: "node-redis",
    open: async ({ url }) => {
      const client = createClient({ url, ...bytesAsBuffer });
      await client.on("error", ignore).connect();
      return { store: redisStore(client), end: () => client.close() };
    },
  },
  {
    name: "node-redis with a type mapping put on later",
    open: async ({ url }) => {
      const client = createClient({ url, RESP: 2 });
      await client.on("error", ignore).connect();
      const store = redisStore(client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }));
      return { store, end: () => client.close() };
    },
  },
  {
    name: "a pool of node-redis",
    open: async ({ url }) => {
      const pool = createClientPool({ url, ...bytesAsBuffer });
      await pool.on("error", ignore).connect();
      return { store: redisStore(pool), end: () => pool.close() };
    },
  },
  {
    name: "ioredis, a Redis without GETEX",
    service: "redis-server",
    directives: ["--rename-command", "GETEX", ""],
    touchesInGet: false,
    open: ({ url }) => through(new Redis(url)),
  },
];

for (const { name, service = "redis", directives = [], touchesInGet = true, open } of kinds) {
  const make = async (context: Mocha.Context): Promise<StoreUnderTest<InspectableStore>> => {
    requireService(context, service);
    const server = await startRedis(directives);
    const { store, end } = await open(server);
    return {
      store,
      end: async () => {
        await end();
        await server.stop();
      },
    };
  };
  describeStore(`redis through ${name}`, make, {
    compareAndSet: "everyone",
    format: undefined,
    touchesInGet,
    tellsExpiry: false,
  });
  describeInspectableStore(`redis through ${name}`, make, {
    listsKeys: true,
    expires: "by itself",
    server: /^(redis|valkey) \d+\.\d+\.\d+$/,
  });
}

const makeCluster = async (context: Mocha.Context): Promise<StoreUnderTest<InspectableStore>> => {
  requireService(context, "redis-server");
  const servers = await startRedisCluster();
  const client = new Cluster(servers.ports.map((port) => ({ host: "127.0.0.1", port })));
  return {
    store: redisStore(client),
    end: async () => {
      client.disconnect();
      await servers.stop();
    },
  };
};

describeStore("redis through a Cluster of ioredis", makeCluster, {
  compareAndSet: "everyone",
  format: undefined,
  touchesInGet: true,
  tellsExpiry: false,
});
describeInspectableStore("redis through a Cluster of ioredis", makeCluster, {
  listsKeys: true,
  expires: "by itself",
  server: /^redis /,
});
