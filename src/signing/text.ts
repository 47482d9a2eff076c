/** Text or bytes in, the same kind out: text is UTF-8, as itsdangerous' `want_bytes` has it. */
import { isWellFormed } from "../bytes/utf8.ts";

/**
 * The bytes of a text, or bytes over the same memory.
 *
 * @param what names the input in errors
 * @throws TypeError for a lone surrogate, which UTF-8 cannot say, and for what is neither text nor bytes
 */
export function bytesOf(input: string | Uint8Array, what: string): Buffer {
  if (typeof input === "string") {
    if (!isWellFormed(input)) throw new TypeError(`Cannot sign: ${what} has a lone surrogate`);
    return Buffer.from(input, "utf8");
  }
  if (!(input instanceof Uint8Array)) throw new TypeError(`Cannot sign: ${what} must be a string or a Uint8Array`);
  return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
}

/** Text where text was given, else a copy of the bytes. */
export function sameKind(given: string | Uint8Array, bytes: Uint8Array): string | Uint8Array {
  return typeof given === "string" ? Buffer.from(bytes).toString("utf8") : new Uint8Array(bytes);
}
