/** Errors of the store: the class says whether to try again, and nothing in them shows a key or a record. */
import { inspect } from "node:util";
import { expect } from "chai";
import { StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { storeError } from "../../../src/stores/mongodb/failure.ts";
import { missingRights } from "../../../src/stores/mongodb/rights.ts";
import { mongodbStore } from "../../../src/stores/mongodb.ts";
import { freePort } from "../../services/free-port.ts";
import { atEnd } from "../redis/at-end.ts";

const KEY = "session:SidThatNobodyMaySee";
const BYTES = Buffer.from("ValueThatNobodyMaySee");
const soon = (): Date => new Date(Date.now() + 60_000);

const calls: readonly (readonly [string, (store: InspectableStore) => Promise<unknown>])[] = [
  ["get", (store) => store.get(KEY)],
  ["get that touches", (store) => store.get(KEY, { touchUntil: soon() })],
  ["set", (store) => store.set(KEY, BYTES, soon())],
  ["set with null", (store) => store.set(KEY, BYTES, soon(), null)],
  ["set with an expectation", (store) => store.set(KEY, BYTES, soon(), { bytes: BYTES })],
  ["touch", (store) => store.touch(KEY, soon())],
  ["delete", (store) => store.delete(KEY)],
  ["delete with an expectation", (store) => store.delete(KEY, { bytes: BYTES })],
  ["list", (store) => store.list("session:")[Symbol.asyncIterator]().next()],
  ["deleteExpired", (store) => store.deleteExpired()],
  ["open", (store) => Promise.resolve(store.open?.())],
  ["check", (store) => store.check()],
];

function expectSafe(error: unknown): void {
  const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${String((error as Error).stack)}`;
  for (const secret of ["SidThatNobodyMaySee", BYTES.toString(), BYTES.toString("base64")]) {
    expect(shown).to.not.include(secret);
  }
}

describe("mongodb failures", () => {
  for (const [name, call] of calls) {
    it(`${name}: a StoreUnavailableError where no server is`, async () => {
      const store = mongodbStore(`mongodb://127.0.0.1:${await freePort()}/?serverSelectionTimeoutMS=50`);
      atEnd(() => store.close());
      const error: unknown = await call(store).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(StoreUnavailableError);
      expect((error as Error).message).to.match(/^Cannot reach MongoDB: MongoServerSelectionError in [A-Za-z]+$/);
      expectSafe(error);
    });
  }

  it("come from a listing that breaks off too", async () => {
    const broken = { name: "MongoNetworkError", message: KEY };
    const cursor = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(Object.assign(new Error(), broken)) }),
    };
    const client = { connect: () => Promise.resolve(), db: () => ({ collection: () => ({ find: () => cursor }) }) };
    const store = mongodbStore(client as unknown as Parameters<typeof mongodbStore>[0]);
    const records = store.list("")[Symbol.asyncIterator]();
    const error: unknown = await records.next().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expectSafe(error);
  });

  const answers: readonly (readonly [object, string, typeof StoreError])[] = [
    [{ name: "MongoServerError", code: 13 }, "MongoDB refused update: Unauthorized", StoreError],
    [{ name: "MongoServerError", code: 18 }, "MongoDB refused update: AuthenticationFailed", StoreError],
    [{ name: "MongoServerError", code: 121 }, "MongoDB refused update: error 121", StoreError],
    [{ name: "MongoServerError", code: KEY }, "MongoDB refused update: error NaN", StoreError],
    [
      { name: "MongoServerError", code: 189 },
      "MongoDB cannot serve update now: PrimarySteppedDown",
      StoreUnavailableError,
    ],
    [
      { name: "MongoWriteConcernError", code: 91 },
      "MongoDB cannot serve update now: ShutdownInProgress",
      StoreUnavailableError,
    ],
    [{ name: "MongoNetworkError" }, "Cannot reach MongoDB: MongoNetworkError in update", StoreUnavailableError],
    [{ name: "MongoPoolClearedError" }, "Cannot reach MongoDB: MongoPoolClearedError in update", StoreUnavailableError],
  ];
  for (const [thrown, message, kind] of answers) {
    it(`say ${message}`, () => {
      const error = storeError(Object.assign(new Error(`E11000 ${KEY}`), { keyValue: { _id: KEY } }, thrown), "update");
      expect(error).to.have.property("message", message);
      expect(error.constructor).to.equal(kind);
      expectSafe(error);
    });
  }
});

describe("rights on a collection of MongoDB", () => {
  const all = ["find", "insert", "update", "remove"];
  const missing = ["find", "insert", "update", "remove"].map((action) => `${action} in shop.sessions`);
  const privileges: readonly (readonly [string, object, readonly string[], readonly string[]])[] = [
    ["of this collection", { db: "shop", collection: "sessions" }, all, []],
    ["of every collection of this database", { db: "shop", collection: "" }, all, []],
    ["of this collection in every database", { db: "", collection: "sessions" }, all, []],
    ["of everything", { anyResource: true }, all, []],
    ["to read", { db: "shop", collection: "" }, ["find", "listIndexes"], missing.slice(1)],
    ["of another database", { db: "other", collection: "" }, all, missing],
    ["of another collection", { db: "shop", collection: "users" }, all, missing],
    ["of the cluster", { cluster: true }, ["ping"], missing],
  ];
  const statusOf = (users: readonly unknown[], of: readonly object[]): object => ({
    authInfo: { authenticatedUsers: users, authenticatedUserPrivileges: of },
  });
  for (const [name, resource, actions, expected] of privileges) {
    it(`${name}: ${expected.length} are missing`, () => {
      const status = statusOf([{ user: "web", db: "shop" }], [{ resource, actions }]);
      expect(missingRights(status, "shop", "sessions")).to.deep.equal(expected);
    });
  }

  it("are all there where the server has no users", () => {
    expect(missingRights(statusOf([], []), "shop", "sessions")).to.deep.equal([]);
  });
});
