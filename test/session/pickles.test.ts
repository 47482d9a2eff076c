/** Sessions kept in pickles: which protocols they are written in, and what of Python 2 is read. */
import { expect } from "chai";
import fixture from "../../fixtures/codecs/pickle-python2.json" with { type: "json" };
import type { PickleProtocol } from "../../src/codecs/codec.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { EncodeError } from "../../src/errors.ts";
import type { SessionEvent } from "../../src/session/events.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { Store } from "../../src/session/store.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { PyDateTime, PyDict, PyGlobal, PyList, PyObject, UTC } from "../../src/values/exact.ts";
import { py } from "../../src/values/py.ts";
import { judgeOf } from "../python/judge.ts";

const KEY = "session:known";
const COOKIE = "session=known";
const later = () => new Date(Date.now() + 1_000_000);

function pytz(): PyObject {
  return new PyObject("call", new PyGlobal("pytz", "_UTC"), new PyList("tuple", []));
}

describe("sessions in pickles", () => {
  let store: Store;
  let events: SessionEvent["type"][];

  beforeEach(() => {
    store = memoryStore();
    events = [];
  });

  function make(options: Partial<SessionOptions>): Sessions {
    const onEvent = ({ type }: SessionEvent): void => {
      events.push(type);
    };
    return createSessions({ store, permanent: false, flaskSessionVersion: "0.5", onEvent, ...options });
  }

  async function stored(key: string): Promise<string> {
    return Buffer.from((await store.get(key))?.record.bytes ?? []).toString("hex");
  }

  for (const pickleProtocol of [2, 3, 4, 5, undefined] as const) {
    const protocol: PickleProtocol = pickleProtocol ?? 4;
    it(`are written in protocol ${protocol}${pickleProtocol === undefined ? " by default" : ""}`, async () => {
      const request = await make(pickleProtocol === undefined ? {} : { pickleProtocol }).open(undefined);
      request.session["a"] = new Set([1]);
      await request.finish();
      const hex = await stored(`session:${request.session.sid}`);
      expect(hex.slice(0, 4)).to.equal(`800${protocol}`);
      const program = "import pickle; result = repr(pickle.loads(bytes.fromhex(input)))";
      expect(await (await judgeOf("fs050-flask22")).run(program, hex)).to.equal("{'a': {1}}");
    });
  }

  describe("for a Flask on Python 2", () => {
    const zones: readonly (readonly [name: string, make: () => unknown])[] = [
      ["Date", () => new Date(0)],
      ["datetime in UTC", () => py.datetime({ year: 2024, month: 2, day: 29, tzinfo: "UTC" })],
      ["datetime in Paris", () => py.datetime({ year: 2024, month: 2, day: 29, tzinfo: "Europe/Paris" })],
    ];
    for (const [name, value] of zones) {
      it(`take no new ${name}: Python 2 lacks its time zone`, async () => {
        const request = await make({ pickleProtocol: 2 }).open(undefined);
        request.session["cart"] = [{ when: value() }];
        const error = await Promise.resolve(request.finish()).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).to.be.instanceOf(EncodeError).with.property("path", "session.cart[0].when");
        expect((error as Error).message).to.include("Python 2 has no such time zone");
      });
    }

    it("take a datetime without a time zone, and keep those that they have", async () => {
      const times = [UTC, pytz(), new PyGlobal("app", "zone"), null].map(
        (zone) => new PyDateTime("datetime", Uint8Array.of(7, 232, 2, 29, 12, 30, 0, 0, 0, 0), zone),
      );
      const tree = new PyDict(["times"], [new PyList("list", times)]);
      await store.set(KEY, pickle.encode(tree), later());
      const request = await make({ pickleProtocol: 2 }).open(COOKIE);
      const found = request.session["times"] as unknown[];
      request.session["again"] = [...found, py.datetime({ year: 2024, month: 2, day: 29 })];
      found[1] = new Date(0);
      await request.finish();
      const { value } = pickle.decode(Buffer.from(await stored(KEY), "hex"));
      expect(((value as PyDict).get("again") as PyList).items).to.have.length(5);
      expect(await stored(KEY)).to.match(/^8002/);
    });

    it("are no matter where the record is no pickle", async () => {
      const sessions = make({ pickleProtocol: 2, flaskSessionVersion: "0.8" });
      const request = await sessions.open(undefined);
      request.session["when"] = new Date(0);
      await request.finish();
      expect(events).to.include("saved");
    });
  });

  describe("of Python 2", () => {
    const streams = fixture.vectors.read.filter(({ name }) => name.startsWith("a session, "));

    for (const { name, hex } of streams) {
      it(`${name}: are corrupt to a Flask on Python 3, and so by default`, async () => {
        await store.set(KEY, Buffer.from(hex, "hex"), later());
        const request = await make({}).open(COOKIE);
        expect(request.session.new).to.equal(true);
        expect(events).to.include("corrupt");
        expect(await stored(KEY)).to.equal(hex);
      });

      it(`${name}: are read and written where the option says so, and a Flask on Python 3 reads them then`, async () => {
        await store.set(KEY, Buffer.from(hex, "hex"), later());
        const sessions = make({ python2Strings: "latin1", pickleProtocol: 2 });
        const request = await sessions.open(COOKIE);
        expect(request.session["user_id"]).to.equal("7");
        expect(request.session["seen"]).to.deep.equal(new Date("2019-12-31T23:59:59Z"));
        request.session["visits"] = 13;
        await request.finish();
        const program = `
import pickle
before = pickle.loads(bytes.fromhex(input[0]), encoding="latin1")
after = pickle.loads(bytes.fromhex(input[1]))
result = [after.pop("visits"), before.pop("visits"), after == before, list(after) == list(before)]`;
        const judge = await judgeOf("fs050-flask22");
        expect(await judge.run(program, [hex, await stored(KEY)])).to.deep.equal([13, 12, true, true]);
      });
    }

    it("are there to be found in the fixtures", () => {
      expect(streams).to.have.length.above(3);
    });
  });
});
