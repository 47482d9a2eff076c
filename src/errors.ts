/**
 * Everything that this library throws about data, stores, sessions and configuration.
 * Programmer mistakes are plain `TypeError` and `RangeError`. No message carries a secret key, sid, token or value.
 */

/** Every code that an error of this library can carry. Programs compare codes; people read messages. */
export type ErrorCode =
  | "ERR_BAD_SIGNATURE"
  | "ERR_BAD_TIME_SIGNATURE"
  | "ERR_SIGNATURE_EXPIRED"
  | "ERR_BAD_PAYLOAD"
  | "ERR_DECODE"
  | "ERR_TRUNCATED"
  | "ERR_LIMIT"
  | "ERR_ENCODE"
  | "ERR_STORE"
  | "ERR_STORE_UNAVAILABLE"
  | "ERR_STORE_TIMEOUT"
  | "ERR_STORE_CONFLICT"
  | "ERR_STORE_RECORD"
  | "ERR_RECORD_TOO_LARGE"
  | "ERR_UNLISTABLE_STORE"
  | "ERR_SESSION"
  | "ERR_HEADERS_SENT"
  | "ERR_COOKIE_TOO_LARGE"
  | "ERR_READ_ONLY_SESSION"
  | "ERR_CSRF"
  | "ERR_LOGIN_REQUIRED"
  | "ERR_CONFIG"
  | "ERR_SECRET_KEY_MISSING"
  | "ERR_UNSUPPORTED_SESSION_TYPE"
  | "ERR_MISSING_PACKAGE";

/** Base of every error of this library. */
export abstract class FlaskSessionError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Signed text is not what the secret key signed; itsdangerous' `BadData`. */
export abstract class BadData extends FlaskSessionError {}

/** The signature does not match; itsdangerous' `BadSignature`. */
export class BadSignature extends BadData {
  readonly code: ErrorCode = "ERR_BAD_SIGNATURE";
  readonly #payload: Uint8Array | undefined;

  constructor(message: string, payload?: Uint8Array) {
    super(message);
    this.#payload = payload;
  }

  /** What was signed, unverified. A getter, so that no log that inspects the error shows it. */
  get payload(): Uint8Array | undefined {
    return this.#payload;
  }
}

/** The timestamp of signed text is missing, malformed or not covered by the signature; itsdangerous' `BadTimeSignature`. */
export class BadTimeSignature extends BadSignature {
  override readonly code: ErrorCode = "ERR_BAD_TIME_SIGNATURE";
  /** When it claims to have been signed, if it says so. */
  readonly signedAt: Date | undefined;

  constructor(message: string, payload?: Uint8Array, signedAt?: Date) {
    super(message, payload);
    this.signedAt = signedAt;
  }
}

/** The signature is right, but older than the maximum age, or from the future; itsdangerous' `SignatureExpired`. */
export class SignatureExpired extends BadTimeSignature {
  override readonly code: ErrorCode = "ERR_SIGNATURE_EXPIRED";
}

/** The signature is right, but what it signs cannot be read; itsdangerous' `BadPayload`. The `cause` is what its format threw. */
export class BadPayload extends BadData {
  readonly code: ErrorCode = "ERR_BAD_PAYLOAD";
}

/** Bytes and values do not fit each other. */
export abstract class CodecError extends FlaskSessionError {}

/** The bytes of a record are not what their format allows. */
export class DecodeError extends CodecError {
  readonly code: ErrorCode = "ERR_DECODE";
  /** Distance from the first byte of the record, in bytes. */
  readonly offset: number;

  constructor(message: string, offset: number, options?: ErrorOptions) {
    super(message, options);
    this.offset = offset;
  }
}

/** The bytes end before the value does. */
export class TruncatedError extends DecodeError {
  override readonly code: ErrorCode = "ERR_TRUNCATED";
}

/** The bytes are larger, deeper or more numerous than the decoder's limits. */
export class LimitError extends DecodeError {
  override readonly code: ErrorCode = "ERR_LIMIT";
}

/** A value that Python, or the format of the record, cannot hold. */
export class EncodeError extends CodecError {
  readonly code: ErrorCode = "ERR_ENCODE";
  /** Where the value stands: `session.cart[3].when`. Cut at 200 characters. */
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    const shown = path.length > 200 ? `${path.slice(0, 199)}…` : path;
    super(`Cannot store ${shown}: ${reason}`, options);
    this.path = shown;
  }
}

/** The store failed. Never read as "no session". The `cause` is a plain Error without the driver's arguments. */
export class StoreError extends FlaskSessionError {
  readonly code: ErrorCode = "ERR_STORE";
}

