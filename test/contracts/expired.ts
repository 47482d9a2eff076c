/** Records that have expired and still lie there, and those without an expiry: served by no call of any store, in no zone. */
import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { createSessions } from "../../src/session/sessions.ts";
import type { InspectableStore } from "../../src/session/store.ts";

/** A store whose back end does not delete by itself, or late. */
export interface Planted {
  readonly store: InspectableStore;
  /** Puts a record there past the store, as Python leaves it. @param expiresAt `null`: without expiry */
  readonly plant: (key: string, bytes: Uint8Array, expiresAt: Date | null) => Promise<unknown>;
  readonly end: () => Promise<unknown>;
}

const HOUR = 3_600_000;
/** Within the distance of each zone from UTC, and far beyond. */
const AGES = { "three hours ago": 3 * HOUR, "two days ago, as DynamoDB may leave it": 48 * HOUR } as const;
/** `{"a": 1}` */
const RECORD = { pickle: "80047d948c0161944b01732e", msgpack: "81a16101" } as const;
const soon = (): Date => new Date(Date.now() + 60_000);

/** Runs the contract. @param endless whether no expiry is an end without beginning here: a file's 0 is never, as in cachelib */
export function describeExpired(
  name: string,
  make: (context: Mocha.Context) => Promise<Planted>,
  { endless }: { readonly endless: "expired" | "live" },
): void {
  describe(`${name} with records that have expired and still lie there`, () => {
    const zone = process.env["TZ"];
    let subject: Planted;
    let sid: string;
    let key: string;
    let bytes: Uint8Array;

    before(async function () {
      subject = await make(this);
      bytes = Buffer.from(RECORD[subject.store.format ?? "msgpack"], "hex");
    });
    after(() => subject?.end());
    beforeEach(() => {
      sid = randomBytes(16).toString("hex");
      key = `session:${sid}`;
    });
    afterEach(async () => {
      await subject.store.delete(key);
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    });

    const expectNone = async (): Promise<void> => {
      const { store } = subject;
      expect(await store.get(key)).to.equal(undefined);
      expect(await store.get(key, { touchUntil: soon() })).to.equal(undefined);
      expect(await store.touch(key, soon())).to.equal(false);
      expect(await store.set(key, bytes, soon(), { bytes })).to.deep.equal({ stored: false, current: undefined });
      // Files are listed whatever their key: those of the sessions that began in place of the expired ones.
      for await (const { record } of store.list(key)) expect(Buffer.from(record.bytes).equals(bytes)).to.equal(false);
      const sessions = createSessions({ store });
      expect(await sessions.read(`session=${sid}`)).to.not.have.property("a");
      const opened = await sessions.open(`session=${sid}`);
      opened.session["b"] = 2;
      const [cookie] = (await opened.finish()).setCookie;
      expect(cookie).to.not.include(sid);
      expect(await store.get(key)).to.equal(undefined);
    };

    for (const timeZone of ["UTC", "Asia/Kolkata", "America/New_York"]) {
      for (const [age, millis] of Object.entries(AGES)) {
        it(`serves none that ended ${age}, with Node in ${timeZone}`, async () => {
          process.env["TZ"] = timeZone;
          await subject.plant(key, bytes, new Date(Date.now() - millis));
          await expectNone();
        });
      }

      it(`serves one that ends in three hours, with Node in ${timeZone}`, async () => {
        process.env["TZ"] = timeZone;
        await subject.plant(key, bytes, new Date(Date.now() + 3 * HOUR));
        expect(await createSessions({ store: subject.store }).read(`session=${sid}`)).to.include({ a: 1 });
      });
    }

    it(`takes one without expiry for ${endless === "live" ? "a live one" : "an expired one"}`, async () => {
      await subject.plant(key, bytes, null);
      if (endless === "expired") await expectNone();
      else expect(await createSessions({ store: subject.store }).read(`session=${sid}`)).to.include({ a: 1 });
    });
  });
}
