import type { InspectableStore } from "../../src/session/store.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { describeInspectableStore } from "../contracts/inspectable-store.ts";
import { describeStore, type StoreUnderTest } from "../contracts/store.ts";

const make = async (): Promise<StoreUnderTest<InspectableStore>> => {
  const store = memoryStore();
  return { store, end: () => store.close() };
};

describeStore("memory", make, {
  compareAndSet: "everyone",
  format: undefined,
  touchesInGet: false,
  tellsExpiry: true,
});
describeInspectableStore("memory", make, { listsKeys: true, expires: "on demand", server: undefined });
