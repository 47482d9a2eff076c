/** What a serializer signs: values as text, plain or URL-safe; itsdangerous 2.2.0's `serializer` argument and `URLSafeSerializerMixin`. */
import { deflateSync, inflateSync } from "node:zlib";
import { decodeBase64Lenient, encodeBase64Url } from "../bytes/base64.ts";
import { BadPayload } from "../errors.ts";

/** From values to bytes and back; what it throws while it reads becomes the cause of a {@link BadPayload}. */
export interface PayloadFormat<Value> {
  encode(value: Value): Uint8Array;
  decode(bytes: Uint8Array): Value;
}

const DOT = 0x2e;

/** What a payload may be once it is inflated: a signed zlib bomb is refused too. In bytes. */
export const DEFAULT_MAX_PAYLOAD_BYTES: number = 1024 * 1024;

/** Base64 of a format's bytes, deflated where that saves more than the dot which says so. */
export function urlSafe<Value>(format: PayloadFormat<Value>, maxPayloadBytes: number): PayloadFormat<Value> {
  return {
    encode(value) {
      const plain = format.encode(value);
      const deflated = deflateSync(plain);
      const isShorter = deflated.length < plain.length - 1;
      return Buffer.from(isShorter ? `.${encodeBase64Url(deflated)}` : encodeBase64Url(plain), "latin1");
    },
    decode(bytes) {
      const isDeflated = bytes[0] === DOT;
      const decoded = decodeBase64Lenient(isDeflated ? bytes.subarray(1) : bytes);
      if (decoded === undefined) throw new BadPayload("Could not base64 decode the payload");
      return format.decode(isDeflated ? inflated(decoded, maxPayloadBytes) : decoded);
    },
  };
}

function inflated(bytes: Uint8Array, maxPayloadBytes: number): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: maxPayloadBytes });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ERR_BUFFER_TOO_LARGE" ? `it is larger than ${maxPayloadBytes} bytes` : "it is not zlib";
    throw new BadPayload(`Could not decompress the payload: ${reason}`);
  }
}
