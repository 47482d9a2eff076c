/** A back end that stops answering, or is gone, and comes back: typed errors at the deadline, and no restart of Node. */
import { expect } from "chai";
import { StoreError, StoreTimeoutError } from "../../src/errors.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";

/** A store and the ways to disturb its back end, which is nobody else's. */
export interface Disturbed {
  readonly store: Store;
  /** From here on nothing is answered, at least nothing of this session, until `resume`. */
  readonly stall: (storeKey: string) => unknown;
  readonly resume: () => unknown;
  /** Ends the server, without a word. */
  readonly kill?: () => Promise<unknown>;
  /** Starts it again on its port. */
  readonly restart?: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
}

/** What a store says of its back end. */
export interface Disturbances {
  /** What waits while the back end is stalled: reads do not wait for the lock of a file. */
  readonly waits: "reads and saves" | "saves";
  /** Whether there is a server that can end. */
  readonly hasServer: boolean;
}

const DEADLINE_MILLIS = 300;

/** Runs the contract. `make` may skip the suite. */
export function describeOutages(
  name: string,
  make: (context: Mocha.Context) => Promise<Disturbed>,
  { waits, hasServer }: Disturbances,
): void {
  describe(`${name} out of order`, function () {
    this.timeout(60_000);
    let subject: Disturbed;
    let hasty: Sessions;
    let patient: Sessions;

    before(async function () {
      subject = await make(this);
      const { store } = subject;
      hasty = createSessions({ store, readTimeoutMillis: DEADLINE_MILLIS, saveTimeoutMillis: DEADLINE_MILLIS });
      patient = createSessions({ store, readTimeoutMillis: 20_000, saveTimeoutMillis: 20_000 });
    });
    after(() => subject?.end());

    /** Somebody logs in. @returns the Cookie header of the next request */
    const login = async (): Promise<string> => {
      const opened = await patient.open(undefined);
      opened.session["uname"] = "alice";
      const { setCookie } = await opened.finish();
      return (setCookie[0] ?? "").split(";")[0] as string;
    };
    const change = async (cookie: string): Promise<void> => {
      const opened = await patient.open(cookie);
      opened.session["changed"] = true;
      await opened.finish();
      expect(await patient.read(cookie)).to.include({ uname: "alice", changed: true });
    };

    it("is a StoreTimeoutError at the deadline while it does not answer; the next request after that works", async () => {
      const cookie = await login();
      const late = await patient.open(cookie);
      const opened = await hasty.open(cookie);
      await subject.stall(cookie.replace("session=", "session:"));
      try {
        if (waits === "saves") expect(await hasty.read(cookie)).to.include({ uname: "alice" });
        else for (const _request of [1, 2]) await expectTimeout(() => hasty.open(cookie));
        opened.session["late"] = true;
        await expectTimeout(() => opened.finish());
      } finally {
        await subject.resume();
      }
      await change(cookie);
      // A request that was under way all the time goes on too.
      late.session["patient"] = true;
      await late.finish();
      expect(await patient.read(cookie)).to.include({ changed: true, patient: true });
    });

    if (!hasServer) {
      it("has no server that could be started anew", () => {
        expect(subject).to.not.have.any.keys("kill", "restart");
      });
      return;
    }

    it("is a typed error while its server is gone; the next request after its start works", async () => {
      await login();
      await subject.kill?.();
      for (const _request of [1, 2])
        expect(await failureOf(() => hasty.open("session=a"))).to.be.instanceOf(StoreError);
      await subject.restart?.();
      await change(await login());
    });
  });
}

async function expectTimeout(call: () => unknown): Promise<void> {
  const started = performance.now();
  expect(await failureOf(call)).to.be.instanceOf(StoreTimeoutError);
  expect(performance.now() - started).to.be.within(DEADLINE_MILLIS - 50, 10 * DEADLINE_MILLIS);
}

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return "no failure";
  } catch (error) {
    return error;
  }
}
