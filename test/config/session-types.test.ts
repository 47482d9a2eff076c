import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import { type FlaskConfig, flaskConfig } from "../../src/config/index.ts";
import { ConfigError, StoreError, UnsupportedSessionTypeError } from "../../src/errors.ts";
import type { FlaskSessionVersion } from "../../src/session/options.ts";
import { encodeFile } from "../../src/stores/filesystem/cache-file.ts";
import { fileName } from "../../src/stores/filesystem/names.ts";
import { TextClient } from "../../src/stores/memcached/text-client.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { addressOf, makeTable, startDynamodb } from "../services/dynamodb-server.ts";
import { askMemcached, startMemcached } from "../services/memcached-server.ts";
import { startMongodb } from "../services/mongodb-server.ts";
import { startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { storeOf } from "./store-of.ts";

const KEY = "session:config-test";
const MD5_OF_KEY = createHash("md5").update(KEY).digest("hex");
const BYTES = Buffer.from("8004304e2e", "hex");
const EXPIRES_AT = new Date(Date.now() + 24 * 3_600_000);

/** The session interface that Flask-Session makes for each SESSION_TYPE, or the error that it raises. */
const INTERFACES = `
import warnings
from flask import Flask
from flask_session import Session
warnings.simplefilter("ignore")
def interface(config):
    app = Flask("app")
    app.config.update(config)
    try:
        Session(app)
    except Exception as error:
        return type(error).__name__
    return type(app.session_interface).__name__
result = [interface(config) for config in input]
`;

describe("SESSION_TYPE", () => {
  const refusals: readonly (readonly [type: string, version: FlaskSessionVersion, message: string])[] = [
    [
      "null",
      "0.7",
      "SESSION_TYPE null: Flask-Session >= 0.7 does not start with it; leave SESSION_TYPE out where Flask's own cookie is meant",
    ],
    [
      "NULL",
      "0.7",
      "SESSION_TYPE null: Flask-Session >= 0.7 does not start with it; leave SESSION_TYPE out where Flask's own cookie is meant",
    ],
    [
      "null",
      "0.5",
      "SESSION_TYPE null: Flask-Session < 0.7 keeps no sessions with it; leave SESSION_TYPE out where Flask's own cookie is meant",
    ],
    ["Redis", "0.6", 'SESSION_TYPE "Redis": case matters before Flask-Session 0.7: write "redis"'],
    ["Memcached", "0.6", 'SESSION_TYPE "Memcached": case matters before Flask-Session 0.7: write "memcached"'],
    ["cachelib", "0.6", 'SESSION_TYPE "cachelib": it came with Flask-Session 0.7'],
    ["dynamodb", "0.7", 'SESSION_TYPE "dynamodb": it came with Flask-Session 0.8'],
    ["rediss", "0.8", 'SESSION_TYPE "rediss": Flask-Session has no such type'],
    ["", "0.8", "SESSION_TYPE: Flask-Session has no such type"],
    ["constructor", "0.8", 'SESSION_TYPE "constructor": Flask-Session has no such type'],
    ["redis://:s3cr3t@localhost", "0.8", "SESSION_TYPE: Flask-Session has no such type"],
  ];
  for (const [type, flaskSessionVersion, message] of refusals) {
    it(`${type} is refused beside Flask-Session ${flaskSessionVersion}`, () => {
      expect(() => flaskConfig({ SESSION_TYPE: type }, { flaskSessionVersion }))
        .to.throw(UnsupportedSessionTypeError, `Cannot use ${message}`)
        .that.is.instanceOf(ConfigError)
        .with.property("code", "ERR_UNSUPPORTED_SESSION_TYPE");
    });
  }

  it("counts in lower case since Flask-Session 0.7", () => {
    expect(flaskConfig({ SESSION_TYPE: "Redis" }).store.compareAndSet).to.equal("everyone");
    expect(flaskConfig({ SESSION_TYPE: "FileSystem" }).store.format).to.equal("pickle");
    expect(flaskConfig({ SESSION_TYPE: "redis" }, { flaskSessionVersion: "0.5" }).store).not.to.have.property("format");
  });

  const judged: readonly (readonly [EnvironmentName, Readonly<Record<string, string>>])[] = [
    [
      "fs080-flask31",
      {
        redis: "RedisSessionInterface",
        Redis: "RedisSessionInterface",
        null: "ValueError",
        absent: "ValueError",
        none: "AttributeError",
        rediss: "ValueError",
      },
    ],
    [
      "fs050-flask22",
      {
        redis: "RedisSessionInterface",
        Redis: "NullSessionInterface",
        null: "NullSessionInterface",
        absent: "NullSessionInterface",
        none: "NullSessionInterface",
        rediss: "NullSessionInterface",
      },
    ],
  ];
  for (const [environment, expected] of judged) {
    it(`is so taken under ${environment}`, async () => {
      const configs = Object.keys(expected).map((type) => {
        if (type === "absent") return {};
        return { SESSION_TYPE: type === "none" ? null : type };
      });
      expect(await (await judgeOf(environment)).run(INTERFACES, configs)).to.deep.equal(Object.values(expected));
    });
  }
});

describe("SESSION_TYPE redis", () => {
  it("opens the server that SESSION_REDIS names, at the first call", async function () {
    requireService(this, "redis");
    const server = await startRedis();
    const { store } = flaskConfig({ SESSION_TYPE: "redis", SESSION_REDIS: server.url });
    await store.set(KEY, BYTES, EXPIRES_AT);
    const client = new Redis(server.url);
    expect(await client.getBuffer(KEY)).to.deep.equal(BYTES);
    await client.del(KEY);
    client.disconnect();
    await store.close();
    await server.stop();
  });

  it("opens nothing until then", async () => {
    const { store } = flaskConfig({ SESSION_TYPE: "redis", SESSION_REDIS: "redis://127.0.0.1:1" });
    await store.close();
  });
});

describe("SESSION_TYPE filesystem", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "config-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("lies in SESSION_FILE_DIR, with SESSION_FILE_MODE and names by fileNames", async () => {
    const config = { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: folder, SESSION_FILE_MODE: 0o640 };
    await flaskConfig(config, { fileNames: "md5" }).store.set(KEY, BYTES, EXPIRES_AT);
    expect((await stat(join(folder, MD5_OF_KEY))).mode & 0o777).to.equal(0o640);
  });

  it("is rid of expired sessions beyond SESSION_FILE_THRESHOLD", async () => {
    const count = fileName("md5", "__wz_cache_count");
    const expired = fileName("md5", "session:old");
    for (const [threshold, names] of [
      [0, [expired]],
      [2, [expired]],
      [1, []],
    ] as const) {
      await writeFile(join(folder, count), encodeFile(Buffer.from("80054b012e", "hex"), 0));
      await writeFile(join(folder, expired), encodeFile(BYTES, 1));
      const config = { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: folder, SESSION_FILE_THRESHOLD: threshold };
      const { store } = flaskConfig(config);
      await store.set(KEY, BYTES, EXPIRES_AT);
      await store.close();
      expect((await readdir(folder)).toSorted(), String(threshold)).to.have.members([count, MD5_OF_KEY, ...names]);
      await store.delete(KEY);
    }
  });

  it("is relative to the working folder, and made where create says so", async () => {
    const SESSION_FILE_DIR = relative(process.cwd(), join(folder, "flask_session"));
    const config = { SESSION_TYPE: "filesystem", SESSION_FILE_DIR };
    const error = await flaskConfig(config, { fileNames: "md5" })
      .store.open?.()
      .catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ConfigError).with.property("message").that.includes(join(folder, "flask_session"));
    await flaskConfig(config, { fileNames: "md5", create: true }).store.set(KEY, BYTES, EXPIRES_AT);
    expect(await readdir(join(folder, "flask_session"))).to.include(MD5_OF_KEY);
  });

  it("is called flask_session where nothing is said", async () => {
    const error = await flaskConfig({ SESSION_TYPE: "filesystem" })
      .store.open?.()
      .catch((reason: unknown) => reason);
    expect(error).to.have.property("message").that.includes(join(process.cwd(), "flask_session"));
  });
});

