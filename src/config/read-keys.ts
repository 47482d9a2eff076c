/** Picks Flask's keys out of a config. */
import { type Check, objectOf } from "../session/checks.ts";
import { nearest } from "../session/nearest.ts";
import { isExtensionKey } from "./extension-keys.ts";
import type { FlaskConfig } from "./flask-keys.ts";
import { type CheckedKeys, isFlaskKey, KEY_CHECKS } from "./key-checks.ts";
import { refuseOwnOption } from "./own-options.ts";

/** What a config says of sessions, and what it probably meant to say. */
export interface ReadKeys {
  readonly keys: CheckedKeys;
  readonly warnings: readonly string[];
}

/** @throws ConfigError that names the key */
export function readKeys(config: FlaskConfig): ReadKeys {
  const keys: Partial<Record<string, unknown>> = {};
  const warnings: string[] = [];
  for (const [key, value] of Object.entries(objectOf(config, "Flask's config"))) {
    if (!isFlaskKey(key)) {
      refuseOwnOption(key);
      if (isUnknownSessionKey(key)) warnings.push(unknownKey(key));
    } else if (value !== undefined) {
      const check: Check<unknown> = KEY_CHECKS[key];
      keys[key] = check(value, key);
    }
  }
  return { keys, warnings };
}

/** Whether a key that is not Flask's looks like one: Python has one namespace for all extensions; `SESSION_` is meant for us. */
export function isUnknownSessionKey(key: string): boolean {
  return !isExtensionKey(key) && (/^session_/i.test(key) || isFlaskKey(key.toUpperCase()));
}

function unknownKey(key: string): string {
  // Flask-Session's own changelog calls it so.
  const meant = key === "SESSION_KEY_LENGTH" ? "SESSION_ID_LENGTH" : nearest(key, Object.keys(KEY_CHECKS));
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `Neither Flask nor Flask-Session knows the key ${key}${hint}`;
}
