import { expect } from "chai";
import type { SmallValue } from "../../src/values/value-nodes.ts";
import { Decimal, Markup, PythonDate, PythonTime, Timedelta, Uuid } from "../../src/values/value-types.ts";
import { python } from "./through-node.ts";

/** A value in Python, and ours. */
const texts: readonly (readonly [python: string, value: SmallValue])[] = [
  ["Decimal('1.10')", new Decimal("1.10")],
  ["Decimal('-Infinity')", new Decimal("-Infinity")],
  ["UUID('12345678-1234-5678-1234-56781234567F')", new Uuid("12345678-1234-5678-1234-56781234567F")],
  ["Markup('<b>')", new Markup("<b>")],
  ["timedelta(1, 2, 3)", new Timedelta(1, 2, 3)],
  ["timedelta(-1)", new Timedelta(-1)],
  ["timedelta(0, 86399)", new Timedelta(0, 86_399)],
  ["timedelta(-5, 100000, -1500000)", new Timedelta(-5, 100_000, -1_500_000)],
  ["timedelta(999999999, 86399, 999999)", new Timedelta(999_999_999, 86_399, 999_999)],
  ["date(1, 2, 3)", new PythonDate(1, 2, 3)],
  ["date(2024, 2, 29)", new PythonDate(2024, 2, 29)],
  ["time(1, 2)", new PythonTime(1, 2)],
  ["time(23, 59, 59, 7)", new PythonTime(23, 59, 59, 7)],
  ["time(0)", new PythonTime(0)],
];

const invalid: readonly (readonly [name: string, make: () => object])[] = [
  ["Decimal: no number", () => new Decimal("1,5")],
  ["Decimal: an empty text", () => new Decimal("")],
  ["Decimal: an exponent beyond Python's", () => new Decimal("1e999999999999999999999")],
  ["Decimal: not a text", () => new Decimal(1 as never)],
  ["Uuid: too short", () => new Uuid("1234")],
  ["Markup: not a text", () => new Markup(null as never)],
  ["Timedelta: a fraction", () => new Timedelta(1.5)],
  ["Timedelta: too long", () => new Timedelta(1_000_000_000)],
  ["PythonDate: no leap year", () => new PythonDate(2023, 2, 29)],
  ["PythonDate: month 13", () => new PythonDate(2023, 13, 1)],
  ["PythonDate: year 0", () => new PythonDate(0, 1, 1)],
  ["PythonTime: hour 24", () => new PythonTime(24)],
  ["PythonTime: fold 2", () => new PythonTime(1, 1, 1, 1, 2)],
];

describe("small values", () => {
  for (const [expression, value] of texts) {
    it(`${expression} reads as in Python, in JSON too`, async () => {
      const text = await python("result = str(eval(input))", expression);
      expect(String(value)).to.equal(text);
      expect(JSON.parse(JSON.stringify(value))).to.equal(text);
      expect(Object.isFrozen(value)).to.equal(true);
    });
  }

  for (const [name, make] of invalid) {
    it(`refuses ${name}`, () => {
      expect(make).to.throw(RangeError);
    });
  }
});
