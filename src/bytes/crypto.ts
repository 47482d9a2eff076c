/** Hashes, HMACs and how they are compared, by node:crypto. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Whether a digest of this name can hash and make HMACs: `sha1`, `sha256`, `md5`, any of `crypto.getHashes()` of a fixed length. */
export function isDigest(name: string): boolean {
  try {
    createHmac(name, "");
    return true;
  } catch {
    return false;
  }
}

/** The hash of some bytes, one after the other. */
export function hash(digest: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash(digest);
  for (const part of parts) state.update(part);
  return state.digest();
}

/** The HMAC of a message. */
export function hmac(digest: string, key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac(digest, key).update(message).digest();
}

/** Whether bytes are equal, in a time that tells nothing but their lengths. */
export function equalInConstantTime(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
