/** Flask and Node over one MongoDB. */
import { startMongodb } from "../services/mongodb-server.ts";
import { type Cell, describeTwoWay } from "./two-way.ts";

interface Row extends Pick<Cell, "environment" | "format" | "options"> {
  readonly config?: Readonly<Record<string, unknown>>;
}

const rows: readonly Row[] = [
  { environment: "fs080-stores", format: "msgpack", config: { SESSION_USE_SIGNER: true } },
  {
    environment: "fs080-stores",
    format: "json",
    config: {
      SESSION_SERIALIZATION_FORMAT: "json",
      SESSION_MONGODB_DB: "shop",
      SESSION_MONGODB_COLLECT: "web.sessions",
      SESSION_KEY_PREFIX: "a_b%[*]?\\:",
      SESSION_PERMANENT: false,
    },
  },
  // Flask-Session 0.5 works with pymongo 3 only.
  {
    environment: "fs050-flask22",
    format: "pickle",
    options: { flaskSessionVersion: "0.5", flaskVersion: "2.2" },
  },
];

describe("one login in MongoDB", () => {
  for (const { environment, format, config = {}, options = {} } of rows) {
    describeTwoWay({
      name: [environment, format, ...Object.keys(config)].join(", "),
      environment,
      format,
      options,
      open: async () => {
        const server = await startMongodb();
        const both = { SESSION_TYPE: "mongodb", SESSION_MONGODB: server.url, ...config };
        return { flask: both, node: both, end: () => server.stop() };
      },
    });
  }
});
