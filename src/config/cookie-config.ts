/** Whether a config means Flask's own cookie, and what its keys say of it. */
import { SecretKeyMissingError } from "../errors.ts";
import { refused } from "../session/checks.ts";
import type { SessionOptions } from "../session/options.ts";
import { isBefore, type Version } from "../session/versions.ts";
import type { FlaskConfig } from "./flask-keys.ts";
import { type CheckedKeys, isFlaskKey } from "./key-checks.ts";
import { isUnknownSessionKey } from "./read-keys.ts";

/** Keys with the prefix of Flask-Session's that are Flask's own. */
const FLASK_OWN = /^SESSION_(?:COOKIE_|REFRESH_EACH_REQUEST$)/;

/**
 * Whether there is no sign of Flask-Session. Where there is one beside the absence of SESSION_TYPE, a typing error must
 * not put a session that belongs on the server, readable, into the browser.
 * @throws ConfigError that names both keys
 */
export function isCookieConfig(config: FlaskConfig, { SESSION_TYPE }: CheckedKeys): boolean {
  if (SESSION_TYPE !== undefined && SESSION_TYPE !== null) return false;
  const sign = Object.keys(config).find((key) => isSign(key, config));
  if (sign === undefined) return true;
  throw refused(
    sign,
    "SESSION_TYPE is not set; without both the session is Flask's own cookie, readable in the browser",
  );
}

/** SESSION_TYPE itself is one where it is `undefined`: a variable that is not set. */
function isSign(key: string, config: FlaskConfig): boolean {
  if (key === "SESSION_TYPE") return config[key] === undefined;
  if (!isFlaskKey(key)) return isUnknownSessionKey(key);
  return key.startsWith("SESSION_") && !FLASK_OWN.test(key);
}

/** @throws SecretKeyMissingError */
export function cookieOptions(
  { SECRET_KEY, SECRET_KEY_FALLBACKS, MAX_COOKIE_SIZE, SESSION_COOKIE_PARTITIONED }: CheckedKeys,
  flask: Version,
): { readonly options: SessionOptions; readonly partitioned: boolean; readonly warnings: readonly string[] } {
  if (!SECRET_KEY?.length) throw new SecretKeyMissingError("Cannot sign the session: SECRET_KEY is missing");
  const warnings: string[] = [];
  const early = isBefore(flask, 3, 1);
  if (early && SECRET_KEY_FALLBACKS !== undefined) {
    warnings.push("SECRET_KEY_FALLBACKS has no effect: Flask knows it since 3.1");
  }
  if (early && SESSION_COOKIE_PARTITIONED === true) {
    warnings.push("SESSION_COOKIE_PARTITIONED has no effect: Flask knows it since 3.1");
  }
  const options: SessionOptions = {
    cookieSession: true,
    secretKey: SECRET_KEY,
    ...(early || SECRET_KEY_FALLBACKS === undefined ? {} : { secretKeyFallbacks: SECRET_KEY_FALLBACKS }),
    ...(MAX_COOKIE_SIZE === undefined ? {} : { maxCookieSizeBytes: MAX_COOKIE_SIZE }),
  };
  return { options, partitioned: !early && SESSION_COOKIE_PARTITIONED === true, warnings };
}
