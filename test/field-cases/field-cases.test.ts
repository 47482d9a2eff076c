/** What users of Flask sessions have met and reported in public: Node does as Python, or says why not. */
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createClient } from "redis";
import { decodeRecord } from "../../src/codecs/fallback.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { type FlaskConfig, type FlaskConfigOptions, flaskConfig } from "../../src/config/index.ts";
import { ConfigError, EncodeError } from "../../src/errors.ts";
import { readCookie } from "../../src/session/cookie.ts";
import type { SessionEvent } from "../../src/session/events.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import type { ResponseHeaders } from "../../src/session/response-headers.ts";
import { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import type { InspectableStore, ListedRecord } from "../../src/session/store.ts";
import { Signer, type SignerOptions } from "../../src/signing/signer.ts";
import { filesystemStore } from "../../src/stores/filesystem.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { PyDict } from "../../src/values/exact.ts";
import type { PythonObject } from "../../src/values/python-object.ts";
import { notationOf } from "../codecs/notation.ts";
import { judgeOf } from "../python/judge.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { atEnd } from "../stores/redis/at-end.ts";
import { type Asked, about, caseOf, ids } from "./cases.ts";
import { cookieCases } from "./cookie-cases.ts";

interface Given {
  readonly record: string;
}

interface Value {
  readonly value: unknown;
}

/** The instant of every case that depends on none. */
const NOW = 1760000000;

const realNow = Date.now;
const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const ignore = (): void => {};
const later = (): Date => new Date(Date.now() + 1_000_000);

describe("cases from the field", () => {
  const tested = new Set<string>();

  function field(id: string, test: Mocha.AsyncFunc): void {
    tested.add(id);
    it(about(id), test);
  }

  describe("session ids", () => {
    interface Signed extends Pick<SignerOptions, "salt" | "keyDerivation" | "digest"> {
      readonly secretKey: string;
      readonly value: string;
    }

    for (const id of ["f20", "f24"]) {
      field(id, async () => {
        const { input, python: token } = caseOf<Signed, string>(id, "fs080-flask31");
        const { value, secretKey, ...sidSigner } = input;
        expect(new Signer({ secretKey, ...sidSigner }).sign(value)).to.equal(token);
        await expectKnown(
          { secretKey, sidSigner: sidSigner as NonNullable<SessionOptions["sidSigner"]> },
          token,
          value,
        );
        if (id === "f20") await expectKnown({ secretKey, useSigner: true }, token, value);
      });
    }

    field("f26", async () => {
      const { input, python } = caseOf<{ secretKey: string; token: string }, unknown>("f26", "fs080-flask31");
      const { secretKey, token } = input;
      const sid = new Signer({ secretKey }).unsign(token);
      expect({ $bytes: Buffer.from(sid).toString("hex") }).to.deep.equal(python);
      const sidSigner = { salt: "itsdangerous.Signer", keyDerivation: "django-concat" } as const;
      await expectKnown({ secretKey, sidSigner }, token, sid);
    });

    /** A request with this cookie finds the session of this sid. */
    async function expectKnown(options: Partial<SessionOptions>, cookie: string, sid: string): Promise<void> {
      const store = memoryStore();
      await store.set(`session:${sid}`, msgpack.encode(new PyDict(["uname"], ["u1"])), later());
      const sessions = createSessions({ store, onEvent: ignore, ...options });
      const { session, finish } = await opened(sessions, `session=${cookie}`);
      expect(session).to.deep.include({ uname: "u1" });
      session["n"] = 1;
      expect((await finish()).setCookie[0]).to.include(`session=${cookie};`);
    }
  });

  describe("a request", () => {
    interface Request {
      readonly config: FlaskConfig;
      readonly cookie?: string;
      readonly assign: readonly [string, unknown];
    }

    interface Served {
      readonly found: object;
      readonly setCookie: string;
      readonly records: Readonly<{ [key: string]: string }>;
      readonly lifetimes: Readonly<{ [key: string]: number }>;
    }

    // Whatever flaskSessionVersion says: an id that the visitor chose is never adopted.
    field("f22", async () => {
      const { input, python } = caseOf<Request, Served>("f22", "fs080-flask31");
      expect(await served(input)).to.deep.equal(python);
      const old = JSON.stringify(caseOf<Request, Served>("f22", "fs050-flask22").python);
      expect(old).to.include("changed-by-hand");
      // A frame says that the next bytes may be read at once; Node's pickles have none.
      const wanted = old.replaceAll("changed-by-hand", "<new>").replace(/(?<="8004)95.{16}/, "");
      expect(await served(input, { flaskSessionVersion: "0.5", flaskVersion: "2.2" })).to.deep.equal(
        JSON.parse(wanted),
      );
    });

    field("f63", async () => {
      const { input, python } = caseOf<Request, Served>("f63", "fs080-flask31");
      const events: SessionEvent[] = [];
      expect(await served(input, { onEvent: (event) => void events.push(event) })).to.deep.equal(python);
      expect(events.find(({ type }) => type === "config-warning")).to.deep.equal({
        type: "config-warning",
        message: "SESSION_COOKIE_PARTITIONED has no effect: Flask-Session does not send it",
      });
    });

    // Node writes its own header, so that what Flask 1.0 cannot send is allowed beside it.
    field("f61", async () => {
      const { input, python } = caseOf<{ configs: readonly FlaskConfig[] }, readonly Answered[]>(
        "f61",
        "cookie-flask10",
      );
      const sent: unknown[] = [];
      for (const config of input.configs) sent.push(await cookieOf(config, { flaskVersion: "1.0" }));
      expect(python.map(({ status }) => status)).to.deep.equal([200, 500, 200]);
      expect(sent).to.deep.equal([
        python[0]?.setCookie,
        "session=<value>; HttpOnly; Path=/; SameSite=None",
        python[2]?.setCookie,
      ]);
    });

    interface Answered {
      readonly status: number;
      readonly setCookie: string | null;
    }

    async function cookieOf(config: FlaskConfig, options: FlaskConfigOptions): Promise<string | undefined> {
      const given = { ...config, SESSION_PERMANENT: false };
      const { setCookie } = await served({ config: given, assign: ["a", 1] }, options);
      return setCookie?.replace("<new>", "<value>");
    }

    /** One request, in the terms of the fixture. */
    function served({ config, cookie, assign }: Request, options: FlaskConfigOptions = {}): Promise<Partial<Served>> {
      return at(NOW, async () => {
        const store = memoryStore();
        const flask = flaskConfig({ ...config, SESSION_TYPE: "redis" }, { onEvent: ignore, ...options });
        const { session, finish } = await opened(createSessions({ ...flask, store }), cookie);
        const found = { ...session };
        const [key, value] = assign;
        session[key] = value;
        const [setCookie = ""] = (await finish()).setCookie;
        const sid = /^session=([^;]*)/.exec(setCookie)?.[1] as string;
        const shown = (await listed(store)).map(({ ref, record }) => [ref.replace(sid, "<new>"), record] as const);
        return {
          status: 200,
          found,
          setCookie: setCookie.replace(sid, "<new>"),
          records: Object.fromEntries(shown.map(([ref, { bytes }]) => [ref, Buffer.from(bytes).toString("hex")])),
          lifetimes: Object.fromEntries(shown.map(([ref, { expiresAt }]) => [ref, Number(expiresAt) / 1000 - NOW])),
        };
      });
    }

    field("f73", async () => {
      for (const environment of ["cookie-flask10", "fs050-flask22", "fs080-flask31"] as const) {
        const { input, python } = caseOf<{ name: string; headers: string[] }, string[]>("f73", environment);
        const duplicates = environment === "cookie-flask10" ? "last" : "first";
        expect(input.headers.map((header) => readCookie(header, input.name, duplicates))).to.deep.equal(python);
      }
    });
  });

  describe("session files", () => {
    interface File {
      readonly key: string;
      readonly now: number;
      readonly file: string;
      readonly others?: readonly string[];
    }

    interface Found extends Value {
      readonly fileName: string;
      readonly isStillThere: boolean;
    }

    const names = { "fs080-newest": "sha256", "fs080-flask31": "md5", "fs050-flask22": "md5" } as const;
    let directory: string;
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "field-"));
    });
    afterEach(() => rm(directory, { recursive: true }));

    async function planted(id: string, environment: Asked): Promise<File & { readonly python: Found }> {
      const { input, python } = caseOf<File, Found>(id, environment);
      await rm(directory, { recursive: true });
      directory = await mkdtemp(join(tmpdir(), "field-"));
      await writeFile(join(directory, python.fileName), bytesOf(input.file));
      for (const name of input.others ?? []) await writeFile(join(directory, name), "");
      return { ...input, python };
    }

    field("f28", async () => {
      const { key, now, file, python } = await planted("f28", "fs032-flask11");
      const store = filesystemStore({ directory });
      const found = await at(now, () => store.get(key));
      expect(found?.record.expiresAt).to.deep.equal(new Date(Buffer.from(file, "hex").readInt32LE(1) * 1000));
      expect(notationOf(pickle.decode(found?.record.bytes as Uint8Array).value)).to.deep.equal(python.value);
      const options = { store, flaskSessionVersion: "0.3", onEvent: ignore } as const;
      const { session } = await at(now, () =>
        opened(createSessions(options), `session=${key.slice("session:".length)}`),
      );
      expect(session["answers"]).to.deep.equal([
        ["topic", "Neutral"],
        ["other", 1],
      ]);
    });

    field("f30", async () => {
      for (const environment of Object.keys(names) as (keyof typeof names)[]) {
        const { key, now, python } = await planted("f30", environment);
        const store = filesystemStore({ directory, fileNames: names[environment] });
        const found = await at(now, () => store.get(key));
        expect(found?.record.expiresAt).to.deep.equal(new Date(now * 1000));
        expect(notationOf(pickle.decode(found?.record.bytes as Uint8Array).value)).to.deep.equal(python.value);
        expect(await at(now + 1, () => store.get(key)), "a second later").to.equal(undefined);
      }
    });

    // Python logs the same error at every look; Node's cleanup takes the file away.
    field("f32", async () => {
      for (const environment of Object.keys(names) as (keyof typeof names)[]) {
        const { key, python, others = [] } = await planted("f32", environment);
        expect(python).to.include({ value: null, isStillThere: true });
        const store = filesystemStore({ directory, fileNames: names[environment] });
        const events: string[] = [];
        const sessions = createSessions({ store, onEvent: ({ type }) => void events.push(type) });
        const sid = key.slice("session:".length);
        const { session, finish } = await opened(sessions, `session=${sid}`);
        expect(session.new).to.equal(true);
        session["a"] = 1;
        expect((await finish()).setCookie[0]).not.to.include(sid);
        expect(events).to.deep.equal(["corrupt", "opened", "saved"]);
        expect(await readdir(directory)).to.include(python.fileName);
        expect(await listed(store)).to.have.length(1);
        expect(await store.deleteExpired(), "a file that may just have been made").to.equal(0);
        await utimes(join(directory, python.fileName), new Date(), new Date(Date.now() - 61_000));
        expect(await store.deleteExpired()).to.equal(1);
        expect(await readdir(directory)).to.include.members([...others]);
        expect(await readdir(directory)).to.not.include(python.fileName);
      }
    });
  });

  describe("records", () => {
    for (const id of ["f38", "f42", "f46"]) {
      field(id, async () => {
        const { input, python } = caseOf<Given, Value>(id, "fs080-flask31");
        const bytes = bytesOf(input.record);
        const { value, format, dangerous } = decodeRecord(bytes, "msgpack");
        expect(notationOf(value)).to.deep.equal(python.value);
        expect([format, dangerous]).to.deep.equal(["msgpack", undefined]);
        await looks[id]?.(bytes);
      });
    }

    const looks: { readonly [id: string]: (bytes: Uint8Array) => Promise<void> } = {
      f38: async (bytes) => {
        const { session, finish, stored } = await openedOver(bytes);
        expect(Object.keys(session)).to.deep.equal(["_permanent"]);
        const [[key, value] = []] = Session.of(session).otherKeys;
        expect([key, value].map((part) => Buffer.from(part as Uint8Array).toString())).to.deep.equal(["foo", "bar"]);
        session["n"] = 1;
        await finish();
        expect(await stored()).to.equal(`83${Buffer.from(bytes).toString("hex").slice(2)}a16e01`);
      },
      f42: async (bytes) => {
        const { session, finish } = await openedOver(bytes);
        expect(session["identity.id"]).to.equal("42");
        (session["a.b"] as Record<string, unknown>)["c.d"] = () => 1;
        const error = await failure(async () => finish());
        expect(error).to.be.instanceOf(EncodeError).with.property("path", 'session["a.b"]["c.d"]');
      },
      f46: async (bytes) => {
        const { session } = await openedOver(bytes);
        expect(session["df"]).to.be.instanceOf(Uint8Array).with.property("length", 29);
      },
    };

    describe("through a client of Redis", () => {
      let server: RedisServer;
      before(async function () {
        requireService(this, "redis-server");
        server = await startRedis();
      });
      after(() => server?.stop());

      // Text is never parsed in silence: what is binary would be spoilt.
      field("f40", async () => {
        const { input, python } = caseOf<{ text: string }, object>("f40", "fs080-flask31");
        expect(python).to.deep.equal({ error: "TypeError" });
        const client = createClient({ url: server.url });
        await client.on("error", ignore).connect();
        atEnd(() => client.close());
        await client.set("session:known", input.text);
        const sessions = createSessions({ store: redisStore(client), onEvent: ignore });
        const error = await failure(() => sessions.open("session=known"));
        expect(error).to.be.instanceOf(ConfigError).with.property("message").that.includes("Buffer");
      });
    });
  });

  describe("pickles", () => {
    for (const id of ["f47", "f51"]) {
      field(id, async () => {
        const { input, python } = caseOf<Given, Value>(id, "fs080-flask31");
        const { value } = pickle.decode(new Uint8Array(bytesOf(input.record)));
        expect(notationOf(value)).to.deep.equal(python.value);
      });
    }

    field("f53", async () => {
      const { input, python } = caseOf<Given & { encoding: string }, { value: object }>("f53", "fs080-flask31");
      expect(input.encoding).to.equal("latin1");
      const { session } = await openedOver(bytesOf(input.record), { python2Strings: "latin1" });
      expect({ ...session }).to.deep.equal(python.value);
      // Python 3 reads native strings as ASCII unless it is told otherwise, and so raises on this one.
      expect((await openedOver(bytesOf(input.record))).session.new).to.equal(true);
    });

    field("f49", async () => {
      const { input, python } = caseOf<Given, readonly string[]>("f49", "fs080-flask31");
      const { session } = await openedOver(bytesOf(input.record), { flaskSessionVersion: "0.5" });
      const cart = session["cart"] as PythonObject;
      expect([`${cart.module}.${cart.name}`]).to.deep.equal(python);
      expect(cart.state).to.deep.equal({ n: 1 });
    });

    field("f44", async () => {
      type Answer = { readonly names: readonly string[]; readonly values: readonly (readonly [string, string])[] };
      const { input, python } = caseOf<Given & { assign: [string, string] }, Answer>("f44", "fs050-flask22");
      const { session, finish, stored } = await openedOver(bytesOf(input.record), { flaskSessionVersion: "0.5" });
      const { score, plain } = session as { readonly score?: PythonObject; readonly plain?: unknown };
      expect(`${score?.module}.${score?.name}`).to.equal(python.names[0]);
      expect(plain).to.equal(10);
      const [key, value] = input.assign;
      session[key] = value;
      await finish();
      const program = "import numpy_scalars as n\nresult = n.described(n.loads(bytes.fromhex(input)))";
      expect(await (await judgeOf("fs050-flask22")).run(program, await stored())).to.deep.equal(python.values);
    });
  });

  cookieCases(field, at);

  it("have a test each", () => {
    expect([...tested].toSorted()).to.deep.equal(ids);
  });
});

