/** What happens at the end of a request, cell by cell, against real Flask-Session >= 0.7 on real Redis. */
import { expect } from "chai";
import { Redis } from "ioredis";
import { msgpack } from "../../src/codecs/msgpack.ts";
import type { Session } from "../../src/session/session.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { Signer } from "../../src/signing/signer.ts";
import { redisStore } from "../../src/stores/redis.ts";
import { PyDict, PyFloat, PyList } from "../../src/values/exact.ts";
import { judgeOf } from "../python/judge.ts";
import { type RedisServer, startRedis } from "../services/redis-server.ts";
import { requireService } from "../services/services.ts";
import { CELLS, isLikeOurs } from "./matrix/columns.ts";
import { hasFlaskBefore, type Side, sidesOfRun } from "./sides.ts";

const SID = "S".repeat(43);
const PREFIX = "N:";
const LIFETIME_SECONDS = 3600;
const LEFT_SECONDS = 1000;
const signer = new Signer({ secretKey: "k", salt: "flask-session", keyDerivation: "hmac" });

/** What the visitor brings: a record, or none. */
const starts: Readonly<Record<string, Uint8Array | null>> = {
  nocookie: null,
  unknown: null,
  badsig: null,
  plain: record({}),
  perm: record({ _permanent: true }),
  permfalse: record({ _permanent: false }),
  onlyperm: msgpack.encode(new PyDict(["_permanent"], [true])),
};

/** What the handler does; `get` is what *accessed* means. */
const acts: Readonly<Record<string, (get: () => Session) => unknown>> = {
  none: () => undefined,
  in: (get) => "u" in get(),
  getmiss: (get) => get()["nope"],
  read: (get) => get()["u"],
  set: (get) => {
    get()["u"] = "b";
  },
  setsame: (get) => {
    get()["u"] = "a";
  },
  new: (get) => {
    get()["x"] = 1;
  },
  nested: (get) => (get()["cart"] as unknown[] | undefined)?.push(1),
  nestedmod: (get) => (get()["cart"] as unknown[] | undefined)?.push(1),
  popall: (get) => {
    for (const key of ["u", "price", "cart"]) delete get()[key];
  },
  clear: (get) => {
    get().clear();
  },
  clearset: (get) => {
    get().clear();
    get()["z"] = 1;
  },
  permT: (get) => {
    get().permanent = true;
  },
  permF: (get) => {
    get().permanent = false;
  },
  setpop: (get) => {
    get()["q"] = 1;
    delete get()["q"];
  },
  regen: (get) => get().regenerate(),
  regenset: async (get) => {
    await get().regenerate();
    get()["u"] = "c";
  },
};

/** One request and what it left behind. */
interface Cell {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly vary: string;
  readonly records: readonly string[];
}

describe("the end of a request", function () {
  this.timeout(120_000);
  let server: RedisServer;
  let client: Redis;

  before(async function () {
    requireService(this, "redis-server");
    server = await startRedis();
    client = new Redis(server.port);
  });

  after(async () => {
    await client?.quit();
    await server?.stop();
  });

  for (const side of sidesOfRun.filter(isLikeOurs)) {
    it(`is that of Flask-Session ${side.name}, but for what the documentation names`, async () => {
      const judge = await judgeOf(side.environment);
      const input = { port: server.port, starts: hexes(), acts: Object.keys(acts) };
      const flask = (await judge.run("import rows\nresult = rows.run(**input)", input)) as Record<string, Cell>;
      const names = Object.keys(flask);
      const node: Record<string, Cell> = {};
      for (const name of names) node[name] = await inNode(client, name);
      expect(names).to.have.length(CELLS);
      for (const name of names) expect(node[name], name).to.deep.equal(expected(name, flask, side));
    });
  }
});

/** The Python side gets the same records. */
function hexes(): Readonly<Record<string, string | null>> {
  const entries = Object.entries(starts).map(([name, bytes]) => [name, bytes && Buffer.from(bytes).toString("hex")]);
  return Object.fromEntries(entries) as Record<string, string | null>;
}

function record(first: Readonly<Record<string, boolean>>): Uint8Array {
  const tree = new PyDict(Object.keys(first), Object.values(first));
  tree.set("u", "a");
  tree.set("price", new PyFloat(10));
  tree.set("cart", new PyList("list", [1, new PyFloat(2)]));
  return msgpack.encode(tree);
}

