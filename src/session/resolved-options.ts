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

/** What sessions work with. */
export interface ResolvedOptions {
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
  readonly cookieName: string;
  /** All that stands in Set-Cookie but the value and Expires. */
  readonly cookie: CookieAttributes;
  readonly duplicateCookies: DuplicateCookies;
  readonly lifetimeSeconds: number;
  readonly permanent: boolean;
  readonly refreshEachRequest: boolean;
  /** What SESSION_SERIALIZATION_FORMAT says, which says nothing where {@link readsOnlyPickle}. */
  readonly serializationFormat: "msgpack" | "json";
  /** The format of new records. */
  readonly defaultFormat: Format;
  /** Whether the Python side reads nothing but pickles: Flask-Session < 0.7, and files in every version. */
  readonly readsOnlyPickle: boolean;
  readonly pickleProtocol: PickleProtocol;
  readonly python2Strings: Python2Strings;
  readonly limits: Limits;
  readonly readTimeoutMillis: number;
  readonly saveTimeoutMillis: number;
  /** Absent where nobody listens. Never throws. */
  readonly emit?: Emit;
  readonly extensions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Checks the options, and emits what there is to warn of.
 * @throws SecretKeyMissingError where sids are signed without a key
 * @throws ConfigError that names the option
 */
export function resolveOptions(options: SessionOptions): ResolvedOptions {
  const given = members(OPTION_CHECKS)(objectOf(options, "the options"), "the options");
  if (given.store === undefined) throw refused("store", "it is missing; redisStore(client) makes one");
  const flaskVersion = versionOf(given.flaskVersion ?? "3.1", "flaskVersion");
  const resolved: ResolvedOptions = {
    store: given.store,
    ...signing(given),
    ...formats(given.store, given),
    keyPrefix: given.keyPrefix ?? "session:",
    sidLengthBytes: given.sidLengthBytes ?? 32,
    cookieName: given.cookieName ?? "session",
    cookie: cookieAttributes(given.cookie ?? {}, flaskVersion),
    // Flask 1.1 came with Werkzeug 1.0, which turned the order round.
    duplicateCookies: isBefore(flaskVersion, 1, 1) ? "last" : "first",
    lifetimeSeconds: given.lifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS,
    permanent: given.permanent ?? true,
    refreshEachRequest: given.refreshEachRequest ?? true,
    python2Strings: given.python2Strings ?? "ascii",
    limits: { ...DEFAULT_LIMITS, ...given.limits },
    readTimeoutMillis: given.readTimeoutMillis ?? 1000,
    saveTimeoutMillis: given.saveTimeoutMillis ?? 5000,
    ...(given.onEvent === undefined ? {} : { emit: quietly(given.onEvent) }),
    extensions: given.extensions ?? {},
  };
  warn(resolved, given.warnings ?? []);
  return resolved;
}

type Given = Partial<SessionOptions>;

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

function warn(resolved: ResolvedOptions, given: readonly string[]): void {
  const { cookieName, cookie, emit } = resolved;
  for (const message of [...given, ...cookieWarnings(cookieName, cookie), ...secrecyWarnings(resolved)]) {
    if (emit === undefined) process.emitWarning(message, "FlaskSessionWarning");
    else emit({ type: "config-warning", message });
  }
}

function secrecyWarnings({ secretKey, newSidKind, sidLengthBytes }: ResolvedOptions): string[] {
  const warnings: string[] = [];
  if (secretKey !== undefined && Buffer.byteLength(secretKey) < WEAK_KEY_BYTES) {
    warnings.push(`secretKey (SECRET_KEY) has fewer than ${WEAK_KEY_BYTES} bytes: who guesses it signs session ids`);
  }
  if (newSidKind === "urlsafe" && sidLengthBytes < WEAK_SID_BYTES) {
    warnings.push(`sidLengthBytes (SESSION_ID_LENGTH) is below ${WEAK_SID_BYTES}: session ids can be guessed`);
  }
  return warnings;
}
