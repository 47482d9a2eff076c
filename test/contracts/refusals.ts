/** Saves that a back end refuses: a typed error in every store, and the old session as it was. */
import { expect } from "chai";
import { EncodeError, StoreError } from "../../src/errors.ts";
import { createSessions } from "../../src/session/sessions.ts";
import type { Store, StoredRecord } from "../../src/session/store.ts";

/** Why a save is refused. */
export type Reason = "it is too large" | "of missing rights" | "all is read-only" | "there is no room";

/** A back end that is about to refuse. */
export interface Refusing {
  /** May do everything: it puts the old session there, and tells what has become of it. */
  readonly store: Store;
  /** Whose saves are refused. @defaultValue `store` */
  readonly refused?: Store;
  /** From here on they are. */
  readonly begin?: () => unknown;
}

/** One refusal. */
export interface Refusal {
  /** What exactly refuses. */
  readonly by: string;
  /** Is given the test, which it may skip, and ends what it has opened by `atEnd`. */
  readonly open: (context: Mocha.Context) => Promise<Refusing>;
  /** How many bytes are refused. @defaultValue a few */
  readonly bytes?: number;
  /** @defaultValue StoreError */
  readonly error?: typeof StoreError;
  readonly message: RegExp;
}

/** What a store declares: the ways in which each refusal is had, or why it cannot be. */
export type Refusals = Readonly<Record<Reason, readonly Refusal[] | string>>;

const SID = "known";
const KEY = `session:${SID}`;
/** `{"a": 1}`, in the format that the store wants. */
const OLD = { pickle: "80047d948c0161944b01732e", msgpack: "81a16101" } as const;
const soon = (): Date => new Date(Date.now() + 60_000);

/** Runs the contract. What cannot be had stands in the title. */
export function describeRefusals(name: string, refusals: Refusals): void {
  const entries = Object.entries(refusals);
  const without = entries.flatMap(([reason, cases]) => (typeof cases === "string" ? `${reason}: ${cases}` : []));
  const title = `${name} that refuses a save${without.length === 0 ? "" : ` (not to be had: ${without.join("; ")})`}`;
  describe(title, () => {
    for (const [reason, cases] of entries) {
      if (typeof cases === "string") continue;
      for (const refusal of cases) {
        it(`because ${reason} (${refusal.by}) keeps the old session as it was`, async function () {
          await expectRefused(await refusal.open(this), refusal);
        });
      }
    }
  });
}

async function expectRefused({ store, refused = store, begin }: Refusing, refusal: Refusal): Promise<void> {
  const { bytes = 100, error = StoreError, message } = refusal;
  const format = store.format ?? "msgpack";
  await store.set(KEY, Buffer.from(OLD[format], "hex"), soon(), null);
  const before = (await store.get(KEY))?.record as StoredRecord;
  await begin?.();
  const large = Buffer.concat([Buffer.from(OLD[format], "hex"), Buffer.alloc(bytes, 1)]);
  for (const expected of [before, { bytes: before.bytes }, undefined]) {
    expect(await failureOf(refused.set(KEY, large, soon(), expected)))
      .to.be.instanceOf(error)
      .with.property("message")
      .that.matches(message);
    expect((await store.get(KEY))?.record).to.deep.equal(before);
  }
  await refused.set(KEY, large, soon(), null).then(
    ({ stored }) => expect(stored).to.equal(false),
    (thrown: unknown) => expect(thrown).to.be.instanceOf(error),
  );
  expect(await failureOf(visit(refused, bytes))).to.satisfy(
    (thrown: unknown) => thrown instanceof error || thrown instanceof EncodeError,
  );
  expect(await createSessions({ store }).read(`session=${SID}`)).to.deep.equal({ a: 1 });
}

/** A request that changes the session. */
async function visit(store: Store, bytes: number): Promise<unknown> {
  const sessions = createSessions({ store, limits: { maxBytes: 100_000_000 } });
  const opened = await sessions.open(`session=${SID}`);
  opened.session["b"] = "b".repeat(bytes);
  return opened.finish();
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => "no failure",
    (error: unknown) => error,
  );
}
