/** The options of `createSessions`, checked, every default filled in, with what follows from them. */
import { DEFAULT_LIMITS, type Limits } from "../bytes/limits.ts";
import type { Format, PickleProtocol, Python2Strings } from "../codecs/codec.ts";
import { SecretKeyMissingError } from "../errors.ts";
import { members, objectOf, refused } from "./checks.ts";
import type { CookieAttributes, DuplicateCookies } from "./cookie.ts";
import { cookieAttributes, cookieWarnings } from "./cookie-attributes.ts";
import { type Emit, quietly } from "./emit.ts";
import { DEFAULT_LIFETIME_SECONDS } from "./lifetime.ts";
import { OPTION_CHECKS } from "./option-checks.ts";
import type { SessionOptions, SidSigner } from "./options.ts";
import type { Store } from "./store.ts";
import { isBefore, versionOf } from "./versions.ts";

/** Keys shorter than this can be guessed by trying (CVE-2023-27524 was a known one). */
const WEAK_KEY_BYTES = 16;

/** 64 bits, of which OWASP says that a session id needs them. */
const WEAK_SID_BYTES = 8;

/** What sessions in a store and in a cookie both work with. */
export interface CommonOptions {
  readonly cookieName: string;
  /** All that stands in Set-Cookie but the value and Expires. */
  readonly cookie: CookieAttributes;
  readonly duplicateCookies: DuplicateCookies;
  readonly lifetimeSeconds: number;
  readonly refreshEachRequest: boolean;
  readonly limits: Limits;
  /** Absent where nobody listens. Never throws. */
  readonly emit?: Emit;
  readonly extensions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What sessions in a store work with. */
export interface ResolvedOptions extends CommonOptions {
  readonly store: Store;
  /** Present where {@link sidSigner} is. */
  readonly secretKey?: string | Uint8Array;
  /** Present where sids are signed. */
  readonly sidSigner?: Required<SidSigner>;
  readonly keyPrefix: string;
  /** `uuid4` up to Flask-Session 0.5, `secrets.token_urlsafe` since. */
  readonly newSidKind: "uuid4" | "urlsafe";
  /** Of a `urlsafe` sid. */
  readonly sidLengthBytes: number;
  readonly permanent: boolean;
  /** What SESSION_SERIALIZATION_FORMAT says, which says nothing of new records where {@link readsOnlyPickle}. */
  readonly serializationFormat: "msgpack" | "json";
  /** The format of new records. */
  readonly defaultFormat: Format;
  /** Whether the Python side reads nothing but pickles: Flask-Session < 0.7, and files in every version. */
  readonly readsOnlyPickle: boolean;
  readonly pickleProtocol: PickleProtocol;
  readonly python2Strings: Python2Strings;
  readonly readTimeoutMillis: number;
  readonly saveTimeoutMillis: number;
}

/** Options whose names and values are known to be right. */
export type Given = Partial<SessionOptions>;

/** Options of which nothing is known. @throws ConfigError that names the option */
export function checkedOptions(options: SessionOptions): Given {
  const given = members(OPTION_CHECKS)(objectOf(options, "the options"), "the options");
  if (given.store !== undefined && given.cookieSession !== undefined) {
    throw refused("cookieSession", "there is a store too, and a session lies in one place");
  }
  return given;
}

/** What both kinds of session take from their options. */
export function commonOptions(given: Given): CommonOptions {
  const flaskVersion = versionOf(given.flaskVersion ?? "3.1", "flaskVersion");
  return {
    cookieName: given.cookieName ?? "session",
    cookie: cookieAttributes(given.cookie ?? {}, flaskVersion),
    // Flask 1.1 came with Werkzeug 1.0, which turned the order round.
    duplicateCookies: isBefore(flaskVersion, 1, 1) ? "last" : "first",
    lifetimeSeconds: given.lifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS,
    refreshEachRequest: given.refreshEachRequest ?? true,
    limits: { ...DEFAULT_LIMITS, ...given.limits },
    ...(given.onEvent === undefined ? {} : { emit: quietly(given.onEvent) }),
    extensions: given.extensions ?? {},
  };
}

/** Options that only Flask's own cookie has. */
const COOKIE_ONLY = ["secretKeyFallbacks", "maxCookieSizeBytes"] as const;

/**
 * Checks and fills in the options of sessions in a store, and emits what there is to warn of.
 * @throws SecretKeyMissingError where sids are signed without a key
 * @throws ConfigError that names the option
 */
export function resolveOptions(options: SessionOptions): ResolvedOptions {
  const given = checkedOptions(options);
  const { store } = given;
  if (store === undefined) {
    throw refused("store", "it is missing; redisStore(client) makes one, and cookieSession: true does without");
  }
  for (const name of COOKIE_ONLY) {
    if (given[name] !== undefined) throw refused(name, "only Flask's own cookie has it, and there is a store");
  }
  if (given.cookie?.partitioned === true) throw refused("cookie.partitioned", "Flask-Session does not send it");
  const resolved: ResolvedOptions = {
    ...commonOptions(given),
    store,
    ...signing(given),
    ...formats(store, given),
    keyPrefix: given.keyPrefix ?? "session:",
    sidLengthBytes: given.sidLengthBytes ?? 32,
    permanent: given.permanent ?? true,
    python2Strings: given.python2Strings ?? "ascii",
    readTimeoutMillis: given.readTimeoutMillis ?? 1000,
    saveTimeoutMillis: given.saveTimeoutMillis ?? 5000,
  };
  warn(resolved, [...(given.warnings ?? []), ...keyWarnings(resolved.secretKey), ...sidWarnings(resolved)]);
  return resolved;
}

function signing({ useSigner, sidSigner, secretKey }: Given): Pick<ResolvedOptions, "secretKey" | "sidSigner"> {
  if (useSigner === false && sidSigner !== undefined) throw refused("sidSigner", "useSigner is false");
  if (useSigner !== true && sidSigner === undefined) return {};
  if (secretKey === undefined || secretKey.length === 0) {
    throw new SecretKeyMissingError("Cannot sign session ids: secretKey (Flask's SECRET_KEY) is missing");
  }
  return { secretKey, sidSigner: { salt: "flask-session", keyDerivation: "hmac", digest: "sha1", ...sidSigner } };
}

type Formats = Pick<
  ResolvedOptions,
  "newSidKind" | "serializationFormat" | "defaultFormat" | "readsOnlyPickle" | "pickleProtocol"
>;

function formats(store: Store, given: Given): Formats {
  const { serializationFormat = "msgpack", flaskSessionVersion = "0.8", pickleProtocol = 4 } = given;
  const version = versionOf(flaskSessionVersion, "flaskSessionVersion");
  const readsOnlyPickle = store.format === "pickle" || isBefore(version, 0, 7);
  return {
    newSidKind: isBefore(version, 0, 6) ? "uuid4" : "urlsafe",
    serializationFormat,
    defaultFormat: readsOnlyPickle ? "pickle" : serializationFormat,
    readsOnlyPickle,
    pickleProtocol,
  };
}

/** Emits what there is to warn of, of the cookie too. */
export function warn({ cookieName, cookie, emit }: CommonOptions, messages: readonly string[]): void {
  for (const message of [...messages, ...cookieWarnings(cookieName, cookie)]) {
    if (emit === undefined) process.emitWarning(message, "FlaskSessionWarning");
    else emit({ type: "config-warning", message });
  }
}

/** What there is to say of a secret key. */
export function keyWarnings(secretKey: string | Uint8Array | undefined): string[] {
  if (secretKey === undefined || Buffer.byteLength(secretKey) >= WEAK_KEY_BYTES) return [];
  return [`secretKey (SECRET_KEY) has fewer than ${WEAK_KEY_BYTES} bytes: who guesses it signs session ids`];
}

function sidWarnings({ newSidKind, sidLengthBytes }: ResolvedOptions): string[] {
  if (newSidKind !== "urlsafe" || sidLengthBytes >= WEAK_SID_BYTES) return [];
  return [`sidLengthBytes (SESSION_ID_LENGTH) is below ${WEAK_SID_BYTES}: session ids can be guessed`];
}
