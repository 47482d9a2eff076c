/** Races on memcached, as bytes and as cachelib's pickles. */
import type { Store } from "../../../src/session/store.ts";
import { cachelibStore } from "../../../src/stores/cachelib.ts";
import { memcachedStore } from "../../../src/stores/memcached.ts";
import { describeRaces } from "../../contracts/races.ts";
import { startMemcached } from "../../services/memcached-server.ts";
import { requireService } from "../../services/services.ts";

interface Kind {
  readonly name: string;
  readonly make: (server: string) => Store;
  readonly pickled: boolean;
}

const kinds: readonly Kind[] = [
  {
    name: "memcached",
    make: (server) => memcachedStore({ server }),
    pickled: false,
  },
  {
    name: "memcached with pickles of cachelib's",
    make: (server) => cachelibStore({ cache: "MemcachedCache", store: memcachedStore({ server, pickled: true }) }),
    pickled: true,
  },
];

for (const { name, make, pickled } of kinds) {
  describeRaces(name, async (context) => {
    requireService(context, "memcached");
    const server = await startMemcached();
    const stores = [make(server.address), make(server.address)] as const;
    return {
      stores,
      module: "stores/memcached.js",
      make: "memcachedStore",
      args: [{ server: server.address, pickled }],
      end: async () => {
        for (const store of stores) await store.close();
        await server.stop();
      },
    };
  });
}
