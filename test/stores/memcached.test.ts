/** The contract over memcached, through our own client and through those that an application may give. */
import type { Store } from "../../src/session/store.ts";
import type { MemcachedClient } from "../../src/stores/memcached/client.ts";
import { TextClient } from "../../src/stores/memcached/text-client.ts";
import { memcachedStore } from "../../src/stores/memcached.ts";
import { describeStore, type StoreUnderTest } from "../contracts/store.ts";
import { type MemcachedServer, startMemcached } from "../services/memcached-server.ts";
import { requireService } from "../services/services.ts";

interface Kind {
  readonly name: string;
  readonly open: (server: MemcachedServer) => StoreUnderTest;
  readonly format?: "pickle";
  readonly touchesInGet?: boolean;
}

const owning = (store: Store): StoreUnderTest => ({ store, end: () => store.close() });

/** A client of an application that has what a store cannot do without, and nothing else. */
function barest(client: TextClient): MemcachedClient {
  return {
    gets: (key) => client.gets(key),
    add: (key, item) => client.add(key, item),
    cas: (key, item, cas) => client.cas(key, item, cas),
    touch: (key, exptime) => client.touch(key, exptime),
    delete: (key) => client.delete(key),
  };
}

const kinds: readonly Kind[] = [
  { name: "our own client", open: ({ address }) => owning(memcachedStore({ server: address })) },
  {
    name: "our own client, records that Python's client pickles",
    format: "pickle",
    open: ({ address }) => owning(memcachedStore({ server: [address], pickled: true })),
  },
  {
    name: "a client that was given, without gats and stats",
    touchesInGet: false,
    open: ({ port }) => {
      const client = new TextClient({ host: "127.0.0.1", port }, 2000);
      return {
        store: memcachedStore({ client: barest(client) }),
        end: async () => {
          client.close();
        },
      };
    },
  },
];

for (const { name, open, format, touchesInGet = true } of kinds) {
  const make = async (context: Mocha.Context): Promise<StoreUnderTest> => {
    requireService(context, "memcached");
    const server = await startMemcached();
    const opened = open(server);
    return {
      store: opened.store,
      end: async () => {
        await opened.end();
        await server.stop();
      },
    };
  };
  describeStore(`memcached through ${name}`, make, {
    compareAndSet: "everyone",
    format,
    touchesInGet,
    tellsExpiry: false,
    keys: /^[^\0-\x20\x7f]+$/,
    expiryGrainMillis: 1000,
  });
}
