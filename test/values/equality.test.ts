import { expect } from "chai";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { sameExact } from "../../src/values/equality.ts";
import { type Exact, PyBytes, PyDict, PyExt, PyGlobal, PyList, PyObject } from "../../src/values/exact.ts";
import { python } from "./through-node.ts";

/** Values of which no two are the same to Python, by type, order and content. */
const different: readonly string[] = [
  "None",
  "False",
  "0",
  "0.0",
  "-0.0",
  "1",
  "1.0",
  "True",
  "1.5",
  "float('nan')",
  "2**70",
  "2.0**70",
  "''",
  "'a'",
  "Markup('a')",
  "b'a'",
  "bytearray(b'a')",
  "[]",
  "()",
  "set()",
  "frozenset()",
  "[1]",
  "[1.0]",
  "(1,)",
  "{1}",
  "{1.0}",
  "{True}",
  "{1, 2}",
  "frozenset([1])",
  "{}",
  "{'a': 1}",
  "{'a': 1.0}",
  "{1: 'a'}",
  "{'a': 1, 'b': 2}",
  "{'b': 2, 'a': 1}",
  "moment(2024, 1, 1)",
  "moment(2024, 1, 1, zone=timezone.utc)",
  "moment(2024, 1, 1, zone=pytz.utc)",
  "moment(2024, 1, 1, fold=1)",
  "moment(2024, 1, 1, 0, 0, 0, 1)",
  "date(2024, 1, 1)",
  "time(1)",
  "time(1, fold=1)",
  "timedelta(1)",
  "timedelta(0, 1)",
  "Decimal('1')",
  "Decimal('1.0')",
  "UUID(int=1)",
  "UUID(int=2)",
  "Bag(a=1)",
  "Bag(a=1.0)",
  "Bag",
  "Item",
  "Colour.RED",
  "WithKeywords(1, key=1)",
  "WithKeywords(1, key=1.0)",
  "with_setter(a=1)",
  "UUID(int=1, is_safe=uuid.SafeUUID.safe)",
  "Colour.GREEN",
  "collections.deque([1])",
  "collections.deque([1], 2)",
  "collections.OrderedDict(a=1)",
  "(lambda l: (l.append(l), l)[1])([])",
  "(lambda l: (l.append(l), l)[1])([1])",
  "{(1, 2), frozenset([3]), 'x'}",
  "{(1, 2.0), frozenset([3]), 'x'}",
];

async function exactly(expressions: readonly string[]): Promise<readonly Exact[]> {
  const hex = (await python("result = dump([eval(e) for e in input])", expressions)) as string;
  return (pickle.decode(Buffer.from(hex, "hex")).value as PyList).items;
}

/** Lists that hold the one below twice. */
function tower(): Exact {
  let value: Exact = new PyBytes("bytes", Uint8Array.of(1));
  for (let level = 0; level < 50_000; level++) value = new PyList("list", [value, value]);
  return new PyDict(["x"], [value]);
}

describe("sameExact", () => {
  it("tells every two values apart that Python tells apart, and takes equal ones for the same", async () => {
    const [one, other] = [await exactly(different), await exactly(different)];
    const found = one.map((a) => other.flatMap((b, index) => (sameExact(a, b) ? [index] : [])));
    expect(found).to.deep.equal(different.map((_, index) => [index]));
  });

  it("takes members of a set in any order", async () => {
    const [one] = await exactly(["{'x', (1, 2), frozenset([3]), 1.5, None}"]);
    const other = new PyList("set", (one as PyList).items.toReversed());
    expect(sameExact(one ?? null, other)).to.equal(true);
  });

  it("takes objects in a set in their order, whatever they stand among", () => {
    const made = (state: number): PyObject => {
      const object = new PyObject("new", new PyGlobal("shop", "Colour"), new PyList("tuple", []));
      object.operations.push({ kind: "build", operands: [state] });
      return object;
    };
    const setOf = (...states: readonly number[]): PyList =>
      new PyList("frozenset", ["x", made(0), new PyList("tuple", ["x", made(1)]), ...states.map(made)]);
    expect(sameExact(setOf(2, 3), setOf(2, 3))).to.equal(true);
    expect(sameExact(setOf(2, 3), setOf(2, 4))).to.equal(false);
    const turned = new PyList("frozenset", [made(0), "x"]);
    expect(sameExact(new PyList("frozenset", ["x", made(0)]), turned)).to.equal(true);
  });

  it("does not count sharing", () => {
    const shared = new PyList("list", [1]);
    const copies = [1, 2, 3, 4].map(() => new PyList("list", [1]));
    expect(
      sameExact(
        new PyList(
          "list",
          copies.map(() => shared),
        ),
        new PyList("list", copies),
      ),
    ).to.equal(true);
    expect(
      sameExact(
        new PyList("list", copies),
        new PyList(
          "list",
          copies.map(() => shared),
        ),
      ),
    ).to.equal(true);
  });

  it("compares what only msgpack has", () => {
    expect(sameExact(new PyExt(1, Uint8Array.of(1)), new PyExt(1, Uint8Array.of(1)))).to.equal(true);
    expect(sameExact(new PyExt(1, Uint8Array.of(1)), new PyExt(2, Uint8Array.of(1)))).to.equal(false);
  });

  it("is linear where every list is in two others, and deep", () => {
    expect(sameExact(tower(), tower())).to.equal(true);
  });
});
