/** Signs values and tells which were signed; itsdangerous 2.2.0's `Signer`, byte for byte. */
import { decodeBase64Lenient, encodeBase64Url } from "../bytes/base64.ts";
import { equalInConstantTime } from "../bytes/crypto.ts";
import { BadSignature } from "../errors.ts";
import { checkedDigest, HmacAlgorithm, type SigningAlgorithm } from "./algorithm.ts";
import { derivationOf, type KeyDerivation } from "./key-derivation.ts";
import { bytesOf, sameKind } from "./text.ts";

/** Options of a {@link Signer}. Text is taken as UTF-8. */
export interface SignerOptions {
  /** The key that signs; itsdangerous' last one. */
  readonly secretKey: string | Uint8Array;
  /**
   * Keys that only verify, oldest first, as Flask >= 3.1.1 hands SECRET_KEY_FALLBACKS to itsdangerous.
   * The newest is tried first, after `secretKey`.
   */
  readonly secretKeyFallbacks?: readonly (string | Uint8Array)[];
  /** Keeps signatures of one purpose from passing for another. @defaultValue "itsdangerous.Signer" */
  readonly salt?: string | Uint8Array;
  /** Stands between value and signature. @defaultValue "." */
  readonly separator?: string;
  /** @defaultValue "django-concat" */
  readonly keyDerivation?: KeyDerivation;
  /** A hash of `node:crypto`, for the derivation and the HMAC. @defaultValue "sha1" */
  readonly digest?: string;
  /** Makes the signatures in place of an HMAC with `digest`. */
  readonly algorithm?: SigningAlgorithm;
}

/** What itsdangerous 2.2.0 looks a separator up in: refused is what lies in it in one piece, the empty text too. */
const SIGNATURE_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=";

/** Signs values. What it keeps of its keys is derived once and shown by no inspection. */
export class Signer {
  readonly #separator: Buffer;
  readonly #algorithm: SigningAlgorithm;
  readonly #signingKey: Uint8Array;
  /** Derived keys in the order in which they are tried. */
  readonly #verifyingKeys: readonly Uint8Array[];

  /**
   * @throws TypeError for an unknown digest or key derivation, a lone surrogate, or an option of the wrong type
   * @throws RangeError for an empty secret key, or a separator that a signature can hold
   */
  constructor(options: SignerOptions) {
    const { secretKeyFallbacks = [], separator = "." } = options;
    const digest = checkedDigest(options.digest ?? "sha1");
    const derive = derivationOf(options.keyDerivation ?? "django-concat");
    const salt = bytesOf(options.salt ?? "itsdangerous.Signer", "salt");
    const derived = (secretKey: string | Uint8Array) => derive(digest, salt, secretBytes(secretKey));
    this.#separator = separatorBytes(separator);
    this.#algorithm = options.algorithm ?? new HmacAlgorithm(digest);
    this.#signingKey = derived(options.secretKey);
    this.#verifyingKeys = [this.#signingKey, ...secretKeyFallbacks.map(derived).toReversed()];
  }

  /** The value, the separator and the signature. @throws TypeError for text with a lone surrogate */
  sign(value: string): string;
  sign(value: Uint8Array): Uint8Array;
  sign(value: string | Uint8Array): string | Uint8Array {
    return sameKind(value, this.signBytes(bytesOf(value, "the value")));
  }

  /**
   * The value, if it was signed with one of the keys.
   *
   * @throws BadSignature if it was not, or nothing is signed
   * @throws TypeError for text with a lone surrogate
   */
  unsign(signed: string): string;
  unsign(signed: Uint8Array): Uint8Array;
  unsign(signed: string | Uint8Array): string | Uint8Array {
    const [value, signature] = this.splitSigned(bytesOf(signed, "the signed value"));
    if (!this.verifies(value, signature)) throw mismatch(value);
    return sameKind(signed, value);
  }

  /** Whether {@link unsign} would give a value. @throws TypeError for text with a lone surrogate */
  validate(signed: string | Uint8Array): boolean {
    const parts = this.split(bytesOf(signed, "the signed value"));
    return parts !== undefined && this.verifies(...parts);
  }

  /** @internal */
  protected signBytes(value: Uint8Array): Uint8Array {
    return this.join(value, encodeBase64Url(this.#algorithm.signature(this.#signingKey, value)));
  }

  /** @internal */
  protected join(value: Uint8Array, text: string): Uint8Array {
    return Buffer.concat([value, this.#separator, Buffer.from(text, "latin1")]);
  }

  /** What stands before and after the last separator, as views. @internal */
  protected split(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] | undefined {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = buffer.lastIndexOf(this.#separator);
    return at < 0 ? undefined : [buffer.subarray(0, at), buffer.subarray(at + this.#separator.length)];
  }

  /** The value and the text of its signature. @throws BadSignature where nothing is signed. @internal */
  protected splitSigned(signed: Uint8Array): readonly [Uint8Array, Uint8Array] {
    const parts = this.split(signed);
    if (parts === undefined) throw new BadSignature("No separator found in value");
    return parts;
  }

  /** Compares decoded bytes, because Python does: several texts are one signature. @internal */
  protected verifies(value: Uint8Array, signature: Uint8Array): boolean {
    const raw = decodeBase64Lenient(signature);
    if (raw === undefined) return false;
    return this.#verifyingKeys.some((key) => equalInConstantTime(raw, this.#algorithm.signature(key, value)));
  }
}

/** The error for a wrong signature; its payload shares no memory with the value. */
export function mismatch(value: Uint8Array): BadSignature {
  return new BadSignature("Signature does not match", new Uint8Array(value));
}

/** An empty key signs as well as any, and everybody has it: itsdangerous takes it, Flask does not. */
function secretBytes(secretKey: string | Uint8Array): Buffer {
  const bytes = bytesOf(secretKey, "a secret key");
  if (bytes.length === 0) throw new RangeError("Cannot sign: a secret key is empty");
  return bytes;
}

function separatorBytes(separator: string): Buffer {
  if (SIGNATURE_CHARACTERS.includes(separator)) {
    throw new RangeError(`Cannot sign: the separator ${JSON.stringify(separator)} can stand in a signature`);
  }
  return bytesOf(separator, "the separator");
}
