/** Failures of Redis, through every kind of client: what a server refuses, and a server that is not there. */
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import type { Session } from "../../../src/session/session.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { redisStore } from "../../../src/stores/redis.ts";
import { freePort } from "../../services/free-port.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import { atEnd } from "../../stores/redis/at-end.ts";
import { COOKIE, KEY, PASSWORD, SID, STORE_KEY, VALUE } from "./marks.ts";
import {
  errorsOf,
  type Failure,
  firstOf,
  type Listener,
  type Provocation,
  request,
  signedSessions,
} from "./provocation.ts";

const ignore = (): void => {};
const asBuffer = { commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } };

const clients: readonly (readonly [string, (url: string) => Promise<InspectableStore>])[] = [
  [
    "ioredis",
    async (url) => {
      const client = new Redis(url, { enableReadyCheck: false, retryStrategy: () => null }).on("error", ignore);
      atEnd(() => {
        client.disconnect();
      });
      return redisStore(client);
    },
  ],
  [
    "node-redis",
    async (url) => {
      const client = createClient({ url, socket: { reconnectStrategy: false }, ...asBuffer }).on("error", ignore);
      await client.connect().catch(ignore);
      atEnd(() => client.isOpen && client.destroy());
      return redisStore(client);
    },
  ],
  [
    "a URL",
    async (url) => {
      const store = redisStore(url);
      atEnd(() => store.close());
      return store;
    },
  ],
];

/** A server of our own, which ends with the test. */
async function serverWith(...directives: readonly string[]): Promise<RedisServer> {
  const server = await startRedis(directives);
  atEnd(() => server.stop());
  return server;
}

/** How a server ceases to serve while sessions are open. */
interface Trouble {
  readonly name: string;
  readonly directives?: readonly string[];
  readonly begin?: (admin: Redis, server: { stop(): Promise<void> }) => unknown;
  readonly fails: readonly Failure[];
  readonly failsByUrl?: readonly Failure[];
  readonly tells?: Provocation["tells"];
}

const troubles: readonly Trouble[] = [
  {
    name: "that has ended",
    begin: (_admin, server) => server.stop(),
    fails: ["ERR_STORE_UNAVAILABLE"],
    // Our own client tries for longer than a call may take.
    failsByUrl: ["ERR_STORE_TIMEOUT"],
  },
  {
    name: "that may do nothing more",
    begin: (admin) => admin.call("ACL", "SETUSER", "marked", "nocommands", "+ping"),
    fails: ["ERR_STORE"],
  },
  {
    name: "that may not touch our keys any more",
    begin: (admin) => admin.call("ACL", "SETUSER", "marked", "resetkeys", "~other:*"),
    fails: ["ERR_STORE"],
  },
  { name: "without memory", begin: (admin) => admin.config("SET", "maxmemory", "1"), fails: ["ERR_STORE"] },
  {
    name: "that has become a replica",
    begin: (admin) => admin.replicaof("127.0.0.1", 1),
    fails: ["ERR_STORE"],
  },
  {
    name: "that has lost its master",
    begin: async (admin) => {
      await admin.config("SET", "replica-serve-stale-data", "no");
      await admin.replicaof("127.0.0.1", 1);
    },
    // It knows of some commands without asking that a replica takes no writes.
    fails: ["ERR_STORE_UNAVAILABLE", "ERR_STORE"],
  },
  {
    name: "where the key is a list now",
    begin: async (admin) => {
      await admin.del(STORE_KEY);
      await admin.rpush(STORE_KEY, VALUE);
    },
    fails: ["ERR_STORE"],
    tells: ["corrupt"],
  },
  {
    name: "that does not answer",
    begin: (admin) => admin.client("PAUSE", 60_000, "ALL"),
    fails: ["ERR_STORE_TIMEOUT"],
  },
  {
    name: "that does not know our commands",
    directives: ["GETEX", "EVALSHA", "EVAL", "PEXPIRE", "DEL", "SCAN"].flatMap((name) => [
      "--rename-command",
      name,
      "",
    ]),
    fails: ["ERR_STORE"],
    tells: ["store-error"],
  },
];

