/** The store of a config that names one. */
import { flaskConfig } from "../../src/config/index.ts";
import type { Store } from "../../src/session/store.ts";

/** @throws where the config means Flask's own cookie */
export function storeOf(...config: Parameters<typeof flaskConfig>): Store {
  const { store } = flaskConfig(...config);
  if (store === undefined) throw new Error("the config has no store");
  return store;
}
