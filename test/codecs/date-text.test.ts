import { expect } from "chai";
import { isoText } from "../../src/codecs/date-text.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { type Exact, PyDateTime, PyGlobal, PyList, PyObject, type PyTimedelta } from "../../src/values/exact.ts";
import { bytesOf, vectorsOf } from "./fixtures.ts";

interface Vector {
  readonly value: string;
  readonly pickle: string;
  readonly text: string;
}

/** Without a day the zone has no offset; msgspec leaves it out. */
const TIME_IN_ZONE = /^datetime\.time\(.*zoneinfo/;

describe("ISO text", () => {
  for (const { value, pickle: pickled, text } of vectorsOf("date-text") as readonly Vector[]) {
    const expected = TIME_IN_ZONE.test(value) ? undefined : text;
    it(`of ${value} is ${expected}`, () => {
      const exact = pickle.decode(bytesOf(pickled)).value as PyDateTime | PyTimedelta;
      expect(isoText(exact)).to.equal(expected);
    });
  }

  const shop = new PyGlobal("shop", "Zone");
  const unknown: readonly (readonly [name: string, tzinfo: Exact])[] = [
    ["a class", shop],
    ["an instance of a class", new PyObject("call", shop, new PyList("tuple", []))],
    [
      "a call of a call's result",
      new PyObject("call", new PyObject("call", shop, new PyList("tuple", [])), new PyList("tuple", [])),
    ],
    ["a value that is no tzinfo", 1],
  ];
  for (const [name, tzinfo] of unknown) {
    it(`is not known where the tzinfo is ${name}`, () => {
      for (const kind of ["datetime", "time"] as const) {
        expect(isoText(new PyDateTime(kind, Uint8Array.of(7, 232, 1, 1, 0, 0, 0, 0, 0, 0), tzinfo))).to.equal(
          undefined,
        );
      }
    });
  }
});
