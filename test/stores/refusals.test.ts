/** Every store at a back end that refuses a save, in each way that the back end knows. */
import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { DatabaseSync } from "@photostructure/sqlite";
import { Redis } from "ioredis";
import { createConnection, createPool } from "mysql2/promise";
import { Client, Pool } from "pg";
import { RecordTooLargeError } from "../../src/errors.ts";
import type { InspectableStore, Store } from "../../src/session/store.ts";
import { cachelibStore } from "../../src/stores/cachelib.ts";
import { dynamodbStore } from "../../src/stores/dynamodb.ts";
import { filesystemStore } from "../../src/stores/filesystem.ts";
import { type MemcachedStore, memcachedStore } from "../../src/stores/memcached.ts";
import { mongodbStore } from "../../src/stores/mongodb.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { sqlStore } from "../../src/stores/sql.ts";
import { describeRefusals, type Refusals, type Refusing } from "../contracts/refusals.ts";
import { addressOf, type DynamodbServer, makeTable, startDynamodb, withDynamo } from "../services/dynamodb-server.ts";
import { startMemcached } from "../services/memcached-server.ts";
import { type MongodbServer, startMongodb, startMongodbWithUsers, withMongo } from "../services/mongodb-server.ts";
import { startRedis } from "../services/redis-server.ts";
import { serverUser } from "../services/server-user.ts";
import { requireService } from "../services/services.ts";
import { smallDisk } from "../services/small-disk.ts";
import { asNobody } from "./filesystem/as-nobody.ts";
import { atEnd } from "./redis/at-end.ts";
import { openStore, sqliteFile } from "./sql/databases.ts";
import { mariadb, postgresql } from "./sql/servers.ts";

const soon = (): Date => new Date(Date.now() + 60_000);
const MAY_MOUNT = "here only root may mount a disk that is small";

/** Skips a test, and says so, where no disk can be mounted. */
async function disk(
  context: Mocha.Context,
  kilobytes: number,
): Promise<{ readonly path: string; makeReadOnly(): void }> {
  const mounted = await smallDisk(kilobytes);
  if (mounted === undefined) {
    console.log(`    skipped: ${MAY_MOUNT}`);
    return context.skip();
  }
  atEnd(() => mounted.end());
  return mounted;
}

/** A Redis with an administrator, and the store of another user. */
async function redis(context: Mocha.Context, wrapped: (store: InspectableStore) => Store): Promise<Redises> {
  requireService(context, "redis-server");
  const server = await startRedis(["--maxclients", "100"]);
  atEnd(() => server.stop());
  const [admin, user] = [
    new Redis(server.url),
    new Redis(server.url, { lazyConnect: true, username: "user", password: "pw" }),
  ];
  for (const client of [admin, user]) {
    atEnd(() => {
      client.disconnect();
    });
  }
  return { admin, store: wrapped(redisStore(admin)), ofUser: wrapped(redisStore(user)) };
}

interface Redises extends Refusing {
  readonly admin: Redis;
  readonly ofUser: Store;
}

const redisRefusals = (wrapped: (store: InspectableStore) => Store): Refusals => ({
  "it is too large": "a value of Redis takes 512 MB",
  "of missing rights": [
    {
      by: "the user's ACL",
      open: async (context) => {
        const { admin, store, ofUser } = await redis(context, wrapped);
        await admin.call(
          "ACL",
          "SETUSER",
          "user",
          "on",
          ">pw",
          "~*",
          "+@all",
          "-@write",
          "+getex",
          "+eval",
          "+evalsha",
        );
        return { store, refused: ofUser };
      },
      message: /^Redis refused (SET|EVALSHA): (NOPERM|ERR)$/,
    },
  ],
  "all is read-only": [
    {
      by: "it has become a replica",
      open: async (context) => {
        const { admin, store, ofUser } = await redis(context, wrapped);
        await admin.call("ACL", "SETUSER", "user", "on", ">pw", "~*", "+@all");
        return { store, refused: ofUser, begin: () => admin.call("REPLICAOF", "127.0.0.1", "1") };
      },
      message: /^Redis refused (SET|EVALSHA): READONLY$/,
    },
  ],
  "there is no room": [
    {
      by: "maxmemory, noeviction",
      open: async (context) => {
        const { admin, store } = await redis(context, wrapped);
        return { store, begin: () => admin.config("SET", "maxmemory", "1", "maxmemory-policy", "noeviction") };
      },
      message: /^Redis refused (SET|EVALSHA): OOM$/,
    },
    {
      by: "its snapshots cannot be written",
      open: async (context) => {
        const { admin, store } = await redis(context, wrapped);
        const begin = async (): Promise<void> => {
          const [, place] = (await admin.config("GET", "dir")) as [string, string];
          await rm(place, { recursive: true });
          await admin.config("SET", "save", "3600 1000000");
          // Else it would not end either.
          atEnd(() => admin.config("SET", "save", ""));
          await admin.bgsave();
          while (!(await admin.info("persistence")).includes("rdb_last_bgsave_status:err")) await sleep(5);
        };
        return { store, begin };
      },
      message: /^Redis refused (SET|EVALSHA): MISCONF$/,
    },
  ],
});

