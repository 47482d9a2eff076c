/** From the value of Flask's own cookie to the dict of a session, and back. */
import { BadPayload, BadSignature, DecodeError, SignatureExpired } from "../../errors.ts";
import { UrlSafeTimedSerializer } from "../../signing/timed-serializer.ts";
import { type Exact, PyDict } from "../../values/exact.ts";
import type { ResolvedCookieOptions } from "./options.ts";

/** Tokens as `SecureCookieSessionInterface` of Flask signs them. */
export class SessionToken {
  readonly #serializer: UrlSafeTimedSerializer<Exact>;
  readonly #options: ResolvedCookieOptions;

  constructor(options: ResolvedCookieOptions) {
    const { secretKey, secretKeyFallbacks, signing, codec, clockSkewSeconds } = options;
    this.#options = options;
    this.#serializer = new UrlSafeTimedSerializer<Exact>({
      ...signing,
      secretKey,
      secretKeyFallbacks,
      format: codec,
      // To itsdangerous >= 2.0 a token from the next second has expired, so ours are dated back.
      now: () => new Date(Date.now() - clockSkewSeconds * 1000),
    });
  }

  /** @throws EncodeError for what tagged JSON cannot hold */
  write(tree: PyDict): string {
    return this.#serializer.dumps(tree);
  }

  /** The dict of a token; `undefined`, and an event, where Flask would find none, or fail. */
  read(token: string): PyDict | undefined {
    const { emit } = this.#options;
    try {
      return this.#read(token);
    } catch (error) {
      if (error instanceof BadPayload || error instanceof DecodeError) emit?.({ type: "corrupt", error });
      else if (error instanceof BadSignature) emit?.({ type: "signature-refused", reason: reasonOf(error) });
      else throw error;
      return undefined;
    }
  }

  #read(token: string): PyDict {
    const { lifetimeSeconds, clockSkewSeconds } = this.#options;
    const { value, signedAt } = this.#serializer.loadsWithTimestamp(token);
    const ageSeconds = Math.floor(Date.now() / 1000) - signedAt.getTime() / 1000;
    if (ageSeconds > lifetimeSeconds) throw new SignatureExpired("The session is too old", undefined, signedAt);
    if (ageSeconds < -clockSkewSeconds) throw new SignatureExpired("The session is from the future");
    if (value instanceof PyDict) return value;
    throw new DecodeError("Cannot decode the cookie: it holds no dict", 0);
  }
}

function reasonOf(error: BadSignature): "signature" | "expired" | "future" {
  if (!(error instanceof SignatureExpired)) return "signature";
  return error.signedAt === undefined ? "future" : "expired";
}
