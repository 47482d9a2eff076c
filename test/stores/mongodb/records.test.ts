/** Documents as Python left them, and what MongoDB holds after a write of ours. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Binary, BSON, type Collection, MongoClient, ObjectId } from "mongodb";
import { decodeRecord } from "../../../src/codecs/fallback.ts";
import { ConfigError, DecodeError, RecordTooLargeError, StoreConflictError } from "../../../src/errors.ts";
import type { InspectableStore, StoredRecord } from "../../../src/session/store.ts";
import { recordOf } from "../../../src/stores/mongodb/documents.ts";
import { mongodbStore } from "../../../src/stores/mongodb.ts";
import { notationOf } from "../../codecs/notation.ts";
import { projectFolder } from "../../python/judge.ts";
import { type MongodbServer, startMongodb } from "../../services/mongodb-server.ts";
import { atEnd } from "../redis/at-end.ts";

interface Vector {
  readonly format: "msgpack" | "json" | "pickle";
  readonly session: unknown;
  readonly document: object;
}

/** A document whose `_id` may be anything. */
type Loose = { _id: ObjectId | string; id?: string; val?: unknown; expiration?: unknown };

const A = Buffer.of(0x81, 0xa1, 0x61, 0x01);
const B = Buffer.of(0x81, 0xa1, 0x61, 0x02);
const soon = (): Date => new Date(Date.now() + 60_000);
const past = (): Date => new Date(Date.now() - 1000);
const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const bytesOf = (record: StoredRecord | undefined): Buffer | undefined => record && Buffer.from(record.bytes);