const REDIS_CACHE = (store: InspectableStore): Store => cachelibStore({ cache: "RedisCache", store });

describeRefusals(
  "redis",
  redisRefusals((store) => store),
);
describeRefusals("cachelib's RedisCache", redisRefusals(REDIS_CACHE));

/** Files whose directory is gone after the test. */
async function files(directory: string): Promise<InspectableStore> {
  await mkdir(directory, { recursive: true });
  return filesystemStore({ directory, fileNames: "sha256" });
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "sessions-"));
  await chmod(path, 0o755);
  atEnd(() => rm(path, { recursive: true }));
  return path;
}

/** A store as a user without rights has it. */
function nobodys(store: Store): Store {
  return {
    ...store,
    compareAndSet: store.compareAndSet,
    get: (...args) => asNobody(() => store.get(...args)),
    set: (...args) => asNobody(() => store.set(...args)),
    touch: (...args) => asNobody(() => store.touch(...args)),
    delete: (...args) => asNobody(() => store.delete(...args)),
    close: () => store.close(),
  };
}

describeRefusals("filesystem, also as cachelib's FileSystemCache,", {
  "it is too large": "a file may be as large as the disk",
  "of missing rights": [
    {
      by: "the directory belongs to another",
      open: async () => {
        const directory = join(await folder(), "flask_session");
        const store = await files(directory);
        return { store, refused: nobodys(store), begin: () => chmod(directory, 0o555) };
      },
      message: /^Cannot use the session directory: EACCES in open$/,
    },
  ],
  "all is read-only": [
    {
      by: "the disk",
      open: async (context) => {
        const small = await disk(context, 256);
        const begin = (): void => {
          small.makeReadOnly();
        };
        return { store: await files(join(small.path, "flask_session")), begin };
      },
      message: /^Cannot use the session directory: EROFS in \w+$/,
    },
  ],
  "there is no room": [
    {
      by: "the disk is full",
      open: async (context) => ({ store: await files(join((await disk(context, 64)).path, "flask_session")) }),
      bytes: 100_000,
      message: /^Cannot use the session directory: ENOSPC in write$/,
    },
  ],
});

/** A database of SQLite in this file. */
function sqlite(path: string, options: { readonly readOnly?: boolean } = {}): InstanceType<typeof DatabaseSync> {
  const database = new DatabaseSync(path, options);
  atEnd(() => database.close());
  return database;
}

describeRefusals("sql on SQLite", {
  "it is too large": "a value of SQLite takes 1 GB",
  "of missing rights": [
    {
      by: "the file belongs to another",
      open: async () => {
        const base = await folder();
        const path = join(base, "app.db");
        const store = openStore(sqlite(path));
        await store.open?.();
        await chmod(path, 0o444);
        const theirs = await asNobody(() => Promise.resolve(sqlite(path)));
        return { store, refused: openStore(theirs, { create: false }) };
      },
      message: /^SQLite refused UPDATE: SQLITE_READONLY$/,
    },
  ],
  "all is read-only": [
    {
      by: "the database is opened so",
      open: async () => {
        const path = await sqliteFile();
        const store = openStore(sqlite(path));
        await store.open?.();
        return { store, refused: openStore(sqlite(path, { readOnly: true }), { create: false }) };
      },
      message: /^SQLite refused UPDATE: SQLITE_READONLY$/,
    },
  ],
  "there is no room": [
    {
      by: "max_page_count",
      open: async () => {
        const database = sqlite(await sqliteFile());
        const begin = (): void => {
          const [{ page_count: pages }] = database.prepare("PRAGMA page_count").all() as [{ page_count: number }];
          database.exec(`PRAGMA max_page_count = ${pages}`);
        };
        return { store: openStore(database), begin };
      },
      bytes: 50_000,
      message: /^SQLite refused UPDATE: SQLITE_FULL$/,
    },
    {
      by: "the disk is full",
      open: async (context) => ({ store: openStore(sqlite(join((await disk(context, 128)).path, "app.db"))) }),
      bytes: 200_000,
      message: /^SQLite refused UPDATE: SQLITE_(FULL|IOERR)/,
    },
  ],
});

