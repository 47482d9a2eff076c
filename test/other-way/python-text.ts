/** Python's expressions for values of JavaScript. */

/** A str, lone surrogates too. */
export function pythonText(text: string): string {
  let quoted = "'";
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code > 0xffff) quoted += `\\U${code.toString(16).padStart(8, "0")}`;
    else if (code < 0x20 || code > 0x7e || character === "'" || character === "\\") {
      quoted += `\\u${code.toString(16).padStart(4, "0")}`;
    } else quoted += character;
  }
  return `${quoted}'`;
}

/** A float; JavaScript and Python write the shortest digits that give it. */
export function pythonFloat(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  if (!Number.isFinite(value)) return `float('${String(value).replace("Infinity", "inf")}')`;
  const digits = String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** What a number is where nothing says float. */
export function pythonNumber(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : pythonFloat(value);
}

/** A bytes. */
export function pythonBytes(bytes: Uint8Array): string {
  return `bytes.fromhex('${Buffer.from(bytes).toString("hex")}')`;
}
