/** The contracts over DynamoDB's protocol, through a client of the application's and through an address. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { InspectableStore } from "../../src/session/store.ts";
import { dynamodbStore } from "../../src/stores/dynamodb.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type StoreUnderTest } from "../contracts/store.ts";
import { addressOf, type DynamodbServer, makeTable, startDynamodb } from "../services/dynamodb-server.ts";

interface Kind {
  readonly name: string;
  readonly open: (server: DynamodbServer, table: string) => StoreUnderTest<InspectableStore>;
}

const kinds: readonly Kind[] = [
  {
    name: "an address",
    open: (server, table) => {
      const store = dynamodbStore({ address: addressOf(server), table });
      return { store, end: () => store.close() };
    },
  },
  {
    name: "a client",
    open: (server, table) => {
      const client = new DynamoDBClient(addressOf(server));
      return {
        store: dynamodbStore({ client, table, flaskTimeZone: "America/New_York" }),
        end: async () => {
          client.destroy();
        },
      };
    },
  },
];

for (const { name, open } of kinds) {
  const make = async (): Promise<StoreUnderTest<InspectableStore>> => {
    const server = await startDynamodb();
    const opened = open(server, await makeTable(server));
    return {
      store: opened.store,
      end: async () => {
        await opened.end();
        await server.stop();
      },
    };
  };
  describeStore(`dynamodb through ${name}`, make, {
    compareAndSet: "everyone",
    format: undefined,
    touchesInGet: false,
    tellsExpiry: true,
  });
  describeInspectableStore(`dynamodb through ${name}`, make, {
    listsKeys: true,
    expires: "on demand",
    countsLive: false,
    server: undefined,
  });
}