describe("documents in MongoDB", () => {
  let server: MongodbServer;
  let client: MongoClient;
  let store: InspectableStore;
  let documents: Collection<Loose>;
  let key: string;

  before(async () => {
    server = await startMongodb();
    client = new MongoClient(server.url);
    documents = client.db("records").collection<Loose>("sessions");
    store = mongodbStore(client, { db: "records" });
  });
  beforeEach(() => {
    key = `session:${new ObjectId().toHexString()}`;
  });
  after(async () => {
    await client?.close();
    await server?.stop();
  });

  const plant = (document: Omit<Loose, "_id" | "id">): Promise<unknown> =>
    documents.insertOne({ _id: new ObjectId(), id: key, ...document });
  const there = (): Promise<Loose[]> => documents.find({ id: key }).toArray();
  const byFlask = (bytes = A, expiration: unknown = soon()): Promise<unknown> =>
    plant({ val: new Binary(bytes), expiration });

  for (const file of ["mongodb", "mongodb-flask-session-0.5"]) {
    const { vectors } = JSON.parse(readFileSync(join(projectFolder, "fixtures", "stores", `${file}.json`), "utf8")) as {
      readonly vectors: readonly Vector[];
    };
    for (const [index, { format, session, document }] of vectors.entries()) {
      const { val, expiration } = BSON.EJSON.deserialize(document) as Loose;

      it(`${index} of ${file}: ${format} is read`, () => {
        const { bytes, expiresAt } = recordOf({ _id: new ObjectId(), id: key, val, expiration });
        expect(notationOf(decodeRecord(bytes, format).value)).to.deep.equal(session);
        expect(expiresAt).to.equal(expiration);
      });

      it(`${index} of ${file}: ${expiration === null ? "never expires, and is none" : "is live until 2100"}`, async () => {
        await plant({ val, expiration });
        const found = await store.get(key);
        expect(found?.record.expiresAt?.getUTCFullYear()).to.equal(expiration === null ? undefined : 2100);
      });

      it(`${index} of ${file}: is what Node writes`, async () => {
        await store.set(key, (val as Binary).buffer.subarray(0, (val as Binary).position), soon());
        const [written] = await there();
        expect(written?.val).to.deep.equal(val);
        expect(written?.expiration).to.be.instanceOf(Date);
        expect(Object.keys(written ?? {}).toSorted()).to.deep.equal(["_id", "expiration", "id", "val"]);
      });
    }
  }

  it("have the key as their _id where Node makes them", async () => {
    await store.set(key, A, soon(), null);
    expect((await there()).map(({ _id }) => _id)).to.deep.equal([key]);
    await store.delete(key);
    await store.set(key, A, soon());
    expect((await there()).map(({ _id }) => _id)).to.deep.equal([key]);
  });

  it("keep the _id, and what else is in them, where Flask made them", async () => {
    await plant({ val: new Binary(A), expiration: soon(), note: "kept" } as Omit<Loose, "_id" | "id">);
    const [before] = await there();
    const { record } = (await store.get(key, { touchUntil: soon() })) ?? {};
    await store.set(key, B, soon(), record);
    await store.set(key, A, soon());
    await store.touch(key, soon());
    const [after, ...others] = await there();
    expect(others).to.deep.equal([]);
    expect({ ...after, expiration: 0 }).to.deep.equal({ ...before, expiration: 0 });
  });

  const values: readonly (readonly [string, unknown, Buffer])[] = [
    ["binary of subtype 0", new Binary(A), A],
    ["binary of another subtype", new Binary(A, 2), A],
    ["binary of a user's own subtype", new Binary(A, 128), A],
    ["the text of a pickle of Python 2", "(dp0\nVa\np1\nI1\ns.", Buffer.from("(dp0\nVa\np1\nI1\ns.")],
    ["text that is not ASCII", '{"é":1}', Buffer.from('{"é":1}')],
  ];
  for (const promoteBuffers of [false, true]) {
    for (const [name, val, bytes] of values) {
      // A client that hands out buffers does not tell their subtype.
      if (promoteBuffers && val instanceof Binary && val.sub_type !== 0) continue;
      it(`are read, changed and deleted: ${name}${promoteBuffers ? ", as buffers" : ""}`, async () => {
        const given = new MongoClient(server.url, { promoteBuffers });
        atEnd(() => given.close());
        const through = mongodbStore(given, { db: "records" });
        await plant({ val, expiration: soon() });
        const { record } = (await through.get(key)) ?? {};
        expect(bytesOf(record)).to.deep.equal(bytes);
        expect(await through.set(key, B, soon(), record)).to.deep.equal({ stored: true });
        const changed = await through.get(key);
        expect(bytesOf(changed?.record)).to.deep.equal(B);
        expect(await through.delete(key, changed?.record)).to.equal(true);
      });
    }
  }

  const corrupt: readonly (readonly [string, unknown])[] = [
    ["a number", 1],
    ["null", null],
    ["an object", { buffer: "text" }],
    ["nothing", undefined],
  ];
  for (const [name, val] of corrupt) {
    it(`are corrupt with ${name} for a val, and no listing has them`, async () => {
      await plant({ ...(val !== undefined && { val }), expiration: soon() });
      const calls = [
        () => store.get(key),
        () => store.get(key, { touchUntil: soon() }),
        () => store.set(key, A, soon(), null),
        () => store.set(key, A, soon(), { bytes: A }),
      ];
      for (const call of calls) expect(await failureOf(call())).to.be.instanceOf(DecodeError);
      for await (const listed of store.list(key)) expect.fail(listed.ref);
      expect(await there()).to.have.lengthOf(1);
      await store.delete(key);
    });
  }

  const endless: readonly (readonly [string, unknown])[] = [
    ["null, as Flask-Session up to 0.6 has it without SESSION_PERMANENT", null],
    ["none", undefined],
    ["text", "2100-01-01T00:00:00Z"],
    ["seconds", 4_102_444_800],
    ["the past", past()],
    ["the past, as a naive datetime of a zone east of here would be written", new Date(Date.now() - 5.5 * 3_600_000)],
  ];
  for (const [name, expiration] of endless) {
    it(`are none with this expiration: ${name}`, async () => {
      const document = { val: new Binary(A), ...(expiration !== undefined && { expiration }) };
      await plant(document);
      expect(await store.get(key)).to.equal(undefined);
      expect(await store.get(key, { touchUntil: soon() })).to.equal(undefined);
      expect(await store.touch(key, soon())).to.equal(false);
      expect(await store.set(key, B, soon(), { bytes: A })).to.deep.equal({ stored: false, current: undefined });
      expect(await store.delete(key, { bytes: A })).to.equal(false);
      for await (const listed of store.list(key)) expect.fail(listed.ref);
      expect(await there()).to.have.lengthOf(1);
      expect(await store.set(key, B, soon(), null)).to.deep.equal({ stored: true });
      expect((await there()).map(({ val }) => val)).to.deep.equal([new Binary(B)]);
    });
  }

  it("are deleted as expired where they have a date, as by the server", async () => {
    await byFlask(A, null);
    await byFlask(A, past());
    await byFlask(B, soon());
    expect(await store.deleteExpired()).to.be.at.least(1);
    expect((await there()).map(({ val }) => val)).to.deep.equal([new Binary(A), new Binary(B)]);
  });

  it("are deleted in batches", async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({ _id: `${key}${index}`, id: key, expiration: past() }));
    await documents.insertMany(many);
    const stop = new AbortController();
    const stopped = store.deleteExpired({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(await failureOf(stopped)).to.have.property("name", "AbortError");
    expect(await there()).to.have.lengthOf(150);
    await documents.insertMany(many.filter((_, index) => index < 100).map((one) => ({ ...one, _id: `${one._id}+` })));
    const progress: number[] = [];
    expect(await store.deleteExpired({ onProgress: (done) => progress.push(done) })).to.equal(250);
    expect(progress).to.deep.equal([100, 200, 250]);
  });

  describe("two of one session, which two requests of Flask can make", () => {
    beforeEach(async () => {
      await byFlask(A);
      await byFlask(B);
    });

    it("count for the first, which Flask reads", async () => {
      expect(bytesOf((await store.get(key))?.record)).to.deep.equal(A);
      expect(bytesOf((await store.get(key, { touchUntil: soon() }))?.record)).to.deep.equal(A);
    });

    it("are written to the first, which Flask reads", async () => {
      const { record } = (await store.get(key)) ?? {};
      await store.set(key, B, soon(), record);
      const changed = (await store.get(key))?.record;
      await store.set(key, A, soon(), changed);
      expect((await there()).map(({ val }) => val)).to.deep.equal([new Binary(A), new Binary(B)]);
      const conflict = await store.set(key, A, soon(), changed);
      expect(conflict.stored ? undefined : bytesOf(conflict.current)).to.deep.equal(A);
    });

    for (const [name, expect_] of [
      ["by their key", undefined],
      ["by the first", { bytes: A }],
    ] as const) {
      it(`are both deleted ${name}, so that a log-out is one`, async () => {
        expect(await store.delete(key, expect_)).to.equal(true);
        expect(await there()).to.deep.equal([]);
      });
    }

    it("are listed both, and not stored beside", async () => {
      const found: (Buffer | undefined)[] = [];
      for await (const { record } of store.list(key)) found.push(bytesOf(record));
      expect(found).to.deep.equal([A, B]);
      expect((await store.set(key, A, soon(), null)).stored).to.equal(false);
    });
  });

  it("of Flask's that have expired leave room for one of Node's", async () => {
    await byFlask(A, past());
    const results = await Promise.all([1, 2, 3, 4].map((last) => store.set(key, Buffer.of(last), soon(), null)));
    expect(results.filter(({ stored }) => stored)).to.have.lengthOf(1);
    expect((await there()).map(({ _id }) => _id)).to.deep.equal([key]);
  });

  it("that others have put under our _id are given up at", async () => {
    await documents.insertOne({ _id: key, id: "other" });
    for (const expected of [null, undefined]) {
      expect(await failureOf(store.set(key, A, soon(), expected))).to.be.instanceOf(StoreConflictError);
    }
    expect(await documents.find({ _id: key }).toArray()).to.deep.equal([{ _id: key, id: "other" }]);
  });

  it("that are too large are refused before anything is sent, and the old one stays", async () => {
    const bound = 16 * 1024 * 1024 - 64 - 2 * key.length;
    await store.set(key, A, soon());
    for (const expected of [{ bytes: A }, null, undefined]) {
      const error = await failureOf(store.set(key, Buffer.alloc(bound + 1), soon(), expected));
      expect(error).to.be.instanceOf(RecordTooLargeError).with.property("message");
      expect((error as Error).message).to.equal(
        `The record has ${bound + 1} bytes; a document of MongoDB takes ${bound} with its key`,
      );
    }
    expect(bytesOf((await store.get(key))?.record)).to.deep.equal(A);
  });

  it("may be as large as that", async () => {
    const bound = 16 * 1024 * 1024 - 64 - 2 * key.length;
    const document = { _id: key, id: key, val: Buffer.alloc(bound), expiration: soon() };
    expect(BSON.calculateObjectSize(document)).to.be.within(16 * 1024 * 1024 - 64, 16 * 1024 * 1024);
  });

  it("are not written by a client that does not wait for an answer", async () => {
    const hasty = new MongoClient(server.url, { writeConcern: { w: 0 } });
    atEnd(() => hasty.close());
    const through = mongodbStore(hasty, { db: "records" });
    const calls = [
      () => through.set(key, A, soon()),
      () => through.set(`${key}2`, A, soon(), null),
      () => through.delete(key),
    ];
    for (const call of calls) {
      expect(await failureOf(call()))
        .to.be.instanceOf(ConfigError)
        .with.property("message", "Cannot store in MongoDB: the client's write concern, w=0, waits for no answer");
    }
  });
});