describe("SESSION_TYPE memcached", () => {
  const shown = (port: number, key: string): Promise<string> =>
    askMemcached(port, `get ${key}\r\n`, /END\r\n$/).then((answer) => answer.toString("latin1"));

  it("opens the server that SESSION_MEMCACHED names, at the first call, and marks values as bytes", async function () {
    requireService(this, "memcached");
    const server = await startMemcached();
    for (const SESSION_MEMCACHED of [server.address, [server.address], ["127.0.0.1", server.port]] as const) {
      const { store } = flaskConfig({ SESSION_TYPE: "memcached", SESSION_MEMCACHED });
      await store.set(KEY, BYTES, EXPIRES_AT);
      expect(await shown(server.port, KEY)).to.equal(`VALUE ${KEY} 0 5\r\n${BYTES.toString("latin1")}\r\nEND\r\n`);
      await store.delete(KEY);
      await store.close();
    }
    await server.stop();
  });

  it("takes a client", async function () {
    requireService(this, "memcached");
    const server = await startMemcached();
    const client = new TextClient({ host: "127.0.0.1", port: server.port }, 2000);
    const { store } = flaskConfig({ SESSION_TYPE: "memcached", SESSION_MEMCACHED: client });
    await store.set(KEY, BYTES, EXPIRES_AT);
    await store.close();
    expect((await client.gets(KEY))?.value).to.deep.equal(BYTES);
    await client.delete(KEY);
    client.close();
    await server.stop();
  });

  const prefixes = [" ", "a b", "a\r\nb", "a\x7f", "ж".repeat(62), "s".repeat(123)];
  for (const SESSION_KEY_PREFIX of prefixes) {
    it(`refuses the prefix ${JSON.stringify(SESSION_KEY_PREFIX.slice(0, 5))} of ${SESSION_KEY_PREFIX.length}`, () => {
      expect(() => flaskConfig({ SESSION_TYPE: "memcached", SESSION_KEY_PREFIX })).to.throw(
        ConfigError,
        "Cannot use SESSION_KEY_PREFIX: keys of memcached",
      );
    });
  }

  it("takes every other prefix", () => {
    for (const SESSION_KEY_PREFIX of ["", "a_b%[*]?\\:", "ж".repeat(61), "s".repeat(122)]) {
      flaskConfig({ SESSION_TYPE: "memcached", SESSION_KEY_PREFIX });
    }
  });

  describe("beside Flask-Session before 0.6, whose records python-memcached up to 1.58 reads as text", () => {
    const config = (SESSION_MEMCACHED = "127.0.0.1:1"): FlaskConfig => ({
      SESSION_TYPE: "memcached",
      SESSION_MEMCACHED,
    });

    it("must be told what the Python client reads", () => {
      for (const flaskSessionVersion of ["0.3", "0.5"] as const) {
        expect(() => flaskConfig(config(), { flaskSessionVersion })).to.throw(
          ConfigError,
          /before 0\.6: python-memcached up to 1\.58 reads pickles of protocol 0 only, .* readsBytes: true$/,
        );
        flaskConfig(config(), { flaskSessionVersion, readsBytes: true });
      }
      flaskConfig(config(), { flaskSessionVersion: "0.6" });
    });

    it("refuses to store what that client cannot read, and reads what it has stored", async function () {
      requireService(this, "memcached");
      const server = await startMemcached();
      const store = storeOf(config(server.address), { flaskSessionVersion: "0.5", readsBytes: false });
      const text = Buffer.from("(dp0\nVa\np1\nI1\ns.");
      await store.set(KEY, text, EXPIRES_AT);
      const error = await store.set(KEY, BYTES, EXPIRES_AT).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(StoreError).with.property("message").that.includes("python-memcached up to 1.58");
      expect((await store.get(KEY))?.record.bytes).to.deep.equal(text);
      await store.delete(KEY);
      await store.close();
      await server.stop();
    });
  });
});

