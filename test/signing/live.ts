/** Random signers and broken tokens, put to Python beside Node. */
import * as fc from "fast-check";
import type { SignerOptions } from "../../src/signing/signer.ts";
import { toHex } from "./fixture.ts";

/** Options that every case has; keys and salt as bytes, for Python's sake. */
export interface RandomOptions extends SignerOptions {
  readonly secretKey: Uint8Array;
  readonly secretKeyFallbacks: readonly Uint8Array[];
  readonly salt: Uint8Array;
  readonly separator: string;
  readonly keyDerivation: NonNullable<SignerOptions["keyDerivation"]>;
  readonly digest: string;
}

/** One byte put in, taken out or put over another. */
export interface Mutation {
  readonly kind: "insert" | "delete" | "replace";
  /** Counted from the end, where the signature is; wraps. */
  readonly at: number;
  readonly bytes: readonly number[];
}

const anyKey = fc.uint8Array({ minLength: 1, maxLength: 150 });

/** Signers of every kind. */
export const anyOptions: fc.Arbitrary<RandomOptions> = fc.record({
  secretKey: anyKey,
  secretKeyFallbacks: fc.array(anyKey, { maxLength: 2 }),
  salt: fc.uint8Array({ maxLength: 12 }),
  separator: fc.constantFrom(".", ".", "::", "|", "€", "+", "=-"),
  keyDerivation: fc.constantFrom("concat", "django-concat", "hmac", "none"),
  digest: fc.constantFrom("sha1", "sha224", "sha256", "sha384", "sha512", "md5"),
});

const signatureBytes = fc.constantFrom(...Buffer.from("AQgwz09+/-_=.!\n"));

/** Changes that leave the signature right as often as not. */
export const anyMutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("insert", "delete", "replace"),
  at: fc.oneof(fc.nat(3), fc.nat(200)),
  bytes: fc.oneof(
    fc.array(fc.nat(255), { minLength: 1, maxLength: 2 }),
    fc.array(signatureBytes, { minLength: 1, maxLength: 5 }),
    fc.constantFrom("=", "====", "!!!!", "\n\n\n\n", "éé").map((text) => Array.from(Buffer.from(text))),
  ),
});

/** The token after a change. */
export function mutated(token: Uint8Array, { kind, at, bytes }: Mutation): Uint8Array {
  const start = token.length - (at % (token.length + 1));
  const taken = kind === "insert" ? 0 : bytes.length;
  return Uint8Array.from([
    ...token.subarray(0, start),
    ...(kind === "delete" ? [] : bytes),
    ...token.subarray(start + taken),
  ]);
}

/** Options as {@link PYTHON_SIGNER} takes them. */
export function writtenOptions({
  secretKey,
  secretKeyFallbacks,
  salt,
  separator,
  keyDerivation,
  digest,
}: RandomOptions) {
  const keys = [...secretKeyFallbacks, secretKey].map(toHex);
  return { keys, salt: toHex(salt), separator, keyDerivation, digest };
}

/** Signs the value of each case, and unsigns its tokens: the value in hex, or null. */
export const PYTHON_SIGNER = `
import hashlib
from itsdangerous import BadSignature, Signer

def answer(case):
    signer = Signer(
        [bytes.fromhex(key) for key in case["keys"]],
        salt=bytes.fromhex(case["salt"]),
        sep=case["separator"],
        key_derivation=case["keyDerivation"],
        digest_method=getattr(hashlib, case["digest"]),
    )
    values = []
    for token in case["tokens"]:
        try:
            values.append(signer.unsign(bytes.fromhex(token)).hex())
        except BadSignature:
            values.append(None)
    return {"signed": signer.sign(bytes.fromhex(case["value"])).hex(), "values": values}

result = [answer(case) for case in input]
`;

/** As {@link PYTHON_SIGNER}, for TimestampSigner: a second for the signing, another and a maximum age for the unsigning. */
export const PYTHON_TIMESTAMP_SIGNER = `
import hashlib
import time
from unittest import mock
from itsdangerous import BadSignature, Signer, TimestampSigner

def outcome(signer, token, max_age):
    try:
        value, signed_at = signer.unsign(token, max_age=max_age, return_timestamp=True)
        return ["value", value.hex(), int(signed_at.timestamp())]
    except BadSignature as error:
        date = getattr(error, "date_signed", None)
        payload = None if error.payload is None else error.payload.hex()
        return [type(error).__name__, payload, None if date is None else int(date.timestamp())]
    except (ValueError, OverflowError, OSError):
        return ["no datetime"]

def plain(signer, token, max_age):
    try:
        return signer.unsign(token, max_age=max_age).hex()
    except (BadSignature, ValueError, OverflowError, OSError):
        return None

def answer(case):
    options = {
        "salt": bytes.fromhex(case["salt"]),
        "sep": case["separator"],
        "key_derivation": case["keyDerivation"],
        "digest_method": getattr(hashlib, case["digest"]),
    }
    keys = [bytes.fromhex(key) for key in case["keys"]]
    signer = TimestampSigner(keys, **options)
    with mock.patch.object(time, "time", lambda: case["signedSecond"] + 0.5):
        signed = signer.sign(bytes.fromhex(case["value"])).hex()
    tokens = [bytes.fromhex(token) for token in case["tokens"]]
    tokens.append(Signer(keys, **options).sign(bytes.fromhex(case["body"])))
    with mock.patch.object(time, "time", lambda: case["readSecond"] + 0.5):
        return {
            "signed": signed,
            "outcomes": [outcome(signer, token, case["maxAgeSeconds"]) for token in tokens],
            "plain": [plain(signer, token, case["maxAgeSeconds"]) for token in tokens],
        }

result = [answer(case) for case in input]
`;
