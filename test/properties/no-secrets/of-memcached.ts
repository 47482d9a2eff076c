/** Failures of memcached: a server that is not there, does not answer or refuses, and what is no memcached. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "../../../src/session/session.ts";
import { type MemcachedStore, memcachedStore } from "../../../src/stores/memcached.ts";
import { freePort } from "../../services/free-port.ts";
import { askMemcached, type MemcachedServer, startMemcached } from "../../services/memcached-server.ts";
import { startRedis } from "../../services/redis-server.ts";
import { atEnd } from "../../stores/redis/at-end.ts";
import { COOKIE, KEY, SID, STORE_KEY, VALUE } from "./marks.ts";
import { errorsOf, type Failure, type Listener, type Provocation, request, signedSessions } from "./provocation.ts";

/** How a server ceases to serve while sessions are open. */
interface Trouble {
  readonly name: string;
  readonly begin: (server: MemcachedServer) => unknown;
  readonly fails: readonly Failure[];
  readonly tells?: Provocation["tells"];
}

const troubles: readonly Trouble[] = [
  { name: "that has ended", begin: (server) => server.stop(), fails: ["ERR_STORE_UNAVAILABLE"] },
  { name: "that does not answer", begin: (server) => server.freeze(), fails: ["ERR_STORE_TIMEOUT"] },
  {
    name: "where the item is an object now",
    begin: (server) => askMemcached(server.port, `set ${STORE_KEY} 1 0 ${VALUE.length}\r\n${VALUE}\r\n`),
    fails: ["ERR_DECODE"],
    tells: ["corrupt"],
  },
];

/** What handlers do, each with a session that was opened while all was well. */
const handlers: readonly ((session: Session) => unknown)[] = [
  (session) => void (session[KEY] = [VALUE]),
  (session) => ((session[KEY] = [VALUE]), session.save()),
  (session) => session.regenerate(),
  (session) => session.destroy(),
  (session) => session.clear(),
  () => undefined,
];

/** memcached. */
export const ofMemcached: readonly Provocation[] = [
  ...troubles.map(
    (trouble): Provocation => ({
      name: `a memcached ${trouble.name}`,
      fails: trouble.fails,
      tells: trouble.tells ?? [],
      by: (tell) => inTrouble(trouble, tell),
    }),
  ),
  {
    name: "no memcached",
    fails: ["ERR_STORE_UNAVAILABLE"],
    by: async (tell) => allCalls(storeAt(await freePort()), tell),
  },
  {
    name: "something else than memcached",
    fails: ["ERR_STORE"],
    by: async (tell) => {
      const redis = await startRedis(["--maxclients", "100"]);
      atEnd(() => redis.stop());
      return allCalls(storeAt(redis.port), tell);
    },
  },
  {
    name: "a record that is too large for memcached",
    fails: ["ERR_RECORD_TOO_LARGE"],
    by: async (tell) => {
      const server = await serverOf();
      const sessions = signedSessions(storeAt(server.port), tell);
      const opened = await sessions.open(COOKIE);
      opened.session[KEY] = VALUE.repeat(100_000);
      return errorsOf(() => opened.finish());
    },
  },
  {
    name: "a key that memcached cannot have",
    fails: ["ERR_STORE"],
    by: (tell) => errorsOf(() => signedSessions(storeAt(1), tell, { keyPrefix: "a b:" }).open(COOKIE)),
  },
];

/** A server of our own, which ends with the test, with a session in it. */
async function serverOf(): Promise<MemcachedServer> {
  const server = await startMemcached(["-c", "64"]);
  atEnd(() => server.stop());
  const record = JSON.stringify({ sid: SID, [KEY]: VALUE });
  await askMemcached(server.port, `set ${STORE_KEY} 0 0 ${record.length}\r\n${record}\r\n`);
  return server;
}

function storeAt(port: number): MemcachedStore {
  const store = memcachedStore({ server: `127.0.0.1:${port}`, timeoutMillis: 150 });
  atEnd(() => store.close());
  return store;
}

/** Opens sessions, begins the trouble, then does what handlers do. */
async function inTrouble({ begin }: Trouble, tell: Listener): Promise<readonly unknown[]> {
  const server = await serverOf();
  const store = storeAt(server.port);
  const sessions = signedSessions(store, tell);
  const opened = await Promise.all(handlers.map(() => sessions.open(COOKIE)));
  await begin(server);
  // The end of the connection takes a moment to be known.
  await sleep(20);
  const errors: unknown[] = [...(await errorsOf(() => sessions.read(COOKIE)))];
  for (const [index, one] of opened.entries()) {
    errors.push(
      ...(await errorsOf(
        () => handlers[index]?.(one.session),
        () => one.finish(),
      )),
    );
  }
  return [...errors, ...(await allCalls(store, tell))];
}

/** Every call there is, on sessions and on the store. */
async function allCalls(store: MemcachedStore, tell: Listener): Promise<readonly unknown[]> {
  const sessions = signedSessions(store, tell);
  const soon = new Date(Date.now() + 60_000);
  const record = { bytes: Buffer.from(VALUE) };
  const calls: readonly (() => unknown)[] = [
    () => request(sessions, (session) => void (session[KEY] = VALUE)),
    () => sessions.read(COOKIE),
    () => sessions.ready(),
    () => store.get(STORE_KEY),
    () => store.set(STORE_KEY, record.bytes, soon),
    () => store.set(STORE_KEY, record.bytes, soon, record),
    () => store.touch(STORE_KEY, soon),
    () => store.delete(STORE_KEY, record),
    () => store.delete(STORE_KEY),
    () => store.check(),
  ];
  const errors: unknown[] = [];
  for (const call of calls) errors.push(...(await errorsOf(call)));
  return errors;
}
