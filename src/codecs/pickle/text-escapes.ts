/** Text of protocol 0: Python 2's string literals, and the raw-unicode-escape codec. */

const SINGLE_CHARACTERS: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * A literal with its quotes, as `PyBytes_DecodeEscape` reads it. What a backslash does not escape keeps it.
 * @param literal latin-1 text
 * @returns latin-1 text, or `undefined` where it is not quoted, or a `\x` or the end is not what it should be
 */
export function unescapeLiteral(literal: string): string | undefined {
  if (!/^(?:'[^]*'|"[^]*")$/.test(literal) || literal.length < 2) return undefined;
  let malformed = false;
  const text = literal.slice(1, -1).replace(/\\(x[\da-fA-F]{2}|[0-7]{1,3}|[^]|$)/g, (escape, after: string) => {
    if (after.length > 1 && after.startsWith("x")) return String.fromCharCode(Number.parseInt(after.slice(1), 16));
    if (/^[0-7]/.test(after)) return String.fromCharCode(Number.parseInt(after, 8) & 0xff);
    malformed ||= after === "x" || after === "";
    return SINGLE_CHARACTERS[after] ?? escape;
  });
  return malformed ? undefined : text;
}

/**
 * Text in which only `\uXXXX` and `\UXXXXXXXX` behind an odd number of backslashes mean something.
 * @param raw latin-1 text
 * @returns `undefined` where such an escape is cut short or beyond U+10FFFF
 */
export function decodeRawUnicodeEscape(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw;
  let malformed = false;
  const text = raw.replace(/\\(u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^]|$)/g, (escape, after: string) => {
    if (!/^[uU]/.test(after)) return escape;
    const code = Number.parseInt(after.slice(1), 16);
    malformed ||= !(code <= 0x10ffff);
    return malformed ? "" : String.fromCodePoint(code);
  });
  return malformed ? undefined : text;
}
