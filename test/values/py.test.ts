import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { py } from "../../src/values/py.ts";

const json: readonly (readonly [value: object, seen: unknown])[] = [
  [py.int(10), 10],
  [py.float(1.5), 1.5],
  [py.list([1, "a"]), [1, "a"]],
  [py.tuple(new Set([1])), [1]],
  [py.set([1, 1]), [1]],
  [py.frozenset("ab"), ["a", "b"]],
  [py.dict({ a: 1, b: undefined, c: py.int(2) }), { a: 1, c: 2 }],
  [py.dict(new Map([["x", 1]])), { x: 1 }],
  [py.bytes(Uint8Array.of(1)), { 0: 1 }],
  [py.bytearray(Uint8Array.of(1)), { 0: 1 }],
  [py.datetime({ year: 2024, month: 7, day: 1, tzinfo: "Europe/Paris" }), "2024-06-30T22:00:00.000Z"],
];

const invalid: readonly (readonly [name: string, make: () => object])[] = [
  ["a fraction as an int", () => py.int(1.5)],
  ["NaN as an int", () => py.int(Number.NaN)],
  ["the 30th of February", () => py.datetime({ year: 2024, month: 2, day: 30 })],
  ["the hour 24", () => py.datetime({ year: 2024, month: 2, day: 1, hour: 24 })],
  ["a zone that does not exist", () => py.datetime({ year: 2024, month: 2, day: 1, tzinfo: "Mars/Olympus" })],
  ["an offset of a day", () => py.datetime({ year: 2024, month: 2, day: 1, tzinfo: { offsetSeconds: 86_400 } })],
  ["half a second of offset", () => py.datetime({ year: 2024, month: 2, day: 1, tzinfo: { offsetSeconds: 0.5 } })],
];

/** What TypeScript would not let pass, and Python would find as something else. */
const mistaken: readonly (readonly [name: string, make: () => object])[] = [
  ["a text as an int", () => py.int("1" as never)],
  ["a text as a float", () => py.float("1" as never)],
  ["a bigint as a float", () => py.float(1n as never)],
  ["a text as bytes", () => py.bytes("ab" as never)],
  ["an array as bytes", () => py.bytes([1] as never)],
  ["floats as a bytearray", () => py.bytearray(Float64Array.of(1) as never)],
  ["an array as a dict", () => py.dict([1] as never)],
  ["a Date as a dict", () => py.dict(new Date() as never)],
  ["a text as a dict", () => py.dict("ab" as never)],
];

describe("py", () => {
  for (const [value, seen] of json) {
    it(`is plain data in JSON: ${JSON.stringify(seen)}`, () => {
      expect(JSON.parse(JSON.stringify(value))).to.deep.equal(seen);
    });
  }

  for (const [name, make] of invalid) {
    it(`refuses ${name}`, () => {
      expect(make).to.throw(RangeError);
    });
  }

  for (const [name, make] of mistaken) {
    it(`does not take ${name}`, () => {
      expect(make).to.throw(TypeError, "py.");
    });
  }

  it("takes a Map of another realm", () => {
    const map = runInNewContext("new Map([['x', 1]])") as Map<unknown, unknown>;
    expect(JSON.stringify(py.dict(map))).to.equal('{"x":1}');
  });

  it("copies what it is given", () => {
    const items = [1];
    const typed = py.list(items);
    items.push(2);
    expect(JSON.stringify(typed)).to.equal("[1]");
  });
});
