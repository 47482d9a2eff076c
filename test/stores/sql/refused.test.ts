/** Saves that a database refuses, or would cut: a typed error, and the old session as it was. */
import { expect } from "chai";
import { createConnection, createPool } from "mysql2/promise";
import { RecordTooLargeError, StoreConflictError, StoreError } from "../../../src/errors.ts";
import { createSessions } from "../../../src/session/sessions.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { sqlStore } from "../../../src/stores/sql.ts";
import { atEnd } from "../redis/at-end.ts";
import { openStore } from "./databases.ts";
import { type Address, mariadb, mysqlUrl, postgresql, postgresUrl } from "./servers.ts";

const KEY = "session:a";
const OLD = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const soon = (): Date => new Date(Date.now() + 60_000);

/** Every way to save is refused with this error, and the old session stays. */
async function expectRefused(
  store: InspectableStore,
  bytes: Uint8Array,
  error: typeof StoreError,
  message: RegExp,
): Promise<void> {
  const before = await store.get(KEY);
  for (const expected of [{ bytes: OLD }, undefined]) {
    const outcome: unknown = await store.set(KEY, bytes, soon(), expected).catch((thrown: unknown) => thrown);
    expect(outcome).to.be.instanceOf(error).with.property("message").that.matches(message);
  }
  expect(await store.get(KEY)).to.deep.equal(before);
}

describe("a save that PostgreSQL refuses", () => {
  it("because the key is longer than its column is a RecordTooLargeError", async function () {
    const store = openStore(postgresUrl(await postgresql(this)));
    const error: unknown = await store.set("k".repeat(256), OLD, soon(), null).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RecordTooLargeError);
    expect((error as Error).message).to.equal("The record is larger than PostgreSQL takes: 22001 in INSERT");
  });
});

describe("a save that MariaDB would cut", () => {
  let address: Address;
  let store: InspectableStore;

  beforeEach(async function () {
    address = await mariadb(this);
    const pool = createPool(address);
    atEnd(() => pool.end());
    // As many still have it: what does not fit is cut, with a warning that nobody sees.
    await pool.query("SET GLOBAL sql_mode = ''");
    const loose = createPool(address);
    atEnd(async () => {
      await loose.query("SET GLOBAL sql_mode = DEFAULT");
      await loose.end();
    });
    store = openStore(loose);
    await store.set(KEY, OLD, soon());
  });

  it("is refused before it is sent, one byte over the column's 65,535", async () => {
    const message = /^The record has 65536 bytes, the column data takes 65535: make it a MEDIUMBLOB$/;
    await expectRefused(store, new Uint8Array(65_536), RecordTooLargeError, message);
    await store.set(KEY, new Uint8Array(65_535), soon());
    expect((await store.get(KEY))?.record.bytes).to.have.lengthOf(65_535);
  });

  it("is refused where it is the key that does not fit", async () => {
    const error: unknown = await store.set("ä".repeat(256), OLD, soon(), null).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RecordTooLargeError);
    expect((error as Error).message).to.equal("The key has more than the 255 characters of the column session_id");
    expect(await store.set("ä".repeat(255), OLD, soon(), null)).to.deep.equal({ stored: true });
  });

  it("is cut indeed where nobody refuses it", async () => {
    const pool = createPool(address);
    atEnd(() => pool.end());
    await pool.query("INSERT INTO sessions (session_id, data) VALUES ('session:cut', ?)", [Buffer.alloc(65_536)]);
    const [rows] = await pool.query("SELECT length(data) AS bytes FROM sessions WHERE session_id = 'session:cut'");
    expect(rows).to.deep.equal([{ bytes: 65_535 }]);
  });

  it("goes by the column as it is, asked once", async () => {
    const pool = createPool(address);
    atEnd(() => pool.end());
    await pool.query("ALTER TABLE sessions MODIFY data MEDIUMBLOB");
    const asked: string[] = [];
    const client: typeof pool = Object.create(pool, {
      query: {
        value: (question: { sql: string }) => {
          asked.push(question.sql);
          return pool.query(question);
        },
      },
    });
    const other = sqlStore({ client });
    await other.set(KEY, new Uint8Array(65_536), soon());
    await other.set(KEY, new Uint8Array(65_537), soon());
    expect((await other.get(KEY))?.record.bytes).to.have.lengthOf(65_537);
    expect(asked.filter((text) => text.includes("information_schema"))).to.have.lengthOf(1);
  });

  it("is refused where the statement is longer than the server takes", async () => {
    const pool = createPool(address);
    atEnd(() => pool.end());
    await pool.query("ALTER TABLE sessions MODIFY data LONGBLOB");
    const [[row]] = (await pool.query("SELECT @@max_allowed_packet AS packet")) as unknown as [[{ packet: number }]];
    const bytes = new Uint8Array(row.packet / 2);
    const message = /^The record has \d+ bytes, which make a statement longer than the server's max_allowed_packet$/;
    await expectRefused(sqlStore({ client: pool }), bytes, RecordTooLargeError, message);
  });

  it("goes to the very key, not to one that the collation takes for the same", async () => {
    const other = Uint8Array.of(0x81, 0xa1, 0x61, 0x02);
    for (const alike of ["session:A", "session:a ", "sessioń:a"]) {
      expect(await store.get(alike)).to.equal(undefined);
      expect(await store.touch(alike, soon())).to.equal(false);
      expect(await store.delete(alike)).to.equal(false);
      expect(await store.set(alike, other, soon(), { bytes: OLD })).to.deep.equal({
        stored: false,
        current: undefined,
      });
      for (const expected of [null, undefined]) {
        const error: unknown = await store.set(alike, other, soon(), expected).catch((thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(StoreConflictError);
      }
    }
    expect(Uint8Array.from((await store.get(KEY))?.record.bytes ?? [])).to.deep.equal(OLD);
  });

  it("does not make a listing show keys that are only alike", async () => {
    await store.set("Session:b", OLD, soon());
    const listed: string[] = [];
    for await (const { ref } of store.list("session:")) listed.push(ref);
    expect(listed).to.deep.equal([KEY]);
  });

  it("is a typed error of the request, and the session goes on as it was", async () => {
    const sessions = createSessions({ store });
    const opened = await sessions.open("session=a");
    opened.session["blob"] = "x".repeat(70_000);
    const error: unknown = await Promise.resolve(opened.finish()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(RecordTooLargeError);
    expect((await sessions.read("session=a"))["a"]).to.equal(1);
  });

  it("counts as done where -FOUND_ROWS does not count it, because it changed nothing", async () => {
    const connection = await createConnection({ ...address, flags: ["-FOUND_ROWS"] });
    atEnd(() => connection.end());
    const strict = sqlStore({ client: connection });
    const at = soon();
    for (let round = 0; round < 3; round++) {
      expect(await strict.set(KEY, OLD, at)).to.deep.equal({ stored: true });
      expect(await strict.set(KEY, OLD, at, { bytes: OLD })).to.deep.equal({ stored: true });
      expect(await strict.touch(KEY, at)).to.equal(true);
    }
    expect(await strict.touch("session:none", at)).to.equal(false);
  });

  it("may be sent through its URL as well", async () => {
    const other = openStore(mysqlUrl(address));
    await expectRefused(other, new Uint8Array(65_536), RecordTooLargeError, /the column data takes 65535/);
  });
});
