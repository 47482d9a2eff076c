/** Records as Python's clients left them, and what memcached holds after a write of ours. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { expect } from "chai";
import { decodeRecord } from "../../../src/codecs/fallback.ts";
import { ConfigError, DecodeError, LimitError, RecordTooLargeError, StoreConflictError } from "../../../src/errors.ts";
import type { MemcachedClient, MemcachedItem } from "../../../src/stores/memcached/client.ts";
import { TextClient } from "../../../src/stores/memcached/text-client.ts";
import { type MemcachedOptions, type MemcachedStore, memcachedStore } from "../../../src/stores/memcached.ts";
import { notationOf } from "../../codecs/notation.ts";
import { projectFolder } from "../../python/judge.ts";
import { askMemcached, type MemcachedServer, startMemcached } from "../../services/memcached-server.ts";
import { requireService } from "../../services/services.ts";
import { atEnd } from "../redis/at-end.ts";

interface Vector {
  readonly client: string;
  readonly format: "msgpack" | "json" | "pickle" | "cachelib";
  readonly session: unknown;
  readonly flags: number;
  readonly value: string;
}

const A = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const B = Uint8Array.of(0x81, 0xa1, 0x61, 0x02);
const KEY = "session:abc";
const soon = (): Date => new Date(Date.now() + 60_000);
const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);

/** A store whose client has one item and takes no other. */
function holding(item: Omit<MemcachedItem, "cas">, options: MemcachedOptions = {}): MemcachedStore {
  const refuse = (): Promise<boolean> => Promise.resolve(false);
  const gets = (): Promise<MemcachedItem> => Promise.resolve({ ...item, cas: "1" });
  return memcachedStore({ ...options, client: { gets, add: refuse, cas: refuse, touch: refuse, delete: refuse } });
}

