/** Our own client: when it connects, waits, gives up and connects again. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { StoreError, StoreTimeoutError, StoreUnavailableError } from "../../../src/errors.ts";
import { type MemcachedStore, memcachedStore } from "../../../src/stores/memcached.ts";
import { freePort } from "../../services/free-port.ts";
import { askMemcached, type MemcachedServer, startMemcached } from "../../services/memcached-server.ts";
import { startRedis } from "../../services/redis-server.ts";
import { requireService } from "../../services/services.ts";
import { compiled, runProgram } from "../program.ts";
import { atEnd } from "../redis/at-end.ts";
import { altered } from "./altered.ts";

const A = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const KEY = "session:abc";
const soon = (): Date => new Date(Date.now() + 60_000);
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("our memcached client", () => {
  let server: MemcachedServer;
  let store: MemcachedStore;

  before(async function () {
    requireService(this, "memcached-server");
    server = await startMemcached(["-c", "64"]);
  });
  beforeEach(async () => {
    await askMemcached(server.port, "flush_all\r\n");
    store = storeAt(server.port);
  });
  after(() => server?.stop());

  const storeAt = (port: number, timeoutMillis?: number): MemcachedStore => {
    const made = memcachedStore({ server: `127.0.0.1:${port}`, timeoutMillis });
    atEnd(() => made.close());
    return made;
  };
  const connections = async (): Promise<number> => {
    const stats = (await askMemcached(server.port, "stats\r\n", /END\r\n$/)).toString();
    return Number(/STAT curr_connections (\d+)/.exec(stats)?.[1]);
  };

  it("opens one connection for calls side by side, at the first", async () => {
    const before = await connections();
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => store.set(`${KEY}${index}`, Uint8Array.of(index), soon())),
    );
    expect(await connections()).to.equal(before + 1);
    const found = await Promise.all(Array.from({ length: 100 }, (_, index) => store.get(`${KEY}${index}`)));
    expect(found.map((one) => one?.record.bytes[0])).to.deep.equal(Array.from({ length: 100 }, (_, index) => index));
  });

  it("writes one key from 30 sides, whatever is there", async () => {
    const sets = Array.from({ length: 30 }, (_, index) => store.set(KEY, Uint8Array.of(index), soon()));
    expect(await Promise.all(sets)).to.deep.equal(sets.map(() => ({ stored: true })));
    expect((await store.get(KEY))?.record.bytes).to.have.lengthOf(1);
  });

  it("sends nothing of a key with line ends", async () => {
    const key = `${KEY}\r\nset evil 0 100 1\r\nx`;
    for (const call of [store.get(key), store.set(key, A, soon()), store.touch(key, soon()), store.delete(key)]) {
      expect(await failureOf(call)).to.be.instanceOf(StoreError);
    }
    expect(await store.get("evil")).to.equal(undefined);
  });

  it("tells that nothing listens, and connects at the next call", async () => {
    const port = await freePort();
    const early = storeAt(port);
    const error = await failureOf(early.open());
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect((error as Error).message).to.equal("Cannot reach memcached: ECONNREFUSED in GETS");
    const late = await startMemcached([], port);
    atEnd(() => late.stop());
    await early.open();
  });

  it("goes on with a server that was started anew", async () => {
    const first = await startMemcached(["-c", "64"]);
    const lasting = storeAt(first.port);
    await lasting.set(KEY, A, soon());
    await first.stop();
    await sleep(20);
    expect(await failureOf(lasting.get(KEY))).to.be.instanceOf(StoreUnavailableError);
    const second = await startMemcached([], first.port);
    atEnd(() => second.stop());
    expect(await lasting.get(KEY)).to.equal(undefined);
    expect(await lasting.set(KEY, A, soon(), null)).to.deep.equal({ stored: true });
  });

  it("gives a server that stands still up at the deadline of a command, all that waits with it, and goes on with it later", async () => {
    const frozen = await startMemcached(["-c", "64"]);
    atEnd(() => frozen.stop());
    const waiting = storeAt(frozen.port, 300);
    await waiting.set(KEY, A, soon());
    await frozen.freeze();
    const started = performance.now();
    const calls = [waiting.get(KEY), waiting.touch(KEY, soon()), waiting.set(KEY, A, soon(), { bytes: A })];
    for (const error of await Promise.all(calls.map(failureOf))) expect(error).to.be.instanceOf(StoreTimeoutError);
    expect(performance.now() - started).to.be.within(290, 1000);
    expect(await failureOf(waiting.get(KEY)))
      .to.be.instanceOf(StoreTimeoutError)
      .with.property("message", "memcached did not answer GETS in 300 ms");
    frozen.thaw();
    expect((await waiting.get(KEY))?.record.bytes).to.deep.equal(Buffer.from(A));
  });

  it("tells at once that the connection ended while a command waited", async () => {
    const mortal = await startMemcached(["-c", "64"]);
    const waiting = storeAt(mortal.port, 5000);
    await waiting.open();
    await mortal.freeze();
    const started = performance.now();
    const call = failureOf(waiting.get(KEY));
    await mortal.stop();
    expect(await call).to.be.instanceOf(StoreUnavailableError);
    expect(performance.now() - started).to.be.below(2000);
  });

  it("tells at once of a server that hangs up", async () => {
    const rude = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
    atEnd(() => rude.close());
    await once(rude, "listening");
    const error = await failureOf(storeAt((rude.address() as AddressInfo).port).get(KEY));
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect((error as Error).message).to.match(/^Cannot reach memcached: \w+ in GETS$/);
  });

  it("tells that the server takes no more connections, and does not take it for an old server", async () => {
    const small = await startMemcached(["-c", "30"]);
    atEnd(() => small.stop());
    const sockets: Socket[] = [];
    atEnd(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (let index = 0; index < 40; index++) {
      sockets.push(connect(small.port, "127.0.0.1").on("error", () => undefined));
    }
    await sleep(100);
    const late = storeAt(small.port);
    expect(await failureOf(late.get(KEY, { touchUntil: soon() }))).to.be.instanceOf(StoreUnavailableError);
    for (const socket of sockets.splice(0)) socket.destroy();
    await sleep(100);
    await late.set(KEY, A, soon());
    expect((await late.get(KEY, { touchUntil: soon() }))?.touched).to.equal(true);
  });

  it("knows that something else answers", async function () {
    requireService(this, "redis-server");
    const redis = await startRedis(["--maxclients", "10"]);
    atEnd(() => redis.stop());
    const chatty = createServer((socket) => socket.on("error", () => undefined).write("x".repeat(3000))).listen(
      0,
      "127.0.0.1",
    );
    atEnd(() => chatty.close());
    await once(chatty, "listening");
    for (const port of [redis.port, (chatty.address() as AddressInfo).port]) {
      const wrong = storeAt(port);
      expect(await failureOf(wrong.get(KEY)))
        .to.be.instanceOf(StoreError)
        .with.property("message", "Cannot use memcached: what answers does not speak its text protocol");
      await wrong.close();
    }
  });

  it("gives nobody the record of another key, and takes a new connection after an answer out of step", async () => {
    await store.set(KEY, A, soon());
    await store.set("session:other", Uint8Array.of(0x82), soon());
    let wrong = true;
    const port = await altered(server.port, (sent) =>
      wrong ? sent.replace(`gets ${KEY}`, "gets session:other") : sent,
    );
    const misled = storeAt(port);
    const calls = [misled.get(KEY), misled.get("session:another")].map(failureOf);
    const [first, second] = await Promise.all(calls);
    expect(first).to.be.instanceOf(StoreError);
    expect(second).to.be.instanceOf(StoreUnavailableError);
    wrong = false;
    expect((await misled.get(KEY))?.record.bytes).to.deep.equal(Buffer.from(A));
  });

  it("drops a connection on which more is answered than was asked", async () => {
    await store.set(KEY, A, soon());
    let twice = true;
    const port = await altered(server.port, (sent) => (twice ? sent + sent : sent));
    const told = storeAt(port);
    expect((await told.get(KEY))?.record.bytes).to.deep.equal(Buffer.from(A));
    await sleep(50);
    twice = false;
    expect(await told.get("session:none")).to.equal(undefined);
  });

  it("renews lifetimes by touch where the server has no gats, and takes 1 MiB for its limit where it tells none", async () => {
    const port = await altered(server.port, (sent) =>
      sent.replace("gats ", "gatz ").replace("stats settings", "statz settings"),
    );
    const old = storeAt(port);
    await old.set(KEY, A, soon());
    for (const attempt of [1, 2]) {
      const found = await old.get(KEY, { touchUntil: soon() });
      expect([attempt, found?.touched, found?.record.bytes]).to.deep.equal([attempt, false, Buffer.from(A)]);
    }
    expect(((await failureOf(old.set(KEY, Buffer.alloc(1024 * 1024), soon()))) as Error).message).to.match(
      /memcached takes 1048053 /,
    );
  });

  it("tells what the server is, and its clock", async () => {
    const { server: name, serverTime, missingRights } = await store.check();
    expect(name).to.match(/^memcached \d+\.\d+\.\d+$/);
    expect(Number(serverTime)).to.be.closeTo(Date.now(), 3000);
    expect(missingRights).to.deep.equal([]);
  });

  it("tells neither of a server behind something that does not say", async () => {
    const port = await altered(server.port, (sent) => sent.replace("stats", "statz"));
    expect(await storeAt(port).check()).to.deep.equal({ missingRights: [] });
  });

  it("refuses calls once it is closed, and ends those that wait", async () => {
    const frozen = await startMemcached(["-c", "64"]);
    atEnd(() => frozen.stop());
    const closing = storeAt(frozen.port);
    await closing.open();
    await frozen.freeze();
    const call = failureOf(closing.get(KEY));
    await closing.close();
    await closing.close();
    expect(await call).to.be.instanceOf(StoreUnavailableError);
    expect(await failureOf(closing.get(KEY)))
      .to.be.instanceOf(StoreUnavailableError)
      .with.property("message", "Cannot reach memcached: the store is closed");
  });

  it("closes without ever having been opened", async () => {
    await memcachedStore().close();
  });

  it("does not keep a process from ending, and lets none end while a command waits", async () => {
    const { code, stdout, stderr, millis } = await runProgram(
      `import { memcachedStore } from ${JSON.stringify(compiled("stores/memcached.js"))};
       const store = memcachedStore({ server: process.argv[2] });
       await store.set("s", Uint8Array.of(0x80), new Date(Date.now() + 60_000));
       console.log((await store.get("s")).record.bytes.length);`,
      [server.address],
    );
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: "1\n", stderr: "" });
    expect(millis).to.be.below(5000);
  });

  it("talks over a UNIX socket", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "memcached-")), "socket");
    const inner = createServer((socket) => {
      socket.pipe(connect(server.port, "127.0.0.1")).pipe(socket);
    }).listen(path);
    atEnd(() => rm(dirname(path), { recursive: true }));
    atEnd(() => inner.close());
    await once(inner, "listening");
    const local = memcachedStore({ server: path });
    await local.set(KEY, A, soon());
    expect((await local.get(KEY))?.record.bytes).to.deep.equal(Buffer.from(A));
    await local.close();
  });
});
