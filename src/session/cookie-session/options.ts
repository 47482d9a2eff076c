/** The options of sessions in Flask's own cookie. */
import { TaggedJson } from "../../codecs/tagged-json.ts";
import { SecretKeyMissingError } from "../../errors.ts";
import { refused } from "../checks.ts";
import type { RepeatedAttribute } from "../cookie.ts";
import type { CookieSigning, SessionOptions } from "../options.ts";
import { type CommonOptions, checkedOptions, commonOptions, keyWarnings, warn } from "../resolved-options.ts";
import { isBefore, type Version, versionOf } from "../versions.ts";

/** What sessions in Flask's own cookie work with. */
export interface ResolvedCookieOptions extends CommonOptions {
  readonly secretKey: string | Uint8Array;
  readonly secretKeyFallbacks: readonly (string | Uint8Array)[];
  readonly signing: Required<CookieSigning>;
  readonly codec: TaggedJson;
  /** Bytes of the Set-Cookie text; 0: no limit. */
  readonly maxCookieSizeBytes: number;
  readonly clockSkewSeconds: number;
  /** What Flask repeats where it deletes the cookie, besides Domain and Path. */
  readonly repeatedOnDelete: readonly RepeatedAttribute[];
}

/** Options that mean nothing without a store. */
const STORE_ONLY = [
  "useSigner",
  "sidSigner",
  "keyPrefix",
  "sidLengthBytes",
  "permanent",
  "serializationFormat",
  "flaskSessionVersion",
  "pickleProtocol",
  "python2Strings",
  "readTimeoutMillis",
  "saveTimeoutMillis",
] as const satisfies readonly (keyof SessionOptions)[];

const FLASK_SIGNING: Required<CookieSigning> = {
  salt: "cookie-session",
  keyDerivation: "hmac",
  digest: "sha1",
  epoch: "1970",
};

/**
 * Checks and fills in the options, and emits what there is to warn of.
 * @throws SecretKeyMissingError
 * @throws ConfigError that names the option
 */
export function resolveCookieOptions(options: SessionOptions): ResolvedCookieOptions {
  const given = checkedOptions(options);
  for (const name of STORE_ONLY) {
    if (given[name] !== undefined) throw refused(name, "Flask's own cookie has no use for it");
  }
  const { secretKey, cookieSession } = given;
  if (secretKey === undefined || secretKey.length === 0) {
    throw new SecretKeyMissingError("Cannot sign the session: secretKey (Flask's SECRET_KEY) is missing");
  }
  const flaskVersion = versionOf(given.flaskVersion ?? "3.1", "flaskVersion");
  const common = commonOptions(given);
  const resolved: ResolvedCookieOptions = {
    ...common,
    secretKey,
    secretKeyFallbacks: given.secretKeyFallbacks ?? [],
    signing: { ...FLASK_SIGNING, ...(cookieSession === true ? {} : cookieSession) },
    codec: codecOf(flaskVersion, common),
    maxCookieSizeBytes: given.maxCookieSizeBytes ?? 4093,
    clockSkewSeconds: given.clockSkewSeconds ?? 2,
    repeatedOnDelete: repeatedOnDelete(flaskVersion),
  };
  warn(resolved, [...(given.warnings ?? []), ...keyWarnings(secretKey)]);
  return resolved;
}

/** Flask 2.0 came with Werkzeug 2.0, which reads datetimes as aware. */
function codecOf(flask: Version, { limits }: CommonOptions): TaggedJson {
  return new TaggedJson({ escapesTags: !isBefore(flask, 1, 0), awareDatetimes: !isBefore(flask, 2, 0) }, limits);
}

function repeatedOnDelete(flask: Version): RepeatedAttribute[] {
  if (isBefore(flask, 2, 0)) return [];
  if (isBefore(flask, 2, 1)) return ["secure", "sameSite"];
  return ["secure", "httpOnly", "sameSite", "partitioned"];
}
