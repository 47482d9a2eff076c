/** Documents and lifetimes among Node and Flask-Session, on one server. */
import { expect } from "chai";
import { MongoClient, ObjectId } from "mongodb";
import type { InspectableStore } from "../../../src/session/store.ts";
import { mongodbStore } from "../../../src/stores/mongodb.ts";
import { describeLifetimes } from "../../interop/lifetimes.ts";
import { judgeOf } from "../../python/judge.ts";
import { type MongodbServer, startMongodb } from "../../services/mongodb-server.ts";

const soon = (): Date => new Date(Date.now() + 60_000);

/** What Flask-Session 0.8 reads under a key; `input` holds it and the server's URL. */
const READ = `
import warnings, flask, flask_session, pymongo
warnings.simplefilter("ignore")
app = flask.Flask("app")
app.config.update(SESSION_TYPE="mongodb", SESSION_MONGODB=pymongo.MongoClient(input["url"]), SESSION_SERIALIZATION_FORMAT="json")
flask_session.Session(app)
result = app.session_interface._retrieve_session_data(input["key"])
`;

const DELETE = READ.replace("result = ", "app.session_interface._delete_session(input['key'])\nresult = ");

describe("MongoDB beside Flask-Session", () => {
  let server: MongodbServer;
  let client: MongoClient;
  let store: InspectableStore;
  let key: string;

  before(async () => {
    server = await startMongodb();
    client = new MongoClient(server.url);
    store = mongodbStore(client);
  });
  beforeEach(() => {
    key = `session:${new ObjectId().toHexString()}`;
  });
  after(async () => {
    await client?.close();
    await server?.stop();
  });

  const plant = (json: string, expiration: unknown): Promise<unknown> =>
    client
      .db("flask_session")
      .collection("sessions")
      .insertOne({ id: key, val: Buffer.from(json), expiration });
  const inFlask = async (program: string): Promise<unknown> =>
    (await judgeOf("fs080-stores")).run(program, { url: server.url, key });
  const inNode = async (): Promise<string | undefined> => {
    const found = await store.get(key);
    return found && Buffer.from(found.record.bytes).toString();
  };

  it("reads the same one of two documents", async () => {
    await plant('{"a":1}', soon());
    await plant('{"a":2}', soon());
    expect(await inFlask(READ)).to.deep.equal({ a: 1 });
    expect(await inNode()).to.equal('{"a":1}');
    await store.set(key, Buffer.from('{"a":3}'), soon(), (await store.get(key))?.record);
    expect(await inFlask(READ)).to.deep.equal({ a: 3 });
  });

  it("deletes both of two documents, of which Flask deletes one", async () => {
    for (const json of ['{"a":1}', '{"a":2}', '{"a":3}']) await plant(json, soon());
    expect(await inFlask(DELETE)).to.deep.equal({ a: 2 });
    expect(await store.delete(key, (await store.get(key))?.record)).to.equal(true);
    expect(await inFlask(READ)).to.equal(null);
  });

  it("has no session without an expiry, and none that is over, where Flask still has one", async () => {
    for (const expiration of [null, new Date(Date.now() - 1000)]) {
      await plant('{"a":1}', expiration);
      expect(await inFlask(READ)).to.deep.equal({ a: 1 });
      expect(await inNode()).to.equal(undefined);
      await store.delete(key);
    }
  });

  it("makes documents that Flask reads and replaces", async () => {
    await store.set(key, Buffer.from('{"a":1}'), soon(), null);
    expect(await inFlask(READ)).to.deep.equal({ a: 1 });
    const upsert =
      "import datetime\napp.session_interface._upsert_session(datetime.timedelta(1), {'a': 2}, input['key'])";
    await inFlask(`${READ}\n${upsert}`);
    expect(await inNode()).to.equal('{"a":2}');
    expect(await client.db("flask_session").collection("sessions").countDocuments({ id: key })).to.equal(1);
  });

  describeLifetimes({ mongodb: () => ({ flask: { SESSION_TYPE: "mongodb", SESSION_MONGODB: server.url } }) });
});
