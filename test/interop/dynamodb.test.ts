/** Flask and Node over one DynamoDB. */
import { addressOf, startDynamodb } from "../services/dynamodb-server.ts";
import { describeTwoWay } from "./two-way.ts";

interface Row {
  readonly format: "msgpack" | "json";
  readonly config: Readonly<Record<string, unknown>>;
}

const rows: readonly Row[] = [
  { format: "msgpack", config: { SESSION_USE_SIGNER: true } },
  {
    format: "json",
    config: {
      SESSION_SERIALIZATION_FORMAT: "json",
      SESSION_DYNAMODB_TABLE: "web.sessions-1",
      SESSION_KEY_PREFIX: "a_b%[*]?\\:",
      SESSION_PERMANENT: false,
    },
  },
];

describe("one login in DynamoDB", () => {
  for (const { format, config } of rows) {
    describeTwoWay({
      name: [format, ...Object.keys(config)].join(", "),
      environment: "fs080-stores",
      format,
      open: async () => {
        const server = await startDynamodb();
        const both = { SESSION_TYPE: "dynamodb", SESSION_DYNAMODB: addressOf(server), ...config };
        return { flask: both, node: both, end: () => server.stop() };
      },
    });
  }
});
