/** Errors of the store: the class says whether to try again, and nothing in them shows a key, a record or a password. */
import { inspect } from "node:util";
import { expect } from "chai";
import { Redis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import { StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import type { Store } from "../../../src/session/store.ts";
import { DriverFailure } from "../../../src/stores/driver-failure.ts";
import { redisStore } from "../../../src/stores/redis.ts";
import { freePort } from "../../services/free-port.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import { requireService } from "../../services/services.ts";
import { atEnd } from "./at-end.ts";

const KEY = "session:SidThatNobodyMaySee";
const BYTES = Buffer.from("ValueThatNobodyMaySee");
const PASSWORD = "PasswordThatNobodyMaySee";
const soon = (): Date => new Date(Date.now() + 60_000);

const calls: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ["get", (store) => store.get(KEY)],
  ["get that touches", (store) => store.get(KEY, { touchUntil: soon() })],
  ["set", (store) => store.set(KEY, BYTES, soon())],
  ["set with null", (store) => store.set(KEY, BYTES, soon(), null)],
  ["set with an expectation", (store) => store.set(KEY, BYTES, soon(), { bytes: BYTES })],
  ["touch", (store) => store.touch(KEY, soon())],
  ["delete", (store) => store.delete(KEY)],
  ["delete with an expectation", (store) => store.delete(KEY, { bytes: BYTES })],
];

/** Everything a log could show of an error, its causes included. */
function everything(error: unknown): string {
  return `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${String((error as Error).stack)}`;
}

function expectSafe(error: unknown): void {
  const shown = everything(error);
  const hex = BYTES.toString("hex").replace(/..(?!$)/g, "$& ");
  for (const secret of [KEY, "SidThatNobodyMaySee", BYTES.toString(), PASSWORD, hex])
    expect(shown).to.not.include(secret);
}

const failureOf = async (call: Promise<unknown>): Promise<StoreError> => {
  const outcome: unknown = await call.then(
    () => "no failure",
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(StoreError);
  return outcome as StoreError;
};

describe("redis failures", () => {
  describe("of a server that refuses", () => {
    let server: RedisServer;
    let io: Redis;
    let node: { close(): Promise<void> };
    const stores: Store[] = [];

    before(async function () {
      requireService(this, "redis-server");
      server = await startRedis(["--user", "nobody", "on", `>${PASSWORD}`, "~*", "+ping"]);
      const url = server.url.replace("//", `//nobody:${PASSWORD}@`);
      io = new Redis(url, { enableReadyCheck: false });
      const client = createClient({ url, commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } });
      await client.on("error", () => {}).connect();
      node = client;
      stores.push(redisStore(io), redisStore(client));
    });
    after(async () => {
      io?.disconnect();
      await node?.close();
      await server?.stop();
    });

    for (const [name, call] of calls) {
      it(`${name}: a StoreError that names the command and nothing else`, async () => {
        for (const store of stores) {
          const error = await failureOf(call(store));
          expect(error).to.not.be.instanceOf(StoreUnavailableError);
          expect(error.message).to.match(/^Redis refused [A-Z]+: NOPERM$/);
          expect(error.cause).to.be.instanceOf(DriverFailure).and.include({ code: "NOPERM" });
          expectSafe(error);
        }
      });
    }
  });

  it("of an unknown command, which Redis answers with its arguments, show none of them", async function () {
    requireService(this, "redis-server");
    const server = await startRedis(["--rename-command", "EVALSHA", "", "--rename-command", "GET", ""]);
    const client = new Redis(server.url);
    atEnd(() => server.stop());
    atEnd(() => {
      client.disconnect();
    });
    const store = redisStore(client);
    for (const call of [() => store.get(KEY), () => store.set(KEY, BYTES, soon(), null)]) {
      const error = await failureOf(call());
      expect(error.message).to.match(/^Redis refused (GET|EVALSHA): ERR unknown command$/);
      expectSafe(error);
    }
  });

  it("of a driver show what it keeps, so that the test above can fail", async function () {
    requireService(this, "redis-server");
    const server = await startRedis(["--rename-command", "GET", ""]);
    const client = new Redis(server.url);
    atEnd(() => server.stop());
    atEnd(() => {
      client.disconnect();
    });
    const error: unknown = await client.get(KEY).catch((thrown: unknown) => thrown);
    expect(everything(error)).to.include(KEY);
  });

  it("of a server that cannot serve now are StoreUnavailableErrors", async function () {
    requireService(this, "redis-server");
    const server = await startRedis(["--cluster-enabled", "yes", "--cluster-port", String(await freePort())]);
    const client = new Redis(server.url);
    atEnd(() => server.stop());
    atEnd(() => {
      client.disconnect();
    });
    const error = await failureOf(redisStore(client).get(KEY));
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect(error.message).to.equal("Redis cannot serve GET now: CLUSTERDOWN");
    expectSafe(error);
  });

  describe("of a connection", () => {
    for (const [name, call] of calls) {
      it(`${name}: a StoreUnavailableError`, async () => {
        const port = await freePort();
        const io = new Redis({ port, password: PASSWORD, maxRetriesPerRequest: 0, retryStrategy: () => null });
        io.on("error", () => {});
        atEnd(() => {
          io.disconnect();
        });
        const node = createClient({ url: `redis://:${PASSWORD}@127.0.0.1:${port}` });
        for (const client of [io, node]) {
          const error = await failureOf(call(redisStore(client)));
          expect(error).to.be.instanceOf(StoreUnavailableError);
          expect(error.message).to.match(/^Cannot reach Redis: \w+ in [A-Z]+$/);
          expectSafe(error);
        }
      });
    }
  });
});
