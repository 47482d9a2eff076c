/** What every store must do: the interface's promises as tests, run against each back end. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { StoreError } from "../../src/errors.ts";
import { createSessions } from "../../src/session/sessions.ts";
import type { Store, StoredRecord } from "../../src/session/store.ts";

/** A store with a back end of its own, and its end. */
export interface StoreUnderTest<S extends Store = Store> {
  readonly store: S;
  end(): Promise<void>;
}

/** What a store says of itself. Each is tested to be so: nothing is skipped for it. */
export interface Capabilities {
  readonly compareAndSet: "everyone" | "node";
  /** What the back end's Python side always writes, if it is always the same. */
  readonly format: "pickle" | undefined;
  /** Whether `get` moves the expiry where it is asked to. */
  readonly touchesInGet: boolean;
  /** Whether a record that was read says when it expires. */
  readonly tellsExpiry: boolean;
  /** What a key may be, where the back end does not take every text. */
  readonly keys?: RegExp;
  /** How much longer than it is asked to the back end may keep a record. @defaultValue 0 */
  readonly expiryGrainMillis?: number;
}

/** Makes a store for a suite; is given the suite's hook, which it may skip. */
export type MakeStore<S extends Store> = (context: Mocha.Context) => Promise<StoreUnderTest<S>>;

const A = Uint8Array.of(0x80, 0x04, 0x00, 0xff);
const B = Uint8Array.of(0x81, 0x01);
const C = Uint8Array.of(0x82);

/** A change of a record's lifetime, and what is left of the record after 1.25 seconds. */
interface LifetimeCase {
  readonly name: string;
  readonly change: (key: string) => Promise<unknown>;
  readonly left: Uint8Array | undefined;
}

/** Keys that a pattern, a quote or a path could be mistaken for. */
const AWKWARD_KEYS = [
  "a_b%:s",
  "[*]?\\:s",
  "'\";--:s",
  "../..:s",
  "{tag}:s",
  "sp ace\r\n:s",
  "ключ:s",
  `long:${"s".repeat(200)}`,
];

/** Each character means something in LIKE, SCAN, a regular expression or a path. */
const AWKWARD_PREFIX = "a_b%[*]?\\:";
/** What it would match as a pattern of LIKE, with and without `\\` as its escape, and of SCAN. */
const ALIKE_PREFIXES = ["axb[*]?\\:", "axb[*]?:", "a_b%*x:"];

const BYTES: readonly (readonly [string, Uint8Array])[] = [
  ["one zero byte", Uint8Array.of(0)],
  ["an empty msgpack map", Uint8Array.of(0x80)],
  ["an ASCII digit", Uint8Array.of(0x31)],
  ["line ends and quotes", Buffer.from("\r\n$-1\r\n'\"\\")],
  ["every byte", Uint8Array.from({ length: 256 }, (_, index) => index)],
  ["a part of a larger buffer", Uint8Array.from({ length: 64 }, (_, index) => index).subarray(7, 11)],
  ["70 KB", randomBytes(70_000)],
];

const soon = (millis = 60_000): Date => new Date(Date.now() + millis);
const newKey = (): string => `contract:${randomBytes(8).toString("hex")}`;