describe("SESSION_TYPE mongodb", () => {
  it("opens the server, database and collection that are named, at the first call", async () => {
    const server = await startMongodb();
    const { store } = flaskConfig({
      SESSION_TYPE: "MongoDB",
      SESSION_MONGODB: server.url,
      SESSION_MONGODB_DB: "shop",
      SESSION_MONGODB_COLLECT: "web",
    });
    await store.set(KEY, BYTES, EXPIRES_AT);
    await store.close();
    const client = new MongoClient(server.url);
    const found = await client.db("shop").collection("web").findOneAndDelete({ id: KEY });
    expect(found?.["val"].buffer).to.deep.equal(BYTES);
    await client.close();
    await server.stop();
  });

  it("is the server of this machine where none is named, and opens nothing until it is asked", async () => {
    await flaskConfig({ SESSION_TYPE: "mongodb" }, { flaskSessionVersion: "0.5" }).store.close();
  });
});

describe("SESSION_TYPE dynamodb", () => {
  it("opens the table that is named, by an address or a client, and takes Flask's time for expiry", async () => {
    const server = await startDynamodb();
    const SESSION_DYNAMODB_TABLE = await makeTable(server);
    const config = { SESSION_TYPE: "dynamodb", SESSION_DYNAMODB_TABLE };
    const client = new DynamoDBClient(addressOf(server));
    const { store } = flaskConfig(
      { ...config, SESSION_DYNAMODB: addressOf(server) },
      { flaskTimeZone: "Asia/Kolkata" },
    );
    await store.set(KEY, BYTES, EXPIRES_AT);
    await store.close();
    const given = flaskConfig({ ...config, SESSION_DYNAMODB: client }).store;
    const { record } = (await given.get(KEY)) ?? {};
    expect(record?.expiresAt?.getTime()).to.equal(EXPIRES_AT.getTime() - 5.5 * 3_600_000);
    client.destroy();
    await server.stop();
  });

  it("is Flask's own where none is named, and opens nothing until it is asked", async () => {
    await flaskConfig({ SESSION_TYPE: "dynamodb" }).store.close();
  });
});

