/** Signs values with the time of signing, so that a signature can grow too old; itsdangerous 2.2.0's `TimestampSigner`. */
import { BadSignature, BadTimeSignature, SignatureExpired } from "../errors.ts";
import { mismatch, Signer, type SignerOptions } from "./signer.ts";
import { bytesOf, sameKind } from "./text.ts";
import { decodeTimestamp, type Epoch, encodeTimestamp, epochSeconds, instantOf } from "./timestamp.ts";

/** Options of a {@link TimestampSigner}. */
export interface TimestampSignerOptions extends SignerOptions {
  /** The clock. @defaultValue the system's */
  readonly now?: () => Date;
  /** `"2011"` for tokens of itsdangerous 0.24. @defaultValue "1970" */
  readonly epoch?: Epoch;
}

/** What a signature must fulfil besides being right. */
export interface UnsignOptions {
  /** Seconds that may have passed since the signing; with it, the future is refused. Absent: any time is good. */
  readonly maxAgeSeconds?: number;
}

/** A value and when it was signed. */
export interface Unsigned<Value> {
  readonly value: Value;
  /** To the second, for timestamps hold no more. */
  readonly signedAt: Date;
}

/** A token whose signature and age are right. */
interface Opened {
  readonly value: Uint8Array;
  readonly unixSeconds: number;
}

/** Signs values with the time of signing. */
export class TimestampSigner extends Signer {
  readonly #now: () => Date;
  readonly #epoch: number;

  /**
   * @throws TypeError for an unknown epoch, and as {@link Signer}
   * @throws RangeError as {@link Signer}
   */
  constructor(options: TimestampSignerOptions) {
    super(options);
    this.#now = options.now ?? (() => new Date());
    this.#epoch = epochSeconds(options.epoch ?? "1970");
  }

  /**
   * The value, if it was signed with one of the keys and is not too old. A timestamp after the year 9999 is good, as in
   * Python, as long as nobody asks for the age.
   *
   * @throws SignatureExpired if the signature is right, but too old or from the future
   * @throws BadTimeSignature if the timestamp is missing or malformed, or the signature of a value with timestamp is wrong
   * @throws BadSignature if nothing is signed, or the signature of a value without timestamp is wrong
   * @throws TypeError for text with a lone surrogate, or a `maxAgeSeconds` that is no number
   */
  override unsign(signed: string, options?: UnsignOptions): string;
  override unsign(signed: Uint8Array, options?: UnsignOptions): Uint8Array;
  override unsign(signed: string | Uint8Array, options?: UnsignOptions): string | Uint8Array {
    return sameKind(signed, this.#open(signed, options).value);
  }

  /** The value and when it was signed. @throws as {@link unsign}; BadTimeSignature also for a time after the year 9999 */
  unsignWithTimestamp(signed: string, options?: UnsignOptions): Unsigned<string>;
  unsignWithTimestamp(signed: Uint8Array, options?: UnsignOptions): Unsigned<Uint8Array>;
  unsignWithTimestamp(signed: string | Uint8Array, options?: UnsignOptions): Unsigned<string | Uint8Array> {
    const { value, unixSeconds } = this.#open(signed, options);
    return { value: sameKind(signed, value), signedAt: instant(value, unixSeconds) };
  }

  /** Whether {@link unsign} would give a value. @throws TypeError as {@link unsign} */
  override validate(signed: string | Uint8Array, options?: UnsignOptions): boolean {
    try {
      this.#open(signed, options);
      return true;
    } catch (error) {
      if (error instanceof BadSignature) return false;
      throw error;
    }
  }

  /** @internal */
  protected override signBytes(value: Uint8Array): Uint8Array {
    return super.signBytes(this.join(value, encodeTimestamp(this.#nowSeconds() - this.#epoch)));
  }

  /** Reads the timestamp even where the signature is wrong, for the error tells what the token claims. */
  #open(signed: string | Uint8Array, { maxAgeSeconds }: UnsignOptions = {}): Opened {
    if (maxAgeSeconds !== undefined) checkMaxAge(maxAgeSeconds);
    const [body, signature] = this.splitSigned(bytesOf(signed, "the signed value"));
    const genuine = this.verifies(body, signature);
    const parts = this.split(body);
    if (parts === undefined) throw genuine ? timeError("Timestamp missing", body) : mismatch(body);
    const [value, text] = parts;
    const seconds = decodeTimestamp(text);
    if (!genuine) throw this.#timeMismatch(value, seconds);
    if (seconds === undefined) throw malformed(value);
    const unixSeconds = seconds + this.#epoch;
    if (maxAgeSeconds !== undefined) this.#checkAge(value, unixSeconds, maxAgeSeconds);
    return { value, unixSeconds };
  }

  #timeMismatch(value: Uint8Array, seconds: number | undefined): BadTimeSignature {
    const signedAt = seconds === undefined ? undefined : instant(value, seconds + this.#epoch);
    return timeError("Signature does not match", value, signedAt);
  }

  #checkAge(value: Uint8Array, unixSeconds: number, maxAgeSeconds: number): void {
    const age = this.#nowSeconds() - unixSeconds;
    if (age > maxAgeSeconds) throw expired(`${age} > ${maxAgeSeconds}`, value, unixSeconds);
    if (age < 0) throw expired(`${age} < 0`, value, unixSeconds);
  }

  /** The only place that reads the clock. @throws RangeError for an invalid Date, which no age could be compared with */
  #nowSeconds(): number {
    const seconds = Math.floor(this.#now().getTime() / 1000);
    if (Number.isNaN(seconds)) throw new RangeError("Cannot tell the time: the clock gave an invalid Date");
    return seconds;
  }
}

/** No age exceeds NaN, and texts compare in their own way. */
function checkMaxAge(seconds: number): void {
  if (typeof seconds === "number" && !Number.isNaN(seconds)) return;
  throw new TypeError("Cannot unsign: maxAgeSeconds must be a number");
}

function instant(value: Uint8Array, unixSeconds: number): Date {
  const date = instantOf(unixSeconds);
  if (date === undefined) throw malformed(value);
  return date;
}

function malformed(value: Uint8Array): BadTimeSignature {
  return timeError("Malformed timestamp", value);
}

function timeError(message: string, payload: Uint8Array, signedAt?: Date): BadTimeSignature {
  return new BadTimeSignature(message, new Uint8Array(payload), signedAt);
}

function expired(ages: string, value: Uint8Array, unixSeconds: number): BadTimeSignature {
  const signedAt = instant(value, unixSeconds);
  return new SignatureExpired(`Signature age ${ages} seconds`, new Uint8Array(value), signedAt);
}
