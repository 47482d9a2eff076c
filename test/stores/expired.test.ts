/** Every store whose back end leaves expired records where they are; Redis and memcached delete them to the second. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AttributeValue, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DatabaseSync } from "@photostructure/sqlite";
import { Binary, MongoClient } from "mongodb";
import { createPool } from "mysql2/promise";
import { Pool } from "pg";
import { dynamodbStore } from "../../src/stores/dynamodb.ts";
import { encodeFile } from "../../src/stores/filesystem/cache-file.ts";
import { fileName } from "../../src/stores/filesystem/names.ts";
import { filesystemStore } from "../../src/stores/filesystem.ts";
import { mongodbStore } from "../../src/stores/mongodb.ts";
import { sqlStore } from "../../src/stores/sql.ts";
import { describeExpired } from "../contracts/expired.ts";
import { addressOf, makeTable, startDynamodb, withDynamo } from "../services/dynamodb-server.ts";
import { startMongodb } from "../services/mongodb-server.ts";
import { mariadb, postgresql } from "./sql/servers.ts";

/** Naive UTC, as SQLAlchemy writes it. */
const naive = (instant: Date | null): string | null => instant && instant.toISOString().replace("T", " ").slice(0, 19);

describeExpired(
  "filesystem, also as cachelib's FileSystemCache,",
  async () => {
    const directory = await mkdtemp(join(tmpdir(), "sessions-"));
    return {
      store: filesystemStore({ directory, fileNames: "sha256" }),
      plant: (key, bytes, expiresAt) => {
        const expiry = Math.floor((expiresAt?.getTime() ?? 0) / 1000);
        return writeFile(join(directory, fileName("sha256", key)), encodeFile(bytes, expiry));
      },
      end: () => rm(directory, { recursive: true }),
    };
  },
  { endless: "live" },
);

describeExpired(
  "sql on SQLite",
  async () => {
    const database = new DatabaseSync(":memory:");
    const store = sqlStore({ client: database, create: true });
    await store.open?.();
    const insert = database.prepare("INSERT INTO sessions (session_id, data, expiry) VALUES (?, ?, ?)");
    return {
      store,
      plant: async (key, bytes, expiresAt) => insert.run(key, bytes, naive(expiresAt)),
      end: async () => {
        database.close();
      },
    };
  },
  { endless: "expired" },
);

describeExpired(
  "sql on PostgreSQL",
  async (context) => {
    const pool = new Pool(await postgresql(context));
    const store = sqlStore({ client: pool, create: true });
    await store.open?.();
    return {
      store,
      plant: (key, bytes, expiresAt) =>
        pool.query("INSERT INTO sessions (session_id, data, expiry) VALUES ($1, $2, $3)", [
          key,
          Buffer.from(bytes),
          naive(expiresAt),
        ]),
      end: () => pool.end(),
    };
  },
  { endless: "expired" },
);

describeExpired(
  "sql on MariaDB",
  async (context) => {
    const pool = createPool(await mariadb(context));
    const store = sqlStore({ client: pool, create: true });
    await store.open?.();
    return {
      store,
      plant: (key, bytes, expiresAt) =>
        pool.query("INSERT INTO sessions (session_id, data, expiry) VALUES (?, ?, ?)", [
          key,
          Buffer.from(bytes),
          naive(expiresAt),
        ]),
      end: () => pool.end(),
    };
  },
  { endless: "expired" },
);

describeExpired(
  "mongodb",
  async () => {
    const server = await startMongodb();
    const client = new MongoClient(server.url);
    const collection = client.db("flask_session").collection("sessions");
    return {
      store: mongodbStore(client),
      plant: (id, bytes, expiration) => collection.insertOne({ id, val: new Binary(bytes), expiration }),
      end: async () => {
        await client.close();
        await server.stop();
      },
    };
  },
  { endless: "expired" },
);

describeExpired(
  "dynamodb",
  async () => {
    const server = await startDynamodb();
    const table = await makeTable(server);
    const store = dynamodbStore({ address: addressOf(server), table });
    return {
      store,
      plant: (id, bytes, expiresAt) => {
        const expiration = { N: String((expiresAt?.getTime() ?? 0) / 1000) };
        const item: Record<string, AttributeValue> = { id: { S: id }, val: { B: bytes } };
        const Item = expiresAt === null ? item : { ...item, expiration };
        return withDynamo(server, (client) => client.send(new PutItemCommand({ TableName: table, Item })));
      },
      end: async () => {
        await store.close();
        await server.stop();
      },
    };
  },
  { endless: "expired" },
);