describe("SESSION_TYPE cachelib", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "config-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("lies in files where nothing is said, and all its records are pickles", async () => {
    const { store } = flaskConfig({ SESSION_TYPE: "cachelib" });
    expect(store.format).to.equal("pickle");
    const error = await store.open?.().catch((reason: unknown) => reason);
    expect(error).to.have.property("message").that.includes(join(process.cwd(), "flask_session"));
  });

  it("lies in the directory of its FileSystemCache, with its mode", async () => {
    const SESSION_CACHELIB = { cache: "FileSystemCache", directory: folder, mode: 0o640, threshold: 10 } as const;
    const { store } = flaskConfig({ SESSION_TYPE: "CacheLib", SESSION_CACHELIB }, { fileNames: "md5" });
    await store.set(KEY, BYTES, EXPIRES_AT);
    expect((await stat(join(folder, MD5_OF_KEY))).mode & 0o777).to.equal(0o640);
  });

  it("is RedisCache's with its prefix and its mark", async function () {
    requireService(this, "redis");
    const server = await startRedis();
    const client = new Redis(server.url);
    const SESSION_CACHELIB = { cache: "RedisCache", client: server.url, keyPrefix: "shop:" } as const;
    const { store } = flaskConfig({ SESSION_TYPE: "cachelib", SESSION_CACHELIB });
    await store.set(KEY, BYTES, EXPIRES_AT);
    expect(await client.getBuffer(`shop:${KEY}`)).to.deep.equal(Buffer.concat([Buffer.from("!"), BYTES]));
    await client.del(`shop:${KEY}`);
    client.disconnect();
    await store.close();
    await server.stop();
  });

  it("is MemcachedCache's with its prefix and the flags of a pickle", async function () {
    requireService(this, "memcached");
    const server = await startMemcached();
    const SESSION_CACHELIB = { cache: "MemcachedCache", client: [server.address], keyPrefix: "shop:" } as const;
    const { store } = flaskConfig({ SESSION_TYPE: "cachelib", SESSION_CACHELIB });
    await store.set(KEY, BYTES, EXPIRES_AT);
    const answer = await askMemcached(server.port, `get shop:${KEY}\r\n`, /END\r\n$/);
    expect(answer.toString("latin1")).to.equal(`VALUE shop:${KEY} 1 5\r\n${BYTES.toString("latin1")}\r\nEND\r\n`);
    await store.delete(KEY);
    await store.close();
    await server.stop();
  });

  it("has servers of its own where none is named, and opens nothing until they are asked", async () => {
    for (const cache of ["RedisCache", "MemcachedCache"] as const) {
      await flaskConfig({ SESSION_TYPE: "cachelib", SESSION_CACHELIB: { cache } }).store.close();
    }
    await flaskConfig({ SESSION_TYPE: "memcached" }).store.close();
  });

  it("refuses prefixes that memcached cannot have", () => {
    const SESSION_CACHELIB = { cache: "MemcachedCache", keyPrefix: "s".repeat(115) } as const;
    expect(() => flaskConfig({ SESSION_TYPE: "cachelib", SESSION_CACHELIB })).to.throw(
      ConfigError,
      "Cannot use SESSION_CACHELIB.keyPrefix before SESSION_KEY_PREFIX: keys of memcached",
    );
  });
});
