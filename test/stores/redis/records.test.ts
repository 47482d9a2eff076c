/** What the store makes of keys as others left them, and that none of ours lives forever. */
import { expect } from "chai";
import { Redis } from "ioredis";
import { DecodeError, StoreError } from "../../../src/errors.ts";
import type { InspectableStore } from "../../../src/session/store.ts";
import { redisStore } from "../../../src/stores/redis.ts";
import { type EnvironmentName, judgeOf } from "../../python/judge.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import { requireService } from "../../services/services.ts";
import { atEnd } from "./at-end.ts";

const A = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const soon = (): Date => new Date(Date.now() + 60_000);

describe("redis", () => {
  let server: RedisServer;
  let client: Redis;
  let store: InspectableStore;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis(["--maxclients", "100"]);
    client = new Redis(server.url);
    store = redisStore(client);
  });
  after(async () => {
    client?.disconnect();
    await server?.stop();
  });
  beforeEach(async () => {
    await client.flushdb();
  });

  const connectAs = (user: string): Redis => {
    const other = new Redis(server.url.replace("//", `//${user}:secret@`), { enableReadyCheck: false });
    atEnd(() => {
      other.disconnect();
    });
    return other;
  };

  describe("gives every key a lifetime", () => {
    const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["set", () => store.set("s", A, soon())],
      ["set where there was none", () => store.set("s", A, soon(), null)],
      [
        "set over the expected record",
        async () => {
          await client.set("s", Buffer.from(A));
          await store.set("s", A, soon(), { bytes: A });
        },
      ],
      [
        "set over a key without one",
        async () => {
          await client.set("s", "x");
          await store.set("s", A, soon());
        },
      ],
      [
        "touch",
        async () => {
          await client.set("s", "x");
          await store.touch("s", soon());
        },
      ],
      [
        "a get that touches",
        async () => {
          await client.set("s", "x");
          await store.get("s", { touchUntil: soon() });
        },
      ],
    ];
    for (const [name, write] of ways) {
      it(name, async () => {
        await write();
        expect(await client.pttl("s")).to.be.within(59_000, 60_000);
      });
    }
  });

  it("reads without changing the lifetime or the bytes, for a user that may only GET", async () => {
    await client.call("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+get");
    const reader = connectAs("reader");
    await client.set("s", Buffer.from(A), "EX", 100);
    const found = await redisStore(reader).get("s");
    expect(Uint8Array.from(found?.record.bytes ?? [])).to.deep.equal(A);
    expect(await client.ttl("s")).to.be.within(99, 100);
    expect(await client.getBuffer("s")).to.deep.equal(Buffer.from(A));
  });

  it("does not take a missing right to GETEX for an old Redis", async () => {
    await client.call("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+get");
    const reader = connectAs("reader");
    const refused = await redisStore(reader)
      .get("s", { touchUntil: soon() })
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(StoreError).with.property("message", "Redis refused GETEX: NOPERM");
  });

  it("calls a key of another type corrupt, and leaves it", async () => {
    await client.lpush("s", "x");
    for (const options of [{}, { touchUntil: soon() }]) {
      const error: unknown = await store.get("s", options).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(DecodeError);
    }
    const refused = await store.set("s", A, soon(), null).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(StoreError);
    expect(await client.lrange("s", 0, -1)).to.deep.equal(["x"]);
    expect(await client.ttl("s")).to.equal(-1);
  });

  it("passes over empty values and keys of another type in a listing, and lists a record without expiry", async () => {
    await client.lpush("s:list", "x");
    await client.set("s:empty", "");
    await client.set("s:forever", Buffer.from(A));
    const found = [];
    for await (const record of store.list("s:")) found.push(record);
    expect(found).to.deep.equal([{ ref: "s:forever", key: "s:forever", record: { bytes: Buffer.from(A) } }]);
  });

  it("takes an empty value for none", async () => {
    await client.set("s", "");
    expect(await store.get("s")).to.equal(undefined);
    expect(await store.delete("s", { bytes: A })).to.equal(false);
    expect(await store.set("s", A, soon(), { bytes: A })).to.deep.equal({ stored: false, current: undefined });
    expect(await store.set("s", A, soon(), null)).to.deep.equal({ stored: true });
  });

  it("goes on after the server has forgotten the scripts", async () => {
    await store.set("s", A, soon(), null);
    await client.script("FLUSH");
    expect(await store.set("s", A, soon(), { bytes: A })).to.deep.equal({ stored: true });
    await client.script("FLUSH");
    expect(await store.delete("s", { bytes: A })).to.equal(true);
  });

  it("throws what goes wrong in the middle of a listing", async () => {
    await client.set("s", Buffer.from(A));
    await client.call("ACL", "SETUSER", "lister", "on", ">secret", "~*", "+scan", "+pttl");
    const lister = connectAs("lister");
    const listing = redisStore(lister).list("")[Symbol.asyncIterator]();
    const error: unknown = await listing.next().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StoreError).with.property("message", "Redis refused GET: NOPERM");
  });

  for (const environment of ["fs080-flask31", "fs050-flask22"] satisfies EnvironmentName[]) {
    it(`and Flask-Session of ${environment} read each other's records, with a lifetime`, async () => {
      const judge = await judgeOf(environment);
      const port = server.port;
      const written = (await judge.run(WRITE, { port, key: "session:s" })) as string;
      const found = await store.get("session:s");
      expect(Buffer.from(found?.record.bytes ?? []).toString("hex")).to.equal(written);
      expect(await client.ttl("session:s")).to.be.within(98, 100);
      await store.set("session:n", Buffer.from(written, "hex"), soon(), null);
      expect(await judge.run(READ, { port, key: "session:n" })).to.equal("{'a': 1, '_permanent': True}");
    });
  }
});

const WRITE = `
import flask, redis, flask_session, datetime
client = redis.Redis(port=input["port"])
app = flask.Flask("app")
app.config.update(SECRET_KEY="k", SESSION_TYPE="redis", SESSION_REDIS=client,
                  PERMANENT_SESSION_LIFETIME=datetime.timedelta(seconds=100))
flask_session.Session(app)
with app.test_request_context():
    interface = app.session_interface
    session = interface.session_class({"a": 1, "_permanent": True}, sid=input["key"].split(":")[1])
    response = flask.Response()
    session.modified = True
    interface.save_session(app, session, response)
result = client.get(input["key"]).hex()
`;

const READ = `
import flask, redis, flask_session, werkzeug
client = redis.Redis(port=input["port"])
app = flask.Flask("app")
app.config.update(SECRET_KEY="k", SESSION_TYPE="redis", SESSION_REDIS=client)
flask_session.Session(app)
with app.test_request_context(headers={"Cookie": "session=" + input["key"].split(":")[1]}):
    result = repr(dict(flask.session))
`;