/** The store cannot be reached. */
export class StoreUnavailableError extends StoreError {
  override readonly code: ErrorCode = "ERR_STORE_UNAVAILABLE";
}

/** The store did not answer before the deadline of the call. */
export class StoreTimeoutError extends StoreError {
  override readonly code: ErrorCode = "ERR_STORE_TIMEOUT";
}

/** Others kept changing the record until the deadline of the save; nothing was written. */
export class StoreConflictError extends StoreError {
  override readonly code: ErrorCode = "ERR_STORE_CONFLICT";
}

/** The record may not be written back: it is a dangerous pickle. `clear()` and `destroy()` delete it. */
export class StoreRecordError extends StoreError {
  override readonly code: ErrorCode = "ERR_STORE_RECORD";
}

/** The record is larger than the limit or than the store can hold. */
export class RecordTooLargeError extends StoreError {
  override readonly code: ErrorCode = "ERR_RECORD_TOO_LARGE";
}

/** The store cannot list its records. */
export class UnlistableStoreError extends StoreError {
  override readonly code: ErrorCode = "ERR_UNLISTABLE_STORE";
}

/** A session was used in a way that its state does not allow. */
export class SessionError extends FlaskSessionError {
  readonly code: ErrorCode = "ERR_SESSION";
}

/** A session was changed after the response's head went out, and the browser cannot be told its sid. */
export class HeadersSentError extends SessionError {
  override readonly code: ErrorCode = "ERR_HEADERS_SENT";
}

/** What this request has changed does not fit into Flask's cookie: browsers drop larger ones in silence. */
export class CookieTooLargeError extends SessionError {
  override readonly code: ErrorCode = "ERR_COOKIE_TOO_LARGE";
  /** Of the whole Set-Cookie text. */
  readonly sizeBytes: number;
  /** The keys that take most of it, the largest first. */
  readonly keys: readonly string[];

  constructor(message: string, sizeBytes: number, keys: readonly string[]) {
    super(message);
    this.sizeBytes = sizeBytes;
    this.keys = keys;
  }
}

/** A verb that writes was called on a session that `read()` gave. */
export class ReadOnlySessionError extends SessionError {
  override readonly code: ErrorCode = "ERR_READ_ONLY_SESSION";
}

/** Why Flask-WTF refuses a request, in its words. */
export type CsrfReason =
  | "The CSRF token is missing."
  | "The CSRF session token is missing."
  | "The CSRF token has expired."
  | "The CSRF token is invalid."
  | "The CSRF tokens do not match."
  | "The referrer header is missing."
  | "The referrer does not match the host.";

/** The request may be forged; Flask-WTF's `CSRFError`. Express answers with its `status`. */
export class CsrfError extends SessionError {
  override readonly code: ErrorCode = "ERR_CSRF";
  /** Of HTTP. */
  readonly status = 400;
  readonly reason: CsrfReason;

  constructor(reason: CsrfReason) {
    super(reason);
    this.reason = reason;
  }
}

/** Why a page is not shown: nobody is logged in, or only by a remember cookie or from another address or browser. */
export type LoginRequiredReason = "anonymous" | "stale";

/** The page wants a login; what Flask-Login's `unauthorized()` and `needs_refresh()` abort with. Express answers with its `status`. */
export class LoginRequiredError extends SessionError {
  override readonly code: ErrorCode = "ERR_LOGIN_REQUIRED";
  /** Of HTTP. */
  readonly status = 401;
  readonly reason: LoginRequiredReason;

  constructor(reason: LoginRequiredReason) {
    super(reason === "anonymous" ? "Nobody is logged in" : "The login is not fresh");
    this.reason = reason;
  }
}

/** An option has a value that cannot work; the message names the option. */
export class ConfigError extends FlaskSessionError {
  readonly code: ErrorCode = "ERR_CONFIG";
}

/** Something must be signed and there is no secret key. */
export class SecretKeyMissingError extends ConfigError {
  override readonly code: ErrorCode = "ERR_SECRET_KEY_MISSING";
}

/** A SESSION_TYPE that does not exist or is not built yet. */
export class UnsupportedSessionTypeError extends ConfigError {
  override readonly code: ErrorCode = "ERR_UNSUPPORTED_SESSION_TYPE";
}

/** An optional package is needed and not installed; the message names it. */
export class MissingPackageError extends ConfigError {
  override readonly code: ErrorCode = "ERR_MISSING_PACKAGE";
}
