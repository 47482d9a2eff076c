/** Words that no log may show, and everything that a log could show of an error or an event. */
import { inspect } from "node:util";
import type { FlaskSessionError } from "../../../src/errors.ts";
import type { SessionEvent } from "../../../src/session/events.ts";
import { Signer } from "../../../src/signing/signer.ts";
import { fileName } from "../../../src/stores/filesystem/names.ts";

/** Signs session ids. */
export const SECRET = "SECRETSECRETSECRETSECRET";
/** Of a user of Redis. */
export const PASSWORD = "PASSWORDPASSWORDPASSWORD";
/** Under which there is a record. */
export const SID = "SIDSIDSIDSIDSIDSID";
/** In the record, and what handlers set. */
export const VALUE = "VALUEVALUEVALUEVALUE";
/** Under which the value stands. It may be shown in a path and in the `keys` of an event. */
export const KEY = "KEYKEYKEYKEY";

/** The cookie's value. */
export const TOKEN: string = new Signer({ secretKey: SECRET, salt: "flask-session", keyDerivation: "hmac" }).sign(SID);
/** The cookie that visitors send. */
export const COOKIE = `session=${TOKEN}`;
/** Under which the record lies. */
export const STORE_KEY = `session:${SID}`;

/** Parts of the words, so that a word cut short is seen as well. */
const FORBIDDEN: readonly string[] = [
  ...[SECRET, PASSWORD, SID, VALUE].map((word) => word.slice(0, 9)),
  TOKEN.slice(SID.length + 1),
  fileName("md5", STORE_KEY),
  fileName("sha256", STORE_KEY),
];

/** The words that a text shows, in any of the forms in which `inspect` and drivers write text and bytes. */
export function leaksOf(text: string): string[] {
  return FORBIDDEN.filter((word) => isShown(word, text));
}

/** The words that an error shows, in what people log of errors; a session key counts outside of its path. */
export function leaksOfError(error: unknown): string[] {
  const shown = everythingOf(error);
  const { path = "" } = error as { readonly path?: string };
  const elsewhere = path === "" ? shown : shown.replaceAll(path, "").replaceAll(JSON.stringify(path).slice(1, -1), "");
  return [...leaksOf(shown), ...(hasKey(elsewhere) ? [KEY] : [])];
}

/** The words that an event shows; a session key counts outside of its `keys` and of its error's path. */
export function leaksOfEvent(event: SessionEvent): string[] {
  const { keys, error, ...rest } = event as { readonly keys?: unknown; readonly error?: FlaskSessionError };
  const shown = [inspect(event, { depth: 9, showHidden: true }), JSON.stringify(event), inspect(keys)];
  const inError = error === undefined ? [] : leaksOfError(error);
  return [...leaksOf(shown.join("\n")), ...inError, ...(hasKey(inspect(rest, { depth: 9 })) ? [KEY] : [])];
}

function everythingOf(error: unknown): string {
  const { message, stack } = error as Error;
  return [
    inspect(error, { depth: 9 }),
    inspect(error, { depth: 9, showHidden: true, maxArrayLength: null, maxStringLength: null }),
    JSON.stringify(error),
    String(error),
    message,
    stack,
    inspect({ ...(error as object) }, { depth: 9 }),
  ].join("\n");
}

function hasKey(text: string): boolean {
  return isShown(KEY.slice(0, 9), text);
}

/** `inspect` pads and breaks lists of bytes; no word and no form of one has space in it. */
function isShown(word: string, text: string): boolean {
  const packed = text.replace(/\s+/g, "");
  return formsOf(word).some((form) => packed.includes(form));
}

function formsOf(word: string): string[] {
  const bytes = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) => inBase64(bytes, shift));
  const base64url = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [word, bytes.toString("hex"), [...bytes].join(), ...base64, ...base64url];
}

/** What base64 makes of the bytes where so many others stand before them, without the characters that these have a part in. */
function inBase64(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  return text.slice(shift === 0 ? 0 : shift + 1, -1);
}
