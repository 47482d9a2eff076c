/** Reads JSON into the exact tree: ints of any size, floats told from ints, keys in their order. */
import { DEFAULT_LIMITS, itemsOfDigits, type Limits } from "../bytes/limits.ts";
import { decodeUtf8, invalidUtf8Offset, isWellFormed } from "../bytes/utf8.ts";
import { DecodeError, LimitError, TruncatedError } from "../errors.ts";
import { type Exact, exactFloat, exactInt, PyDict, PyList } from "../values/exact.ts";
import { type JsonDialect, MSGSPEC } from "./json-dialect.ts";
import { makeKeysUnique } from "./unique-keys.ts";

/** An int, and what makes it a float. */
const NUMBER = /(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;

/** What JSON takes for space, of which there is some. */
const SPACES = /[ \n\r\t]+/y;

/** What may stand in a string as an escape only. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f]/;

/** Characters of an int that a double holds exactly. */
const SAFE_LENGTH = 15;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const OPEN_DICT = 0x7b;

/**
 * The value of a record that is nothing else, in UTF-8. Of equal keys the last value counts, at the first one's place.
 * @throws DecodeError
 */
export function decodeJson(bytes: Uint8Array, limits: Limits = DEFAULT_LIMITS, dialect: JsonDialect = MSGSPEC): Exact {
  if (bytes.length > limits.maxBytes) {
    throw new LimitError(`Cannot decode JSON: ${bytes.length} bytes, the limit is ${limits.maxBytes}`, 0);
  }
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = decodeUtf8(input, 0, input.length);
  if (text !== undefined) return new JsonDecoder(text, limits, dialect).whole();
  const offset = invalidUtf8Offset(input);
  throw new DecodeError(`Cannot decode JSON: it is not UTF-8 at offset ${offset}`, offset);
}

/** Goes through the text once, from front to back. */
class JsonDecoder {
  readonly #text: string;
  readonly #limits: Limits;
  readonly #dialect: JsonDialect;
  /** Index of the next character. */
  #at = 0;
  #items = 0;
  #depth = 0;

  constructor(text: string, limits: Limits, dialect: JsonDialect) {
    this.#text = text;
    this.#limits = limits;
    this.#dialect = dialect;
  }

  whole(): Exact {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail("text after the end");
    return value;
  }

  #value(): Exact {
    this.#skipSpace();
    switch (this.#text.charCodeAt(this.#at)) {
      case QUOTE:
        return this.#string();
      case OPEN_DICT:
        return this.#dict();
      case OPEN_LIST:
        return this.#list();
      default:
        return this.#number() ?? this.#word();
    }
  }

  #list(): PyList {
    const items: Exact[] = [];
    for (let more = this.#opens("]"); more; more = this.#continues("]")) {
      this.#count();
      items.push(this.#value());
    }
    this.#depth--;
    return new PyList("list", items);
  }

  #dict(): PyDict {
    const keys: Exact[] = [];
    const values: Exact[] = [];
    for (let more = this.#opens("}"); more; more = this.#continues("}")) {
      this.#count();
      keys.push(this.#key());
      values.push(this.#value());
    }
    this.#depth--;
    const dict = new PyDict(keys, values);
    makeKeysUnique(dict);
    return dict;
  }

  #key(): string {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== QUOTE) this.#fail("a key that is no string");
    const key = this.#string();
    if (!this.#takes(":")) this.#fail("no colon after a key");
    return key;
  }

  #string(): string {
    const start = this.#at;
    const end = this.#endOfString(start + 1);
    const text = this.#text.slice(start + 1, end);
    const control = text.search(CONTROL);
    if (control !== -1) this.#fail("a control character in the string", start + 1 + control);
    if (end === this.#text.length) this.#fail("no end of the string", end);
    this.#at = end + 1;
    return text.includes("\\") ? this.#unescaped(start) : text;
  }

  /** The next quote with an even number of backslashes before it; they belong to no other quote. */
  #endOfString(start: number): number {
    for (let end = this.#text.indexOf('"', start); end !== -1; end = this.#text.indexOf('"', end + 1)) {
      let backslash = end;
      while (this.#text.charCodeAt(backslash - 1) === BACKSLASH) backslash--;
      if ((end - backslash) % 2 === 0) return end;
    }
    return this.#text.length;
  }

  /** Escapes are the same in JavaScript's own reader. */
  #unescaped(start: number): string {
    const string = parsed(this.#text.slice(start, this.#at));
    if (string === undefined) this.#fail("an invalid escape in the string", start);
    if (!this.#dialect.loneSurrogates && !isWellFormed(string))
      this.#fail("half a surrogate pair in the string", start);
    return string;
  }

  #number(): Exact | undefined {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return undefined;
    const [number, whole = "", rest] = match;
    const start = this.#at;
    this.#at += number.length;
    return rest === "" ? this.#integer(whole, start) : this.#float(Number(number), start);
  }

  #integer(digits: string, start: number): number | bigint {
    if (digits.length <= SAFE_LENGTH) return Number(digits) + 0; // -0 is the int 0
    if (digits.length > this.#dialect.maxLength(digits)) this.#exceed("an int of too many digits", start);
    this.#count(itemsOfDigits(digits.length));
    return exactInt(BigInt(digits));
  }

  #float(value: number, start: number): Exact {
    if (!Number.isFinite(value) && !this.#dialect.overflows) this.#fail("a number beyond a float", start);
    return exactFloat(value);
  }

  #word(): Exact {
    for (const [word, value] of this.#dialect.words) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#fail("no value");
  }

  /** Steps over the opening bracket. @returns whether an item follows */
  #opens(closing: string): boolean {
    this.#at++;
    if (++this.#depth > this.#limits.maxDepth) this.#exceed(`deeper than ${this.#limits.maxDepth} levels`);
    return !this.#takes(closing);
  }

  /** @returns whether another item follows */
  #continues(closing: string): boolean {
    if (this.#takes(",")) return true;
    if (!this.#takes(closing)) this.#fail(`neither a comma nor ${closing}`);
    return false;
  }

  #takes(character: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    if (!isSpace(this.#text.charCodeAt(this.#at))) return;
    SPACES.lastIndex = this.#at;
    SPACES.test(this.#text);
    this.#at = SPACES.lastIndex;
  }

  #count(items = 1): void {
    this.#items += items;
    if (this.#items > this.#limits.maxItems) this.#exceed(`more than ${this.#limits.maxItems} items`);
  }

  #fail(what: string, at: number = this.#at): never {
    const offset = this.#offsetOf(at);
    if (at >= this.#text.length) throw new TruncatedError(`Cannot decode JSON: it ends at offset ${offset}`, offset);
    throw new DecodeError(`Cannot decode JSON: ${what} at offset ${offset}`, offset);
  }

  #exceed(what: string, at: number = this.#at): never {
    const offset = this.#offsetOf(at);
    throw new LimitError(`Cannot decode JSON: ${what} at offset ${offset}`, offset);
  }

  /** In bytes. */
  #offsetOf(at: number): number {
    return Buffer.byteLength(this.#text.slice(0, at));
  }
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === RETURN || code === TAB;
}

function parsed(string: string): string | undefined {
  try {
    return JSON.parse(string) as string;
  } catch {
    return undefined;
  }
}
