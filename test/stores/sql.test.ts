/** The contracts over each database, through every kind of client that the store takes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { InspectableStore } from "../../src/session/store.ts";
import { sqlStore } from "../../src/stores/sql.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type MakeStore, type StoreUnderTest } from "../contracts/store.ts";

interface Kind {
  readonly name: string;
  readonly server: RegExp;
  readonly make: MakeStore<InspectableStore>;
}

const kinds: readonly Kind[] = [
  {
    name: "SQLite",
    server: /^sqlite 3\.\d+\.\d+$/,
    make: async (): Promise<StoreUnderTest<InspectableStore>> => {
      const folder = await mkdtemp(join(tmpdir(), "sql-"));
      const database = new DatabaseSync(join(folder, "sessions.db"));
      // A test has nothing to lose in a power cut.
      database.exec("PRAGMA synchronous = OFF");
      return {
        store: sqlStore({ client: database, create: true }),
        end: async () => {
          database.close();
          await rm(folder, { recursive: true });
        },
      };
    },
  },
];

for (const { name, server, make } of kinds) {
  describeStore(`sql through ${name}`, make, {
    compareAndSet: "everyone",
    format: undefined,
    touchesInGet: false,
    tellsExpiry: true,
  });
  describeInspectableStore(`sql through ${name}`, make, { listsKeys: true, expires: "on demand", server });
}
