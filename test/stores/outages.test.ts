/** Every store at a back end that stops answering or ends; PostgreSQL and MariaDB have more of it in `sql/outage.test.ts`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import type { InspectableStore, Store } from "../../src/session/store.ts";
import { cachelibStore } from "../../src/stores/cachelib.ts";
import { dynamodbStore } from "../../src/stores/dynamodb.ts";
import { fileName, lockPath } from "../../src/stores/filesystem/names.ts";
import { filesystemStore } from "../../src/stores/filesystem.ts";
import { memcachedStore } from "../../src/stores/memcached.ts";
import { mongodbStore } from "../../src/stores/mongodb.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { sqlStore } from "../../src/stores/sql.ts";
import { type Disturbed, describeOutages } from "../contracts/outages.ts";
import { judgeOf } from "../python/judge.ts";
import { addressOf, makeTable, startDynamodb } from "../services/dynamodb-server.ts";
import { startMemcached } from "../services/memcached-server.ts";
import { startMongodb } from "../services/mongodb-server.ts";
import { startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";

/** A server that can be frozen, and what starts another on its port. */
interface Server {
  readonly port: number;
  freeze(): unknown;
  thaw(): unknown;
  stop(): Promise<void>;
}

/** @param restored what a new server needs to be as the old one */
async function disturbed<S extends Server>(
  start: (port?: number) => Promise<S>,
  open: (server: S) => Store | Promise<Store>,
  close: () => unknown,
  restored: (server: S) => Promise<unknown> = () => Promise.resolve(),
): Promise<Disturbed> {
  let server = await start();
  const store = await open(server);
  return {
    store,
    stall: () => server.freeze(),
    resume: () => server.thaw(),
    kill: () => server.stop(),
    restart: async () => {
      server = await start(server.port);
      await restored(server);
    },
    end: async () => {
      await store.close();
      await close();
      await server.stop();
    },
  };
}

const SERVER = { waits: "reads and saves", hasServer: true } as const;
const nothing = (): void => {};

const startRedisHere = (port?: number): ReturnType<typeof startRedis> => startRedis(["--maxclients", "100"], port);

const redisClients: readonly (readonly [
  string,
  (url: string) => Promise<readonly [InspectableStore, () => unknown]>,
])[] = [
  ["a URL", async (url) => [redisStore(url), nothing]],
  [
    "ioredis",
    async (url) => {
      const client = new Redis(url).on("error", nothing);
      return [
        redisStore(client),
        () => {
          client.disconnect();
        },
      ];
    },
  ],
  [
    "node-redis",
    async (url) => {
      const client = createClient({ url, commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } });
      await client.on("error", nothing).connect();
      return [
        redisStore(client),
        () => {
          client.destroy();
        },
      ];
    },
  ],
];

for (const [name, client] of redisClients) {
  const make = async (context: Mocha.Context): Promise<Disturbed> => {
    requireService(context, "redis-server");
    let close: () => unknown = nothing;
    const open = async ({ url }: { readonly url: string }): Promise<Store> => {
      const [store, end] = await client(url);
      close = end;
      return store;
    };
    return disturbed(startRedisHere, open, () => close());
  };
  describeOutages(`redis through ${name}`, make, SERVER);
}

describeOutages(
  "cachelib's RedisCache",
  async (context) => {
    requireService(context, "redis-server");
    return disturbed(
      startRedisHere,
      ({ url }) => cachelibStore({ cache: "RedisCache", store: redisStore(url) }),
      nothing,
    );
  },
  SERVER,
);

for (const pickled of [false, true]) {
  describeOutages(
    pickled ? "cachelib's MemcachedCache" : "memcached",
    async (context) => {
      requireService(context, "memcached-server");
      return disturbed(
        (port) => startMemcached(["-c", "64"], port),
        ({ address }) => {
          const store = memcachedStore({ server: address, pickled });
          return pickled ? cachelibStore({ cache: "MemcachedCache", store }) : store;
        },
        nothing,
      );
    },
    SERVER,
  );
}

describeOutages(
  "mongodb",
  () =>
    disturbed(
      (port) => startMongodb(true, port),
      ({ url }) => mongodbStore(url),
      nothing,
    ),
  SERVER,
);

describeOutages(
  "dynamodb",
  () =>
    disturbed(
      (port) => startDynamodb(true, port),
      async (server) => dynamodbStore({ address: addressOf(server), table: await makeTable(server, "Sessions") }),
      nothing,
      (server) => makeTable(server, "Sessions"),
    ),
  SERVER,
);

describeOutages(
  "filesystem, also as cachelib's FileSystemCache,",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "sessions-"));
    const store = filesystemStore({ directory, fileNames: "sha256" });
    let lock = "";
    return {
      store,
      stall: (storeKey) => {
        lock = lockPath(join(directory, fileName("sha256", storeKey)));
        return writeFile(lock, "");
      },
      resume: () => rm(lock),
      end: async () => {
        await store.close();
        await rm(directory, { recursive: true });
      },
    };
  },
  { waits: "saves", hasServer: false },
);

/** What a module of Python holds stays until it lets it go. */
const LOCK = `
import builtins, sqlite3
builtins.lock = sqlite3.connect(input, isolation_level=None)
builtins.lock.execute("BEGIN EXCLUSIVE")
`;
const UNLOCK = `
import builtins
builtins.lock.rollback()
builtins.lock.close()
`;

describeOutages(
  "sql on SQLite",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "sql-"));
    const path = join(folder, "app.db");
    await writeFile(path, "");
    const store = sqlStore({ client: `sqlite:///${path}`, create: true });
    const python = await judgeOf("fs080-stores");
    return {
      store,
      stall: () => python.run(LOCK, path),
      resume: () => python.run(UNLOCK, null),
      end: async () => {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  },
  { waits: "reads and saves", hasServer: false },
);
