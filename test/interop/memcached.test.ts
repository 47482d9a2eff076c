/** Flask and Node over one memcached, with every Python client that Flask-Session takes and that keeps bytes. */
import { startMemcached } from "../services/memcached-server.ts";
import { requireService } from "../services/services.ts";
import { type Cell, describeTwoWay } from "./two-way.ts";

interface Row extends Pick<Cell, "environment" | "format" | "options"> {
  /** As `test/python/apps/serving.py` names it. */
  readonly client: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

const rows: readonly Row[] = [
  { environment: "fs080-stores", client: "pylibmc", format: "msgpack", config: { SESSION_USE_SIGNER: true } },
  { environment: "fs080-stores", client: "python-memcached", format: "msgpack" },
  { environment: "fs080-stores", client: "pymemcache", format: "msgpack" },
  { environment: "fs080-stores", client: "compressed_serde", format: "msgpack" },
  {
    environment: "fs080-stores",
    client: "pylibmc",
    format: "json",
    config: { SESSION_SERIALIZATION_FORMAT: "json", PERMANENT_SESSION_LIFETIME: { days: 30 } },
  },
  {
    environment: "fs080-stores",
    client: "python-memcached",
    format: "msgpack",
    config: { SESSION_KEY_PREFIX: "ключ_b%[*]?\\:", SESSION_PERMANENT: false },
  },
  // Flask-Session 0.5 writes pickles of protocol 0 to memcached.
  {
    environment: "fs050-flask22",
    client: "python-memcached",
    format: "pickle",
    options: { flaskSessionVersion: "0.5", flaskVersion: "2.2", readsBytes: true },
  },
];

describe("one login in memcached", () => {
  for (const { environment, client, format, config = {}, options = {} } of rows) {
    describeTwoWay({
      name: [environment, client, format, ...Object.keys(config)].join(", "),
      environment,
      format,
      options,
      open: async (context) => {
        requireService(context, "memcached");
        const server = await startMemcached();
        const both = { SESSION_TYPE: "memcached", ...config };
        return {
          flask: { ...both, SESSION_MEMCACHED: { client, server: server.address } },
          node: { ...both, SESSION_MEMCACHED: [server.address] },
          end: () => server.stop(),
        };
      },
    });
  }
});
