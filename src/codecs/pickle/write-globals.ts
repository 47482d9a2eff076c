/** Writes classes, functions and singletons by their names. */
import { PyGlobal } from "../../values/exact.ts";
import { OPCODES as OP } from "./opcodes.ts";
import type { ByProtocol, Pickler, Write } from "./pickler.ts";
import { python2Name } from "./python2-names.ts";
import type { QualifiedName } from "./renames.ts";
import { writeText } from "./write-atoms.ts";

/** How a protocol calls `module.name`. */
type NameOf = (module: string, name: string) => QualifiedName;

/** Attributes of a class below protocol 4. */
export const GETATTR: PyGlobal = new PyGlobal("builtins", "getattr");

/** What a line of protocol 2 can hold, and one of protocol 3, which is UTF-8. */
// oxlint-disable-next-line no-control-regex
const ASCII = /^[\0-\x09\x0b-\x7f]+$/;
const UNICODE = /^[^\n\p{Surrogate}]+$/u;

/** In protocol 2 the names are Python 2's, so that it and Python 3 read them. */
const globalWriters: ByProtocol<Write<PyGlobal>> = {
  2: inLines(python2Name, ASCII),
  3: inLines((module, name) => [module, name], UNICODE),
  4: onStack,
  5: onStack,
};

/** From the memo where it was written before. */
export function writeGlobal(pickler: Pickler, global: PyGlobal): void {
  if (!pickler.recall(global)) writeNewGlobal(pickler, global);
}

/** @throws EncodeError where the protocol has no way to say its name, as in CPython */
export function writeNewGlobal(pickler: Pickler, global: PyGlobal): void {
  globalWriters[pickler.protocol](pickler, global);
  pickler.remember(global);
}

/** Takes dotted names. */
function onStack(pickler: Pickler, { module, name }: PyGlobal): void {
  writeText(pickler, module);
  writeText(pickler, name);
  pickler.opcode(OP.STACK_GLOBAL);
}

/** Takes no dotted names: what is in a class is got by `getattr`. */
function inLines(nameOf: NameOf, line: RegExp): Write<PyGlobal> {
  return (pickler, global) => {
    const [outer, ...attributes] = global.name.split(".") as [string, ...string[]];
    const lines = nameOf(global.module, outer);
    if (!lines.every((text) => line.test(text))) pickler.refuse(global, `protocol ${pickler.protocol} cannot name it`);
    for (let depth = attributes.length; depth > 0; depth--) writeGlobal(pickler, GETATTR);
    pickler.opcode(OP.GLOBAL);
    for (const text of lines) writeLine(pickler, text);
    for (const attribute of attributes) {
      writeText(pickler, attribute);
      pickler.opcode(OP.TUPLE2);
      pickler.opcode(OP.REDUCE);
    }
  };
}

function writeLine({ out }: Pickler, text: string): void {
  out.utf8(text, Buffer.byteLength(text));
  out.ascii("\n");
}
