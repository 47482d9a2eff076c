/** Tokens against forged requests, which Flask-WTF 0.14 to 1.3 and Node give and take in turn. */
import { createHash, randomBytes } from "node:crypto";
import { equalInConstantTime } from "../../bytes/crypto.ts";
import type { CsrfConfig } from "../../config/extension-keys.ts";
import { CsrfError, ReadOnlySessionError, SecretKeyMissingError } from "../../errors.ts";
import type { SessionControl } from "../../session/session.ts";
import { UrlSafeTimedSerializer } from "../../signing/timed-serializer.ts";
import { controlOf, type ExtensionRequest, sessionOf } from "../request.ts";
import { csrfConfigOf, DEFAULT_SKEW_SECONDS, fieldNameOf } from "./config.ts";

/** Tokens by request; later calls of the same request get the same. */
const given = new WeakMap<SessionControl, string>();

/**
 * The token for a form's field `csrf_token` or a header `X-CSRFToken`, good for WTF_CSRF_TIME_LIMIT. Flask takes it too.
 * @throws SecretKeyMissingError without SECRET_KEY and WTF_CSRF_SECRET_KEY
 * @throws ReadOnlySessionError on a session that `read()` gave, where a new one would be needed
 */
export async function generateCsrf(request: ExtensionRequest): Promise<string> {
  const session = sessionOf(request);
  const control = controlOf(session);
  const before = given.get(control);
  if (before !== undefined) return before;
  const config = csrfConfigOf(control);
  const field = fieldNameOf(config);
  if (typeof session[field] !== "string") {
    if (control.isReadOnly) throw new ReadOnlySessionError("Cannot put a CSRF token into a session that read() gave");
    session[field] = createHash("sha1").update(randomBytes(64)).digest("hex");
  }
  const token = serializerOf(config).dumps(session[field]);
  given.set(control, token);
  return token;
}

/**
 * Checks a token that {@link generateCsrf} or Flask-WTF has made for this session.
 * @throws CsrfError with Flask-WTF's reason
 * @throws SecretKeyMissingError without SECRET_KEY and WTF_CSRF_SECRET_KEY
 */
export async function validateCsrf(request: ExtensionRequest, token: string | null | undefined): Promise<void> {
  const session = sessionOf(request);
  const config = csrfConfigOf(controlOf(session));
  const serializer = serializerOf(config);
  const field = fieldNameOf(config);
  if (!token) throw new CsrfError("The CSRF token is missing.");
  if (!(field in session)) throw new CsrfError("The CSRF session token is missing.");
  if (!matches(session[field], opened(serializer, token, config))) throw new CsrfError("The CSRF tokens do not match.");
}

/** Takes the session's raw token out, so that every token made of it is worth nothing. @internal */
export function dropCsrf(control: SessionControl, session: Record<string, unknown>): void {
  given.delete(control);
  Reflect.deleteProperty(session, fieldNameOf(csrfConfigOf(control)));
}

/** What the token was made of. @throws CsrfError */
function opened(serializer: UrlSafeTimedSerializer, token: string, config: CsrfConfig): unknown {
  const { WTF_CSRF_TIME_LIMIT: limitSeconds = 3600, clockSkewSeconds = DEFAULT_SKEW_SECONDS } = config;
  try {
    const { value, signedAt } = serializer.loadsWithTimestamp(token);
    const ageSeconds = Math.floor(Date.now() / 1000) - signedAt.getTime() / 1000;
    if (limitSeconds === null || (ageSeconds <= limitSeconds && ageSeconds >= -clockSkewSeconds)) return value;
  } catch {
    throw new CsrfError("The CSRF token is invalid.");
  }
  throw new CsrfError("The CSRF token has expired.");
}

function serializerOf(config: CsrfConfig): UrlSafeTimedSerializer {
  const { WTF_CSRF_SECRET_KEY: secretKey = config.SECRET_KEY, clockSkewSeconds = DEFAULT_SKEW_SECONDS } = config;
  if (secretKey === undefined || secretKey.length === 0) {
    throw new SecretKeyMissingError("Cannot sign a CSRF token: SECRET_KEY is missing");
  }
  // To itsdangerous >= 2.0 a token from the next second has expired, so ours are dated back.
  const now = () => new Date(Date.now() - clockSkewSeconds * 1000);
  return new UrlSafeTimedSerializer({ secretKey, salt: "wtf-csrf-token", now });
}

function matches(raw: unknown, claimed: unknown): boolean {
  if (typeof raw !== "string" || typeof claimed !== "string") return false;
  return equalInConstantTime(Buffer.from(raw), Buffer.from(claimed));
}
