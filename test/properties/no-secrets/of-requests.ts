/** Failures and events of requests, over stores in memory: what handlers do, what lies there, what others do meanwhile. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import makeExpress from "express";
import { flaskSession } from "../../../src/frameworks/express.ts";
import {
  type Exact,
  json,
  msgpack,
  PyDict,
  PyGlobal,
  PyList,
  PyObject,
  pickle,
  Session,
  type SessionOptions,
} from "../../../src/index.ts";
import type { Store } from "../../../src/session/store.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { atEnd } from "../../stores/redis/at-end.ts";
import { COOKIE, KEY, SID, STORE_KEY, TOKEN, VALUE } from "./marks.ts";
import { errorsOf, type Provocation, request, shownElsewhere, signedSessions } from "./provocation.ts";

const later = (): Date => new Date(Date.now() + 1_000_000);
const dict = (values: Readonly<Record<string, Exact>>): PyDict =>
  new PyDict(Object.keys(values), Object.values(values));
const RECORD = { sid: SID, [KEY]: VALUE };
const EVIL = pickle.encode(
  dict({ ...RECORD, evil: new PyObject("call", new PyGlobal("os", "system"), new PyList("tuple", [VALUE])) }),
);

class Foreign {
  readonly value = VALUE;
}
const cyclic: unknown[] = [VALUE];
cyclic.push(cyclic);

/** What no session can hold. */
const unstorable: readonly (readonly [string, unknown])[] = [
  ["a function", Object.defineProperty(() => VALUE, "name", { value: VALUE })],
  ["a symbol", Symbol(VALUE)],
  ["an Invalid Date", new Date(VALUE)],
  ["an instance of a class", new Foreign()],
  ["an Error", new Error(VALUE)],
  ["a URL", new URL(`http://${VALUE}`)],
  ["a Promise", Promise.resolve(VALUE)],
  ["a Proxy", new Proxy({ VALUE }, {})],
  ["undefined in an array", [VALUE, undefined]],
  ["half a character", `${VALUE}\ud800`],
  ["an int of 400 bits", BigInt(`0x${"SIDVALUE".replace(/./g, "9").repeat(12)}`)],
  ["a cycle", cyclic],
  ["a function in a Map under a value", new Map([[VALUE.length, [VALUE, () => VALUE]]])],
  ["a function in a Map under an array", new Map([[[VALUE], () => VALUE]])],
  ["a function in a Set", new Set([VALUE, () => VALUE])],
  ["an object in a Set", new Set([{ VALUE }])],
  ["a Map key that Python cannot hash", new Map([[{ VALUE }, VALUE]])],
  [
    "keys that are equal in Python",
    new Map<unknown, unknown>([
      [1, VALUE],
      [true, SID],
    ]),
  ],
  ["an object in the place of bytes", { type: "Buffer", data: [...Buffer.from(VALUE)] }],
];

const formats: readonly (readonly [string, Partial<SessionOptions>, Uint8Array])[] = [
  ["msgpack", {}, msgpack.encode(dict(RECORD))],
  ["json", { serializationFormat: "json" }, json.encode(dict(RECORD))],
  ["pickle", { flaskSessionVersion: "0.5" }, pickle.encode(dict(RECORD))],
];

const refusals: readonly Provocation[] = formats.flatMap(([format, options, bytes]) =>
  unstorable.map(
    ([name, value]): Provocation => ({
      name: `${name}, in ${format}`,
      tells: ["opened"],
      by: async (tell) => {
        const store = await storeOf(bytes);
        const sessions = signedSessions(store, tell, options);
        return errorsOf(
          () => request(sessions, (session) => void (session[KEY] = { [KEY]: value })),
          () => request(sessions, (session) => ((session[KEY] = [VALUE, value]), session.save())),
          () => request(sessions, (session) => ((session[KEY] = value), session.modified)),
          () => request(sessions, (session) => ((session[KEY] = value), session.regenerate())),
        );
      },
    }),
  ),
);

