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
import type { FormatRules } from "../../src/values/format-rules.ts";
import { judgeOf } from "../python/judge.ts";

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
  ["Markup in a tuple", new PyList("tuple", [new PyMarkup("<b>")]), "x", "x"],
  ["Markup in a frozenset in a tuple", new PyList("tuple", [new PyList("frozenset", [new PyMarkup("<b>")])]), "x", "x"],
];

/** Asks of a key as the patch does: of itself, then of what lies in it. */
function isRefusedKey(rules: FormatRules, key: Exact, isWhole = true): boolean {
  if (rules.refuseKey?.(key, isWhole) !== undefined) return true;
  return key instanceof PyList && key.items.some((item) => isRefusedKey(rules, item, false));
}

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
          expect(isRefusedKey(codec.rules, key), "newly put").to.equal(verdict !== "-");
          expect(isRefusedKey(codec.nextRules, key), "saved next").to.equal(verdict === "x");
        });
      }
    });
  }

  it("of JSON ask of the parts of a key, which no key of its has, as of values", () => {
    const { nextRules } = json;
    const markup = new PyMarkup("<b>");
    expect(nextRules.refuseKey?.(null, true)).to.include("no key for None");
    expect(nextRules.refuseKey?.(null, false)).to.equal(undefined);
    expect(nextRules.refuseKey?.(markup, true)).to.equal(undefined);
    expect(nextRules.refuseKey?.(markup, false)).to.include("Markup");
  });

  it("of a pickle refuse what only msgspec has", () => {
    for (const [name, value] of values) {
      expect(pickle.rules.refuse(value) !== undefined, name).to.equal(value instanceof PyExt);
      expect(pickle.nextRules.refuse(value), name).to.equal(undefined);
    }
  });
});

/** What msgspec does with a value that it gets in a pickle: raises, changes it on its way there and back, or neither. */
const VERDICTS = `
import msgspec, pickle
from canonical import canonical
coder = getattr(msgspec, input["format"])
def verdict(pickled):
    value = pickle.loads(bytes.fromhex(pickled))
    try:
        data = coder.encode(value)
    except Exception:
        return "x"
    try:
        return "-" if canonical(coder.decode(data)) == canonical(value) else "~"
    except msgspec.DecodeError:
        return "x"
result = [verdict(pickled) for pickled in input["pickles"]]`;

describe("rules, judged by msgspec", () => {
  for (const environment of ["fs080-flask31", "fs080-newest"] as const) {
    for (const [format, column] of [
      ["msgpack", 2],
      ["json", 3],
    ] as const) {
      it(`the columns of ${format} are what msgspec of ${environment} does`, async () => {
        const asked = [
          ...values.map((row) => ({ name: row[0], value: row[1], verdict: row[column] })),
          ...keys.map((row) => ({ name: row[0], value: new PyDict([row[1]], [null]), verdict: row[column] })),
        ].filter(({ name, verdict }) => verdict !== "?" && name !== "a msgpack extension");
        const pickles = asked.map(({ value }) => Buffer.from(pickle.encode(value)).toString("hex"));
        const judge = await judgeOf(environment);
        const verdicts = (await judge.run(VERDICTS, { format, pickles })) as string[];
        const found = asked.map(({ name }, index) => [name, verdicts[index]]);
        expect(found).to.deep.equal(asked.map(({ name, verdict }) => [name, verdict]));
      });
    }
  }
});

describe("rules say what to use instead", () => {
  const day = new PyDateTime("date", RAW.slice(0, 4));
  const cases: readonly (readonly [typeof msgpack, Exact, string])[] = [
    [msgpack, new PyList("tuple", []), "msgpack turns a tuple into a list: use an array"],
    [msgpack, new PyBytes("bytearray", RAW), "msgpack turns a bytearray into bytes: use a Uint8Array"],
    [msgpack, new PyDateTime("datetime", RAW), "msgpack turns a naive datetime into text: use a Date"],
    [msgpack, new PyDateTime("datetime", RAW, EAST), "msgpack keeps no zone but UTC: use a Date"],
    [msgpack, day, "msgpack turns a date into text: use its toString()"],
    [msgpack, new PyMarkup("<b>"), "msgspec cannot encode Markup: use its toString()"],
    [json, new PyList("set", []), "JSON turns a set into a list: use an array"],
    [json, new PyBytes("bytes", RAW), "JSON turns bytes into text: use base64"],
    [json, new PyDateTime("datetime", RAW, UTC), "JSON turns a datetime into text: use .toISOString()"],
    [json, day, "JSON turns a date into text: use its toString()"],
    [json, new PyDecimal("1.1"), "JSON turns a Decimal into text: use its toString()"],
    [json, Number.NaN, "JSON turns NaN and the infinities into null"],
  ];
  for (const [codec, value, sentence] of cases) {
    it(sentence, () => {
      expect(codec.rules.refuse(value)).to.equal(sentence);
    });
  }
});
