/** Which server a config names. */
import { expect } from "chai";
import { ConfigError } from "../../../src/errors.ts";
import { addressOf } from "../../../src/stores/memcached/server.ts";

const good: readonly (readonly [unknown, object])[] = [
  ["127.0.0.1:11211", { host: "127.0.0.1", port: 11211 }],
  ["localhost", { host: "localhost", port: 11211 }],
  ["cache.internal:11311", { host: "cache.internal", port: 11311 }],
  [["127.0.0.1:11211"], { host: "127.0.0.1", port: 11211 }],
  [["127.0.0.1", 11311], { host: "127.0.0.1", port: 11311 }],
  [["::1", 11311], { host: "::1", port: 11311 }],
  ["memcached://localhost:11311/", { host: "localhost", port: 11311 }],
  ["inet:127.0.0.1:11311", { host: "127.0.0.1", port: 11311 }],
  ["inet6:[::1]:11311", { host: "::1", port: 11311 }],
  ["[::1]:11311", { host: "::1", port: 11311 }],
  ["[::1]", { host: "::1", port: 11211 }],
  ["::1", { host: "::1", port: 11211 }],
  ["/run/memcached.sock", { path: "/run/memcached.sock" }],
  [["unix:/run/memcached.sock"], { path: "/run/memcached.sock" }],
];

const bad: readonly unknown[] = [
  "",
  [],
  11211,
  {},
  "localhost:0",
  "localhost:65536",
  "localhost:http",
  "user:secret@localhost",
  "redis://localhost",
  "localhost/0",
  "a:1:2",
  [["127.0.0.1", 11211]],
];

const several: readonly unknown[] = [
  ["127.0.0.1:11211", "127.0.0.1:11212"],
  "127.0.0.1:11211,127.0.0.1:11212",
  "one:11211 other:11211",
  ["one:11211; other:11211"],
  ["one", "11211"],
];

describe("the server of a memcached store", () => {
  for (const [server, address] of good) {
    it(`${JSON.stringify(server)} is ${JSON.stringify(address)}`, () => {
      expect(addressOf(server, "SESSION_MEMCACHED")).to.deep.equal(address);
    });
  }

  for (const server of bad) {
    it(`${JSON.stringify(server)} is none`, () => {
      expect(() => addressOf(server, "SESSION_MEMCACHED"))
        .to.throw(ConfigError, 'Cannot use SESSION_MEMCACHED: it must be a server such as "127.0.0.1:11211"')
        .with.property("message")
        .that.does.not.include("secret");
    });
  }

  for (const servers of several) {
    it(`${JSON.stringify(servers)} are too many: each Python client spreads keys in its own way`, () => {
      expect(() => addressOf(servers, "SESSION_MEMCACHED")).to.throw(
        ConfigError,
        "Cannot use SESSION_MEMCACHED: it names 2 servers, and which of them holds a session depends on the Python client",
      );
    });
  }
});
