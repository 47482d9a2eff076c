/**
 * No error, event, warning or log shows a secret key, a password, a session id, a token or a value. The tables provoke
 * every error and every event there is.
 */
import { inspect } from "node:util";
import { expect } from "chai";
import { Redis } from "ioredis";
import type { ErrorCode } from "../../src/errors.ts";
import type { SessionEvent } from "../../src/session/events.ts";
import { startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { atEnd } from "../stores/redis/at-end.ts";
import { leaksOf, leaksOfError, leaksOfEvent, SID, STORE_KEY, VALUE } from "./no-secrets/marks.ts";
import { ofBytes } from "./no-secrets/of-bytes.ts";
import { ofConfiguration } from "./no-secrets/of-configuration.ts";
import { ofCookies } from "./no-secrets/of-cookies.ts";
import { ofDatabases } from "./no-secrets/of-databases.ts";
import { ofFiles } from "./no-secrets/of-files.ts";
import { ofMemcached } from "./no-secrets/of-memcached.ts";
import { ofRedis } from "./no-secrets/of-redis.ts";
import { ofRequests } from "./no-secrets/of-requests.ts";
import { nameOf, type Provocation } from "./no-secrets/provocation.ts";

const tables: readonly (readonly [string, readonly Provocation[]])[] = [
  ["bytes", ofBytes],
  ["requests", ofRequests],
  ["cookies", ofCookies],
  ["configuration", ofConfiguration],
  ["files", ofFiles],
  ["Redis", ofRedis],
  ["memcached", ofMemcached],
  ["MongoDB and DynamoDB", ofDatabases],
];

/** Every code, which the compiler sees to: `true`, or why nothing gives it yet. */
const everyCode: Readonly<Record<ErrorCode, true | string>> = {
  ERR_BAD_SIGNATURE: true,
  ERR_BAD_TIME_SIGNATURE: true,
  ERR_SIGNATURE_EXPIRED: true,
  ERR_BAD_PAYLOAD: true,
  ERR_DECODE: true,
  ERR_TRUNCATED: true,
  ERR_LIMIT: true,
  ERR_ENCODE: true,
  ERR_STORE: true,
  ERR_STORE_UNAVAILABLE: true,
  ERR_STORE_TIMEOUT: true,
  ERR_STORE_CONFLICT: true,
  ERR_STORE_RECORD: true,
  ERR_RECORD_TOO_LARGE: true,
  ERR_UNLISTABLE_STORE: "nothing takes a store yet in order to list it",
  ERR_SESSION: "only its subclasses are thrown",
  ERR_HEADERS_SENT: true,
  ERR_COOKIE_TOO_LARGE: true,
  ERR_READ_ONLY_SESSION: true,
  ERR_CSRF: true,
  ERR_LOGIN_REQUIRED: true,
  ERR_CONFIG: true,
  ERR_SECRET_KEY_MISSING: true,
  ERR_UNSUPPORTED_SESSION_TYPE: true,
  ERR_MISSING_PACKAGE: true,
};

/** Every event, likewise. */
const everyEvent: Readonly<Record<SessionEvent["type"], true>> = {
  opened: true,
  saved: true,
  touched: true,
  regenerated: true,
  destroyed: true,
  merged: true,
  clash: true,
  gone: true,
  corrupt: true,
  "dangerous-pickle": true,
  "signature-refused": true,
  "cookie-too-large": true,
  "headers-sent": true,
  "config-warning": true,
  "store-error": true,
};

describe("nothing secret is shown", function () {
  this.timeout(30_000);
  const met = new Set<string>();
  const warnings: Error[] = [];
  const printers = process.listeners("warning");
  const hear = (warning: Error) => void warnings.push(warning);

  before(() => {
    process.removeAllListeners("warning");
    process.on("warning", hear);
  });
  after(() => {
    process.removeListener("warning", hear);
    for (const printer of printers) process.on("warning", printer);
  });

  for (const [title, provocations] of tables) {
    describe(`by ${title}:`, () => {
      before(function () {
        if (title === "Redis" || title === "memcached") requireService(this, "redis-server");
        if (title === "memcached") requireService(this, "memcached-server");
      });

      for (const provocation of provocations) {
        it(provocation.name, async () => {
          for (const name of await provoked(provocation)) met.add(name);
        });
      }
    });
  }

  describe("by any error or event:", () => {
    it("every code is met above, or said to be one that nothing gives yet", function () {
      requireService(this, "redis-server");
      requireService(this, "memcached-server");
      for (const [code, state] of Object.entries(everyCode)) expect(met.has(code), code).to.equal(state === true);
    });

    it("every event is met above", () => {
      expect([...met]).to.include.members(Object.keys(everyEvent));
    });

    it("nor by what was warned of meanwhile", () => {
      expect(warnings.map(({ name }) => name)).to.include("FlaskSessionWarning");
      for (const warning of warnings) expect(leaksOfError(warning), inspect(warning)).to.deep.equal([]);
    });
  });

  describe("which would be seen:", () => {
    const bytes = Buffer.from(`xx${VALUE}`);
    const shown = [
      VALUE,
      inspect({ bytes }),
      inspect({ bytes: Uint8Array.from(bytes) }),
      bytes.toString("hex"),
      ...[0, 1, 2].map((start) => bytes.subarray(start).toString("base64")),
      JSON.stringify(bytes),
    ];
    it("a value as text, and in every way in which bytes are written", () => {
      for (const text of shown) expect(leaksOf(text), text).to.deep.equal([VALUE.slice(0, 9)]);
    });

    it("an error of a driver, which keeps the arguments of its command", async function () {
      requireService(this, "redis");
      const server = await startRedis();
      atEnd(() => server.stop());
      const client = new Redis(server.url);
      atEnd(() => {
        client.disconnect();
      });
      const error: unknown = await client.eval("no Lua", 1, STORE_KEY, VALUE).catch((thrown: unknown) => thrown);
      expect(leaksOfError(error)).to.deep.equal([SID.slice(0, 9), VALUE.slice(0, 9)]);
    });
  });
});

/** Provokes, and looks at all that came of it. @returns the names of the errors and events */
async function provoked({ fails, tells = [], by }: Provocation): Promise<readonly string[]> {
  const events: SessionEvent[] = [];
  const errors = await by((event) => events.push(event));
  for (const error of errors) expect(leaksOfError(error), inspect(error, { depth: 9 })).to.deep.equal([]);
  for (const event of events) expect(leaksOfEvent(event), inspect(event, { depth: 9 })).to.deep.equal([]);
  const names = [...new Set(errors.map(nameOf))];
  const types = events.map(({ type }) => type);
  if (fails !== undefined) expect(names, inspect(errors)).to.have.members(fails);
  expect(types).to.include.members([...tells]);
  return [...names, ...types];
}
