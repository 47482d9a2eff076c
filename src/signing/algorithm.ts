/** How a signature is made from a derived key and a value; itsdangerous 2.2.0's `SigningAlgorithm`. */
import { hmac, isDigest } from "../bytes/crypto.ts";

/** Makes signatures. The signer compares them. */
export interface SigningAlgorithm {
  /** The raw signature, not encoded. */
  signature(key: Uint8Array, value: Uint8Array): Uint8Array;
}

/** HMAC; itsdangerous' `HMACAlgorithm`. */
export class HmacAlgorithm implements SigningAlgorithm {
  readonly #digest: string;

  /**
   * @param digest a hash of `node:crypto`
   * @throws TypeError for a digest that it does not have
   */
  constructor(digest = "sha1") {
    this.#digest = checkedDigest(digest);
  }

  signature(key: Uint8Array, value: Uint8Array): Uint8Array {
    return hmac(this.#digest, key, value);
  }
}

/** Signs nothing: the signature is empty and fits every value. As dangerous as in itsdangerous. */
export class NoneAlgorithm implements SigningAlgorithm {
  signature(): Uint8Array {
    return new Uint8Array();
  }
}

/** @throws TypeError for a digest that `node:crypto` does not have or that makes no HMAC. */
export function checkedDigest(digest: string): string {
  if (!isDigest(digest)) throw new TypeError(`Cannot sign: node:crypto makes no HMAC with the digest ${digest}`);
  return digest;
}
