/** The options of `flaskConfig` that are not Flask's: its second argument. */
import { booleanOf, type Checks, members, objectOf, oneOf, refused, textOf } from "../session/checks.ts";
import { OPTION_CHECKS } from "../session/option-checks.ts";
import type { SessionOptions } from "../session/options.ts";
import type { FileNames } from "../stores/filesystem.ts";
import { offsetsOf } from "../values/zone-offsets.ts";
import { isFlaskKey } from "./key-checks.ts";

const SECOND = "the second argument of flaskConfig";

/** Options of sessions that no key of Flask says. */
type OwnSessionOption =
  | "cookieSession"
  | "clockSkewSeconds"
  | "sidSigner"
  | "flaskSessionVersion"
  | "flaskVersion"
  | "pickleProtocol"
  | "python2Strings"
  | "limits"
  | "readTimeoutMillis"
  | "saveTimeoutMillis"
  | "onEvent";

/** What stands beside Flask's keys, never among them. */
export interface FlaskConfigOptions extends Pick<SessionOptions, OwnSessionOption> {
  /** Files: the hash that makes their names, where the folder does not show it. md5 up to cachelib 0.13, sha256 since. */
  readonly fileNames?: FileNames;
  /** Makes the folder of the files, or the table, if it does not exist. @defaultValue false */
  readonly create?: boolean;
  /**
   * memcached: whether the Python client hands out bytes as they are, as all but python-memcached up to 1.58 do. Must be
   * said beside Flask-Session before 0.6.
   */
  readonly readsBytes?: boolean;
  /** SQLite: Flask's `app.instance_path`, where a relative path starts. @defaultValue the folder `instance` in the working folder */
  readonly flaskInstancePath?: string;
  /**
   * DynamoDB: the zone of the machine that Flask runs on, such as "Europe/Paris", by which Flask-Session 0.8 is wrong about
   * expiry. @defaultValue "UTC"
   */
  readonly flaskTimeZone?: string;
}

/** What a store is told beside Flask's keys. */
export type StoreOptions = {
  readonly [Name in "fileNames" | "create" | "readsBytes" | "flaskInstancePath" | "flaskTimeZone"]:
    | FlaskConfigOptions[Name]
    | undefined;
};

const OWN_CHECKS: Checks<FlaskConfigOptions> = {
  cookieSession: OPTION_CHECKS.cookieSession,
  clockSkewSeconds: OPTION_CHECKS.clockSkewSeconds,
  sidSigner: OPTION_CHECKS.sidSigner,
  flaskSessionVersion: OPTION_CHECKS.flaskSessionVersion,
  flaskVersion: OPTION_CHECKS.flaskVersion,
  pickleProtocol: OPTION_CHECKS.pickleProtocol,
  python2Strings: OPTION_CHECKS.python2Strings,
  limits: OPTION_CHECKS.limits,
  readTimeoutMillis: OPTION_CHECKS.readTimeoutMillis,
  saveTimeoutMillis: OPTION_CHECKS.saveTimeoutMillis,
  onEvent: OPTION_CHECKS.onEvent,
  fileNames: oneOf("md5", "sha256"),
  create: booleanOf,
  readsBytes: booleanOf,
  flaskInstancePath: textOf,
  flaskTimeZone: timeZoneOf,
};

function timeZoneOf(value: unknown, name: string): string {
  const zone = textOf(value, name);
  if (offsetsOf(zone) === undefined)
    throw refused(name, 'it must be a zone of the tz database, such as "Europe/Paris"');
  return zone;
}

/** What Flask calls the other options of `createSessions`. */
const FLASK_NAMES: Readonly<
  Record<Exclude<keyof SessionOptions, OwnSessionOption | "extensions" | "warnings">, string>
> = {
  store: "SESSION_TYPE",
  secretKey: "SECRET_KEY",
  secretKeyFallbacks: "SECRET_KEY_FALLBACKS",
  maxCookieSizeBytes: "MAX_COOKIE_SIZE",
  useSigner: "SESSION_USE_SIGNER",
  keyPrefix: "SESSION_KEY_PREFIX",
  sidLengthBytes: "SESSION_ID_LENGTH",
  cookieName: "SESSION_COOKIE_NAME",
  cookie: "SESSION_COOKIE_DOMAIN and the like",
  lifetimeSeconds: "PERMANENT_SESSION_LIFETIME",
  permanent: "SESSION_PERMANENT",
  refreshEachRequest: "SESSION_REFRESH_EACH_REQUEST",
  serializationFormat: "SESSION_SERIALIZATION_FORMAT",
};

/** @throws ConfigError that names the option */
export function ownOptions(options: FlaskConfigOptions): FlaskConfigOptions {
  const given = objectOf(options, SECOND);
  for (const option of Object.keys(given)) {
    if (isFlaskKey(option)) throw refused(option, "it belongs into the first argument of flaskConfig");
    refuseRenamed(option);
  }
  return members<FlaskConfigOptions>(OWN_CHECKS)(given, SECOND);
}

/** Refuses an option of ours where a key of Flask is expected. @throws ConfigError that says where it goes */
export function refuseOwnOption(key: string): void {
  if (Object.hasOwn(OWN_CHECKS, key)) throw refused(key, `it belongs into ${SECOND}`);
  refuseRenamed(key);
}

function refuseRenamed(option: string): void {
  if (Object.hasOwn(FLASK_NAMES, option)) {
    throw refused(option, `flaskConfig takes ${FLASK_NAMES[option as keyof typeof FLASK_NAMES]}, as Flask calls it`);
  }
}
