/** Races on MongoDB's protocol. */
import { mongodbStore } from "../../../src/stores/mongodb.ts";
import { describeRaces } from "../../contracts/races.ts";
import { startMongodb } from "../../services/mongodb-server.ts";

describeRaces("mongodb", async () => {
  const server = await startMongodb();
  const stores = [mongodbStore(server.url), mongodbStore(server.url)] as const;
  return {
    stores,
    module: "stores/mongodb.js",
    make: "mongodbStore",
    args: [server.url],
    end: async () => {
      for (const store of stores) await store.close();
      await server.stop();
    },
  };
});
