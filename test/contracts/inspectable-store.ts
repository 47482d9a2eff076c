/** What every store must do that people look into: listing, tidying up, checking. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { InspectableStore, ListedRecord } from "../../src/session/store.ts";
import type { MakeStore, StoreUnderTest } from "./store.ts";

/** What an inspectable store says of itself. */
export interface InspectableCapabilities {
  /** Whether a listing tells keys; files cannot, their names are hashes. */
  readonly listsKeys: boolean;
  /** Who deletes expired records: the server by itself, or `deleteExpired`. */
  readonly expires: "by itself" | "on demand";
  /** Whether `deleteExpired` counts the live records too, because it must look at them. @defaultValue true */
  readonly countsLive?: boolean;
  /** What `check` says the server is. */
  readonly server: RegExp | undefined;
}

const A = Uint8Array.of(0x80, 0x04, 0x00, 0xff);
const B = Uint8Array.of(0x81, 0x01);

const soon = (millis = 60_000): Date => new Date(Date.now() + millis);

/** Runs the contract of {@link InspectableStore}. `make` gives a store in which nobody else lists or writes. */
export function describeInspectableStore(
  name: string,
  make: MakeStore<InspectableStore>,
  capabilities: InspectableCapabilities,
): void {
  describe(`${name} as an inspectable store`, () => {
    let subject: StoreUnderTest<InspectableStore>;
    let store: InspectableStore;
    let prefix: string;

    before(async function () {
      subject = await make(this);
      store = subject.store;
    });
    after(() => subject?.end());
    beforeEach(() => {
      prefix = `a_b%[*]?\\:${randomBytes(6).toString("hex")}:`;
    });
    afterEach(async () => {
      for (const record of await listed()) await store.deleteListed(record);
      await store.deleteExpired();
    });

    /** With a store that cannot tell keys, all that is there: then only this test has written. */
    const listed = async (of = prefix): Promise<ListedRecord[]> => {
      const records: ListedRecord[] = [];
      for await (const record of store.list(of)) records.push(record);
      return records;
    };
    const only = async (): Promise<ListedRecord> => {
      const [record, ...others] = await listed();
      expect(others).to.deep.equal([]);
      return record as ListedRecord;
    };

    it("lists nothing where nothing is", async () => {
      expect(await listed()).to.deep.equal([]);
    });

    it("lists a record with its bytes and its expiry", async () => {
      const expiresAt = soon();
      await store.set(`${prefix}one`, A, expiresAt);
      const { record } = await only();
      expect(Uint8Array.from(record.bytes)).to.deep.equal(A);
      expect(record.expiresAt?.getTime()).to.be.within(expiresAt.getTime() - 1000, expiresAt.getTime() + 100);
    });

    it(capabilities.listsKeys ? "tells the key" : "tells a name in place of the key", async () => {
      await store.set(`${prefix}one`, A, soon());
      const { key, ref } = await only();
      expect(key).to.equal(capabilities.listsKeys ? `${prefix}one` : undefined);
      expect(ref).to.be.a("string").and.not.equal("");
    });

    it(capabilities.listsKeys ? "takes the prefix literally" : "lists whatever the prefix is", async () => {
      const other = prefix.replace("a_b%[*]?\\", "a-bb*");
      await store.set(`${prefix}one`, A, soon());
      await store.set(`${other}two`, B, soon());
      expect(await listed()).to.have.lengthOf(capabilities.listsKeys ? 1 : 2);
      for (const record of await listed(other)) await store.deleteListed(record);
    });

    it("lists each of 300 records", async () => {
      const keys = Array.from({ length: 300 }, (_, index) => `${prefix}${index}`);
      await Promise.all(keys.map((key) => store.set(key, Buffer.from(key), soon())));
      const texts = new Set((await listed()).map(({ record }) => Buffer.from(record.bytes).toString()));
      expect([...texts].toSorted()).to.deep.equal(keys.toSorted());
    });

    it("can be left in the middle of a listing", async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => store.set(`${prefix}${index}`, A, soon())));
      let met = 0;
      for await (const _record of store.list(prefix)) {
        met++;
        if (met === 3) break;
      }
      expect(met).to.equal(3);
      expect(await listed()).to.have.lengthOf(20);
    });

    it("lists no expired record", async () => {
      await store.set(`${prefix}one`, A, soon(100));
      await sleep(150);
      expect(await listed()).to.deep.equal([]);
    });

    it("deletes a listed record", async () => {
      await store.set(`${prefix}one`, A, soon());
      const record = await only();
      expect(await store.deleteListed(record)).to.equal(true);
      expect(await store.get(`${prefix}one`)).to.equal(undefined);
      expect(await store.deleteListed(record)).to.equal(false);
    });

    it("leaves a record that has changed since it was listed", async () => {
      await store.set(`${prefix}one`, A, soon());
      const record = await only();
      await store.set(`${prefix}one`, B, soon());
      expect(await store.deleteListed(record)).to.equal(false);
      expect(await store.get(`${prefix}one`)).to.not.equal(undefined);
    });

    it(
      capabilities.expires === "by itself" ? "has no expired records to delete" : "deletes expired records",
      async () => {
        for (const index of [1, 2, 3]) await store.set(`${prefix}${index}`, A, soon(100));
        await store.set(`${prefix}live`, B, soon());
        await sleep(150);
        const progress: number[] = [];
        const deleted = await store.deleteExpired({ onProgress: (done) => progress.push(done) });
        expect(deleted).to.equal(capabilities.expires === "by itself" ? 0 : 3);
        expect(await store.get(`${prefix}live`)).to.not.equal(undefined);
        expect(progress).to.deep.equal(progress.toSorted((a, b) => a - b));
        const last = capabilities.countsLive === false ? 3 : 4;
        expect(progress.at(-1)).to.equal(capabilities.expires === "by itself" ? undefined : last);
        expect(await store.deleteExpired()).to.equal(0);
      },
    );

    it("deletes nothing once it is told to stop", async () => {
      await store.set(`${prefix}one`, A, soon(100));
      await sleep(150);
      const work = store.deleteExpired({ signal: AbortSignal.abort() });
      const outcome = await work.catch((error: unknown) => (error as Error).name);
      expect(outcome).to.equal(capabilities.expires === "by itself" ? 0 : "AbortError");
      expect(await store.deleteExpired()).to.equal(capabilities.expires === "by itself" ? 0 : 1);
    });

    it("checks what it stands on", async () => {
      const { server, serverTime, missingRights } = await store.check();
      if (capabilities.server === undefined) expect(server).to.equal(undefined);
      else expect(server).to.match(capabilities.server);
      expect(serverTime?.getTime()).to.be.closeTo(Date.now(), 2000);
      expect(missingRights).to.deep.equal([]);
    });
  });
}
