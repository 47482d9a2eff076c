/** Errors of the store: the class says whether to try again, and nothing in them shows a key or a record. */
import { inspect } from "node:util";
import { expect } from "chai";
import { StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import type { Store } from "../../../src/session/store.ts";
import { DriverFailure } from "../../../src/stores/driver-failure.ts";
import type { MemcachedClient } from "../../../src/stores/memcached/client.ts";
import { refusal } from "../../../src/stores/memcached/failure.ts";
import { TextClient } from "../../../src/stores/memcached/text-client.ts";
import { memcachedStore } from "../../../src/stores/memcached.ts";
import { freePort } from "../../services/free-port.ts";
import { type MemcachedServer, startMemcached } from "../../services/memcached-server.ts";
import { requireService } from "../../services/services.ts";
import { atEnd } from "../redis/at-end.ts";
import { altered } from "./altered.ts";

const KEY = "session:SidThatNobodyMaySee";
const BYTES = Buffer.from("ValueThatNobodyMaySee");
const soon = (): Date => new Date(Date.now() + 60_000);

const calls: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ["get", (store) => store.get(KEY)],
  ["get that touches", (store) => store.get(KEY, { touchUntil: soon() })],
  ["set", (store) => store.set(KEY, BYTES, soon())],
  ["set with null", (store) => store.set(KEY, BYTES, soon(), null)],
  ["set with an expectation", (store) => store.set(KEY, BYTES, soon(), { bytes: BYTES })],
  ["set with a version", (store) => store.set(KEY, BYTES, soon(), { bytes: BYTES, version: "1" })],
  ["touch", (store) => store.touch(KEY, soon())],
  ["delete", (store) => store.delete(KEY)],
  ["delete with an expectation", (store) => store.delete(KEY, { bytes: BYTES })],
];

function expectSafe(error: unknown): void {
  const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${String((error as Error).stack)}`;
  const hex = BYTES.toString("hex").replace(/..(?!$)/g, "$& ");
  for (const secret of ["SidThatNobodyMaySee", BYTES.toString(), hex]) expect(shown).to.not.include(secret);
}

const failureOf = async (call: Promise<unknown>): Promise<StoreError> => {
  const outcome: unknown = await call.then(
    () => "no failure",
    (error: unknown) => error,
  );
  expect(outcome).to.be.instanceOf(StoreError);
  return outcome as StoreError;
};

describe("memcached failures", () => {
  describe("of a connection", () => {
    for (const [name, call] of calls) {
      it(`${name}: a StoreUnavailableError`, async () => {
        const store = memcachedStore({ server: `127.0.0.1:${await freePort()}` });
        atEnd(() => store.close());
        const error = await failureOf(call(store));
        expect(error).to.be.instanceOf(StoreUnavailableError);
        expect(error.message).to.match(/^Cannot reach memcached: ECONNREFUSED in [A-Z]+$/);
        expect(error.cause).to.be.instanceOf(DriverFailure).and.include({ code: "ECONNREFUSED" });
        expectSafe(error);
      });
    }
  });

  describe("of a client that was given", () => {
    const fail = (): Promise<never> => Promise.reject(new Error(`gets ${KEY}: ${BYTES.toString()}`));
    const client: MemcachedClient = { gets: fail, gats: fail, add: fail, cas: fail, touch: fail, delete: fail };
    for (const [name, call] of calls) {
      it(`${name}: a StoreUnavailableError that names the command and nothing else`, async () => {
        const error = await failureOf(call(memcachedStore({ client })));
        expect(error).to.be.instanceOf(StoreUnavailableError);
        expect(error.message).to.match(/^Cannot reach memcached: Error in [A-Z]+$/);
        expectSafe(error);
      });
    }

    it("stay what they are where they are errors of the library", async () => {
      const own = new StoreError("no");
      const store = memcachedStore({ client: { ...client, gets: () => Promise.reject(own) } });
      expect(await failureOf(store.get(KEY))).to.equal(own);
    });
  });

  describe("of a server that refuses", () => {
    let server: MemcachedServer;

    before(async function () {
      requireService(this, "memcached-server");
      server = await startMemcached(["-c", "64"]);
      // For `add` something must be there, for `cas` the record that is expected.
      const filling = new TextClient({ host: "127.0.0.1", port: server.port }, 2000);
      await filling.add(KEY, { value: BYTES, flags: 0, exptime: 1000 });
      filling.close();
    });
    after(() => server?.stop());

    /** An exptime, or for what has none the command, that no memcached knows. */
    const spoilt = (sent: string): string =>
      sent.replace(/^(add|cas) (\S+) (\d+) (\S+)/, "$1 $2 $3 x").replace(/^(gats|touch|gets|delete) /, "un$1 ");

    for (const [name, call] of calls) {
      it(`${name}: a StoreError that names the command and the kind of refusal`, async () => {
        const store = memcachedStore({ server: `127.0.0.1:${await altered(server.port, spoilt)}` });
        atEnd(() => store.close());
        const error = await failureOf(call(store));
        expect(error).to.not.be.instanceOf(StoreUnavailableError);
        expect(error.message).to.match(/^memcached refused [A-Z]+: (CLIENT_)?ERROR$/);
        expectSafe(error);
      });
    }

    it("leave the next command its own answer, whatever became of the data of the one before", async () => {
      const store = memcachedStore({ server: `127.0.0.1:${await altered(server.port, spoilt)}` });
      atEnd(() => store.close());
      await failureOf(store.set("session:new", BYTES, soon(), null));
      expect((await failureOf(store.touch(KEY, soon()))).message).to.equal("memcached refused TOUCH: ERROR");
    });
  });

  it("of a server whose memory is full leave the old record, and the connection", async function () {
    requireService(this, "memcached-server");
    const server = await startMemcached(["-m", "1", "-M", "-I", "512k"]);
    atEnd(() => server.stop());
    const store = memcachedStore({ server: server.address });
    atEnd(() => store.close());
    await store.set(KEY, BYTES, soon());
    let error: unknown;
    for (let index = 0; index < 2000 && error === undefined; index++) {
      error = await store.set(`${KEY}${index}`, Buffer.alloc(100_000), soon(), null).catch((reason: unknown) => reason);
      if (!(error instanceof StoreError)) error = undefined;
    }
    expect(error).to.be.instanceOf(StoreError);
    expect((error as StoreError).message).to.equal("memcached refused ADD: SERVER_ERROR out of memory storing object");
    expectSafe(error);
    const { record } = (await store.get(KEY)) ?? {};
    expect(await failureOf(store.set(KEY, Buffer.alloc(100_000), soon(), record))).to.be.instanceOf(StoreError);
    expect((await store.get(KEY))?.record.bytes).to.deep.equal(BYTES);
  });

  it("show of an answer only what memcached itself says", () => {
    expect(refusal(`CLIENT_ERROR bad key ${KEY}`, "GETS").message).to.equal("memcached refused GETS: CLIENT_ERROR");
    expect(refusal(`SERVER_ERROR ${KEY}`, "GETS").message).to.equal("memcached refused GETS: SERVER_ERROR");
    expect(refusal(`-ERR ${KEY}`, "GETS").message).to.not.include(KEY);
  });
});
