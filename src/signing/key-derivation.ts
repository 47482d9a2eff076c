/** How the key that signs comes from the secret key and the salt; itsdangerous 2.2.0, `Signer.derive_key`. */
import { hash, hmac } from "../bytes/crypto.ts";

/** The derivations that itsdangerous has. */
export type KeyDerivation = "concat" | "django-concat" | "hmac" | "none";

/** From a digest of `node:crypto`, the salt and the secret key to the key that signs. */
export type Derivation = (digest: string, salt: Uint8Array, secretKey: Uint8Array) => Uint8Array;

const INFIX = Buffer.from("signer");

const derivations: Readonly<Record<KeyDerivation, Derivation>> = {
  concat: (digest, salt, secretKey) => hash(digest, salt, secretKey),
  "django-concat": (digest, salt, secretKey) => hash(digest, salt, INFIX, secretKey),
  hmac: (digest, salt, secretKey) => hmac(digest, secretKey, salt),
  none: (_digest, _salt, secretKey) => new Uint8Array(secretKey),
};

/**
 * The function of a derivation. Its result shares no memory with its arguments.
 *
 * @throws TypeError for a derivation that itsdangerous does not have
 */
export function derivationOf(name: KeyDerivation): Derivation {
  if (!Object.hasOwn(derivations, name)) throw new TypeError(`Cannot sign: unknown key derivation ${name}`);
  return derivations[name];
}
