/** What is refused because nobody could read it again: too large, or taken for another program's. */
import { expect } from "chai";
import type { Format } from "../../src/codecs/codec.ts";
import { codecOf } from "../../src/codecs/fallback.ts";
import { EncodeError } from "../../src/errors.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { type Exact, PyDict, PyExt, PyList } from "../../src/values/exact.ts";

const KEY = "session:known";

/** A record, what a request does to it, and why that is refused; without a path it is stored. */
interface Case {
  readonly name: string;
  readonly format: Format;
  readonly options?: Partial<SessionOptions>;
  readonly held?: Readonly<Record<string, Exact>>;
  readonly change: (session: Record<string, unknown>) => void;
  readonly path?: string;
  readonly reason?: string;
}

const list = (...items: Exact[]): PyList => new PyList("list", items);
const many = (length: number): number[] => Array.from({ length }, () => 1);

/** The same value twice, and that twice, and so on. */
function doubled(levels: number, value: unknown): unknown {
  return Array.from({ length: levels }).reduce((inner) => [inner, inner], value);
}

/** A list that holds the next: one side by side, so that each is met before it lies deep. */
function chain(length: number): unknown[] {
  const links: unknown[][] = Array.from({ length }, () => []);
  for (const [index, link] of links.entries()) link.push(...links.slice(index + 1, index + 2));
  return links.toReversed();
}

/** A Flask side that saves the record in the format that it has. */
function staying(format: Format): Partial<SessionOptions> {
  return format === "pickle" ? { flaskSessionVersion: "0.5" } : { serializationFormat: format };
}

const put =
  (values: Readonly<Record<string, unknown>>) =>
  (session: Record<string, unknown>): void => {
    Object.assign(session, values);
  };

const TOO_LARGE = "the record becomes too large";

const cases: readonly Case[] = [
  ...(["msgpack", "json", "pickle"] as const).flatMap((format): Case[] => [
    {
      name: `99,990 items in ${format}`,
      format,
      options: staying(format),
      change: put({ x: many(99_990) }),
    },
    {
      name: `100,001 items in ${format}`,
      format,
      options: staying(format),
      change: put({ small: "a", x: many(100_001) }),
      path: "session.x",
      reason: `${TOO_LARGE} (Cannot decode ${format === "json" ? "JSON" : format}: more than 100000 items`,
    },
    {
      name: `a text larger than the limit in ${format}`,
      format,
      change: put({ a: "a", "x y": "b".repeat(5_000_000), z: "c" }),
      path: 'session["x y"]',
      reason: "4194304 bytes",
    },
    {
      name: `more levels than maxDepth in ${format}`,
      format,
      options: { limits: { maxDepth: 10 }, ...staying(format) },
      change: put({ x: [[[[[[[[[[1]]]]]]]]]] }),
      path: "session.x",
      reason: "deeper than 10 levels",
    },
  ]),
  {
    name: "a record that together is too large, by the key that weighs most of the changed ones",
    format: "msgpack",
    options: { limits: { maxBytes: 3000 } },
    held: { old: "o".repeat(2500) },
    change: put({ a: "a".repeat(300), b: "b".repeat(400) }),
    path: "session.b",
    reason: "more than 3000 bytes",
  },
  {
    name: "sharing that doubles thirty times, in a pickle that Flask saves as msgpack next",
    format: "pickle",
    change: put({ x: doubled(30, 1) }),
    path: "session.x",
    reason: "as Flask saves it next, in msgpack, the record has more than 100000 items",
  },
  {
    name: "the same where Flask saves pickles",
    format: "pickle",
    options: { flaskSessionVersion: "0.6" },
    change: put({ x: doubled(30, 1) }),
  },
  {
    name: "the same in msgpack itself",
    format: "msgpack",
    change: put({ x: doubled(30, 1) }),
    path: "session.x",
    reason: TOO_LARGE,
  },
  {
    name: "a shared text that is as large as the limit forty times, in a pickle that Flask saves as JSON next",
    format: "pickle",
    options: { serializationFormat: "json" },
    change: put({ x: Array.from({ length: 40 }, () => "a".repeat(110_000)) }),
    path: "session.x",
    reason: "as Flask saves it next, in json, the record has more than 4194304 bytes",
  },
  {
    name: "a chain of lists that lie side by side too, in a pickle that Flask saves as msgpack next",
    format: "pickle",
    options: { limits: { maxItems: 1_000_000 } },
    change: put({ x: chain(600) }),
    path: "session.x",
    reason: "more than 500 levels",
  },
  {
    name: "a change beside what Python has made too large for Flask to save next",
    format: "pickle",
    held: { x: Array.from({ length: 30 }).reduce<Exact>((inner) => list(inner, inner), 1) },
    change: put({ n: 1 }),
  },
  {
    name: "what Node would take for a session of express-session",
    format: "msgpack",
    change: put({ cookie: { originalMaxAge: null, path: "/" } }),
    path: "session.cookie",
    reason: "with originalMaxAge in it",
  },
  { name: "another cookie", format: "msgpack", change: put({ cookie: { path: "/" } }) },
  {
    name: "a bigint that Flask cannot save as msgpack next, in a record of JSON",
    format: "json",
    change: put({ x: 2n ** 70n }),
    path: "session.x",
    reason: "an int beyond 64 bits does not fit msgpack",
  },
  {
    name: "a key that Flask cannot save as JSON next, in a record of msgpack",
    format: "msgpack",
    options: { serializationFormat: "json" },
    change: put({ x: new Map([[null, 1]]) }),
    path: "session.x<key 0>",
    reason: "JSON has no key for None, True and False",
  },
  {
    name: "NaN, which Flask can save as JSON next",
    format: "msgpack",
    options: { serializationFormat: "json" },
    change: put({ x: Number.NaN }),
  },
];

