/** `flask-session-node/config`: the config of a Flask app, taken as it is. */
import { SecretKeyMissingError } from "../errors.ts";
import { refused } from "../session/checks.ts";
import { serializationFormatOf } from "../session/option-checks.ts";
import type { CookieOptions, SessionOptions } from "../session/options.ts";
import type { Store } from "../session/store.ts";
import { isBefore, type Version, versionOf } from "../session/versions.ts";
import { cookieOptions, isCookieConfig } from "./cookie-config.ts";
import { cookieScope } from "./cookie-scope.ts";
import { extensionConfigs } from "./extension-keys.ts";
import type { FlaskConfig } from "./flask-keys.ts";
import type { CheckedKeys } from "./key-checks.ts";
import { type FlaskConfigOptions, ownOptions } from "./own-options.ts";
import { readKeys } from "./read-keys.ts";
import { storeOf } from "./session-types.ts";

export type { CsrfConfig, CsrfKeys, LoginConfig, LoginKeys } from "./extension-keys.ts";
export type { FileSystemCache, FlaskConfig, FlaskKeys, KnownKeys, MemcachedCache, RedisCache } from "./flask-keys.ts";
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
export function flaskConfig(
  config: FlaskConfig & { readonly SESSION_TYPE: string },
  options?: FlaskConfigOptions,
): SessionOptions & { readonly store: Store };
export function flaskConfig(config: FlaskConfig, options?: FlaskConfigOptions): SessionOptions;
export function flaskConfig(config: FlaskConfig, options: FlaskConfigOptions = {}): SessionOptions {
  const { keys, warnings } = readKeys(config);
  const own = ownOptions(options);
  const flask = versionOf(own.flaskVersion ?? "3.1", "flaskVersion");
  const made = isCookieConfig(config, keys)
    ? inCookie(keys, own, flask, warnings)
    : inStore(keys, own, flask, warnings);
  return { ...made, extensions: extensionConfigs(config, { ...keys, ...own }) };
}

/** Flask without Flask-Session. */
function inCookie(
  keys: CheckedKeys,
  { fileNames, create, readsBytes, flaskInstancePath, flaskTimeZone, cookieSession, ...own }: FlaskConfigOptions,
  flask: Version,
  given: readonly string[],
): SessionOptions {
  for (const [name, value] of Object.entries({ fileNames, create, readsBytes, flaskInstancePath, flaskTimeZone })) {
    if (value !== undefined) throw refused(name, "without SESSION_TYPE there is no store");
  }
  const { options, partitioned, warnings } = cookieOptions(keys, flask);
  const hasSameSite = !isBefore(flask, 1, 0);
  const cookie = cookieOf(keys, flask, hasSameSite);
  return {
    ...own,
    ...options,
    ...present({ cookieSession, ...flaskOwn(keys) }),
    cookie: partitioned ? { ...cookie, partitioned } : cookie,
    warnings: [...given, ...warnings, ...unusedSameSite(keys, hasSameSite)],
  };
}

/** Flask with Flask-Session. */
function inStore(
  keys: CheckedKeys,
  { fileNames, create, readsBytes, flaskInstancePath, flaskTimeZone, cookieSession, ...own }: FlaskConfigOptions,
  flask: Version,
  warnings: readonly string[],
): SessionOptions {
  if (cookieSession !== undefined)
    throw refused("cookieSession", "SESSION_TYPE is set, and a session lies in one place");
  const flaskSession = versionOf(own.flaskSessionVersion ?? "0.8", "flaskSessionVersion");
  const hasSameSite = !isBefore(flask, 1, 0) && !isBefore(flaskSession, 0, 4);
  return {
    ...own,
    ...signing(keys, own),
    store: storeOf(keys, { fileNames, create, readsBytes, flaskInstancePath, flaskTimeZone }, flaskSession),
    ...present({
      keyPrefix: keys.SESSION_KEY_PREFIX,
      sidLengthBytes: keys.SESSION_ID_LENGTH,
      permanent: keys.SESSION_PERMANENT,
      serializationFormat: serializationFormat(keys, flaskSession),
      ...flaskOwn(keys),
    }),
    cookie: cookieOf(keys, flask, hasSameSite),
    warnings: [...warnings, ...unusedPartitioned(keys), ...unusedSameSite(keys, hasSameSite)],
  };
}

/** What both kinds of session have from Flask itself. */
function flaskOwn(keys: CheckedKeys): Pick<SessionOptions, "cookieName" | "lifetimeSeconds" | "refreshEachRequest"> {
  return present({
    cookieName: keys.SESSION_COOKIE_NAME,
    lifetimeSeconds: keys.PERMANENT_SESSION_LIFETIME,
    refreshEachRequest: keys.SESSION_REFRESH_EACH_REQUEST,
  });
}

function cookieOf(keys: CheckedKeys, flask: Version, hasSameSite: boolean): CookieOptions {
  return {
    ...cookieScope(keys, flask),
    ...present({
      httpOnly: keys.SESSION_COOKIE_HTTPONLY,
      secure: keys.SESSION_COOKIE_SECURE,
      sameSite: hasSameSite ? keys.SESSION_COOKIE_SAMESITE : undefined,
    }),
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
function unusedPartitioned({ SESSION_COOKIE_PARTITIONED }: CheckedKeys): string[] {
  return SESSION_COOKIE_PARTITIONED === true
    ? ["SESSION_COOKIE_PARTITIONED has no effect: Flask-Session does not send it"]
    : [];
}

function unusedSameSite({ SESSION_COOKIE_SAMESITE }: CheckedKeys, hasSameSite: boolean): string[] {
  return SESSION_COOKIE_SAMESITE !== undefined && !hasSameSite
    ? ["SESSION_COOKIE_SAMESITE has no effect: Flask-Session sends it since 0.4, Flask since 1.0"]
    : [];
}

type Present<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
