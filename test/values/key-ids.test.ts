import { expect } from "chai";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { PyDecimal, PyExt, PyList, PyUuid } from "../../src/values/exact.ts";
import { KeyIds } from "../../src/values/key-ids.ts";
import { python } from "./through-node.ts";

/** Keys, equal ones among them. */
const keys: readonly string[] = [
  "None",
  "0",
  "0.0",
  "-0.0",
  "False",
  "1",
  "1.0",
  "True",
  "Decimal('1')",
  "Decimal('1.00')",
  "Decimal('-1')",
  "2**70",
  "2.0**70",
  "Decimal(2**70)",
  "1.5",
  "Decimal('1.5')",
  "0.1",
  "Decimal('0.1')",
  "Decimal(0.1)",
  "-0.5",
  "Decimal('-0.50')",
  "float('inf')",
  "Decimal('Infinity')",
  "float('-inf')",
  "Decimal('-Infinity')",
  "1e300",
  "10**300",
  "Decimal('1E+300')",
  "Decimal('1E+2000')",
  "Decimal('1E-2000')",
  "Decimal('0E+5')",
  "Decimal('120')",
  "120",
  "5e-324",
  "Decimal(5e-324)",
  "Decimal('1' * 400 + '.5')",
  "Decimal('9007199254740993.5')",
  "''",
  "'a'",
  "Markup('a')",
  "b'a'",
  "'1'",
  "()",
  "(1,)",
  "(1.0,)",
  "(True, 'a')",
  "(1, Markup('a'))",
  "frozenset()",
  "frozenset([1, 2])",
  "frozenset([2.0, 1])",
  "((1, 2), frozenset([(3,)]))",
  "((1.0, 2), frozenset([(3.0,)]))",
  "moment(2024, 1, 1)",
  "moment(2024, 1, 1, fold=1)",
  "moment(2024, 1, 1, zone=timezone.utc)",
  "moment(2024, 1, 1, 1, zone=ZoneInfo('Europe/Paris'))",
  "moment(2024, 1, 1, 0, 0, 0, 1, zone=timezone.utc)",
  "moment(2024, 1, 1, 0, 0, 0, 1001, zone=timezone.utc)",
  "moment(2024, 1, 1, zone=Zone())",
  "date(2024, 1, 1)",
  "time(1)",
  "time(1, fold=1)",
  "time(1, 0, 0, 1)",
  "timedelta(1)",
  "timedelta(0, 86400)",
  "UUID(int=1)",
  "UUID(int=1)",
  "UUID(int=2)",
  "Bag",
  "Bag",
  "Colour.RED",
  "Colour.GREEN",
];

describe("KeyIds", () => {
  it("gives equal numbers to the keys that Python calls equal, and to no others", async () => {
    const program = `
keys = [eval(key) for key in input]
result = [dump(keys), [[a for a, one in enumerate(keys) if one == other and hash(one) == hash(other)] for other in keys]]`;
    const [hex, equal] = (await python(program, keys)) as [string, number[][]];
    const { items } = pickle.decode(Buffer.from(hex, "hex")).value as PyList;
    const ids = new KeyIds();
    const found = items.map((key) => ids.of(key));
    expect(found.map((id) => found.flatMap((other, index) => (other === id ? [index] : [])))).to.deep.equal(equal);
  });

  it("takes NaN for equal to itself, so that it is found again", () => {
    const ids = new KeyIds();
    expect(ids.of(Number.NaN)).to.equal(ids.of(Number.NaN));
  });

  it("takes msgpack extensions by their content", () => {
    const ids = new KeyIds();
    expect(ids.of(new PyExt(1, Uint8Array.of(1)))).to.equal(ids.of(new PyExt(1, Uint8Array.of(1))));
  });

  it("takes what Python cannot hash, and objects of unknown classes, for equal to itself alone", () => {
    const ids = new KeyIds();
    const odd = [
      new PyList("list", []),
      new PyList("list", []),
      new PyUuid(),
      new PyUuid(),
      new PyDecimal("1".repeat(2000)),
      new PyDecimal("2".repeat(2000)),
    ];
    const found = odd.map((key) => ids.of(key));
    expect(new Set(found).size).to.equal(odd.length);
    expect(odd.map((key) => ids.of(key))).to.deep.equal(found);
  });

  it("does not loop in a tuple that holds itself", () => {
    const tuple = new PyList("tuple", [1]);
    tuple.items.push(tuple);
    expect(new KeyIds().of(tuple)).to.be.a("number");
  });
});
