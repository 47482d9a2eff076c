/** Writes an exact tree as a pickle of protocol 2, 3, 4 or 5. */
import { DEFAULT_LIMITS } from "../../bytes/limits.ts";
import {
  type Exact,
  type ExactNode,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
} from "../../values/exact.ts";
import type { EncodeOptions } from "../codec.ts";
import { OPCODES as OP } from "./opcodes.ts";
import { Pickler, type Write, type Writers } from "./pickler.ts";
import { writeAtom, writeFloat } from "./write-atoms.ts";
import { writeDict, writeList } from "./write-containers.ts";
import { writeNewGlobal } from "./write-globals.ts";
import { writeObject } from "./write-objects.ts";
import { writeBytes, writeDateTime, writeDecimal, writeMarkup, writeTimedelta, writeUuid } from "./write-values.ts";

/** A `PyExt` is missing: it belongs to msgpack. */
const writers: Writers = {
  atom: writeAtom,
  nodes: new Map<unknown, Write<ExactNode>>([
    row(PyFloat, writeFloat),
    row(PyBytes, writeBytes),
    row(PyList, writeList),
    row(PyDict, writeDict),
    row(PyDateTime, writeDateTime),
    row(PyTimedelta, writeTimedelta),
    row(PyDecimal, writeDecimal),
    row(PyMarkup, writeMarkup),
    row(PyUuid, writeUuid),
    row(PyGlobal, writeNewGlobal),
    row(PyObject, writeObject),
  ]),
};

/**
 * What Python's `pickle.loads` makes equal to what was read. There are no frames: loaders need none.
 * @throws EncodeError with the path of what a pickle of this protocol cannot hold, or of a value nested too deep
 */
export function encodePickle(
  value: Exact,
  { maxBytes = DEFAULT_LIMITS.maxBytes, pickleProtocol = 4 }: EncodeOptions = {},
): Uint8Array {
  const pickler = new Pickler(value, { maxBytes, pickleProtocol }, writers);
  pickler.opcode(OP.PROTO);
  pickler.opcode(pickleProtocol);
  pickler.write(value);
  pickler.opcode(OP.STOP);
  return pickler.out.result();
}

/** The table's rows are found by the node's class, which is what makes them fit. */
function row<Node extends ExactNode>(
  type: abstract new (...parts: never) => Node,
  write: Write<Node>,
): readonly [unknown, Write<ExactNode>] {
  return [type, write as Write<ExactNode>];
}