/** A request's session, and the end of the request. */
interface Opened {
  readonly session: Session & { [key: string]: unknown };
  readonly finish: () => Promise<ResponseHeaders>;
}

async function opened(sessions: Sessions, cookie: string | undefined): Promise<Opened> {
  const request = await sessions.open(cookie);
  return { session: request.session, finish: async () => request.finish() };
}

/** The session of one record in memory. */
async function openedOver(
  bytes: Uint8Array,
  options: Partial<SessionOptions> = {},
): Promise<Opened & { readonly stored: () => Promise<string> }> {
  const store = memoryStore();
  await store.set("session:known", bytes, later());
  const request = await opened(createSessions({ store, onEvent: ignore, ...options }), "session=known");
  const stored = async () => Buffer.from((await store.get("session:known"))?.record.bytes ?? []).toString("hex");
  return { ...request, stored };
}

async function listed(store: InspectableStore): Promise<ListedRecord[]> {
  const records: ListedRecord[] = [];
  for await (const record of store.list("")) records.push(record);
  return records;
}

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

/** Works at an instant in seconds since 1970; one after the other, because all that runs meanwhile is at this instant. */
async function at<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  expect(Date.now, "no other instant is set").to.equal(realNow);
  Date.now = () => seconds * 1000;
  try {
    return await work();
  } finally {
    Date.now = realNow;
  }
}
