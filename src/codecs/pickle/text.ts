/** Opcodes that push text, bytes or a bytearray. */
import { PyBytes } from "../../values/exact.ts";
import type { InstructionRow, Machine } from "./machine.ts";
import { OPCODES as OP } from "./opcodes.ts";
import { decodeRawUnicodeEscape, unescapeLiteral } from "./text-escapes.ts";

/** In the order of `pickletools.opcodes`. */
export const textInstructions: readonly InstructionRow[] = [
  [
    OP.STRING,
    (machine) => pushPython2(machine, unescapeLiteral(machine.line()) ?? machine.fail("not a quoted string")),
  ],
  [OP.BINSTRING, (machine) => pushPython2(machine, latin1(machine, machine.length32()))],
  [OP.SHORT_BINSTRING, (machine) => pushPython2(machine, latin1(machine, machine.reader.uint8()))],
  [OP.BINBYTES, (machine) => pushBytes(machine, "bytes", machine.reader.uint32LE())],
  [OP.SHORT_BINBYTES, (machine) => pushBytes(machine, "bytes", machine.reader.uint8())],
  [OP.BINBYTES8, (machine) => pushBytes(machine, "bytes", machine.length64())],
  [OP.BYTEARRAY8, (machine) => pushBytes(machine, "bytearray", machine.length64())],
  [OP.NEXT_BUFFER, (machine) => machine.fail("a buffer outside of the pickle")],
  [OP.READONLY_BUFFER, checkReadonly],
  [
    OP.UNICODE,
    (machine) => machine.push(decodeRawUnicodeEscape(machine.reader.line()) ?? machine.fail("a bad escape")),
  ],
  [OP.SHORT_BINUNICODE, (machine) => machine.push(machine.reader.surrogateUtf8(machine.reader.uint8()))],
  [OP.BINUNICODE, (machine) => machine.push(machine.reader.surrogateUtf8(machine.reader.uint32LE()))],
  [OP.BINUNICODE8, (machine) => machine.push(machine.reader.surrogateUtf8(machine.length64()))],
];

/**
 * A `str` of Python 2, which Python 3 reads as strict ASCII unless told otherwise; Flask-Session never tells it.
 * @param text a byte a character
 */
function pushPython2(machine: Machine, text: string): void {
  // oxlint-disable-next-line no-control-regex
  if (machine.python2Strings === "ascii" && !/^[\x00-\x7f]*$/.test(text)) {
    machine.fail("a string of Python 2 that is not ASCII");
  }
  machine.push(text);
}

function latin1({ reader }: Machine, length: number): string {
  const start = reader.skip(length);
  return reader.bytes.toString("latin1", start, start + length);
}

function pushBytes(machine: Machine, kind: PyBytes["kind"], length: number): void {
  machine.push(new PyBytes(kind, machine.reader.slice(length)));
}

/** Bytes are read-only already; of a bytearray Python makes a memoryview, which no session can hold. */
function checkReadonly(machine: Machine): void {
  const value = machine.top();
  if (!(value instanceof PyBytes) || value.kind !== "bytes") machine.fail("READONLY_BUFFER on what is not bytes");
}
