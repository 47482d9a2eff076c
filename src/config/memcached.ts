/** SESSION_TYPE memcached: Flask's keys as the options of the store. */
import { refused } from "../session/checks.ts";
import type { Store } from "../session/store.ts";
import { isBefore, type Version } from "../session/versions.ts";
import { isMemcachedClient } from "../stores/memcached/client.ts";
import { isKeyText } from "../stores/memcached/values.ts";
import { type MemcachedOptions, memcachedStore } from "../stores/memcached.ts";
import type { CheckedKeys } from "./key-checks.ts";
import type { StoreOptions } from "./own-options.ts";

/** The longest session id that is looked for. */
const LONGEST_SID = "s".repeat(128);

/** @throws ConfigError that names the key */
export function memcached(keys: CheckedKeys, { readsBytes }: StoreOptions, flaskSessionVersion: Version): Store {
  checkPrefix(keys.SESSION_KEY_PREFIX ?? "session:", "SESSION_KEY_PREFIX");
  if (readsBytes === undefined && isBefore(flaskSessionVersion, 0, 6)) {
    throw refused(
      "SESSION_TYPE memcached beside Flask-Session before 0.6",
      "python-memcached up to 1.58 reads pickles of protocol 0 only, which are not written here; if the Python client is " +
        "pylibmc, or python-memcached 1.59 or later, give the option readsBytes: true",
    );
  }
  return memcachedStore({ ...whereOf(keys.SESSION_MEMCACHED), readsBytes });
}

/** A server or a client, as the store's option for it. */
export function whereOf(given: CheckedKeys["SESSION_MEMCACHED"]): Pick<MemcachedOptions, "server" | "client"> {
  return isMemcachedClient(given) ? { client: given } : { server: given };
}

/** @throws ConfigError where memcached cannot have keys with this prefix */
export function checkPrefix(prefix: string, key: string): void {
  if (isKeyText(prefix + LONGEST_SID)) return;
  throw refused(key, "keys of memcached have no spaces and control characters, and leave 122 bytes for the prefix");
}
