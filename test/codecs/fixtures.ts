/** The vectors that `scripts/fixtures/codecs_*.py` made. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../python/judge.ts";

/** A value and what msgspec writes for it, or the name of what it raises. */
export interface EncodeVector {
  readonly value: string;
  readonly pickle: string;
  readonly bytes?: string;
  readonly error?: string;
}

/** Bytes and what is read from them, in the notation of fixtures, or the name of what is raised. */
export interface DecodeVector {
  readonly bytes: string;
  readonly value?: unknown;
  readonly error?: string;
}

/** The vectors of `fixtures/codecs/<subject>.json`. */
export function vectorsOf(subject: string): unknown {
  const path = join(projectFolder, "fixtures", "codecs", `${subject}.json`);
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly vectors: unknown }).vectors;
}

/** Bytes from hexadecimal text. */
export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

/** Hexadecimal text of bytes. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
