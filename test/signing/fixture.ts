/** Reads the fixtures of this floor. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HmacAlgorithm, NoneAlgorithm, type SigningAlgorithm } from "../../src/signing/algorithm.ts";
import type { SignerOptions } from "../../src/signing/signer.ts";
import { projectFolder } from "../python/judge.ts";

/** Text, or bytes in the notation of fixtures. */
export type TextOrBytes = string | { readonly $bytes: string };

/** Options of a signer as fixtures write them. */
export interface WrittenOptions {
  readonly secretKey: TextOrBytes;
  readonly secretKeyFallbacks?: readonly TextOrBytes[];
  readonly salt?: TextOrBytes;
  readonly separator?: string;
  readonly keyDerivation?: NonNullable<SignerOptions["keyDerivation"]>;
  readonly digest?: string;
  readonly algorithm?: "none" | "hmac-sha256";
}

const algorithms: Readonly<Record<string, SigningAlgorithm>> = {
  none: new NoneAlgorithm(),
  "hmac-sha256": new HmacAlgorithm("sha256"),
};

/** The vectors of `fixtures/signing/<subject>.json`. */
export function vectorsOf(subject: string): unknown {
  const file = join(projectFolder, "fixtures", "signing", `${subject}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: unknown }).vectors;
}

/** Text as it is, bytes from their hex. */
export function textOrBytes(written: TextOrBytes): string | Uint8Array {
  return typeof written === "string" ? written : fromHex(written.$bytes);
}

/** Options as the signer takes them. */
export function signerOptions({
  secretKey,
  secretKeyFallbacks,
  salt,
  algorithm,
  ...rest
}: WrittenOptions): SignerOptions {
  return {
    ...rest,
    secretKey: textOrBytes(secretKey),
    ...(secretKeyFallbacks && { secretKeyFallbacks: secretKeyFallbacks.map(textOrBytes) }),
    ...(salt !== undefined && { salt: textOrBytes(salt) }),
    ...(algorithm && { algorithm: algorithms[algorithm] as SigningAlgorithm }),
  };
}

/** Bytes, no Buffer: chai tells the two apart. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** What a call throws; fails where it throws nothing. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
