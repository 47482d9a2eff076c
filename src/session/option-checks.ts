/** What each option of `createSessions` may be. */
import { createHmac } from "node:crypto";
import type { Limits } from "../bytes/limits.ts";
import { isWellFormed } from "../bytes/utf8.ts";
import type { PickleProtocol, Python2Strings } from "../codecs/codec.ts";
import {
  booleanOf,
  type Check,
  type Checks,
  kindOf,
  members,
  objectOf,
  oneOf,
  refused,
  textOf,
  wholeNumber,
} from "./checks.ts";
import { COOKIE_CHECKS, cookieNameOf } from "./cookie-attributes.ts";
import type { SessionEvent } from "./events.ts";
import { lifetimeSecondsOf } from "./lifetime.ts";
import type { CookieOptions, CookieSigning, FlaskSessionVersion, SessionOptions, SidSigner } from "./options.ts";
import type { Store } from "./store.ts";
import { versionOf } from "./versions.ts";

/** The longest delay of Node's timers. */
const MAX_MILLIS = 2 ** 31 - 1;

/** Bytes of randomness: the most whose base64url form is a sid, which has at most 128 characters. */
export const sidLengthOf: Check<number> = wholeNumber(1, 96);

/** Protocols that the pickle codec writes. */
const pickleProtocolOf: Check<PickleProtocol> = oneOf(2, 3, 4, 5);

/** How pickles of Python 2 are read. */
const python2StringsOf: Check<Python2Strings> = oneOf("ascii", "latin1");

/** Formats in which Flask-Session >= 0.7 writes. */
export const serializationFormatOf: Check<"msgpack" | "json"> = oneOf("msgpack", "json");

/** Deadlines. */
const millisOf: Check<number> = wholeNumber(1, MAX_MILLIS);

/** Limits of decoders. All recursion must stay below `maxDepth`, so it cannot be raised at will. */
const limitsOf: Check<Partial<Limits>> = members<Limits>(
  { maxBytes: wholeNumber(1, 512 * 1024 * 1024), maxDepth: wholeNumber(1, 750), maxItems: wholeNumber(1, 10_000_000) },
  "limits.",
);

/** A key as itsdangerous takes it: text, which it encodes as UTF-8, or bytes. */
export function secretKeyOf(value: unknown, name: string): string | Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) throw refused(name, "it must be one key; older ones belong into SECRET_KEY_FALLBACKS");
  if (typeof value !== "string") throw refused(name, `it must be text or a Uint8Array, not ${kindOf(value)}`);
  if (!isWellFormed(value)) throw refused(name, "it must not hold half a surrogate pair");
  return value;
}

/** A release line, named by its first two numbers; a third is passed over. */
function flaskSessionVersionOf(value: unknown, name: string): FlaskSessionVersion {
  const line = versionOf(value, name).join(".");
  return oneOf("0.3", "0.4", "0.5", "0.6", "0.7", "0.8")(line, name);
}

/** A version, checked and left as it is. */
function flaskVersionOf(value: unknown, name: string): string {
  return versionOf(value, name).join(".");
}

/** A listener for events. */
function listenerOf(value: unknown, name: string): (event: SessionEvent) => void {
  if (typeof value !== "function") throw refused(name, `it must be a function, not ${kindOf(value)}`);
  return value as (event: SessionEvent) => void;
}

/** How an app of its own mind signs its sids. */
const sidSignerOf: Check<Partial<SidSigner>> = members<SidSigner>(
  { salt: textOf, keyDerivation: oneOf("concat", "django-concat", "hmac", "none"), digest: digestOf },
  "sidSigner.",
);

/** How Flask's own cookie is signed. */
const cookieSigningOf: Check<Partial<CookieSigning>> = members<CookieSigning>(
  {
    salt: textOf,
    keyDerivation: oneOf("concat", "django-concat", "hmac", "none"),
    digest: digestOf,
    epoch: oneOf("1970", "2011"),
  },
  "cookieSession.",
);

/** Keys that only verify; whoever gives one key as text means a list of one. */
function secretKeysOf(value: unknown, name: string): readonly (string | Uint8Array)[] {
  if (!Array.isArray(value)) throw refused(name, `it must be a list of keys, not ${kindOf(value)}`);
  const keys = value.map((secretKey) => secretKeyOf(secretKey, name));
  if (keys.some(({ length }) => length === 0)) throw refused(name, "a key in it is empty, and everybody has that one");
  return keys;
}

/** The options of {@link SessionOptions}; what flaskConfig has made of Flask's keys passes too. */
export const OPTION_CHECKS: Checks<SessionOptions> = {
  store: storeOf,
  cookieSession: (value, name) => (value === true ? true : cookieSigningOf(value, name)),
  secretKey: secretKeyOf,
  secretKeyFallbacks: secretKeysOf,
  maxCookieSizeBytes: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  clockSkewSeconds: wholeNumber(0, 3600),
  useSigner: booleanOf,
  sidSigner: sidSignerOf,
  keyPrefix: textOf,
  sidLengthBytes: sidLengthOf,
  cookieName: cookieNameOf,
  cookie: members<CookieOptions>(COOKIE_CHECKS, "cookie."),
  lifetimeSeconds: lifetimeSecondsOf,
  permanent: booleanOf,
  refreshEachRequest: booleanOf,
  serializationFormat: serializationFormatOf,
  flaskSessionVersion: flaskSessionVersionOf,
  flaskVersion: flaskVersionOf,
  pickleProtocol: pickleProtocolOf,
  python2Strings: python2StringsOf,
  limits: limitsOf,
  readTimeoutMillis: millisOf,
  saveTimeoutMillis: millisOf,
  onEvent: listenerOf,
  extensions: (value, name) => objectOf(value, name) as NonNullable<SessionOptions["extensions"]>,
  warnings: textsOf,
};

const STORE_METHODS = ["get", "set", "touch", "delete", "close"] as const;

function storeOf(value: unknown, name: string): Store {
  const store = objectOf(value, name) as Partial<Record<string, unknown>>;
  // A Redis client has get and set too; only a store of ours says how it compares.
  const methods = STORE_METHODS.every((method) => typeof store[method] === "function");
  if (!methods || typeof store["compareAndSet"] !== "string") {
    throw refused(name, "it must be a store, such as redisStore(client) makes");
  }
  return value as Store;
}

function digestOf(value: unknown, name: string): string {
  const digest = textOf(value, name);
  try {
    createHmac(digest, "").digest();
  } catch {
    throw refused(name, "Node has no such digest for HMAC");
  }
  return digest;
}

function textsOf(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value)) throw refused(name, `it must be a list of texts, not ${kindOf(value)}`);
  return value.map((text) => textOf(text, name));
}
