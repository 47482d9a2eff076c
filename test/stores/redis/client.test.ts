/** Clients: what a URL becomes and when it ends, and clients that cannot serve. */
import { createServer } from "node:net";
import { expect } from "chai";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { ConfigError, StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import { redisStore } from "../../../src/stores/redis.ts";
import { freePort } from "../../services/free-port.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import { requireService } from "../../services/services.ts";
import { compiled, runProgram } from "../program.ts";
import { atEnd } from "./at-end.ts";

const A = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const soon = (): Date => new Date(Date.now() + 60_000);
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("a redis store by URL", () => {
  let server: RedisServer;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis(["--maxclients", "100", "--requirepass", "secret"]);
  });
  after(() => server?.stop());

  const url = (): string => server.url.replace("//", "//:secret@");

  it("opens at the first call", async () => {
    const store = redisStore(url());
    atEnd(() => store.close());
    expect(await store.get("unknown")).to.equal(undefined);
  });

  it("opens once for calls side by side", async () => {
    const admin = new Redis(url());
    atEnd(() => {
      admin.disconnect();
    });
    const clients = async (): Promise<number> =>
      String(await admin.client("LIST"))
        .trim()
        .split("\n").length;
    const before = await clients();
    const store = redisStore(url());
    atEnd(() => store.close());
    await Promise.all(Array.from({ length: 10 }, () => store.get("unknown")));
    expect(await clients()).to.equal(before + 1);
  });

  it("tells why it cannot open, and tries again at the next call", async () => {
    const port = await freePort();
    const store = redisStore(`redis://127.0.0.1:${port}`);
    atEnd(() => store.close());
    for (const call of [() => store.open?.(), () => store.get("unknown")]) {
      const error = await failure(Promise.resolve(call()));
      expect(error).to.be.instanceOf(StoreUnavailableError);
      expect((error as Error).message).to.equal("Cannot reach Redis: ECONNREFUSED in CONNECT");
    }
    const late = await startRedis(["--maxclients", "100"], port);
    atEnd(() => late.stop());
    expect(await store.get("unknown")).to.equal(undefined);
  });

  it("tells of a wrong password", async () => {
    const store = redisStore(server.url.replace("//", "//:wrong@"));
    atEnd(() => store.close());
    const error = await failure(store.open?.() ?? Promise.resolve());
    expect(error).to.be.instanceOf(StoreError).and.not.instanceOf(StoreUnavailableError);
    expect((error as Error).message).to.equal("Redis refused CONNECT: WRONGPASS");
  });

  it("tells of a server that hangs up", async () => {
    const rude = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    atEnd(() => rude.close());
    await new Promise((resolve) => rude.once("listening", resolve));
    const { port } = rude.address() as { port: number };
    const store = redisStore(`redis://127.0.0.1:${port}`);
    atEnd(() => store.close());
    expect(await failure(store.get("unknown"))).to.be.instanceOf(StoreUnavailableError);
  });

  it("refuses calls once it is closed", async () => {
    const store = redisStore(url());
    atEnd(() => store.close());
    await store.get("unknown");
    await store.close();
    await store.close();
    expect(await failure(store.get("unknown"))).to.be.instanceOf(StoreUnavailableError);
  });

  it("closes without ever having been opened", async () => {
    await redisStore(url()).close();
  });

  it("can be closed while it opens in vain", async () => {
    const store = redisStore(`redis://127.0.0.1:${await freePort()}`);
    atEnd(() => store.close());
    const call = failure(store.get("unknown"));
    await store.close();
    expect(await call).to.be.instanceOf(StoreUnavailableError);
  });

  it("lets the process end by itself once it is closed", async () => {
    const { code, stdout, stderr } = await runProgram(
      `import { redisStore } from ${JSON.stringify(compiled("stores/redis.js"))};
       const store = redisStore(process.argv[2]);
       await store.set("s", Uint8Array.of(0x80), new Date(Date.now() + 60_000));
       await store.close();
       const closed = performance.now();
       process.on("exit", () => { console.log(performance.now() - closed < 1000); });`,
      [url()],
    );
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: "true\n", stderr: "" });
  });

  it("outlives its server without a word on the console", async () => {
    const mortal = await startRedis(["--maxclients", "100"]);
    atEnd(() => mortal.stop());
    const { code, stdout, stderr } = await runProgram(
      `import { Redis } from "ioredis";
       import { redisStore } from ${JSON.stringify(compiled("stores/redis.js"))};
       const store = redisStore(process.argv[2]);
       await store.open();
       const admin = new Redis(process.argv[2], { retryStrategy: () => null }).on("error", () => {});
       await admin.shutdown("NOSAVE").catch(() => {});
       await new Promise((resolve) => setTimeout(resolve, 200));
       await store.close();
       console.log("still here");`,
      [mortal.url],
    );
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: "still here\n", stderr: "" });
  });

  it("names the package that it misses", async () => {
    const hide = `export const resolve = (name, context, next) => {
      if (name === "ioredis") throw new Error("hidden");
      return next(name, context);
    };`;
    const { code, stdout, stderr } = await runProgram(
      `import { register } from "node:module";
       register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hide)}`)});
       const { redisStore } = await import(${JSON.stringify(compiled("stores/redis.js"))});
       const store = redisStore(process.argv[2]);
       for (const attempt of [1, 2]) await store.open().catch((error) => { console.log(error.code, error.message); });
       await store.close();`,
      [url()],
    );
    const line = 'ERR_MISSING_PACKAGE Cannot open Redis by its URL: the package "ioredis" is not installed\n';
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: line + line, stderr: "" });
  });

  for (const text of [
    "localhost:6379",
    "http://:secret@localhost",
    "",
    "unix:///run/redis.sock",
    "redis://:secret#@localhost",
    "redis://:secret/@localhost",
    "redis://:secret%@localhost",
    "redis://:secret@[localhost",
    "redis://:secret@localhost:99999",
  ]) {
    it(`is not made of ${JSON.stringify(text)}, which no message repeats`, () => {
      expect(() => redisStore(text))
        .to.throw(ConfigError, "redis://")
        .with.property("message")
        .that.does.not.include("secret");
    });
  }

  it("leaves a client open that it was given", async () => {
    const client = new Redis(url());
    atEnd(() => {
      client.disconnect();
    });
    const store = redisStore(client);
    await store.open?.();
    await store.close();
    expect(await store.get("unknown")).to.equal(undefined);
  });

  it("is not opened where the client it was given has a wrong password", async () => {
    const client = new Redis(server.url).on("error", () => {});
    atEnd(() => {
      client.disconnect();
    });
    const error = await failure(redisStore(client).open?.() ?? Promise.resolve());
    expect((error as Error).message).to.equal("Redis refused PING: NOAUTH");
  });
});

describe("a redis client that answers with text", () => {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;

  before(async function () {
    requireService(this, "redis");
    server = await startRedis();
    client = createClient({ url: server.url });
    await client.on("error", () => {}).connect();
  });
  after(async () => {
    await client?.close();
    await server?.stop();
  });

  it("is noticed on the first read, by an error that names its option", async () => {
    const store = redisStore(client);
    await store.set("text:s", A, soon());
    const calls = [
      () => store.get("text:s"),
      () => store.get("text:s", { touchUntil: soon() }),
      () => store.set("text:s", A, soon(), null),
      () => store.list("text:")[Symbol.asyncIterator]().next(),
    ];
    for (const call of calls) {
      const error = await failure(call());
      expect(error).to.be.instanceOf(ConfigError);
      expect((error as Error).message).to.include("typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer }");
    }
    await store.delete("text:s");
  });
});
