/** memcached in the matrix: records as they are, and as pickles of cachelib's MemcachedCache. */
import { askMemcached, type MemcachedServer, startMemcached } from "../../services/memcached-server.ts";
import { hasFlaskSessionBefore, type Side } from "../sides.ts";
import { hasCachelib, type Lying, type Place, type Places, SETTINGS, served } from "./place.ts";

/** One of our own, because it is emptied. */
const start = (): Promise<MemcachedServer> => startMemcached(["-I", "1m"]);

/** Each environment's own client: python-memcached, but pymemcache in the newest. */
const clientOf = ({ environment }: Side, ofNewest: string): string =>
  environment === "fs080-newest" ? ofNewest : "python-memcached";

export const memcached: Places = {
  name: "memcached",
  about: `Records are pickles up to 0.6, of protocol 0 up to 0.5; msgpack and JSON from 0.7. The client is python-memcached, for the newest pymemcache. ${SETTINGS}`,
  service: "memcached-server",
  serializes: true,
  // Before 0.6 Node must be told, because the oldest python-memcached read text alone.
  options: (side) => (hasFlaskSessionBefore(side, 0, 6) ? { readsBytes: true } : {}),
  ...served(start, ({ port, address }, side) => ({
    config: { SESSION_TYPE: "memcached", SESSION_MEMCACHED: { client: clientOf(side, "pymemcache"), server: address } },
    node: { SESSION_MEMCACHED: [address] },
    ...itemsIn(port),
  })),
};

export const memcachedCache: Places = {
  name: "cachelib's MemcachedCache",
  about: `Records are pickles, of the Python client: python-memcached, for the newest pymemcache with its \`pickle_serde\`. ${SETTINGS}`,
  service: "memcached-server",
  serializes: false,
  isFor: hasCachelib,
  ...served(start, ({ port, address }, side) => ({
    config: {
      SESSION_TYPE: "cachelib",
      SESSION_CACHELIB: {
        name: "MemcachedCache",
        client: { client: clientOf(side, "pickle_serde"), server: address },
      },
    },
    node: { SESSION_CACHELIB: { cache: "MemcachedCache", client: address } },
    ...itemsIn(port),
  })),
};

interface Item extends Lying {
  readonly key: string;
  readonly flags: string;
}

function itemsIn(port: number): Omit<Place, "config"> {
  return {
    lying: () => items(port),
    async replace({ bytes, secondsLeft }) {
      const [item] = await items(port);
      const seconds = secondsLeft > 0 ? Math.round(secondsLeft) : -1;
      const line = Buffer.from(`set ${item?.key} ${item?.flags} ${seconds} ${bytes.length}\r\n`);
      await askMemcached(port, Buffer.concat([line, bytes, Buffer.from("\r\n")]));
    },
    async clear() {
      for (const { key } of await items(port)) await askMemcached(port, `delete ${key}\r\n`);
    },
  };
}

async function items(port: number): Promise<readonly Item[]> {
  let dump: string;
  // "all" would walk lists among which the server moves items, so that one is met twice or not at all.
  do dump = (await askMemcached(port, "lru_crawler metadump hash\r\n", /(?:END|BUSY.*)\r\n$/)).toString();
  while (dump.startsWith("BUSY"));
  const found = [...dump.matchAll(/^key=(\S+) exp=(-?\d+)/gm)].map(async ([, key = "", expiry]) =>
    itemOf(port, decodeURIComponent(key), Number(expiry)),
  );
  return (await Promise.all(found)).filter((item) => item !== undefined);
}

/** Nothing where it has ended since it was listed. */
async function itemOf(port: number, key: string, expiry: number): Promise<Item | undefined> {
  const answer = await askMemcached(port, `get ${key}\r\n`, /END\r\n$/);
  const [line, flags, length] = /^VALUE \S+ (\d+) (\d+)\r\n/.exec(answer.toString("latin1")) ?? [];
  if (line === undefined || flags === undefined) return undefined;
  const bytes = answer.subarray(line.length, line.length + Number(length));
  return { key, flags, bytes, secondsLeft: expiry - Date.now() / 1000 };
}
