/** What JavaScript may not newly put into a record, and what Flask could not save next. */
import { expect } from "chai";
import { json } from "../../src/codecs/json.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDecimal,
  PyDict,
  PyExt,
  PyFloat,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  PyTimedelta,
  PyUuid,
  UTC,
} from "../../src/values/exact.ts";

const RAW = Uint8Array.of(7, 232, 1, 1, 0, 0, 0, 0, 0, 0);
const FIRST_DAY = Uint8Array.of(0, 1, 1, 1, 0, 0, 0, 0, 0, 0);
const EAST = new PyObject(
  "call",
  new PyGlobal("datetime", "timezone"),
  new PyList("tuple", [new PyTimedelta(0, 3600, 0)]),
);
const LONG = 10n ** 4300n;

/** A value and what each format says of it: `-` nothing, `x` what Python could not save, `~` what it would change. */
const values: readonly (readonly [string, Exact, msgpack: string, json: string])[] = [
  ["None", null, "-", "-"],
  ["True", true, "-", "-"],
  ["1", 1, "-", "-"],
  ["1.5", 1.5, "-", "-"],
  ["1.0", new PyFloat(1), "-", "-"],
  ["nan", Number.NaN, "-", "~"],
  ["-inf", Number.NEGATIVE_INFINITY, "-", "~"],
  ["'a'", "a", "-", "-"],
  ["a lone surrogate", "\ud800", "x", "x"],
  ["2**64 - 1", 2n ** 64n - 1n, "-", "-"],
  ["2**64", 2n ** 64n, "x", "-"],
  ["-(2**63) - 1", -(2n ** 63n) - 1n, "x", "-"],
  ["an int of 4,301 digits", LONG, "x", "x"],
  ["bytes", new PyBytes("bytes", RAW), "-", "~"],
  ["a bytearray", new PyBytes("bytearray", RAW), "~", "~"],
  ["a list", new PyList("list", []), "-", "-"],
  ["a tuple", new PyList("tuple", []), "~", "~"],
  ["a set", new PyList("set", []), "~", "~"],
  ["a frozenset", new PyList("frozenset", []), "~", "~"],
  ["a dict", new PyDict(), "-", "-"],
  ["an aware datetime in UTC", new PyDateTime("datetime", RAW, UTC), "-", "~"],
  ["an aware datetime elsewhere", new PyDateTime("datetime", RAW, EAST), "~", "~"],
  ["an aware datetime before the year 1 in UTC", new PyDateTime("datetime", FIRST_DAY, EAST), "x", "~"],
  ["a naive datetime", new PyDateTime("datetime", RAW), "~", "~"],
  ["a date", new PyDateTime("date", RAW.slice(0, 4)), "~", "~"],
  ["a time", new PyDateTime("time", RAW.slice(4)), "~", "~"],
  ["a timedelta", new PyTimedelta(1, 0, 0), "~", "~"],
  ["a Decimal", new PyDecimal("1.10"), "~", "~"],
  ["a UUID", new PyUuid(1n), "~", "~"],
  ["Markup", new PyMarkup("<b>"), "x", "x"],
  ["a class", new PyGlobal("shop", "Cart"), "?", "?"],
  ["an object", EAST, "?", "?"],
  ["a msgpack extension", new PyExt(1, RAW), "-", "x"],
];

/** Keys of a dict. */
const keys: readonly (readonly [string, Exact, msgpack: string, json: string])[] = [
  ["'a'", "a", "-", "-"],
  ["a lone surrogate", "\ud800", "x", "x"],
  ["1", 1, "-", "~"],
  ["None", null, "-", "x"],
  ["True", true, "-", "x"],
  ["a tuple", new PyList("tuple", [1]), "-", "x"],
  ["a msgpack extension", new PyExt(1, RAW), "~", "x"],
  ["Markup", new PyMarkup("<b>"), "~", "~"],
];

describe("rules", () => {
  for (const codec of [msgpack, json]) {
    const column = codec === msgpack ? 2 : 3;

    describe(codec.format, () => {
      for (const row of values) {
        const [name, value] = row;
        it(`of ${name}`, () => {
          const verdict = row[column];
          expect(codec.rules.refuse(value) !== undefined, "newly put").to.equal(verdict !== "-");
          if (verdict !== "?")
            expect(codec.nextRules.refuse(value) !== undefined, "saved next").to.equal(verdict === "x");
        });
      }

      for (const row of keys) {
        const [name, key] = row;
        it(`of the key ${name}`, () => {
          const verdict = row[column];
          const newly = codec.rules.refuseKey?.(key) ?? (codec.rules.refuseKey ? undefined : codec.rules.refuse(key));
          const next =
            codec.nextRules.refuseKey?.(key) ?? (codec.nextRules.refuseKey ? undefined : codec.nextRules.refuse(key));
          expect(newly !== undefined, "newly put").to.equal(verdict !== "-");
          expect(next !== undefined, "saved next").to.equal(verdict === "x");
        });
      }
    });
  }

  it("of a pickle refuse what only msgspec has", () => {
    for (const [name, value] of values) {
      expect(pickle.rules.refuse(value) !== undefined, name).to.equal(value instanceof PyExt);
      expect(pickle.nextRules.refuse(value), name).to.equal(undefined);
    }
  });
});
