/** The contracts over the stores of cachelib's caches. */
import { expect } from "chai";
import { Redis } from "ioredis";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { TaggedJson } from "../../src/codecs/tagged-json.ts";
import { ConfigError, DecodeError, StoreError } from "../../src/errors.ts";
import type { InspectableStore, Store } from "../../src/session/store.ts";
import { cachelibStore } from "../../src/stores/cachelib.ts";
import { memcachedStore } from "../../src/stores/memcached.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { notationOf } from "../codecs/notation.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type StoreUnderTest } from "../contracts/store.ts";
import { judgeOf } from "../python/judge.ts";
import { startMemcached } from "../services/memcached-server.ts";
import { startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { atEnd } from "./redis/at-end.ts";

const A = Uint8Array.of(0x80, 0x04, 0x7d, 0x2e);
const soon = (): Date => new Date(Date.now() + 60_000);
const keyPrefix = "a_b%[*]?\\:";

const makeRedisCache = async (context: Mocha.Context): Promise<StoreUnderTest<InspectableStore>> => {
  requireService(context, "redis");
  const server = await startRedis();
  const client = new Redis(server.url);
  return {
    store: cachelibStore({ cache: "RedisCache", store: redisStore(client), keyPrefix }),
    end: async () => {
      client.disconnect();
      await server.stop();
    },
  };
};

const makeMemcachedCache = async (context: Mocha.Context): Promise<StoreUnderTest> => {
  requireService(context, "memcached");
  const server = await startMemcached();
  const items = memcachedStore({ server: server.address, pickled: true });
  return {
    store: cachelibStore({ cache: "MemcachedCache", store: items, keyPrefix }),
    end: async () => {
      await items.close();
      await server.stop();
    },
  };
};

const capabilities = {
  compareAndSet: "everyone",
  format: "pickle",
  touchesInGet: true,
  tellsExpiry: false,
} as const;

describeStore("cachelib's RedisCache", makeRedisCache, capabilities);
describeInspectableStore("cachelib's RedisCache", makeRedisCache, {
  listsKeys: true,
  expires: "by itself",
  server: /^(redis|valkey) /,
});
describeStore("cachelib's MemcachedCache", makeMemcachedCache, {
  ...capabilities,
  keys: /^[^\0-\x21\x7f]+$/,
  expiryGrainMillis: 1000,
});

/** Records of RedisCache that users asked about. */
interface FieldCase {
  readonly id: string;
  readonly source: string;
  readonly about: string;
  readonly hex: string;
}

const fieldCases: readonly FieldCase[] = [
  {
    id: "f34",
    source: "https://github.com/pallets-eco/cachelib/issues/7",
    about: "a text, which looks odd in redis-cli",
    hex: "218003580c000000612d66697273742d6e616d6571002e",
  },
  {
    id: "f36",
    source: "https://github.com/CTFd/CTFd/blob/master/CTFd/utils/sessions/__init__.py",
    about: "a session as JSON in a text in a pickle",
    hex:
      "21800495ad000000000000008ca97b226964223a332c226e6f6e6365223a22616261626162616261626162616261626162616261626162616261" +
      "62616261626162616261626162616261626162616261626162616261626162616261626162222c2268617368223a7b222062223a224150383d22" +
      "7d2c227365656e223a7b222064223a225468752c2032392046656220323032342030313a30323a303320474d54227d2c22706f73223a7b222074" +
      "223a5b312c325d7d7d942e",
  },
];

describe("a record of RedisCache", () => {
  for (const { id, source, about, hex } of fieldCases) {
    it(`is what Python finds: ${about} (${id}, ${source})`, async function () {
      requireService(this, "redis");
      const server = await startRedis();
      atEnd(() => server.stop());
      const client = new Redis(server.url);
      atEnd(() => {
        client.disconnect();
      });
      await client.set("cached", Buffer.from(hex, "hex"), "EX", 60);
      const python = await (await judgeOf("fs080-newest")).run(REDIS_CACHE, { url: server.url, key: "cached" });
      const found = await cachelibStore({ cache: "RedisCache", store: redisStore(client) }).get("cached");
      expect(pickle.decode(found?.record.bytes ?? new Uint8Array()).value).to.equal(python);
      await client.del("cached");
    });
  }

  it("can hold tagged JSON, which its own codec reads (f36)", () => {
    const { value } = pickle.decode(Buffer.from(fieldCases[1]?.hex.slice(2) ?? "", "hex"));
    const session = new TaggedJson().decode(Buffer.from(value as string));
    expect(notationOf(session)).to.deep.equal({
      id: 3,
      nonce: "ab".repeat(32),
      hash: { $bytes: "00ff" },
      seen: { $datetime: "2024-02-29T01:02:03+00:00", fold: 0 },
      pos: { $tuple: [1, 2] },
    });
  });
});

const REDIS_CACHE = `
import redis
from cachelib import RedisCache
result = RedisCache(redis.from_url(input["url"])).get(input["key"])
`;

describe("a cache of cachelib's", () => {
  const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

  it("in Redis calls corrupt what is no pickle, leaves it, and lists what is", async () => {
    const values = memoryStore();
    const cache = cachelibStore({ cache: "RedisCache", store: values, keyPrefix: "c:" });
    await values.set("c:number", Buffer.from("5"), soon());
    await values.set("other:a", Buffer.from("!x"), soon());
    await cache.set("pickle", A, soon());
    expect(await failureOf(cache.get("number"))).to.be.instanceOf(DecodeError);
    expect(await failureOf(cache.set("number", A, soon(), { bytes: A }))).to.be.instanceOf(DecodeError);
    expect((await values.get("c:number"))?.record.bytes).to.deep.equal(Uint8Array.from(Buffer.from("5")));
    const keys = [];
    for await (const { key } of cache.list("")) keys.push(key);
    expect(keys).to.deep.equal(["pickle"]);
  });

  it("in memcached has no key that cachelib does not look for", async () => {
    const items: Store = memcachedStore({ server: "127.0.0.1:1", pickled: true });
    const cache = cachelibStore({ cache: "MemcachedCache", store: items });
    for (const key of ["a!b", "a b", "ÿ", ""]) {
      expect(await failureOf(cache.get(key)))
        .to.be.instanceOf(StoreError)
        .with.property("message")
        .that.matches(/MemcachedCache/);
    }
  });

  it("needs a store in memcached that marks its records as pickles", () => {
    const store = memcachedStore();
    expect(() => cachelibStore({ cache: "MemcachedCache", store })).to.throw(ConfigError, "pickled: true");
  });

  it("is one of two", () => {
    const options = { cache: "SimpleCache", store: memoryStore() } as unknown as Parameters<typeof cachelibStore>[0];
    expect(() => cachelibStore(options)).to.throw(ConfigError, '"RedisCache" or "MemcachedCache"');
  });

  it("opens where its store has nothing to open", async () => {
    const cache = cachelibStore({ cache: "RedisCache", store: memoryStore() });
    await cache.open?.();
    await cache.close();
  });
});
