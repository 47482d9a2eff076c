/** The session cookie in the headers of HTTP, character for character as Werkzeug treats it. */
import type { SameSite } from "./options.ts";

/** A longer Cookie header is not looked at: browsers keep 4 KiB a cookie, and servers stop at 8 to 16 KiB of headers. */
export const MAX_COOKIE_HEADER_BYTES: number = 8 * 1024;

/** Which of several cookies of one name counts: the first in Werkzeug >= 1.0, the last before. */
export type DuplicateCookies = "first" | "last";

/** What stands behind a cookie's value, ready to be sent. */
export interface CookieAttributes {
  readonly domain?: string;
  readonly expires?: Date;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly path: string;
  readonly sameSite?: SameSite;
  readonly partitioned?: boolean;
  /** Dates as Werkzeug before 2.0 writes them: `Thu, 01-Jan-1970 00:00:00 GMT`. */
  readonly dashedExpires: boolean;
}

/** The characters that every Werkzeug writes without quotes; all sids and signatures consist of them. */
const PLAIN_VALUE = /^[\w!#$%&'*+.^`|~-]*$/;

const QUOTE = '"';
const BACKSLASH = "\\";
/** Control characters are all escaped: Werkzeug 2.3 to 3.1.8 leaves six of them bare, which Node refuses to send. */
// oxlint-disable-next-line no-control-regex
const UNSAFE_IN_QUOTES = /[\x00-\x1f",;\\\x7f-\xff]/g;
/** A backslash with three octal digits is a byte, with anything else that. */
const ESCAPE = /\\([0-3][0-7]{2}|[^\n])/g;

/**
 * The value of one cookie of a request, as `parse_cookie` of Werkzeug 3.1.8 finds it. (2.2.3 does not strip control
 * characters and no-break spaces around names and values, and reads bare bytes as UTF-8; no sid holds any of these.)
 * One pass, whatever the header holds.
 * @param header text with one character a byte, as Node gives it. Line breaks, which no header can hold, are text.
 * @returns `undefined` where there is none, or the header is longer than {@link MAX_COOKIE_HEADER_BYTES}.
 */
export function readCookie(header: string, name: string, duplicates: DuplicateCookies): string | undefined {
  if (header.length > MAX_COOKIE_HEADER_BYTES) return undefined;
  let found: string | undefined;
  for (let start = 0; start < header.length; ) {
    const nameEnd = endOfName(header, start);
    const bare = header[nameEnd] !== "=";
    const valueStart = bare ? nameEnd : skipSpace(header, nameEnd + 1);
    const valueEnd = bare ? nameEnd : endOfValue(header, valueStart);
    if (strip(header, start, nameEnd) === name) {
      found = unquote(strip(header, valueStart, valueEnd));
      if (duplicates === "first") return found;
    }
    start = valueEnd + 1;
  }
  return found;
}

/**
 * A Set-Cookie header, as `dump_cookie` of Werkzeug writes it.
 * @param name and attributes checked before: `cookieAttributes` makes them
 * @throws TypeError where the value would have to be quoted, which no sid and no token needs
 */
export function writeCookie(name: string, value: string, attributes: CookieAttributes): string {
  if (!PLAIN_VALUE.test(value)) throw new TypeError("Cannot write the cookie: its value is not a plain token");
  return cookieText(name, value, attributes);
}

/** As {@link writeCookie}, of any value: in quotes where it needs them. {@link readCookie} takes them off. */
export function writeQuotedCookie(name: string, value: string, attributes: CookieAttributes): string {
  return cookieText(name, PLAIN_VALUE.test(value) ? value : quoted(value), attributes);
}

/** Attributes that some Flasks repeat where they delete a cookie. */
export type RepeatedAttribute = "secure" | "httpOnly" | "sameSite" | "partitioned";

/**
 * A Set-Cookie header that makes the browser forget the cookie. Domain and Path are repeated always.
 * @param repeated what else is; Flask-Session repeats nothing
 */
export function deleteCookie(
  name: string,
  attributes: CookieAttributes,
  repeated: readonly RepeatedAttribute[] = [],
): string {
  const { domain, path, dashedExpires } = attributes;
  const always = { ...(domain === undefined ? {} : { domain }), path, dashedExpires, secure: false, httpOnly: false };
  const kept = Object.fromEntries(repeated.map((attribute) => [attribute, attributes[attribute]]));
  const gone = `; Expires=${httpDate(new Date(0), attributes)}; Max-Age=0`;
  return `${name}=${attributesText({ ...always, ...kept }, gone)}`;
}

function cookieText(name: string, value: string, attributes: CookieAttributes): string {
  const { expires } = attributes;
  const lifetime = expires === undefined ? "" : `; Expires=${httpDate(expires, attributes)}`;
  return `${name}=${value}${attributesText(attributes, lifetime)}`;
}

/** What ends a value or is no text of a header, and quotes' own signs. Older Werkzeugs quote more values, none escapes more. */
function quoted(value: string): string {
  const escaped = Buffer.from(value).toString("latin1").replace(UNSAFE_IN_QUOTES, escape);
  return `"${escaped}"`;
}

function escape(character: string): string {
  if (character === QUOTE || character === BACKSLASH) return BACKSLASH + character;
  return BACKSLASH + character.charCodeAt(0).toString(8).padStart(3, "0");
}

function attributesText(attributes: CookieAttributes, lifetime: string): string {
  const { domain, secure, httpOnly, path, sameSite, partitioned } = attributes;
  let text = domain === undefined ? lifetime : `; Domain=${domain}${lifetime}`;
  if (secure) text += "; Secure";
  if (httpOnly) text += "; HttpOnly";
  text += `; Path=${path}`;
  if (sameSite !== undefined) text += `; SameSite=${sameSite}`;
  return partitioned === true ? `${text}; Partitioned` : text;
}

function httpDate(instant: Date, { dashedExpires }: CookieAttributes): string {
  const text = instant.toUTCString();
  return dashedExpires ? `${text.slice(0, 7)}-${text.slice(8, 11)}-${text.slice(12)}` : text;
}

function endOfName(header: string, start: number): number {
  let end = start;
  while (end < header.length && header[end] !== "=" && header[end] !== ";") end++;
  return end;
}

/** A quoted value may hold `;`, but only where nothing follows its closing quote; else it is text like any other. */
function endOfValue(header: string, start: number): number {
  const end = skipSpace(header, endOfQuoted(header, start));
  if (end > start && (end === header.length || header[end] === ";")) return end;
  const semicolon = header.indexOf(";", start);
  return semicolon === -1 ? header.length : semicolon;
}

/** Behind the closing quote; `start` where no quoted text stands. */
function endOfQuoted(header: string, start: number): number {
  if (header[start] !== QUOTE) return start;
  for (let end = start + 1; end < header.length; end++) {
    if (header[end] === QUOTE) return end + 1;
    if (header[end] === BACKSLASH) end++;
  }
  return start;
}

/** Over what `\s` of Python's `re.ASCII` matches. */
function skipSpace(header: string, start: number): number {
  let end = start;
  while (isAsciiSpace(header.charCodeAt(end))) end++;
  return end;
}

/** The part without the space around it, as `str.strip` sees space. */
function strip(header: string, start: number, end: number): string {
  let first = start;
  let last = end;
  while (first < last && isSpace(header.charCodeAt(first))) first++;
  while (first < last && isSpace(header.charCodeAt(last - 1))) last--;
  return header.slice(first, last);
}

function isAsciiSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function isSpace(code: number): boolean {
  return isAsciiSpace(code) || (code >= 0x1c && code <= 0x1f) || code === 0x85 || code === 0xa0;
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith(QUOTE) || !value.endsWith(QUOTE)) return value;
  // A character may be several escaped bytes: text with one character a byte, in between.
  const bytes = Buffer.from(value.slice(1, -1), "utf8").toString("latin1");
  const plain = bytes.replace(ESCAPE, (_, escaped: string) =>
    escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped,
  );
  return Buffer.from(plain, "latin1").toString("utf8");
}