/** What handlers do, each with a session that was opened while all was well. */
const handlers: readonly ((session: Session) => unknown)[] = [
  (session) => void (session[KEY] = [VALUE]),
  (session) => ((session[KEY] = [VALUE]), session.save()),
  (session) => session.touch(),
  (session) => session.regenerate(),
  (session) =>
    new Promise<void>((resolve, reject) => session.regenerate((error) => (error ? reject(error) : resolve()))),
  (session) => session.destroy(),
  (session) => session.clear(),
  () => undefined,
];

const text: Provocation = {
  name: "a client that answers with text",
  fails: ["ERR_CONFIG"],
  by: async (tell) => {
    const server = await serverWith("--maxclients", "100");
    const client = createClient({ url: server.url }).on("error", ignore);
    await client.connect();
    atEnd(() => client.close());
    await client.set(STORE_KEY, JSON.stringify({ sid: SID, [KEY]: VALUE }));
    const sessions = signedSessions(redisStore(client), tell);
    return errorsOf(
      () => sessions.open(COOKIE),
      () => sessions.read(COOKIE),
    );
  },
};

const troubled: readonly Provocation[] = clients.flatMap(([client, connect]) => [
  ...troubles.map(
    (trouble): Provocation => ({
      name: `a server ${trouble.name}, through ${client}`,
      fails: (client === "a URL" ? trouble.failsByUrl : undefined) ?? trouble.fails,
      tells: trouble.tells ?? [],
      by: (tell) => inTrouble(trouble, connect, tell),
    }),
  ),
  {
    name: `no server, through ${client}`,
    fails: ["ERR_STORE_UNAVAILABLE"],
    by: async (tell) => allCalls(await connect(`redis://:${PASSWORD}@127.0.0.1:${await freePort()}`), tell),
  },
  {
    name: `a wrong password, through ${client}`,
    // A client of node-redis that was refused is one that is not connected.
    fails: [client === "node-redis" ? "ERR_STORE_UNAVAILABLE" : "ERR_STORE"],
    by: async (tell) => {
      const server = await serverWith("--requirepass", `${PASSWORD}2`);
      return allCalls(await connect(server.url.replace("//", `//:${PASSWORD}@`)), tell);
    },
  },
]);

/** Redis. */
export const ofRedis: readonly Provocation[] = [...troubled, text];

/** Opens sessions, begins the trouble, then does what handlers do. */
async function inTrouble(
  { directives = [], begin = ignore }: Trouble,
  connect: (url: string) => Promise<InspectableStore>,
  tell: Listener,
): Promise<readonly unknown[]> {
  const server = await serverWith("--user", "marked", "on", `>${PASSWORD}`, "~*", "+@all", ...directives);
  const admin = new Redis(server.url, { retryStrategy: () => null }).on("error", ignore);
  atEnd(() => {
    admin.disconnect();
  });
  await admin.set(STORE_KEY, JSON.stringify({ sid: SID, [KEY]: VALUE }));
  const store = await connect(server.url.replace("//", `//marked:${PASSWORD}@`));
  const sessions = signedSessions(store, tell, { readTimeoutMillis: 150, saveTimeoutMillis: 150 });
  const opened = await Promise.all(handlers.map(() => sessions.open(COOKIE)));
  await begin(admin, server);
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
async function allCalls(store: InspectableStore, tell: Listener): Promise<readonly unknown[]> {
  const sessions = signedSessions(store, tell, { readTimeoutMillis: 150, saveTimeoutMillis: 150 });
  const soon = new Date(Date.now() + 60_000);
  const record = { bytes: Buffer.from(VALUE) };
  const calls: readonly (() => unknown)[] = [
    () => request(sessions, (session) => void (session[KEY] = VALUE)),
    () => sessions.read(COOKIE),
    () => sessions.ready(),
    () => store.set(STORE_KEY, record.bytes, soon),
    () => store.set(STORE_KEY, record.bytes, soon, record),
    () => store.touch(STORE_KEY, soon),
    () => store.delete(STORE_KEY),
    () => store.delete(STORE_KEY, record),
    () => firstOf(store.list("session:")),
    () => store.deleteListed({ ref: STORE_KEY, key: STORE_KEY, record }),
    () => store.check(),
  ];
  // A server that is paused answers no call of the store itself, which has no deadline.
  const errors = await Promise.all(calls.map((call) => errorsOf(() => Promise.race([call(), sleep(500)]))));
  return errors.flat();
}
