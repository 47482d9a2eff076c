import { inspect } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";
import { createPool } from "mysql2/promise";
import { Pool } from "pg";
import { createClient } from "redis";
import { flaskConfig } from "../../src/config/index.ts";
import { type CheckedKeys, KEY_CHECKS } from "../../src/config/key-checks.ts";
import { readKeys } from "../../src/config/read-keys.ts";
import { ConfigError } from "../../src/errors.ts";
import { TextClient } from "../../src/stores/memcached/text-client.ts";

const ioredis = new Redis({ lazyConnect: true });
const nodeRedis = createClient();
const mongo = new MongoClient("mongodb://localhost");
const dynamo = new DynamoDBClient({ region: "us-west-2" });
const memcached = new TextClient({ port: 11211 }, 1000);
const sqlite = new DatabaseSync(":memory:");
const postgresql = new Pool();
const mysql = createPool({});

/** Of each key the values it takes, with what becomes of them where that is another, and those it refuses, with the reason. */
interface Row {
  readonly good: readonly (readonly [value: unknown, expected?: unknown])[];
  readonly bad: readonly (readonly [value: unknown, reason: string])[];
}

const NONE: readonly [null, undefined] = [null, undefined];

const FLAG: Row = {
  good: [[true], [false], [null, false]],
  bad: [
    ["False", "it must be true or false, not text"],
    [1, "it must be true or false, not a number"],
    [[], "it must be true or false, not a list"],
  ],
};

const NAME: Row = {
  good: [["Sessions"]],
  bad: [
    ["", "it must not be empty"],
    [null, "it must be text, not null"],
    ["a\0b", "it must not hold a NUL character"],
  ],
};

const NAME_OR_NONE: Row = { good: [...NAME.good, NONE], bad: [["", "it must not be empty"]] };

const COUNT: Row = {
  good: [[0], [500]],
  bad: [
    [-1, "it must be a whole number from 0"],
    [1.5, "it must be a whole number from 0"],
    ["500", "it must be a whole number from 0"],
    [null, "it must be a whole number from 0"],
  ],
};

const CLIENT: Row = { good: [[null], [{}], ["anything"]], bad: [] };

const A_SERVER = 'it must be a server such as "127.0.0.1:11211", or a list of one';
const PATH_REASON = "it must not hold control characters or a semicolon";

