/** `read()` changes nothing, so that a user of the store who may only GET suffices. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Redis } from "ioredis";
import { ReadOnlySessionError, StoreError } from "../../src/errors.ts";
import { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";

describe("read()", function () {
  this.timeout(20_000);
  let server: RedisServer;
  let admin: Redis;
  let reader: Redis;
  let sessions: Sessions;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis(["--maxclients", "100"]);
    admin = new Redis(server.port);
    await admin.call(
      "ACL",
      "SETUSER",
      "reader",
      "on",
      ">pw",
      "~session:*",
      "-@all",
      "+get",
      "+hello",
      "+auth",
      "+info",
    );
    reader = new Redis({ port: server.port, username: "reader", password: "pw", enableReadyCheck: false });
    sessions = createSessions({ store: redisStore(reader), onEvent: () => undefined });
  });

  after(async () => {
    admin?.disconnect();
    reader?.disconnect();
    await server?.stop();
  });

  beforeEach(async () => {
    await admin.set("session:known", '{"_permanent":true,"uname":"alice","cart":[1]}', "PX", 1_000_000);
  });

  it("leaves the bytes and the lifetime as they are", async () => {
    const [before, left] = [await admin.getBuffer("session:known"), await admin.pexpiretime("session:known")];
    await sleep(20);
    const session = await sessions.read("session=known");
    expect(session["uname"]).to.equal("alice");
    expect(session.permanent).to.equal(true);
    expect(session.new).to.equal(false);
    expect(session.sid).to.equal("known");
    expect(await admin.getBuffer("session:known")).to.deep.equal(before);
    expect(await admin.pexpiretime("session:known")).to.equal(left);
  });

  it("gives an object that is frozen at the top, whose verbs throw", async () => {
    const session = await sessions.read("session=known");
    expect(Object.isFrozen(session)).to.equal(true);
    const verbs = Session.of(session);
    for (const verb of ["save", "touch", "clear", "regenerate", "destroy"] as const) {
      expect(() => verbs[verb](), verb).to.throw(ReadOnlySessionError, `${verb}()`);
    }
    expect(() => {
      verbs.addCookie("a=1");
    }).to.throw(ReadOnlySessionError);
    expect(() => {
      verbs.permanent = false;
    }).to.throw(ReadOnlySessionError);
    expect(verbs.modified).to.equal(false);
    expect(verbs.config("login")).to.deep.equal({});
  });

  it("of a visitor without a session gives an empty one", async () => {
    for (const header of [undefined, "session=nobody", "session=../x"]) {
      const session = await sessions.read(header);
      expect(Object.keys(session)).to.deep.equal([]);
      expect([session.sid, session.new]).to.deep.equal([undefined, true]);
    }
  });

  it("is what such a user can do; opening with a renewal is refused, not taken for no session", async () => {
    const error = await sessions.open("session=known").catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(StoreError);
  });
});
