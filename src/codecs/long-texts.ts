/**
 * Long texts as keys. V8 knows a text of more than 16,383 units by its length alone, so that a map of many long texts
 * compares each with each; their digests differ early.
 */
import { createHash } from "node:crypto";

/** Units of a text that is compared as it is. */
const LONG = 1000;

/** Whether a text is to be compared by its digest. */
export function isLong(text: string): boolean {
  return text.length > LONG;
}

/** Text that equal texts share, and no others. Half surrogate pairs are told apart. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text, "utf16le").digest("base64");
}