/** Records that are no sessions, told of as corrupt. */
const corrupt: readonly (readonly [string, Uint8Array])[] = [
  ["text", Buffer.from(VALUE)],
  ["a str in JSON", Buffer.from(JSON.stringify(VALUE))],
  ["a list in msgpack", msgpack.encode(new PyList("list", [VALUE]))],
  ["half a record", msgpack.encode(dict(RECORD)).subarray(0, -5)],
  ["a session of express-session", Buffer.from(JSON.stringify({ cookie: { originalMaxAge: 1 }, [KEY]: VALUE }))],
  ["too many levels", Buffer.from(`${"[".repeat(600)}"${VALUE}"${"]".repeat(600)}`)],
  ["a name in a pickle without an end", Buffer.from(`\x80\x04c${SID}\n${VALUE}`, "latin1")],
];

const records: readonly Provocation[] = [
  ...corrupt.map(
    ([name, bytes]): Provocation => ({
      name: `a record that is ${name}`,
      tells: ["corrupt", "opened", "saved"],
      by: async (tell) => {
        const sessions = signedSessions(await storeOf(bytes), tell);
        return errorsOf(
          () => request(sessions, (session) => void (session[KEY] = VALUE)),
          () => sessions.read(COOKIE),
        );
      },
    }),
  ),
  {
    name: "a pickle that would run code",
    fails: ["ERR_STORE_RECORD"],
    tells: ["dangerous-pickle", "opened"],
    by: async (tell) => {
      const sessions = signedSessions(await storeOf(EVIL), tell);
      return errorsOf(
        () => request(sessions, (session) => void (session[KEY] = VALUE)),
        () => request(sessions, (session) => session.regenerate()),
      );
    },
  },
  {
    name: "a record that becomes None meanwhile",
    fails: ["ERR_STORE_RECORD"],
    by: async (tell) => {
      const store = await storeOf(msgpack.encode(dict(RECORD)));
      const sessions = signedSessions(store, tell);
      const spoil = () => store.set(STORE_KEY, Uint8Array.of(0xc0), later());
      return errorsOf(
        () => request(sessions, async (session) => ((session[KEY] = SID), await spoil())),
        async () => {
          await store.set(STORE_KEY, msgpack.encode(dict(RECORD)), later());
          await request(sessions, async (session) => (await spoil(), await session.regenerate()));
        },
      );
    },
  },
];