async function inNode(client: Redis, name: string): Promise<Cell> {
  const [config = "", start = "", act = ""] = name.split(" ");
  const [signed, refreshEachRequest, permanent] = Array.from(config, (digit) => digit === "1");
  await client.flushdb();
  const bytes = starts[start];
  if (bytes) await client.set(PREFIX + SID, Buffer.from(bytes), "EX", LEFT_SECONDS);
  const sessions = createSessions({
    store: redisStore(client),
    secretKey: "k",
    useSigner: signed === true,
    refreshEachRequest: refreshEachRequest === true,
    permanent: permanent === true,
    keyPrefix: PREFIX,
    lifetimeSeconds: LIFETIME_SECONDS,
    onEvent: () => undefined,
  });
  const cookie = cookieOf(start, signed === true);
  const opened = await sessions.open(cookie === undefined ? undefined : `session=${cookie}`);
  await acts[act]?.(() => opened.session);
  const { setCookie, vary } = await opened.finish();
  await sessions.close();
  return {
    status: 200,
    cookies: setCookie.map((line) => told(line, signed === true)),
    vary: vary ? "Cookie" : "",
    records: await records(client),
  };
}

function cookieOf(start: string, signed: boolean): string | undefined {
  if (start === "nocookie") return undefined;
  if (start === "badsig") return signed ? `${SID}.AAAA` : "../x y";
  return signed ? signer.sign(SID) : SID;
}

/** A Set-Cookie with what differs from run to run replaced. */
function told(line: string, signed: boolean): string {
  const value = (_: string, text: string) => {
    if (text === "") return "session=";
    return `session=<${(signed ? signer.unsign(text) : text) === SID ? "same" : "new"}>`;
  };
  const expires = (_: string, text: string) => {
    const left = (Date.parse(text) - Date.now()) / 1000;
    return `Expires=${left < 0 ? "0" : `+${Math.round(left / 60)}m`}`;
  };
  return line.replace(/session=([^;]*)/, value).replace(/Expires=([^;]*)/, expires);
}

async function records(client: Redis): Promise<string[]> {
  const rows = [];
  for (const key of await client.keys(`${PREFIX}*`)) {
    const renewed = (await client.ttl(key)) > LEFT_SECONDS ? "renewed" : "old";
    const bytes = await client.getBuffer(key);
    rows.push(`${key === PREFIX + SID ? "same" : "new"} ${renewed} ${bytes?.toString("hex")}`);
  }
  return rows.toSorted();
}

/**
 * What Node does: Flask-Session's cell, but for five differences, each of them meant.
 * An equal value is no change, a nested change is one, clear() adds no `_permanent: False`, a visitor who brought no
 * cookie is not told to delete one, and a session with nothing but `_permanent` gets a new sid from regenerate().
 * A sixth is Flask's: before 3.1.3 not every look at the session counts as one: `in` does not, nor `pop` in vain.
 */
function expected(name: string, flask: Readonly<Record<string, Cell>>, side: Side): Cell {
  const [config = "", start = "", act = ""] = name.split(" ");
  const like = isNoChange(config, start, act) ? "read" : act === "nested" ? "nestedmod" : act;
  let { cookies, records: left, ...rest } = flask[`${config} ${start} ${like}`] as Cell;
  if (start === "nocookie") cookies = cookies.filter((line) => !line.startsWith("session=;"));
  if (act === "clearset" && !hasPermanent(config, start)) left = left.map((row) => row.replace(ADDED, "81"));
  if (start === "onlyperm") {
    if (act === "regen") left = [];
    if (act === "regenset") {
      cookies = cookies.map((line) => line.replace("<same>", "<new>"));
      left = left.map((row) => row.replace("same", "new"));
    }
    // The opening GETEX has renewed the lifetime before it is known that there is nothing to renew.
    if (config[1] === "1") left = left.map((row) => row.replace("old", "renewed"));
  }
  const vary = act !== "none" && hasFlaskBefore(side, 3, 1) ? "Cookie" : rest.vary;
  return { ...rest, vary, cookies, records: left };
}

/** A map of two with `_permanent: False` first. */
const ADDED = "82aa5f7065726d616e656e74c2";

function isNoChange(config: string, start: string, act: string): boolean {
  if (act === "setpop") return true;
  if (act === "setsame") return starts[start] !== null && start !== "onlyperm";
  if (act === "permT") return hasPermanent(config, start) && start !== "permfalse";
  return act === "permF" && start === "permfalse";
}

/** Whether the session that the handler gets has the key `_permanent`. */
function hasPermanent(config: string, start: string): boolean {
  return starts[start] === null ? config[2] === "1" : start !== "plain";
}
