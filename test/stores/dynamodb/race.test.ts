/** Races on DynamoDB's protocol. */
import { dynamodbStore } from "../../../src/stores/dynamodb.ts";
import { describeRaces } from "../../contracts/races.ts";
import { addressOf, makeTable, startDynamodb } from "../../services/dynamodb-server.ts";

describeRaces("dynamodb", async () => {
  const server = await startDynamodb();
  const options = { address: addressOf(server), table: await makeTable(server) };
  const stores = [dynamodbStore(options), dynamodbStore(options)] as const;
  return {
    stores,
    module: "stores/dynamodb.js",
    make: "dynamodbStore",
    args: [options],
    end: async () => {
      for (const store of stores) await store.close();
      await server.stop();
    },
  };
});
