import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { Redis } from "ioredis";
import { flaskConfig } from "../../src/config/index.ts";
import { ConfigError, UnsupportedSessionTypeError } from "../../src/errors.ts";
import type { FlaskSessionVersion } from "../../src/session/options.ts";
import { encodeFile } from "../../src/stores/filesystem/cache-file.ts";
import { fileName } from "../../src/stores/filesystem/names.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";

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
  const NOT_YET = "this store is not supported yet; redis and filesystem are";
  const refusals: readonly (readonly [
    type: string | null | undefined,
    version: FlaskSessionVersion,
    message: string,
  ])[] = [
    [undefined, "0.8", "a config without SESSION_TYPE: Flask's own cookie sessions are not supported yet"],
    [null, "0.8", "SESSION_TYPE null: Flask-Session >= 0.7 does not start with it"],
    ["null", "0.7", "SESSION_TYPE null: Flask-Session >= 0.7 does not start with it"],
    ["NULL", "0.7", "SESSION_TYPE null: Flask-Session >= 0.7 does not start with it"],
    [null, "0.6", "SESSION_TYPE null: Flask-Session < 0.7 keeps no sessions with it"],
    ["null", "0.5", "SESSION_TYPE null: Flask-Session < 0.7 keeps no sessions with it"],
    ["Redis", "0.6", 'SESSION_TYPE "Redis": case matters before Flask-Session 0.7: write "redis"'],
    ["memcached", "0.8", `SESSION_TYPE "memcached": ${NOT_YET}`],
    ["SQLAlchemy", "0.8", `SESSION_TYPE "sqlalchemy": ${NOT_YET}`],
    ["mongodb", "0.5", `SESSION_TYPE "mongodb": ${NOT_YET}`],
    ["cachelib", "0.8", `SESSION_TYPE "cachelib": ${NOT_YET}`],
    ["dynamodb", "0.8", `SESSION_TYPE "dynamodb": ${NOT_YET}`],
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
