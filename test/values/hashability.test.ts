import { expect } from "chai";
import { type Exact, PyBytes, PyDecimal, PyDict, PyExt, PyGlobal, PyList, PyObject } from "../../src/values/exact.ts";
import { Hashability, objectsInKeys } from "../../src/values/hashability.ts";

const known = new PyObject("new", new PyGlobal("m", "C"), new PyList("tuple", []));
const unknown = new PyObject("new", new PyGlobal("m", "C"), new PyList("tuple", []));
const tuple = new PyList("tuple", [known, 1]);

const keys: readonly (readonly [name: string, key: Exact, reason: string | undefined])[] = [
  ["a number", 1, undefined],
  ["None", null, undefined],
  ["bytes", new PyBytes("bytes", Uint8Array.of()), undefined],
  ["a bytearray", new PyBytes("bytearray", Uint8Array.of()), "Python cannot hash a bytearray"],
  ["a Decimal", new PyDecimal("NaN"), undefined],
  ["a signaling NaN", new PyDecimal("-sNaN1"), "Python cannot hash a signaling NaN"],
  ["an Ext", new PyExt(1, Uint8Array.of()), "Python cannot hash an Ext"],
  ["a dict", new PyDict(), "Python cannot hash a dict"],
  ["a class", new PyGlobal("m", "C"), undefined],
  ["an object that was a key", known, undefined],
  ["another object", unknown, "Python cannot hash every object"],
  ["a tuple, twice", new PyList("tuple", [tuple, tuple]), undefined],
  [
    "a list in a frozenset in a tuple",
    new PyList("tuple", [1, new PyList("frozenset", [new PyList("list", [])])]),
    "Python cannot hash a list",
  ],
];

describe("Hashability", () => {
  for (const [name, key, reason] of keys) {
    it(`of ${name}`, () => {
      const hashability = new Hashability(objectsInKeys([tuple, tuple, "x"]));
      expect(hashability.reasonAgainst(key)).to.equal(reason);
    });
  }
});
