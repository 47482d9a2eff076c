/** The contracts over MongoDB's protocol, through a client of the application's and through a URL. */
import { MongoClient } from "mongodb";
import type { InspectableStore } from "../../src/session/store.ts";
import { mongodbStore } from "../../src/stores/mongodb.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type StoreUnderTest } from "../contracts/store.ts";
import { startMongodb } from "../services/mongodb-server.ts";

interface Kind {
  readonly name: string;
  readonly open: (url: string) => StoreUnderTest<InspectableStore>;
}

const through = (client: MongoClient): StoreUnderTest<InspectableStore> => ({
  store: mongodbStore(client, { db: "shop", collection: "web.sessions" }),
  end: () => client.close(),
});

const kinds: readonly Kind[] = [
  {
    name: "a URL",
    open: (url) => {
      const store = mongodbStore(url);
      return { store, end: () => store.close() };
    },
  },
  { name: "a client", open: (url) => through(new MongoClient(url)) },
];

for (const { name, open } of kinds) {
  const make = async (): Promise<StoreUnderTest<InspectableStore>> => {
    const server = await startMongodb();
    const opened = open(server.url);
    return {
      store: opened.store,
      end: async () => {
        await opened.end();
        await server.stop();
      },
    };
  };
  describeStore(`mongodb through ${name}`, make, {
    compareAndSet: "everyone",
    format: undefined,
    touchesInGet: true,
    tellsExpiry: true,
  });
  describeInspectableStore(`mongodb through ${name}`, make, {
    listsKeys: true,
    expires: "on demand",
    countsLive: false,
    server: /^mongodb \d+\.\d+\.\d+$/,
  });
}