describe("records in memcached", () => {
  for (const file of ["memcached", "memcached-flask-session-0.5"]) {
    const { vectors } = JSON.parse(readFileSync(join(projectFolder, "fixtures", "stores", `${file}.json`), "utf8")) as {
      readonly vectors: readonly Vector[];
    };
    for (const [index, { client, format, session, flags, value }] of vectors.entries()) {
      it(`${index}: ${format} by ${client} with flags ${flags} is read`, async () => {
        const store = holding({ flags, value: Buffer.from(value, "hex") }, { pickled: format === "cachelib" });
        const { bytes } = (await store.get(KEY))?.record ?? { bytes: A };
        const found = decodeRecord(bytes, format === "cachelib" ? "pickle" : format);
        expect(found.format).to.equal(format === "cachelib" ? "pickle" : format);
        expect(notationOf(found.value)).to.deep.equal(session);
      });
    }
  }

  it("are read where the client has marked them as text", async () => {
    const { record } = (await holding({ flags: 16, value: Buffer.from("{}") }).get(KEY)) ?? {};
    expect(record?.bytes).to.deep.equal(Buffer.from("{}"));
  });

  const corrupt: readonly (readonly [string, MemcachedOptions, Omit<MemcachedItem, "cas">])[] = [
    ["an object that the client pickled", {}, { flags: 1, value: A }],
    ["a number of python-memcached's", {}, { flags: 2, value: Buffer.from("1") }],
    ["a number of pylibmc's", {}, { flags: 4, value: Buffer.from("1") }],
    ["bytes where the client pickles", { pickled: true }, { flags: 0, value: A }],
    ["what is called compressed and is not", {}, { flags: 8, value: A }],
  ];
  for (const [name, options, item] of corrupt) {
    it(`are corrupt: ${name}`, async () => {
      expect(await failureOf(holding(item, options).get(KEY)))
        .to.be.instanceOf(DecodeError)
        .and.not.instanceOf(LimitError);
    });
  }

  it("are not inflated beyond 64 MiB", async () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024 + 1));
    expect(await failureOf(holding({ flags: 8, value: bomb }).get(KEY))).to.be.instanceOf(LimitError);
  });

  it("are given up where the client of an application never stores", async () => {
    const error = await failureOf(holding({ flags: 0, value: A }).set(KEY, B, soon()));
    expect(error).to.be.instanceOf(StoreConflictError);
  });

  describe("on a server", () => {
    let server: MemcachedServer;
    let store: MemcachedStore;
    let client: TextClient;

    before(async function () {
      requireService(this, "memcached-server");
      server = await startMemcached(["-I", "512k"]);
      store = memcachedStore({ server: server.address });
      client = new TextClient({ host: "127.0.0.1", port: server.port }, 2000);
    });
    beforeEach(() => askMemcached(server.port, "flush_all\r\n"));
    after(async () => {
      client?.close();
      await store?.close();
      await server?.stop();
    });

    const secondsLeft = async (): Promise<number> =>
      Number(/^HD t(\d+)/.exec((await askMemcached(server.port, `mg ${KEY} t\r\n`)).toString())?.[1]);

    const lifetimes: readonly (readonly [string, number])[] = [
      ["an hour", 3600],
      ["30 days", 30 * 24 * 3600],
      ["31 days", 31 * 24 * 3600],
      ["a year", 365 * 24 * 3600],
    ];
    for (const [name, seconds] of lifetimes) {
      it(`end after ${name}, set, touched and renewed while read`, async () => {
        const until = (): Date => new Date(Date.now() + seconds * 1000);
        await store.set(KEY, A, until());
        expect(await secondsLeft()).to.be.within(seconds - 2, seconds + 2);
        await client.touch(KEY, 100);
        await store.touch(KEY, until());
        expect(await secondsLeft()).to.be.within(seconds - 2, seconds + 2);
        await client.touch(KEY, 100);
        await store.get(KEY, { touchUntil: until() });
        expect(await secondsLeft()).to.be.within(seconds - 2, seconds + 2);
      });
    }

    it("without a byte are none, as in Flask-Session", async () => {
      await client.add(KEY, { value: new Uint8Array(), flags: 0, exptime: 100 });
      expect(await store.get(KEY)).to.equal(undefined);
      expect(await store.set(KEY, A, soon(), { bytes: B })).to.deep.equal({ stored: false, current: undefined });
      expect(await store.delete(KEY, { bytes: B })).to.equal(false);
      expect(await store.set(KEY, A, soon(), null)).to.deep.equal({ stored: true });
      expect((await store.get(KEY))?.record.bytes).to.deep.equal(Buffer.from(A));
    });

    it("written anew with the same bytes are no conflict", async () => {
      await store.set(KEY, A, soon());
      const opened = (await store.get(KEY))?.record;
      await askMemcached(server.port, Buffer.concat([Buffer.from(`set ${KEY} 0 100 4\r\n`), A, Buffer.from("\r\n")]));
      expect(await store.set(KEY, B, soon(), opened)).to.deep.equal({ stored: true });
    });

    it("that are too large are refused before anything is sent, and the old one stays", async () => {
      const bound = 512 * 1024 - 512 - KEY.length;
      await store.set(KEY, Buffer.alloc(bound, 1), soon());
      const { record } = (await store.get(KEY)) ?? {};
      for (const expected of [record, null, undefined]) {
        const error = await failureOf(store.set(KEY, Buffer.alloc(bound + 1, 2), soon(), expected));
        expect(error).to.be.instanceOf(RecordTooLargeError).with.property("message");
        expect((error as Error).message).to.equal(
          `The record has ${bound + 1} bytes; memcached takes ${bound} with its key (option -I)`,
        );
      }
      expect((await client.gets(KEY))?.value).to.deep.equal(Buffer.alloc(bound, 1));
    });

    it("that the server finds too large leave the old one too", async () => {
      const { gets, add, cas, touch } = methodsOf(client);
      const unaware = memcachedStore({ client: { gets, add, cas, touch, delete: (key) => client.delete(key) } });
      await unaware.set(KEY, A, soon());
      const large = Buffer.alloc(600 * 1024);
      for (const expected of [{ bytes: A }, undefined]) {
        const error = await failureOf(unaware.set(KEY, large, soon(), expected));
        expect(error)
          .to.be.instanceOf(RecordTooLargeError)
          .with.property("message", "The record is larger than memcached takes");
      }
      expect(await failureOf(unaware.set("session:new", large, soon(), null))).to.be.instanceOf(RecordTooLargeError);
      expect((await unaware.get(KEY))?.record.bytes).to.deep.equal(Buffer.from(A));
    });

    it("by `set`, which we do not send, would be gone", async () => {
      await store.set(KEY, A, soon());
      const large = Buffer.alloc(600 * 1024, "x");
      const sent = Buffer.concat([Buffer.from(`set ${KEY} 0 100 ${large.length}\r\n`), large, Buffer.from("\r\n")]);
      expect((await askMemcached(server.port, sent)).toString()).to.equal(
        "SERVER_ERROR object too large for cache\r\n",
      );
      expect(await store.get(KEY)).to.equal(undefined);
    });

    it("may be as large as a server that came back allows", async () => {
      const first = await startMemcached(["-I", "512k"]);
      const lasting = memcachedStore({ server: first.address });
      atEnd(() => lasting.close());
      const large = Buffer.alloc(600 * 1024);
      expect(await failureOf(lasting.set(KEY, large, soon()))).to.be.instanceOf(RecordTooLargeError);
      await first.stop();
      const second = await startMemcached(["-I", "2m"], first.port);
      atEnd(() => second.stop());
      expect(await lasting.set(KEY, large, soon())).to.deep.equal({ stored: true });
    });
  });

  it("are read from a server without cas ids, and not written to it", async function () {
    requireService(this, "memcached-server");
    const server = await startMemcached(["-C"]);
    atEnd(() => server.stop());
    const store = memcachedStore({ server: server.address });
    atEnd(() => store.close());
    await store.set(KEY, A, soon(), null);
    expect((await store.get(KEY))?.record.bytes).to.deep.equal(Buffer.from(A));
    expect(await failureOf(store.set(KEY, B, soon(), { bytes: A })))
      .to.be.instanceOf(ConfigError)
      .with.property("message", "Cannot store in memcached: it was started with -C, and hands out no cas ids");
  });
});

/** The methods of a client, to be handed on one by one. */
function methodsOf(client: TextClient): Pick<MemcachedClient, "gets" | "add" | "cas" | "touch"> {
  return {
    gets: client.gets.bind(client),
    add: client.add.bind(client),
    cas: client.cas.bind(client),
    touch: client.touch.bind(client),
  };
}