const life: readonly Provocation[] = [
  {
    name: "a session from its login to its log-out",
    tells: ["opened", "saved", "touched", "regenerated", "destroyed"],
    by: async (tell) => {
      const sessions = signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell);
      await request(sessions, (session) => void (session[KEY] = [VALUE]));
      await request(sessions, (session) => session.touch());
      await request(sessions, (session) => (session.clear(), undefined));
      const again = signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell);
      await request(again, (session) => session.regenerate());
      const last = signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell);
      await request(last, (session) => session.destroy());
      return [];
    },
  },
  {
    name: "a signature of another app",
    tells: ["signature-refused"],
    by: async (tell) => {
      const sessions = signedSessions(memoryStore(), tell);
      await sessions.open(`session=${SID}.${TOKEN.slice(-10)}`);
      await sessions.read(`session=${TOKEN}x`);
      await sessions.open(`session=${VALUE}`);
      return [];
    },
  },
  {
    name: "others that change the same key",
    tells: ["merged", "clash", "saved"],
    by: async (tell) => {
      const sessions = signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell);
      await request(sessions, async (session) => {
        session[KEY] = `${VALUE}1`;
        await request(sessions, (other) => void (other[KEY] = `${VALUE}2`));
      });
      return [];
    },
  },
  {
    name: "others that log out meanwhile",
    tells: ["gone"],
    by: async (tell) => {
      const sessions = signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell);
      await request(sessions, async (session) => {
        session[KEY] = SID;
        await request(sessions, (other) => other.destroy());
      });
      return [];
    },
  },
  {
    name: "others that never stop",
    fails: ["ERR_STORE_CONFLICT"],
    by: async (tell) => {
      const store = await storeOf(msgpack.encode(dict(RECORD)));
      const sessions = signedSessions(contested(store), tell, { saveTimeoutMillis: 50 });
      return errorsOf(
        () => request(sessions, (session) => void (session[KEY] = SID)),
        () => request(sessions, (session) => session.regenerate()),
      );
    },
  },
  {
    name: "a change after the head went out",
    fails: ["ERR_HEADERS_SENT"],
    tells: ["headers-sent"],
    by: async (tell) => {
      const opened = await signedSessions(memoryStore(), tell).open(undefined);
      await opened.finish();
      opened.session[KEY] = VALUE;
      const errors = await errorsOf(
        () => opened.session.save(),
        () => opened.session.regenerate(),
        () => new Promise((_, reject) => opened.session.save(reject)),
      );
      await opened.finish();
      return errors;
    },
  },
  {
    name: "a session that is only read",
    fails: ["ERR_READ_ONLY_SESSION"],
    by: async (tell) => {
      const sessions = signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell);
      const control = Session.of(await sessions.read(COOKIE));
      return errorsOf(
        () => control.save(),
        () => control.regenerate(),
        () => control.destroy(),
        () => control.touch(),
        () => {
          control.clear();
        },
        () => {
          control.addCookie(`x=${VALUE}`);
        },
        () => {
          control.permanent = true;
        },
      );
    },
  },
  {
    name: "mistakes of programmers",
    fails: ["TypeError"],
    by: async (tell) => {
      const sessions = signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell);
      const { session } = await sessions.open(COOKIE);
      return errorsOf(
        () => Session.of({ [KEY]: VALUE }),
        () => Session.of(VALUE as unknown as object),
        ...["sid", "new", "modified"].map((fact) => () => Reflect.set(session, fact, VALUE, session)),
      );
    },
  },
];

/** What Express itself answers in development: the error's stack. */
const express: Provocation = {
  name: "a refusal that Express shows to the browser",
  fails: ["ERR_ENCODE"],
  by: async (tell) => {
    const app = makeExpress();
    app.set("env", "test");
    app.use(flaskSession(signedSessions(await storeOf(msgpack.encode(dict(RECORD))), tell)));
    app.get("/", (incoming, response) => {
      incoming.session[KEY] = [VALUE, () => VALUE];
      response.end("done");
    });
    const server = await new Promise<Server>((resolve) => {
      const listening = app.listen(0, "127.0.0.1", () => {
        resolve(listening);
      });
    });
    atEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie: COOKIE } });
    const text = await response.text();
    return [shownElsewhere(text.includes(KEY) ? "ERR_ENCODE" : "RangeError", text.replaceAll(`session.${KEY}`, ""))];
  },
};

/** Requests over memory. */
export const ofRequests: readonly Provocation[] = [...refusals, ...records, ...life, express];

/** A store that holds one record, under the marked sid. */
async function storeOf(bytes: Uint8Array): Promise<Store> {
  const store = memoryStore();
  await store.set(STORE_KEY, bytes, later());
  return store;
}

/** The same store, in which somebody else is always faster. */
function contested(store: Store): Store {
  let count = 0;
  const interfere = () => store.set(STORE_KEY, msgpack.encode(dict({ ...RECORD, count: count++ })), later());
  return {
    compareAndSet: store.compareAndSet,
    get: (key, options) => store.get(key, options),
    set: async (key, ...rest) => (await interfere(), store.set(key, ...rest)),
    touch: (key, expiresAt) => store.touch(key, expiresAt),
    delete: async (key, expected) => (await interfere(), store.delete(key, expected)),
    close: () => store.close(),
  };
}
