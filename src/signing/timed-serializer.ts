/** Signs values with the time of signing; itsdangerous 2.2.0's `TimedSerializer` and `URLSafeTimedSerializer`. */
import { SPACED } from "../codecs/python-json.ts";
import {
  defaultFormat,
  type SerializerOptions,
  SigningSerializer,
  type UnsafeLoaded,
  type UrlSafeOptions,
  urlSafeFormat,
} from "./serializer.ts";
import type { SignerOptions } from "./signer.ts";
import { TimestampSigner, type TimestampSignerOptions, type Unsigned, type UnsignOptions } from "./timestamp-signer.ts";

/** Options of a {@link TimedSerializer}. */
export type TimedSerializerOptions<Value> = SerializerOptions<Value, TimestampSignerOptions> &
  Pick<TimestampSignerOptions, "now" | "epoch">;

/** Signs values as text, with the time of signing. */
export class TimedSerializer<Value = unknown> extends SigningSerializer<Value, TimestampSigner> {
  /** @throws TypeError, RangeError as {@link TimestampSigner} */
  constructor(options: TimedSerializerOptions<Value>) {
    const { now } = options;
    // One clock for all: a fallback differs in how it signs.
    const clock = now === undefined ? {} : { now };
    super(
      options,
      options.format ?? defaultFormat(SPACED),
      (signing: SignerOptions) => new TimestampSigner({ ...clock, ...signing }),
    );
  }

  /**
   * The value, if it was signed with one of the keys and is not too old.
   * @throws SignatureExpired, BadTimeSignature, BadSignature as {@link TimestampSigner.unsign}
   * @throws BadPayload if the signature is right, and the value cannot be read
   */
  loads(token: string | Uint8Array, options?: UnsignOptions): Value {
    return this.payload(this.opened(token, (signer, signed) => signer.unsign(signed, options)));
  }

  /** The value and when it was signed. @throws as {@link loads} */
  loadsWithTimestamp(token: string | Uint8Array, options?: UnsignOptions): Unsigned<Value> {
    const { value, signedAt } = this.opened(token, (signer, signed) => signer.unsignWithTimestamp(signed, options));
    return { value: this.payload(value), signedAt };
  }

  /** The value whoever signed it and when, for looking at. @throws BadPayload if the signature is right and the value cannot be read */
  loadsUnsafe(token: string | Uint8Array, options?: UnsignOptions): UnsafeLoaded<Value> {
    return this.unsafely(() => this.loads(token, options));
  }
}

/** Signs values with the time of signing, as text that may stand in a URL or a cookie. */
export class UrlSafeTimedSerializer<Value = unknown> extends TimedSerializer<Value> {
  /** @throws TypeError, RangeError as {@link TimestampSigner} */
  constructor(options: TimedSerializerOptions<Value> & UrlSafeOptions) {
    super({ ...options, format: urlSafeFormat(options) });
  }
}
