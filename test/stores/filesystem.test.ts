/** The contracts over session files, with either kind of names. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InspectableStore } from "../../src/session/store.ts";
import { filesystemStore } from "../../src/stores/filesystem.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type StoreUnderTest } from "../contracts/store.ts";

for (const fileNames of ["md5", "sha256"] as const) {
  const make = async (): Promise<StoreUnderTest<InspectableStore>> => {
    const directory = await mkdtemp(join(tmpdir(), "sessions-"));
    const store = filesystemStore({ directory, fileNames });
    return {
      store,
      end: async () => {
        await store.close();
        await rm(directory, { recursive: true });
      },
    };
  };
  const name = `filesystem with ${fileNames} names`;
  describeStore(name, make, { compareAndSet: "node", format: "pickle", touchesInGet: false, tellsExpiry: true });
  describeInspectableStore(name, make, { listsKeys: false, expires: "on demand", server: undefined });
}