describe("the content of a session", () => {
  for (const { name, format, options, held = { n: 0 }, change, path, reason } of cases) {
    it(`${name} is ${path === undefined ? "stored, and read again" : "refused, and the store stays as it was"}`, async () => {
      const store = memoryStore();
      const before = codecOf(format).encode(new PyDict(Object.keys(held), Object.values(held)));
      await store.set(KEY, before, new Date(Date.now() + 1_000_000));
      const sessions = createSessions({ store, ...options });
      const opened = await sessions.open("session=known");
      expect(opened.session.new).to.equal(false);
      change(opened.session);
      const error = await Promise.resolve(opened.finish()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const after = (await store.get(KEY))?.record.bytes;
      if (path === undefined) {
        expect(error).to.equal(undefined);
        expect(after).to.not.deep.equal(before);
        expect((await sessions.open("session=known")).session.new).to.equal(false);
        return;
      }
      expect(error).to.be.instanceOf(EncodeError).with.property("path", path);
      expect((error as EncodeError).message).to.include(reason);
      expect(after).to.deep.equal(before);
    });
  }

  it("that is too large without a change names no key", async () => {
    const store = memoryStore();
    const before = Buffer.from("}X\x01\x00\x00\x00xNs.", "latin1"); // a byte shorter than protocol 4
    await store.set(KEY, before, new Date(Date.now() + 1_000_000));
    const sessions = createSessions({ store, limits: { maxBytes: before.length } });
    const opened = await sessions.open("session=known");
    await opened.session.regenerate();
    const error = await Promise.resolve(opened.finish()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(EncodeError).with.property("path", "session");
  });

  it("fails with another error than one of size as it is", async () => {
    const store = memoryStore();
    const ext = codecOf("msgpack").encode(new PyDict(["x"], [new PyExt(5, Uint8Array.of(1))]));
    const pickled = codecOf("pickle").encode(new PyDict(["n"], [1]));
    await store.set(KEY, ext, new Date(Date.now() + 1_000_000));
    const sessions = createSessions({ store });
    const opened = await sessions.open("session=known");
    (opened.session as Record<string, unknown>)["y"] = opened.session["x"];
    await store.set(KEY, pickled, new Date(Date.now() + 1_000_000)); // the merge takes on its format
    const error = await Promise.resolve(opened.finish()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(EncodeError).with.property("path", "session.y");
  });
});