/** A database of PostgreSQL, and its administrator. */
async function postgres(context: Mocha.Context) {
  const address = await postgresql(context);
  const admin = new Client(address);
  await admin.connect();
  atEnd(() => admin.end());
  const pool = (options: object): Pool => {
    const opened = new Pool({ ...address, ...options });
    atEnd(() => opened.end());
    return opened;
  };
  const store = openStore(pool({}));
  await store.open?.();
  return { address, admin, pool, store };
}

describeRefusals("sql on PostgreSQL", {
  "it is too large": "a value of PostgreSQL takes 1 GB",
  "of missing rights": [
    {
      by: "the role has SELECT alone",
      open: async (context) => {
        const { address, admin, pool, store } = await postgres(context);
        const user = `reader_${address.database}`;
        await admin.query(`CREATE ROLE ${user} LOGIN; GRANT SELECT ON sessions TO ${user}`);
        return { store, refused: sqlStore({ client: pool({ user }) }) };
      },
      message: /^PostgreSQL refused (UPDATE|INSERT): 42501$/,
    },
  ],
  "all is read-only": [
    {
      by: "default_transaction_read_only",
      open: async (context) => {
        const { pool, store } = await postgres(context);
        return { store, refused: sqlStore({ client: pool({ options: "-c default_transaction_read_only=on" }) }) };
      },
      message: /^PostgreSQL refused (UPDATE|INSERT): 25006$/,
    },
  ],
  "there is no room": [
    {
      by: "the disk of its tablespace is full",
      open: async (context) => {
        const { path } = await disk(context, 256);
        // It must be the server's own.
        const owner = serverUser("postgres");
        if (owner !== undefined) await chown(path, owner.uid, owner.gid);
        const { address, admin, store } = await postgres(context);
        const space = `space_${address.database}`;
        await admin.query(`CREATE TABLESPACE ${space} LOCATION '${path}'`);
        atEnd(async () => {
          await admin.query("DROP TABLE sessions");
          await admin.query(`DROP TABLESPACE ${space}`);
        });
        await admin.query(
          `ALTER TABLE sessions SET TABLESPACE ${space}; ALTER TABLE sessions ALTER data SET STORAGE EXTERNAL`,
        );
        return { store };
      },
      bytes: 1_000_000,
      message: /^PostgreSQL refused (UPDATE|INSERT): 53100$/,
    },
  ],
});

/** A database of MariaDB, its administrator, and a user who may work on this database alone. */
async function maria(context: Mocha.Context) {
  const address = await mariadb(context);
  const admin = await createConnection(address);
  atEnd(() => admin.end());
  const pool = createPool(address);
  atEnd(() => pool.end());
  const store = openStore(pool);
  await store.open?.();
  const storeOf = async (rights: string): Promise<Store> => {
    const user = `user_${address.database}`;
    await admin.query(`CREATE USER ${user}@'127.0.0.1'`);
    await admin.query(`GRANT ${rights} ON ${address.database}.* TO ${user}@'127.0.0.1'`);
    const theirs = createPool({ ...address, user });
    atEnd(() => theirs.end());
    return sqlStore({ client: theirs });
  };
  return { address, admin, store, storeOf };
}

describeRefusals("sql on MariaDB", {
  "it is too large": [
    {
      by: "the column takes 65,535 bytes",
      open: maria,
      bytes: 65_536,
      error: RecordTooLargeError,
      message: /^The record has \d+ bytes, the column data takes 65535: make it a MEDIUMBLOB$/,
    },
  ],
  "of missing rights": [
    {
      by: "the user has SELECT alone",
      open: async (context) => {
        const { store, storeOf } = await maria(context);
        return { store, refused: await storeOf("SELECT") };
      },
      message: /^MySQL refused (UPDATE|INSERT): ER_TABLEACCESS_DENIED_ERROR$/,
    },
  ],
  "all is read-only": [
    {
      by: "read_only",
      open: async (context) => {
        const { admin, store, storeOf } = await maria(context);
        const refused = await storeOf("ALL");
        atEnd(() => admin.query("SET GLOBAL read_only = OFF"));
        return { store, refused, begin: () => admin.query("SET GLOBAL read_only = ON") };
      },
      message: /^MySQL refused (UPDATE|INSERT): ER_OPTION_PREVENTS_STATEMENT$/,
    },
  ],
  "there is no room": "MariaDB 10.11 ends itself where the disk under InnoDB is full",
});

/** A memcached and our store on it. */
async function memcached(
  context: Mocha.Context,
  options: readonly string[],
  pickled: boolean,
): Promise<MemcachedStore> {
  requireService(context, "memcached-server");
  const server = await startMemcached(options);
  atEnd(() => server.stop());
  const store = memcachedStore({ server: server.address, pickled });
  atEnd(() => store.close());
  return store;
}