/** Runs the contract of {@link Store}. */
export function describeStore(name: string, make: MakeStore<Store>, capabilities: Capabilities): void {
  describe(`${name} as a store`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    let key: string;
    const { expiryGrainMillis: grainMillis = 0 } = capabilities;

    before(async function () {
      subject = await make(this);
      store = subject.store;
    });
    after(() => subject?.end());
    beforeEach(() => {
      key = newKey();
    });

    const read = async (of = key): Promise<StoredRecord> => (await store.get(of))?.record as StoredRecord;
    const bytesNow = async (): Promise<Uint8Array | undefined> => plain((await store.get(key))?.record.bytes);

    it("is as capable as it says", () => {
      expect(store.compareAndSet).to.equal(capabilities.compareAndSet);
      expect(store.format).to.equal(capabilities.format);
    });

    describe("get", () => {
      it("finds nothing under an unknown key", async () => {
        expect(await store.get(key)).to.equal(undefined);
        expect(await store.get(key, { touchUntil: soon() })).to.equal(undefined);
      });

      it("finds what was set, untouched where it is not asked to touch", async () => {
        await store.set(key, A, soon());
        const found = await store.get(key);
        expect(plain(found?.record.bytes)).to.deep.equal(A);
        expect(found?.touched).to.equal(false);
      });

      it(
        capabilities.tellsExpiry ? "says when the record expires" : "does not say when the record expires",
        async () => {
          const expiresAt = soon();
          await store.set(key, A, expiresAt);
          const { expiresAt: told } = await read();
          if (capabilities.tellsExpiry)
            expect(told?.getTime()).to.be.within(expiresAt.getTime() - 1000, expiresAt.getTime());
          else expect(told).to.equal(undefined);
        },
      );

      for (const [what, bytes] of BYTES) {
        it(`gives back ${what}`, async () => {
          await store.set(key, bytes, soon());
          expect(await bytesNow()).to.deep.equal(plain(bytes));
        });
      }

      it("gives bytes that are the caller's own", async () => {
        const bytes = Uint8Array.from(A);
        await store.set(key, bytes, soon());
        bytes.fill(7);
        (await read()).bytes.fill(9);
        expect(await bytesNow()).to.deep.equal(A);
      });
    });

    describe("keys", () => {
      for (const text of AWKWARD_KEYS) {
        const shown = JSON.stringify(text.slice(0, 20));
        if (capabilities.keys?.test(text) === false) {
          it(`are refused: ${shown}`, () => expectRefused(store, `${key}${text}`));
          continue;
        }
        it(`are taken literally: ${shown}`, async () => {
          const [one, other] = [`${key}${text}`, `${key}${text.replace(/[^s:]/, "z")}`];
          await store.set(one, A, soon());
          await store.set(other, B, soon());
          expect(plain((await read(one)).bytes)).to.deep.equal(A);
          expect(plain((await read(other)).bytes)).to.deep.equal(B);
          expect(await store.delete(one)).to.equal(true);
          expect(await store.get(one)).to.equal(undefined);
          expect(plain((await read(other)).bytes)).to.deep.equal(B);
        });
      }
    });

    it(`keeps sessions under the prefix ${AWKWARD_PREFIX} apart from those that a pattern would take in`, async () => {
      const sessions = createSessions({ store, keyPrefix: AWKWARD_PREFIX });
      const opened = await sessions.open(undefined);
      opened.session["uname"] = "alice";
      const cookie = (await opened.finish()).setCookie[0]?.split(";")[0];
      const sid = cookie?.replace("session=", "");
      const own = `${AWKWARD_PREFIX}${sid}`;
      for (const prefix of ALIKE_PREFIXES) {
        expect(await store.get(`${prefix}${sid}`)).to.equal(undefined);
        await store.set(`${prefix}${sid}`, (await read(own)).bytes, soon());
      }
      const changed = await sessions.open(cookie);
      changed.session["uname"] = "bob";
      await changed.finish();
      expect(await sessions.read(cookie)).to.include({ uname: "bob" });
      const left = await sessions.open(cookie);
      await left.session.destroy();
      await left.finish();
      expect(await store.get(own)).to.equal(undefined);
      for (const keyPrefix of ALIKE_PREFIXES) {
        expect(await createSessions({ store, keyPrefix }).read(cookie)).to.include({ uname: "alice" });
      }
    });

    describe("set", () => {
      it("without expectation replaces whatever is there", async () => {
        expect(await store.set(key, A, soon())).to.deep.equal({ stored: true });
        expect(await store.set(key, B, soon())).to.deep.equal({ stored: true });
        expect(await bytesNow()).to.deep.equal(B);
      });

      it("with null stores where there is nothing", async () => {
        expect(await store.set(key, A, soon(), null)).to.deep.equal({ stored: true });
        expect(await bytesNow()).to.deep.equal(A);
      });

      it("with null stores nothing where there is a record, and gives it", async () => {
        await store.set(key, A, soon());
        const result = await store.set(key, B, soon(), null);
        expect(currentOf(result)).to.deep.equal(A);
        expect(await bytesNow()).to.deep.equal(A);
      });

      it("with null stores where the record was deleted", async () => {
        await store.set(key, A, soon());
        await store.delete(key);
        expect(await store.set(key, B, soon(), null)).to.deep.equal({ stored: true });
      });

      it("stores where the record is still the expected one", async () => {
        await store.set(key, A, soon());
        expect(await store.set(key, B, soon(), await read())).to.deep.equal({ stored: true });
        expect(await bytesNow()).to.deep.equal(B);
      });

      it("takes the bytes that it has stored for the expected record", async () => {
        await store.set(key, A, soon(), null);
        expect(await store.set(key, B, soon(), { bytes: A })).to.deep.equal({ stored: true });
      });

      it("stores nothing over another record, and gives that", async () => {
        await store.set(key, A, soon());
        const opened = await read();
        await store.set(key, B, soon());
        const result = await store.set(key, C, soon(), opened);
        expect(currentOf(result)).to.deep.equal(B);
        expect(await bytesNow()).to.deep.equal(B);
      });

      it("takes the record of a conflict for the expected one of the next try", async () => {
        await store.set(key, A, soon());
        const opened = await read();
        await store.set(key, B, soon());
        const result = await store.set(key, C, soon(), opened);
        if (result.stored || result.current === undefined) throw new Error("no conflict");
        expect(await store.set(key, C, soon(), result.current)).to.deep.equal({ stored: true });
      });

      it("takes no record for its own word that it has stored", async () => {
        for (const digit of ["0", "1"]) {
          await store.set(key, Buffer.from(digit), soon());
          const result = await store.set(key, A, soon(), { bytes: B });
          expect(currentOf(result)).to.deep.equal(plain(Buffer.from(digit)));
        }
      });

      it("does not revive a deleted record", async () => {
        await store.set(key, A, soon());
        const opened = await read();
        await store.delete(key);
        expect(await store.set(key, B, soon(), opened)).to.deep.equal({ stored: false, current: undefined });
        expect(await store.get(key)).to.equal(undefined);
      });

      it("does not revive an expired record, and takes it for none", async () => {
        await store.set(key, A, soon(100));
        await sleep(150 + grainMillis);
        expect(await store.set(key, B, soon(), { bytes: A })).to.deep.equal({ stored: false, current: undefined });
        expect(await store.set(key, B, soon(), null)).to.deep.equal({ stored: true });
      });

      it("counts a record that was only touched as unchanged", async () => {
        await store.set(key, A, soon());
        const opened = await read();
        await store.touch(key, soon(120_000));
        expect(await store.set(key, B, soon(), opened)).to.deep.equal({ stored: true });
      });

      it("loses none of 50 parallel changes", async () => {
        await store.set(key, Uint8Array.of(0), soon(), null);
        const add = async (): Promise<void> => {
          let expected = await read();
          for (;;) {
            const result = await store.set(key, Uint8Array.of(1 + (expected.bytes[0] as number)), soon(), expected);
            if (result.stored) return;
            expected = result.current as StoredRecord;
          }
        };
        await Promise.all(Array.from({ length: 50 }, add));
        expect(await bytesNow()).to.deep.equal(Uint8Array.of(50));
      });

      it("lets one of 20 parallel firsts win", async () => {
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, index) => store.set(key, Uint8Array.of(index), soon(), null)),
        );
        const winner = results.findIndex(({ stored }) => stored);
        expect(results.filter(({ stored }) => stored)).to.have.lengthOf(1);
        expect(await bytesNow()).to.deep.equal(Uint8Array.of(winner));
      });
    });

    describe("expiry", () => {
      const cases: readonly LifetimeCase[] = [
        { name: "ends a record", change: async (of) => store.set(of, A, soon(300)), left: undefined },
        {
          name: "is moved by every set",
          change: async (of) => {
            await store.set(of, A, soon(1100));
            await store.set(of, B, soon(10_000), await read(of));
          },
          left: B,
        },
        {
          name: "is moved out by touch",
          change: async (of) => {
            await store.set(of, A, soon(1100));
            expect(await store.touch(of, soon(10_000))).to.equal(true);
          },
          left: A,
        },
        {
          name: "is moved in by touch",
          change: async (of) => {
            await store.set(of, A, soon());
            expect(await store.touch(of, soon(300))).to.equal(true);
          },
          left: undefined,
        },
        {
          name: capabilities.touchesInGet ? "is moved by get" : "is not moved by get, which says so",
          change: async (of) => {
            await store.set(of, A, soon(1100));
            const found = await store.get(of, { touchUntil: soon(10_000) });
            expect(found?.touched).to.equal(capabilities.touchesInGet);
          },
          left: capabilities.touchesInGet ? A : undefined,
        },
        {
          name: "may lie in the past: then nothing is there",
          change: async (of) => {
            await store.set(of, A, soon());
            expect(await store.set(of, B, soon(-5000))).to.deep.equal({ stored: true });
          },
          left: undefined,
        },
      ];
      const outcomes = new Map<string, unknown>();

      // One wait for all of them.
      before(async () => {
        const started = cases.map(({ name: of, change }) => ({ of, storeKey: newKey(), change }));
        const results = await Promise.allSettled(started.map(({ storeKey, change }) => change(storeKey)));
        await sleep(1250 + grainMillis);
        for (const [index, { of, storeKey }] of started.entries()) {
          const result = results[index];
          const left = plain((await store.get(storeKey))?.record.bytes);
          outcomes.set(of, result?.status === "rejected" ? result.reason : left);
        }
      });

      for (const { name: of, left } of cases) {
        it(of, () => {
          const outcome = outcomes.get(of);
          if (outcome instanceof Error) throw outcome;
          expect(outcome).to.deep.equal(left);
        });
      }
    });

    describe("touch", () => {
      it("tells of a record that is gone, and makes none", async () => {
        expect(await store.touch(key, soon())).to.equal(false);
        expect(await store.get(key)).to.equal(undefined);
      });

      it("does not revive an expired record", async () => {
        await store.set(key, A, soon(100));
        await sleep(150 + grainMillis);
        expect(await store.touch(key, soon())).to.equal(false);
        expect(await store.get(key)).to.equal(undefined);
      });
    });

    describe("delete", () => {
      it("says whether there was a record", async () => {
        await store.set(key, A, soon());
        expect(await store.delete(key)).to.equal(true);
        expect(await store.delete(key)).to.equal(false);
        expect(await store.get(key)).to.equal(undefined);
      });

      it("deletes the expected record", async () => {
        await store.set(key, A, soon());
        expect(await store.delete(key, await read())).to.equal(true);
        expect(await store.get(key)).to.equal(undefined);
      });

      it("leaves a record that is not the expected one", async () => {
        await store.set(key, A, soon());
        const opened = await read();
        await store.set(key, B, soon());
        expect(await store.delete(key, opened)).to.equal(false);
        expect(await bytesNow()).to.deep.equal(B);
      });

      it("finds no expected record where there is none", async () => {
        expect(await store.delete(key, { bytes: A })).to.equal(false);
      });
    });

    it("opens as often as it is asked to", async () => {
      await store.open?.();
      await store.open?.();
      expect(await store.get(key)).to.equal(undefined);
    });
  });
}

/** A key that the back end cannot have is refused before anything is sent. */
async function expectRefused(store: Store, key: string): Promise<void> {
  const calls = [store.get(key), store.set(key, A, soon()), store.set(key, A, soon(), null), store.touch(key, soon())];
  for (const call of [...calls, store.delete(key), store.delete(key, { bytes: A })]) {
    expect(await call.catch((error: unknown) => error)).to.be.instanceOf(StoreError);
  }
}

/** Bytes of whatever kind, to be compared: chai tells a Buffer from a Uint8Array. */
function plain(bytes: Uint8Array | undefined): Uint8Array | undefined {
  return bytes && Uint8Array.from(bytes);
}

function currentOf(result: Awaited<ReturnType<Store["set"]>>): Uint8Array | undefined {
  return result.stored ? undefined : plain(result.current?.bytes);
}
