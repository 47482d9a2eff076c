/** Values that JavaScript makes, by which Python 2 says what it finds in a pickle of protocol 2. */
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyFloat,
  PyList,
  PyTimedelta,
  PyUuid,
} from "../../../src/values/exact.ts";

/** In the order in which `scripts/fixtures/python2/streams.json` has them. */
export const madeByNode: readonly Exact[] = [
  list("list", null, true, 1, -1, 2 ** 40, 1n << 70n, new PyFloat(10), 2.5),
  list("list", "a", "é€😀", "\ud800", ""),
  list("list", bytes("bytes", 0, 255), bytes("bytes"), bytes("bytearray", 97), bytes("bytearray")),
  list("list", list("tuple", 1, 2, 3, 4), list("set", 1), list("frozenset", 1), list("set")),
  new PyDict(["a", 1, new PyFloat(1.5)], [new PyDict(), list("list"), list("tuple")]),
  new PyDateTime("datetime", Uint8Array.of(7, 232, 0x82, 29, 12, 30, 45, 1, 226, 64)),
  list("list", new PyDateTime("date", Uint8Array.of(7, 232, 2, 29)), new PyTimedelta(-1, 2, 3)),
  list("list", new PyDecimal("1.10"), new PyUuid(5n)),
];

function list(kind: PyList["kind"], ...items: Exact[]): PyList {
  return new PyList(kind, items);
}

function bytes(kind: PyBytes["kind"], ...items: number[]): PyBytes {
  return new PyBytes(kind, Uint8Array.from(items));
}
