/** Items as Python left them, and what DynamoDB holds after a write of ours. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { decodeRecord } from "../../../src/codecs/fallback.ts";
import { ConfigError, DecodeError, RecordTooLargeError } from "../../../src/errors.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { Expiry } from "../../../src/stores/dynamodb/expiry.ts";
import { dynamodbStore } from "../../../src/stores/dynamodb.ts";
import { notationOf } from "../../codecs/notation.ts";
import { projectFolder } from "../../python/judge.ts";
import { addressOf, type DynamodbServer, makeTable, startDynamodb } from "../../services/dynamodb-server.ts";

interface Stored {
  readonly format: "msgpack" | "json";
  readonly session: unknown;
  readonly item: { readonly val: { readonly B: string }; readonly expiration: { readonly N: string } };
}

interface Shifted {
  readonly zone: string;
  readonly instant: string;
  readonly expiration: string;
}

const { vectors } = JSON.parse(readFileSync(join(projectFolder, "fixtures", "stores", "dynamodb.json"), "utf8")) as {
  readonly vectors: readonly (Stored | Shifted)[];
};
const sessions = vectors.filter((vector) => "item" in vector);
const instants = vectors.filter((vector) => "zone" in vector);

const A = Buffer.of(0x81, 0xa1, 0x61, 0x01);
const B = Buffer.of(0x81, 0xa1, 0x61, 0x02);
const soon = (): Date => new Date(Date.now() + 60_000);
const seconds = (date: Date): { readonly N: string } => ({ N: String(date.getTime() / 1000) });
const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

describe("the expiration of an item", () => {
  /** An hour that a clock leaves out in spring. */
  const leftOut = new Set(["America/New_York 2026-03-08T02:00:00", "America/New_York 2026-03-08T02:30:00"]);

  for (const { zone, instant, expiration } of instants) {
    const meant = new Date(`${instant}Z`);
    it(`at ${instant} is what Flask makes of it in ${zone}, to a millisecond`, () => {
      const { N: stored } = new Expiry(zone).stored(meant);
      expect(Number(stored)).to.be.closeTo(Number(expiration), 0.001);
    });

    it(`at ${instant} by Flask in ${zone} is understood`, () => {
      const hourLate = leftOut.has(`${zone} ${instant}`) || (zone.startsWith("Australia") && instant.includes("10-04"));
      const found = new Expiry(zone).instant({ N: expiration })?.getTime() ?? 0;
      const late = found - meant.getTime();
      if (hourLate) expect(late).to.equal(zone.startsWith("Australia") ? 1_800_000 : 3_600_000);
      else expect(late).to.be.within(-1, 1);
    });

    it(`at ${instant} in ${zone} is over no later than what is stored then says`, () => {
      const expiry = new Expiry(zone);
      const later = new Date(meant.getTime() + 1000);
      expect(Number(expiry.threshold(meant).N)).to.be.below(Number(expiry.stored(later).N));
    });
  }

  for (const stored of [undefined, { S: "1" }, { N: "1e100" }, { N: "-1e100" }, { N: "x" }, { B: A }]) {
    it(`is none where it is ${JSON.stringify(stored)}`, () => {
      expect(new Expiry("UTC").instant(stored)).to.equal(undefined);
    });
  }

  it("needs a zone", () => {
    for (const flaskTimeZone of ["", "Mars/Olympus", "+05:30"]) {
      expect(() => dynamodbStore({ flaskTimeZone })).to.throw(
        ConfigError,
        'Cannot use flaskTimeZone: it must be a zone of the tz database, such as "Europe/Paris"',
      );
    }
  });
});

