/** The value of the remember cookie, `42|<HMAC-SHA512>`: `encode_cookie` and `decode_cookie` of Flask-Login 0.6.3. */
import { equalInConstantTime, hmac } from "../../bytes/crypto.ts";
import type { LoginConfig } from "../../config/extension-keys.ts";
import { SecretKeyMissingError } from "../../errors.ts";
import { refused } from "../../session/checks.ts";

/** Signs a user id. It never expires: only another SECRET_KEY ends it. @throws ConfigError as {@link rememberKeyOf} */
export function makeToken(userId: string, key: Uint8Array): string {
  return `${userId}|${digestOf(userId, key)}`;
}

/** The user id of a token that the key has signed; else `undefined`. */
export function openToken(token: string, key: Uint8Array): string | undefined {
  // A user id may hold the separator.
  const split = token.lastIndexOf("|");
  if (split === -1) return undefined;
  const userId = token.slice(0, split);
  const isOurs = equalInConstantTime(Buffer.from(token.slice(split + 1)), Buffer.from(digestOf(userId, key)));
  return isOurs ? userId : undefined;
}

/**
 * The bytes of SECRET_KEY. Flask-Login takes them as latin-1, where all else takes UTF-8.
 * @throws SecretKeyMissingError
 * @throws ConfigError for text that latin-1 has not; in Python a UnicodeEncodeError
 */
export function rememberKeyOf({ SECRET_KEY }: LoginConfig): Uint8Array {
  if (SECRET_KEY === undefined || SECRET_KEY.length === 0) {
    throw new SecretKeyMissingError("Cannot sign remember cookies: SECRET_KEY is missing");
  }
  if (typeof SECRET_KEY !== "string") return SECRET_KEY;
  if (/[^\0-\xff]/u.test(SECRET_KEY)) {
    throw refused("SECRET_KEY", "Flask-Login cannot sign remember cookies with characters beyond latin-1");
  }
  return Buffer.from(SECRET_KEY, "latin1");
}

function digestOf(userId: string, key: Uint8Array): string {
  return Buffer.from(hmac("sha512", key, Buffer.from(userId))).toString("hex");
}
