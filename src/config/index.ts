/** `flask-session-node/config`: the config of a Flask app, taken as it is. */
import { SecretKeyMissingError } from "../errors.ts";
import { refused } from "../session/checks.ts";
import { serializationFormatOf } from "../session/option-checks.ts";
import type { SessionOptions } from "../session/options.ts";
import { isBefore, type Version, versionOf } from "../session/versions.ts";
import { cookieScope } from "./cookie-scope.ts";
import type { FlaskConfig } from "./flask-keys.ts";
import type { CheckedKeys } from "./key-checks.ts";
import { type FlaskConfigOptions, ownOptions } from "./own-options.ts";
import { readKeys } from "./read-keys.ts";
import { storeOf } from "./session-types.ts";

export type { FileSystemCache, FlaskConfig, FlaskKeys, MemcachedCache, RedisCache } from "./flask-keys.ts";
export type { FlaskConfigOptions } from "./own-options.ts";

/**
 * Makes the options of `createSessions` and `flaskSession` from the keys of a Flask app. Opens nothing: the store does
 * that at its first call.
 * @param config Flask's keys, spelled as in Python; keys of other extensions are passed over
 * @param options what Flask has no key for
 * @throws SecretKeyMissingError where session ids are to be signed without SECRET_KEY
 * @throws UnsupportedSessionTypeError for a SESSION_TYPE that there is no store for
 * @throws ConfigError that names the key
 */
export function flaskConfig(config: FlaskConfig, options: FlaskConfigOptions = {}): SessionOptions {
  const { keys, warnings } = readKeys(config);
  const { fileNames, create, readsBytes, flaskTimeZone, ...own } = ownOptions(options);
  const flask = versionOf(own.flaskVersion ?? "3.1", "flaskVersion");
  const flaskSession = versionOf(own.flaskSessionVersion ?? "0.8", "flaskSessionVersion");
  const hasSameSite = !isBefore(flask, 1, 0) && !isBefore(flaskSession, 0, 4);
  return {
    ...own,
    ...signing(keys, own),
    store: storeOf(keys, { fileNames, create, readsBytes, flaskTimeZone }, flaskSession),
    ...present({
      keyPrefix: keys.SESSION_KEY_PREFIX,
      sidLengthBytes: keys.SESSION_ID_LENGTH,
      cookieName: keys.SESSION_COOKIE_NAME,
      lifetimeSeconds: keys.PERMANENT_SESSION_LIFETIME,
      permanent: keys.SESSION_PERMANENT,
      refreshEachRequest: keys.SESSION_REFRESH_EACH_REQUEST,
      serializationFormat: serializationFormat(keys, flaskSession),
    }),
    cookie: {
      ...cookieScope(keys, flask),
      ...present({
        httpOnly: keys.SESSION_COOKIE_HTTPONLY,
        secure: keys.SESSION_COOKIE_SECURE,
        sameSite: hasSameSite ? keys.SESSION_COOKIE_SAMESITE : undefined,
      }),
    },
    warnings: [...warnings, ...unusedKeys(keys, hasSameSite)],
  };
}

function signing(
  keys: CheckedKeys,
  { sidSigner }: FlaskConfigOptions,
): Pick<SessionOptions, "secretKey" | "useSigner"> {
  const { SECRET_KEY, SESSION_USE_SIGNER } = keys;
  if (SESSION_USE_SIGNER === false && sidSigner !== undefined)
    throw refused("sidSigner", "SESSION_USE_SIGNER is false");
  const signs = SESSION_USE_SIGNER === true || sidSigner !== undefined;
  if (signs && !SECRET_KEY?.length) throw new SecretKeyMissingError("Cannot sign session ids: SECRET_KEY is missing");
  return present({ secretKey: SECRET_KEY, useSigner: SESSION_USE_SIGNER });
}

/** Flask-Session < 0.7 knows no such key, so whatever it holds says nothing. */
function serializationFormat(keys: CheckedKeys, flaskSession: Version): SessionOptions["serializationFormat"] {
  const { SESSION_SERIALIZATION_FORMAT: format } = keys;
  if (format === undefined || isBefore(flaskSession, 0, 7)) return undefined;
  return serializationFormatOf(format, "SESSION_SERIALIZATION_FORMAT");
}

/** A cookie of ours with attributes that Flask's lacks would be another cookie, or take turns with it. */
function unusedKeys(keys: CheckedKeys, hasSameSite: boolean): string[] {
  const unused: string[] = [];
  if (keys.SESSION_COOKIE_PARTITIONED) {
    unused.push("SESSION_COOKIE_PARTITIONED has no effect: Flask-Session does not send it");
  }
  if (keys.SESSION_COOKIE_SAMESITE && !hasSameSite) {
    unused.push("SESSION_COOKIE_SAMESITE has no effect: Flask-Session sends it since 0.4, Flask since 1.0");
  }
  return unused;
}

type Present<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
