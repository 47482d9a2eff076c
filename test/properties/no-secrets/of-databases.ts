/** Failures of MongoDB and DynamoDB: a server that is not there, ends or does not answer, and what is no record. */
import { setTimeout as sleep } from "node:timers/promises";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Session } from "../../../src/session/session.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { dynamodbStore } from "../../../src/stores/dynamodb.ts";
import { mongodbStore } from "../../../src/stores/mongodb.ts";
import { addressOf, makeTable, startDynamodb, withDynamo } from "../../services/dynamodb-server.ts";
import { freePort } from "../../services/free-port.ts";
import { startMongodb, withMongo } from "../../services/mongodb-server.ts";
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

/** A server with the visitor's session in it, which ends with the test. */
interface Subject {
  readonly store: InspectableStore;
  readonly server: { freeze(): void; stop(): Promise<void> };
  /** Makes of the record what is none. */
  readonly spoil: () => Promise<unknown>;
}

const record = { bytes: Buffer.from(JSON.stringify({ sid: SID, [KEY]: VALUE })) };
const soon = (): Date => new Date(Date.now() + 60_000);

async function mongodb(): Promise<Subject> {
  const server = await startMongodb(true);
  atEnd(() => server.stop());
  const store = mongodbStore(`${server.url}/?serverSelectionTimeoutMS=100`);
  atEnd(() => store.close());
  const spoil = (): Promise<unknown> =>
    withMongo(server.url, (client) =>
      client
        .db("flask_session")
        .collection("sessions")
        .updateMany({}, { $set: { val: { [KEY]: VALUE } } }),
    );
  return { store, server, spoil };
}

async function dynamodb(): Promise<Subject> {
  const server = await startDynamodb(true);
  atEnd(() => server.stop());
  const table = await makeTable(server);
  const store = dynamodbStore({ address: addressOf(server), table });
  atEnd(() => store.close());
  const Item = { id: { S: STORE_KEY }, val: { S: VALUE }, expiration: { N: String(Date.now() / 1000 + 60) } };
  const spoil = (): Promise<unknown> =>
    withDynamo(server, (client) => client.send(new PutItemCommand({ TableName: table, Item })));
  return { store, server, spoil };
}

interface Trouble {
  readonly name: string;
  readonly begin: (subject: Subject) => unknown;
  /** In milliseconds; what has ended is found out about, what hangs is given up. */
  readonly patience: number;
  readonly fails: readonly Failure[];
  readonly tells?: Provocation["tells"];
}

const troubles: readonly Trouble[] = [
  { name: "that has ended", begin: ({ server }) => server.stop(), patience: 10_000, fails: ["ERR_STORE_UNAVAILABLE"] },
  { name: "that does not answer", begin: ({ server }) => server.freeze(), patience: 300, fails: ["ERR_STORE_TIMEOUT"] },
  {
    name: "where the record is none now",
    begin: ({ spoil }) => spoil(),
    patience: 10_000,
    fails: ["ERR_DECODE"],
    tells: ["corrupt"],
  },
];

/** What handlers do, each with a session that was opened while all was well. */
const handlers: readonly ((session: Session) => unknown)[] = [
  (session) => void (session[KEY] = [VALUE]),
  (session) => session.regenerate(),
  (session) => session.clear(),
];

const provocationsOf = (what: string, make: () => Promise<Subject>): readonly Provocation[] => [
  ...troubles.map(
    ({ name, begin, patience, fails, tells = [] }): Provocation => ({
      name: `a ${what} ${name}`,
      fails,
      tells,
      by: async (tell) => inTrouble(await make(), begin, patience, tell),
    }),
  ),
  {
    name: `a record that is too large for ${what}`,
    fails: ["ERR_RECORD_TOO_LARGE"],
    by: async () => {
      const { store } = await make();
      return errorsOf(() => store.set(STORE_KEY, Buffer.from(VALUE.repeat(1_000_000)), soon()));
    },
  },
];

/** MongoDB and DynamoDB. */
export const ofDatabases: readonly Provocation[] = [
  ...provocationsOf("MongoDB", mongodb),
  ...provocationsOf("DynamoDB", dynamodb),
  {
    name: "no MongoDB",
    fails: ["ERR_STORE_UNAVAILABLE"],
    by: async (tell) => {
      const address = `127.0.0.1:${await freePort()}`;
      const store = mongodbStore(`mongodb://user:${PASSWORD}@${address}/?serverSelectionTimeoutMS=50`);
      atEnd(() => store.close());
      return allCalls(store, tell);
    },
  },
  {
    name: "URLs that the driver cannot take",
    fails: ["ERR_CONFIG"],
    by: async () => {
      const urls = [`mongodb://u:${PASSWORD}@h/?uuidRepresentation=standard`, `mongodb://u:${PASSWORD}@h:port`];
      return (await Promise.all(urls.map((url) => errorsOf(() => mongodbStore(url).get(STORE_KEY))))).flat();
    },
  },
  {
    name: "no table in DynamoDB",
    fails: ["ERR_CONFIG"],
    by: async (tell) => {
      const server = await startDynamodb(true);
      atEnd(() => server.stop());
      const store = dynamodbStore({ address: addressOf(server), table: "None" });
      atEnd(() => store.close());
      return allCalls(store, tell);
    },
  },
];

/** Opens sessions, begins the trouble, then does what handlers do. */
async function inTrouble(
  subject: Subject,
  begin: Trouble["begin"],
  patience: number,
  tell: Listener,
): Promise<readonly unknown[]> {
  const { store } = subject;
  await store.set(STORE_KEY, record.bytes, soon());
  const opening = signedSessions(store, tell, { readTimeoutMillis: 10_000, saveTimeoutMillis: patience });
  const opened = await Promise.all(handlers.map(() => opening.open(COOKIE)));
  const sessions = signedSessions(store, tell, { readTimeoutMillis: patience });
  await begin(subject);
  await sleep(50);
  const errors: unknown[] = [...(await errorsOf(() => sessions.read(COOKIE)))];
  for (const [index, one] of opened.entries()) {
    errors.push(
      ...(await errorsOf(
        () => handlers[index]?.(one.session),
        () => one.finish(),
      )),
    );
  }
  return errors;
}

/** Every call there is, on sessions and on the store. */
async function allCalls(store: InspectableStore, tell: Listener): Promise<readonly unknown[]> {
  const sessions = signedSessions(store, tell);
  return errorsOf(
    () => request(sessions, (session) => void (session[KEY] = VALUE)),
    () => sessions.ready(),
    () => store.get(STORE_KEY, { touchUntil: soon() }),
    () => store.set(STORE_KEY, record.bytes, soon()),
    () => store.set(STORE_KEY, record.bytes, soon(), null),
    () => store.set(STORE_KEY, record.bytes, soon(), record),
    () => store.touch(STORE_KEY, soon()),
    () => store.delete(STORE_KEY, record),
    () => store.delete(STORE_KEY),
    () => firstOf(store.list("session:")),
    () => store.deleteExpired(),
    () => store.check(),
  );
}