const rows: Readonly<Record<keyof CheckedKeys, Row>> = {
  SECRET_KEY: {
    good: [["your-super-secret-key"], ["ключ"], [""], [new Uint8Array([1, 2])], NONE],
    bad: [
      [5201314, "it must be text or a Uint8Array, not a number"],
      // Source: https://github.com/pallets/itsdangerous/issues/41: a comma too many makes a tuple.
      [["the-key"], "it must be one key; older ones belong into SECRET_KEY_FALLBACKS"],
      [{}, "it must be text or a Uint8Array, not an object"],
      ["\ud800", "it must not hold half a surrogate pair"],
    ],
  },
  SECRET_KEY_FALLBACKS: {
    good: [[[]], [["older", new Uint8Array([1])]], NONE],
    bad: [
      ["older", "it must be a list of keys, not text"],
      [[1], "it must be text or a Uint8Array, not a number"],
    ],
  },
  PERMANENT_SESSION_LIFETIME: {
    good: [[3600], [90.5, 90], [{ days: 7 }, 604_800], [{ hours: 1, minutes: 30 }, 5400]],
    bad: [
      [0, "it must be at least 1 second"],
      [0.5, "it must be at least 1 second"],
      [null, "not null"],
      ["3600", "not text"],
      [{ weeks: 1 }, "it may have days, hours, minutes and seconds, nothing else"],
    ],
  },
  SESSION_REFRESH_EACH_REQUEST: FLAG,
  APPLICATION_ROOT: {
    good: [["/"], ["/app"], ["/é"]],
    bad: [
      ["/a;b", PATH_REASON],
      [1, "it must be text, not a number"],
    ],
  },
  SERVER_NAME: { good: [["example.com:5000"], [""], NONE], bad: [[5000, "it must be text, not a number"]] },
  MAX_COOKIE_SIZE: COUNT,
  SESSION_COOKIE_NAME: {
    good: [["session"], ["__Host-s.id"]],
    bad: [
      [null, "it must be text, not null"],
      ["", "it must be a cookie name of RFC 6265"],
      ["my session", "it must be a cookie name of RFC 6265"],
      ["a;b", "it must be a cookie name of RFC 6265"],
      ["a\r\nb", "it must be a cookie name of RFC 6265"],
    ],
  },
  SESSION_COOKIE_DOMAIN: {
    good: [["example.com"], [".example.com"], ["localhost"], ["xn--bcher-kva.example"], [false], ["", false], NONE],
    bad: [
      [true, "it must be text, not a boolean"],
      ["https://example.com", "it must be a host name in ASCII"],
      ["a.com; Path=/", "it must be a host name in ASCII"],
      ["bücher.example", "it must be a host name in ASCII"],
    ],
  },
  SESSION_COOKIE_PATH: {
    good: [["/app"], [""], NONE],
    bad: [
      ["/\r\n", PATH_REASON],
      [false, "it must be text, not a boolean"],
    ],
  },
  SESSION_COOKIE_HTTPONLY: FLAG,
  SESSION_COOKIE_SECURE: FLAG,
  SESSION_COOKIE_SAMESITE: {
    good: [["Lax"], ["strict", "Strict"], ["NONE", "None"], NONE],
    bad: [
      ["", 'it must be "Strict", "Lax" or "None"'],
      ["Lax; Secure", 'it must be "Strict", "Lax" or "None"'],
      [false, 'it must be "Strict", "Lax" or "None"'],
    ],
  },
  SESSION_COOKIE_PARTITIONED: FLAG,
  SESSION_TYPE: { good: [["redis"], ["whatever"], [null]], bad: [[1, "it must be text, not a number"]] },
  SESSION_PERMANENT: FLAG,
  SESSION_USE_SIGNER: FLAG,
  SESSION_KEY_PREFIX: {
    good: [["flask_session:"], [""], ["é*?[a]%_"]],
    bad: [
      [null, "it must be text, not null"],
      ["a\0", "it must not hold a NUL character"],
    ],
  },
  SESSION_ID_LENGTH: {
    good: [[1], [96], NONE],
    bad: [
      [0, "it must be a whole number from 1 to 96"],
      [97, "it must be a whole number from 1 to 96"],
      ["32", "it must be a whole number from 1 to 96"],
    ],
  },
  SESSION_SERIALIZATION_FORMAT: { good: [["msgpack"], ["json"]], bad: [[null, "it must be text, not null"]] },
  SESSION_REDIS: {
    good: [[ioredis], [nodeRedis], ["redis://localhost:6379"], ["rediss://:secret@example.com/1"], NONE],
    bad: [
      [{}, "it must be a client of ioredis or node-redis, or a URL"],
      [{ get() {}, set() {} }, "it must be a client of ioredis or node-redis, or a URL"],
      [6379, "it must be a client of ioredis or node-redis, or a URL"],
      ["localhost:6379", "a URL starts with redis:// or rediss://"],
      ["http://localhost", "a URL starts with redis:// or rediss://"],
      ["redis://:pass#word@localhost", "a URL starts with redis:// or rediss://"],
    ],
  },
  SESSION_FILE_DIR: { good: [["./flask_session/"], ["/tmp/sessions"]], bad: NAME.bad },
  SESSION_FILE_THRESHOLD: COUNT,
  SESSION_FILE_MODE: {
    good: [[0o600], [384], [0o660], NONE],
    bad: [
      ["0o600", "it must be a number such as 0o600, not text"],
      [-1, "it must be a number such as 0o600"],
      [0o10000, "it must be a number such as 0o600"],
      [1.5, "it must be a number such as 0o600"],
    ],
  },
  SESSION_MEMCACHED: {
    good: [
      ["127.0.0.1:11211"],
      ["memcached"],
      [["127.0.0.1:11211"]],
      [["127.0.0.1", 11211]],
      ["unix:/run/memcached.sock"],
      [memcached],
      NONE,
    ],
    bad: [
      [{}, A_SERVER],
      [{ get() {}, set() {} }, A_SERVER],
      [11211, A_SERVER],
      ["", A_SERVER],
      [["127.0.0.1:11211", "127.0.0.1:11212"], "it names 2 servers"],
      ["one:11211,other:11211", "it names 2 servers"],
    ],
  },
  SESSION_CACHELIB: {
    good: [
      [{ cache: "FileSystemCache", directory: "./flask_session", threshold: 500, mode: 0o600 }],
      [{ cache: "FileSystemCache" }],
      [{ cache: "RedisCache", client: ioredis, keyPrefix: "shop:" }],
      [{ cache: "MemcachedCache", client: ["127.0.0.1:11211"] }],
      [
        { cache: "MemcachedCache", client: memcached, keyPrefix: undefined },
        { cache: "MemcachedCache", client: memcached },
      ],
      NONE,
    ],
    bad: [
      ["FileSystemCache", "it must be an object, not text"],
      [{}, 'it must be "FileSystemCache" or "RedisCache" or "MemcachedCache"'],
      [{ cache: "SimpleCache" }, 'it must be "FileSystemCache" or "RedisCache" or "MemcachedCache"'],
      [{ cache: "FileSystemCache", directory: "" }, "it must not be empty"],
      [{ cache: "FileSystemCache", client: ioredis }, "there is no such option"],
      [{ cache: "RedisCache", client: {} }, "it must be a client of ioredis or node-redis, or a URL"],
      [{ cache: "MemcachedCache", client: ["a", "b"] }, "it names 2 servers"],
      [{ cache: "MemcachedCache", keyprefix: "a" }, "did you mean SESSION_CACHELIB.keyPrefix?"],
    ],
  },
  SESSION_MONGODB: {
    good: [[mongo], ["mongodb://localhost"], ["mongodb+srv://u:p%40ss@cluster.example.com/db?w=majority"], NONE],
    bad: [
      [{}, "it must be a MongoClient of the driver, or a URL"],
      [27017, "it must be a MongoClient of the driver, or a URL"],
      ["localhost:27017", "a URL starts with mongodb:// or mongodb+srv://"],
      ["mongodb://u:p@ss@localhost", "a URL starts with mongodb:// or mongodb+srv://"],
      ["mongodb://u:p%@localhost", "a URL starts with mongodb:// or mongodb+srv://"],
      ["mongodb://", "a URL starts with mongodb:// or mongodb+srv://"],
    ],
  },
  SESSION_MONGODB_DB: NAME,
  SESSION_MONGODB_COLLECT: NAME,
  SESSION_SQLALCHEMY: {
    good: [
      [sqlite],
      [postgresql],
      [mysql],
      ["sqlite:////tmp/sessions.db"],
      ["mysql+pymysql://:secret@localhost/a"],
      NONE,
    ],
    bad: [
      [{}, "it must be a database of SQLite, a pool of pg or a pool of mysql2/promise"],
      [5432, "it must be a database of SQLite, a pool of pg or a pool of mysql2/promise"],
      ["sqlite://", "a database in the memory of the Flask process cannot be reached from another"],
      ["oracle://:secret@localhost/a", 'the database is "oracle"'],
    ],
  },
  SESSION_SQLALCHEMY_TABLE: NAME,
  SESSION_SQLALCHEMY_SEQUENCE: NAME_OR_NONE,
  SESSION_SQLALCHEMY_SCHEMA: NAME_OR_NONE,
  SESSION_SQLALCHEMY_BIND_KEY: NAME_OR_NONE,
  SESSION_CLEANUP_N_REQUESTS: { good: [[0], [100], NONE], bad: [["100", "it must be a whole number from 0"]] },
  SQLALCHEMY_DATABASE_URI: CLIENT,
  SQLALCHEMY_BINDS: CLIENT,
  SQLALCHEMY_ENGINE_OPTIONS: CLIENT,
  SESSION_DYNAMODB: {
    good: [
      [dynamo],
      [{ endpoint: "http://localhost:8000", region: "us-west-2" }],
      [{ region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" } }],
      [{}],
      NONE,
    ],
    bad: [
      ["http://localhost:8000", "it must be an object, not text"],
      [{ endpoint_url: "http://localhost:8000" }, "there is no such option"],
      [{ Region: "us-west-2" }, "did you mean SESSION_DYNAMODB.region?"],
      [{ endpoint: "" }, "it must not be empty"],
      [{ credentials: { accessKeyID: "a" } }, "did you mean SESSION_DYNAMODB.credentials.accessKeyId?"],
      [{ credentials: "secret" }, "it must be an object, not text"],
    ],
  },
  SESSION_DYNAMODB_TABLE: NAME,
};

describe("the keys of Flask and Flask-Session", () => {
  after(() => {
    ioredis.disconnect();
    sqlite.close();
    dynamo.destroy();
  });

  it("are all in the table of cases", () => {
    expect(Object.keys(rows)).to.have.members(Object.keys(KEY_CHECKS));
  });

  for (const [key, { good, bad }] of Object.entries(rows) as [keyof CheckedKeys, Row][]) {
    for (const row of good) {
      const [value] = row;
      const expected = row.length === 1 ? value : row[1];
      it(`${key} takes ${brief(value)}`, () => {
        expect(readKeys({ [key]: value }).keys[key]).to.deep.equal(expected);
      });
    }
    for (const [value, reason] of bad) {
      it(`${key} refuses ${brief(value)}`, () => {
        expect(() => flaskConfig({ SESSION_TYPE: "redis", [key]: value }))
          .to.throw(ConfigError, new RegExp(`^Cannot use ${key}(?:[.]\\w+)*: .*`))
          .with.property("message")
          .that.includes(reason);
      });
    }
    it(`${key} may be undefined, which is absence`, () => {
      expect(readKeys({ [key]: undefined }).keys).to.deep.equal({});
    });
  }
});

function brief(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, compact: true }).split("\n")[0] ?? "";
}
