/** The session's `_id`, by which Flask-Login notices that a session has changed hands: `_create_identifier` of 0.6.3. */
import { createHash } from "node:crypto";
import { type ExtensionRequest, headerOf, peerOf } from "../request.ts";

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

const SPACES = "\t\n\v\f\r ";

/**
 * SHA-512 of the client's address and its User-Agent, as Python 3 prints both as bytes: `b'127.0.0.1'|b'Mozilla/5.0'`.
 * @param clientAddress absent: Flask-Login's rule
 */
export function identifierOf(request: ExtensionRequest, clientAddress: string | undefined): string {
  const address = clientAddress ?? headerOf(request, "x-forwarded-for") ?? peerOf(request);
  const text = `${printed(address === undefined ? undefined : firstOf(address))}|${printed(headerOf(request, "user-agent"))}`;
  return createHash("sha512").update(text).digest("hex");
}

/** X-Forwarded-For lists every proxy's client, the first one's first. */
function firstOf(address: string): string {
  const [first = ""] = address.split(",", 1);
  // A pattern for the end would be tried at every space within: 0.3 s for a header of 16 KiB.
  let end = first.length;
  while (end > 0 && SPACES.includes(first.charAt(end - 1))) end--;
  return first.slice(0, end).replace(/^[\t-\r ]+/, "");
}

/** `repr()` of the UTF-8 bytes of text, or of None. */
function printed(text: string | undefined): string {
  if (text === undefined) return "None";
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const shown = Buffer.from(text)
    .toString("latin1")
    // oxlint-disable-next-line no-control-regex
    .replace(/[\x00-\x1f'\\\x7f-\xff]/g, (character) => escaped(character, quote));
  return `b${quote}${shown}${quote}`;
}

function escaped(character: string, quote: string): string {
  if (character === "'") return quote === "'" ? "\\'" : "'";
  return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
