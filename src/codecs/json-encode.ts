/** Writes JSON byte for byte as msgspec 0.22.0 encodes the same Python value. */
import { DEFAULT_LIMITS } from "../bytes/limits.ts";
import { isWellFormed } from "../bytes/utf8.ts";
import { EncodeError } from "../errors.ts";
import { type Exact, type ExactNode, PyBytes, PyDict, PyFloat, PyList, PyMarkup } from "../values/exact.ts";
import type { EncodeOptions } from "./codec.ts";
import { floatText, isWritableInt } from "./json-text.ts";
import { LONE_SURROGATE, MARKUP, ONLY_PYTHON } from "./msgspec-rules.ts";
import { msgspecText } from "./msgspec-text.ts";
import { pathOf } from "./path.ts";

/** What cannot stand in a JSON string as it is, or not at all. Most text has none of it. */
const SPECIAL = /["\\\p{Cc}\p{Surrogate}]/u;

/** Containers within containers: msgspec gives up at 1,000, and a cycle ends here too. */
const MAX_DEPTH = 1000;

/** @throws EncodeError for what msgspec raises on, for what only Python could write, and for too many bytes */
export function encodeJson(value: Exact, { maxBytes = DEFAULT_LIMITS.maxBytes }: EncodeOptions = {}): Uint8Array {
  return new JsonEncoder(value, maxBytes).whole();
}

/** One text as it grows. */
class JsonEncoder {
  readonly #root: Exact;
  readonly #maxBytes: number;
  #text = "";
  #depth = 0;

  constructor(root: Exact, maxBytes: number) {
    this.#root = root;
    this.#maxBytes = maxBytes;
  }

  whole(): Uint8Array {
    this.#value(this.#root);
    const bytes = Buffer.from(this.#text, "utf8");
    if (bytes.length > this.#maxBytes) this.#exceed();
    return new Uint8Array(bytes);
  }

  #value(value: Exact): void {
    if (typeof value === "string") this.#put(this.#quoted(value, value));
    else if (typeof value === "number") this.#put(Number.isSafeInteger(value) ? String(value) : finiteText(value));
    else if (typeof value === "bigint") this.#put(this.#intText(value));
    else if (typeof value === "boolean" || value === null) this.#put(String(value));
    else this.#node(value);
  }

  #node(node: ExactNode): void {
    if (node instanceof PyDict) return this.#dict(node);
    if (node instanceof PyList) return this.#list(node);
    if (node instanceof PyFloat) return this.#put(finiteText(node.value));
    const text = stringText(node) ?? this.#refuse(node, node instanceof PyMarkup ? MARKUP : ONLY_PYTHON);
    this.#put(this.#quoted(text, node));
  }

  #list(list: PyList): void {
    this.#enter(list);
    list.items.forEach((item, index) => {
      this.#put(index === 0 ? "[" : ",");
      this.#value(item);
    });
    this.#put(list.items.length === 0 ? "[]" : "]");
    this.#depth--;
  }

  #dict(dict: PyDict): void {
    this.#enter(dict);
    dict.keys.forEach((key, index) => {
      this.#put(index === 0 ? "{" : ",");
      this.#put(this.#quoted(this.#keyText(key, dict), key));
      this.#put(":");
      this.#value(dict.values[index] as Exact);
    });
    this.#put(dict.keys.length === 0 ? "{}" : "}");
    this.#depth--;
  }

  /** @param dict is what the path leads to: other values of the session may be equal to the key */
  #keyText(key: Exact, dict: PyDict): string {
    if (typeof key === "string") return key;
    if (typeof key === "number") return Number.isSafeInteger(key) ? String(key) : floatText(key);
    if (typeof key === "bigint") return this.#intText(key);
    if (key instanceof PyFloat) return floatText(key.value);
    if (key instanceof PyMarkup) return key.text;
    return stringText(key) ?? this.#refuse(dict, "one of its keys cannot be a string of JSON");
  }

  #intText(value: bigint): string {
    return isWritableInt(value) ? String(value) : this.#refuse(value, "an int of too many digits");
  }

  /** The escapes of JavaScript's own writer are those of msgspec. */
  #quoted(text: string, value: Exact): string {
    if (!SPECIAL.test(text)) return `"${text}"`;
    return isWellFormed(text) ? JSON.stringify(text) : this.#refuse(value, LONE_SURROGATE);
  }

  #enter(container: ExactNode): void {
    if (++this.#depth > MAX_DEPTH) this.#refuse(container, "it holds itself, or is too deep");
  }

  #put(piece: string): void {
    this.#text += piece;
    // A character has at least one byte.
    if (this.#text.length > this.#maxBytes) this.#exceed();
  }

  #refuse(value: unknown, reason: string): never {
    throw new EncodeError(pathOf(this.#root, value), reason);
  }

  #exceed(): never {
    throw new EncodeError("session", `more than ${this.#maxBytes} bytes`);
  }
}

/** JSON has neither NaN nor infinities. */
function finiteText(value: number): string {
  return Number.isFinite(value) ? floatText(value) : "null";
}

/** What msgspec writes as a string. */
function stringText(node: Exact): string | undefined {
  return node instanceof PyBytes ? Buffer.from(node.bytes).toString("base64") : msgspecText(node);
}
