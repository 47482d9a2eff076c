/** How programs end: by themselves once closed, and without losing a save that is under way. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Redis } from "ioredis";
import { createSessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { projectFolder } from "../python/judge.ts";
import { Program } from "../services/process.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";

describe("closing", function () {
  this.timeout(20_000);
  let server: RedisServer;
  let redis: Redis;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis();
    redis = new Redis(server.port);
  });

  beforeEach(() => redis.flushdb());

  after(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  const start = (name: string) => {
    const program = join(projectFolder, "build", "test", "programs", `${name}.js`);
    return new Program({ command: process.execPath, args: [program, server.url] });
  };

  it("a script that opened by URL ends by itself within a second", async () => {
    const program = start("save-and-end");
    await program.output(/^closed$/m);
    const closed = performance.now();
    while (program.alive && performance.now() - closed < 5000) await sleep(10);
    expect(performance.now() - closed).to.be.below(1000);
    expect(await redis.keys("session:*")).to.have.length(1);
  });

  it("a server that is told to stop finishes the request and its save", async () => {
    const program = start("slow-server");
    const [, port] = await program.output(/^serving on port (\d+)$/m);
    const asked = fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } });
    await program.output(/^asked$/m);
    const stopped = program.stop("SIGTERM");
    expect(await (await asked).text()).to.equal("saved");
    await stopped;
    expect(program.log).to.match(/^closed$/m);
    expect(await redis.keys("session:*")).to.have.length(1);
  });

  it("close() waits for a save that nobody awaited", async () => {
    const store = memoryStore();
    const set = store.set.bind(store);
    store.set = async (...args) => {
      await sleep(50);
      return set(...args);
    };
    const sessions = createSessions({ store, onEvent: () => undefined });
    const { session } = await sessions.open(undefined);
    session["a"] = 1;
    const saved = session.save();
    await sessions.close();
    expect((await sessions.read(`session=${session.sid}`))["a"]).to.equal(1);
    await saved;
  });

  it("`await using` closes", async () => {
    let closed = 0;
    const store = memoryStore();
    store.close = async () => {
      closed++;
    };
    const sessions = createSessions({ store, onEvent: () => undefined });
    await sessions[Symbol.asyncDispose]();
    expect(closed).to.equal(1);
  });
});