const memcachedRefusals = (pickled: boolean, wrapped: (store: MemcachedStore) => Store): Refusals => ({
  "it is too large": [
    {
      by: "the item size, option -I",
      open: async (context) => ({ store: wrapped(await memcached(context, ["-I", "512k"], pickled)) }),
      bytes: 512 * 1024,
      error: RecordTooLargeError,
      message: /^The record has \d+ bytes; memcached takes \d+ with its key \(option -I\)$/,
    },
  ],
  "of missing rights": "memcached has no users in its text protocol",
  "all is read-only": "memcached is never",
  "there is no room": [
    {
      by: "the memory, option -M",
      open: async (context) => {
        const items = await memcached(context, ["-m", "1", "-M", "-I", "512k"], pickled);
        const begin = async (): Promise<void> => {
          for (let index = 0, full = false; !full; index++) {
            full = await items.set(`filling:${index}`, Buffer.alloc(100_000), soon(), null).then(
              () => false,
              () => true,
            );
          }
        };
        return { store: wrapped(items), begin };
      },
      bytes: 100_000,
      message: /^memcached refused (ADD|CAS): SERVER_ERROR out of memory storing object$/,
    },
  ],
});

describeRefusals(
  "memcached",
  memcachedRefusals(false, (store) => store),
);
describeRefusals(
  "cachelib's MemcachedCache",
  memcachedRefusals(true, (store) => cachelibStore({ cache: "MemcachedCache", store })),
);

/** Servers that the tests of this file share, because they take long to start. */
let mongo: Promise<MongodbServer> | undefined;
let dynamo: Promise<DynamodbServer> | undefined;

after(async () => {
  for (const server of [mongo, dynamo]) await (await server)?.stop();
});

async function mongodb(db: string): Promise<{ readonly url: string; readonly store: Store }> {
  mongo ??= startMongodb();
  const { url } = await mongo;
  const store = mongodbStore(url, { db });
  atEnd(() => store.close());
  return { url, store };
}

describeRefusals("mongodb", {
  "it is too large": [
    {
      by: "16 MiB",
      open: () => mongodb("large"),
      bytes: 16 * 1024 * 1024,
      error: RecordTooLargeError,
      message: /^The record has \d+ bytes/,
    },
    {
      by: "16 MiB with what else is in the document",
      open: async () => {
        const { url, store } = await mongodb("larger");
        const others = { $set: { other: "x".repeat(15_000_000) } };
        const begin = (): Promise<unknown> =>
          withMongo(url, (client) => client.db("larger").collection("sessions").updateOne({}, others));
        return { store, begin };
      },
      bytes: 2_000_000,
      message: /^MongoDB refused \w+: BSONObjectTooLarge$/,
    },
  ],
  "of missing rights": [
    {
      by: "the user's role is read",
      open: async () => {
        const server = await startMongodbWithUsers({ writer: "readWrite", reader: "read" }, "flask_session");
        atEnd(() => server.stop());
        const [store, refused] = [mongodbStore(server.urlOf("writer")), mongodbStore(server.urlOf("reader"))];
        for (const one of [store, refused]) atEnd(() => one.close());
        return { store, refused };
      },
      message: /^MongoDB refused \w+: Unauthorized$/,
    },
  ],
  "all is read-only": "SecantusDB has no secondaries",
  "there is no room": "what SecantusDB does on a full disk says nothing of MongoDB",
});

describeRefusals("dynamodb", {
  "it is too large": [
    {
      by: "400 KB",
      open: async () => ({ store: (await dynamodb()).store }),
      bytes: 400 * 1024,
      error: RecordTooLargeError,
      message: /^The record has \d+ bytes; an item of DynamoDB takes \d+ with its key$/,
    },
    {
      by: "400 KB with what else is in the item",
      open: async () => {
        const { server, table, store } = await dynamodb();
        const others = { other: { S: "x".repeat(300_000) } };
        const begin = (): Promise<unknown> =>
          withDynamo(server, async (client) => {
            const { Items: [item] = [] } = await client.send(new ScanCommand({ TableName: table }));
            return client.send(new PutItemCommand({ TableName: table, Item: { ...item, ...others } }));
          });
        return { store, begin };
      },
      bytes: 200_000,
      message: /^DynamoDB refused UpdateItem: /,
    },
  ],
  "of missing rights": "dynalite has no users",
  "all is read-only": "DynamoDB is never",
  "there is no room": "DynamoDB grows",
});

async function dynamodb() {
  dynamo ??= startDynamodb();
  const server = await dynamo;
  const table = await makeTable(server);
  const store = dynamodbStore({ address: addressOf(server), table });
  atEnd(() => store.close());
  return { server, table, store };
}
