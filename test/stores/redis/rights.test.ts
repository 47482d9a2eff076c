/** What `check` says of users that may not do everything. */
import { expect } from "chai";
import { Redis } from "ioredis";
import { createClient, RESP_TYPES } from "redis";
import { redisStore } from "../../../src/stores/redis.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import { requireService } from "../../services/services.ts";
import { atEnd } from "./at-end.ts";

interface Case {
  readonly name: string;
  /** Rules of the user's ACL. */
  readonly rules: readonly string[];
  readonly missing: readonly string[];
}

const cases: readonly Case[] = [
  { name: "a user that may do everything misses nothing", rules: ["~*", "+@all"], missing: [] },
  { name: "nor one that may do it with session keys only", rules: ["~session:*", "+@all"], missing: [] },
  {
    name: "a user that may only GET misses the rest",
    rules: ["~*", "+get"],
    missing: [
      "GETEX (renewing a session's lifetime while reading it)",
      "SET (writing sessions)",
      "EVALSHA (writing only what nobody has changed)",
      "EVAL (writing only what nobody has changed)",
      "PEXPIRE (renewing a session's lifetime)",
      "DEL (logging out)",
      "SCAN (listing sessions)",
      "PTTL (listing sessions)",
    ],
  },
  { name: "a user without SCAN cannot list", rules: ["~*", "+@all", "-scan"], missing: ["SCAN (listing sessions)"] },
];

describe("redis check", () => {
  let server: RedisServer;
  let admin: Redis;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis(["--maxclients", "100"]);
    admin = new Redis(server.url);
  });
  after(async () => {
    admin?.disconnect();
    await server?.stop();
  });

  for (const { name, rules, missing } of cases) {
    it(name, async () => {
      await admin.call("ACL", "SETUSER", "user", "reset", "on", ">secret", ...rules);
      const url = server.url.replace("//", "//user:secret@");
      const io = new Redis(url, { enableReadyCheck: false });
      atEnd(() => {
        io.disconnect();
      });
      const node = createClient({ url, commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } });
      await node.on("error", () => {}).connect();
      atEnd(() => node.close());
      for (const client of [io, node]) expect((await redisStore(client).check()).missingRights).to.deep.equal(missing);
      expect(await admin.dbsize()).to.equal(0);
    });
  }

  it("tells neither version nor clock to a user that may not ask", async () => {
    await admin.call("ACL", "SETUSER", "user", "reset", "on", ">secret", "~*", "+get");
    const client = new Redis(server.url.replace("//", "//user:secret@"), { enableReadyCheck: false });
    atEnd(() => {
      client.disconnect();
    });
    expect(await redisStore(client).check()).to.have.all.keys("missingRights");
  });

  it("says that a replica takes no writes", async () => {
    const replica = await startRedis(["--replicaof", `127.0.0.1 ${server.port}`]);
    const client = new Redis(replica.url);
    atEnd(() => replica.stop());
    atEnd(() => {
      client.disconnect();
    });
    const { missingRights } = await redisStore(client).check();
    expect(missingRights).to.include("SET (writing sessions): the server is a read-only replica");
    expect(missingRights.join()).to.not.include("GET (");
  });
});
