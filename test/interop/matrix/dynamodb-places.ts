/** DynamoDB in the matrix, a table for each app, which Flask makes. */
import { randomBytes } from "node:crypto";
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { addressOf, startDynamodb } from "../../services/dynamodb-server.ts";
import { hasFlaskSessionBefore } from "../sides.ts";
import { type Place, type Places, SETTINGS, served } from "./place.ts";

export const dynamodb: Places = {
  name: "DynamoDB",
  about: `Records are msgpack and JSON. ${SETTINGS}`,
  serializes: true,
  isFor: (side) => !hasFlaskSessionBefore(side, 0, 8),
  lendsDriver: true,
  ...served(opened, ({ url, client }) => {
    const table = `T${randomBytes(6).toString("hex")}`;
    return {
      config: { SESSION_TYPE: "dynamodb", SESSION_DYNAMODB: addressOf({ url }), SESSION_DYNAMODB_TABLE: table },
      node: { SESSION_DYNAMODB: addressOf({ url }) },
      ...itemsIn(client, table),
    };
  }),
};

async function opened(): Promise<{ readonly url: string; readonly client: DynamoDBClient; stop(): Promise<void> }> {
  const server = await startDynamodb();
  const client = new DynamoDBClient(addressOf(server));
  return {
    url: server.url,
    client,
    stop: async () => {
      client.destroy();
      await server.stop();
    },
  };
}

function itemsIn(client: DynamoDBClient, TableName: string): Omit<Place, "config"> {
  const items = async (): Promise<readonly Record<string, AttributeValue>[]> => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
    return Items;
  };
  return {
    async lying() {
      return (await items()).map(({ val, expiration }) => ({
        bytes: val?.B as Uint8Array,
        secondsLeft: Number(expiration?.N) - Date.now() / 1000,
      }));
    },
    async replace({ bytes, secondsLeft }) {
      // Flask-Session 0.8 serves what is over until somebody deletes it.
      if (secondsLeft <= 0) return this.clear();
      const [item] = await items();
      const expiration = { N: String(Date.now() / 1000 + secondsLeft) };
      await client.send(new PutItemCommand({ TableName, Item: { ...item, val: { B: bytes }, expiration } }));
    },
    async clear() {
      for (const { id } of await items()) {
        await client.send(new DeleteItemCommand({ TableName, Key: { id: id as AttributeValue } }));
      }
    },
  };
}