describe("items in DynamoDB", () => {
  let server: DynamodbServer;
  let client: DynamoDBClient;
  let table: string;
  let store: InspectableStore;
  let key: string;

  before(async () => {
    server = await startDynamodb();
    client = new DynamoDBClient(addressOf(server));
    table = await makeTable(server);
    store = dynamodbStore({ client, table });
  });
  beforeEach(() => {
    key = `session:${randomBytes(8).toString("hex")}`;
  });
  after(async () => {
    client?.destroy();
    await server?.stop();
  });

  const plant = (attributes: Readonly<Record<string, AttributeValue>>): Promise<unknown> =>
    client.send(new PutItemCommand({ TableName: table, Item: { id: { S: key }, ...attributes } }));
  const there = async (): Promise<Readonly<Record<string, AttributeValue>> | undefined> =>
    (await client.send(new GetItemCommand({ TableName: table, Key: { id: { S: key } } }))).Item;

  for (const [index, { format, session, item }] of sessions.entries()) {
    it(`${index}: ${format} by Flask-Session is read, and live until 2100`, async () => {
      await plant({ val: { B: Buffer.from(item.val.B, "hex") }, expiration: item.expiration });
      const { record } = (await store.get(key)) ?? { record: { bytes: A, expiresAt: undefined } };
      expect(notationOf(decodeRecord(record.bytes, format).value)).to.deep.equal(session);
      expect(record.expiresAt).to.deep.equal(new Date("2100-03-31T12:30:45.123Z"));
    });
  }

  it("have what Flask's have, and keep what else is in one", async () => {
    const expiresAt = new Date("2100-03-31T12:30:45.123Z");
    await store.set(key, A, expiresAt, null);
    expect(await there()).to.deep.equal({
      id: { S: key },
      val: { B: Uint8Array.from(A) },
      expiration: { N: "4110179445.123" },
    });
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: key } },
        UpdateExpression: "SET note = :kept",
        ExpressionAttributeValues: { ":kept": { S: "kept" } },
      }),
    );
    await store.set(key, B, expiresAt, { bytes: A });
    await store.touch(key, expiresAt);
    expect((await there())?.["note"]).to.deep.equal({ S: "kept" });
  });

  const corrupt: readonly (readonly [string, Readonly<Record<string, AttributeValue>>])[] = [
    ["text", { val: { S: "{}" } }],
    ["a number", { val: { N: "1" } }],
    ["nothing", {}],
  ];
  for (const [name, attributes] of corrupt) {
    it(`are corrupt with ${name} for a val, and no listing has them`, async () => {
      await plant({ ...attributes, expiration: seconds(soon()) });
      for (const call of [store.get(key), store.set(key, A, soon(), null), store.set(key, A, soon(), { bytes: A })]) {
        expect(await failureOf(call)).to.be.instanceOf(DecodeError);
      }
      for await (const listed of store.list(key)) expect.fail(listed.ref);
      expect(await store.delete(key)).to.equal(true);
    });
  }

  const endless: readonly (readonly [string, AttributeValue | undefined])[] = [
    ["nothing", undefined],
    ["text", { S: "4102444800" }],
    ["null", { NULL: true }],
    ["the past", seconds(new Date(Date.now() - 1000))],
    ["the past in Flask's time, where that is not ours", seconds(new Date(Date.now() - 5.5 * 3_600_000))],
  ];
  for (const [name, expiration] of endless) {
    it(`are none with this expiration: ${name}`, async () => {
      await plant({ val: { B: A }, ...(expiration !== undefined && { expiration }) });
      expect(await store.get(key, { touchUntil: soon() })).to.equal(undefined);
      expect(await store.touch(key, soon())).to.equal(false);
      expect(await store.set(key, B, soon(), { bytes: A })).to.deep.equal({ stored: false, current: undefined });
      for await (const listed of store.list(key)) expect.fail(listed.ref);
      expect((await there())?.["val"]).to.deep.equal({ B: Uint8Array.from(A) });
      expect(await store.set(key, B, soon(), null)).to.deep.equal({ stored: true });
      expect((await there())?.["val"]).to.deep.equal({ B: Uint8Array.from(B) });
    });
  }

  it("are live by the zone that Flask has, and over by another", async () => {
    const india = dynamodbStore({ client, table, flaskTimeZone: "Asia/Kolkata" });
    await india.set(key, A, soon());
    expect((await india.get(key))?.record.expiresAt?.getTime()).to.be.closeTo(Date.now() + 60_000, 2000);
    expect(await store.get(key)).to.equal(undefined);
    expect(await dynamodbStore({ client, table, flaskTimeZone: "Asia/Tokyo" }).get(key)).to.not.equal(undefined);
  });

  it("that are too large are refused before anything is sent, and the old one stays", async () => {
    const bound = 400 * 1024 - 15 - 21 - key.length;
    await store.set(key, A, soon());
    for (const expected of [{ bytes: A }, null, undefined]) {
      const error = await failureOf(store.set(key, Buffer.alloc(bound + 1), soon(), expected));
      expect(error).to.be.instanceOf(RecordTooLargeError).with.property("message");
      expect((error as Error).message).to.equal(
        `The record has ${bound + 1} bytes; an item of DynamoDB takes ${bound} with its key`,
      );
    }
    expect((await there())?.["val"]).to.deep.equal({ B: Uint8Array.from(A) });
  });

  it("may be as large as that, and are then compared", async () => {
    const large = Buffer.alloc(400 * 1024 - 15 - 21 - key.length, 1);
    expect(await store.set(key, large, soon(), null)).to.deep.equal({ stored: true });
    const changed = Buffer.alloc(large.length, 2);
    expect(await store.set(key, changed, soon(), { bytes: large })).to.deep.equal({ stored: true });
    expect(Buffer.from((await store.get(key))?.record.bytes ?? [])).to.deep.equal(changed);
    expect(await store.delete(key, { bytes: changed })).to.equal(true);
  });

  it("are listed and deleted over pages of 1 MB, of every key where there is no prefix", async () => {
    const other = dynamodbStore({ client, table: await makeTable(server) });
    const keys = Array.from({ length: 40 }, (_, index) => `s${index}`);
    for (const one of keys) await other.set(one, Buffer.alloc(60_000), soon());
    const found: string[] = [];
    for await (const { ref } of other.list("")) found.push(ref);
    expect(found.toSorted()).to.deep.equal(keys.toSorted());
    for (const one of keys) await other.touch(one, new Date(Date.now() - 1));
    const stop = new AbortController();
    const stopped = other.deleteExpired({ signal: stop.signal, onProgress: () => stop.abort() });
    expect(await failureOf(stopped)).to.have.property("name", "AbortError");
    const progress: number[] = [];
    const deleted = await other.deleteExpired({ onProgress: (done) => progress.push(done) });
    expect(deleted).to.be.within(10, 39);
    expect(progress.length).to.be.above(1);
    expect(progress.at(-1)).to.equal(deleted);
    expect(await other.deleteExpired()).to.equal(0);
  });
});
