import { expect } from "chai";
import {
  type Exact,
  PyBytes,
  PyDateTime,
  PyDict,
  PyGlobal,
  PyList,
  PyMarkup,
  PyObject,
  UTC,
} from "../../src/values/exact.ts";
import { Scales, together } from "../../src/values/weight.ts";

const list = (...items: Exact[]): PyList => new PyList("list", items);

/** Lists of the same list twice, so that each level is twice as long to write. */
function doubled(levels: number): Exact {
  let value: Exact = "ab";
  for (let level = 0; level < levels; level++) value = list(value, value);
  return value;
}

function inItself(): PyList {
  const around = list("abc");
  around.items.push(list(around));
  return around;
}

function chain(length: number): PyList {
  const links = Array.from({ length }, () => list());
  for (const [index, link] of links.entries()) link.items = links.slice(index + 1, index + 2);
  return list(...links.toReversed());
}

const cases: readonly (readonly [name: string, Exact, items: number, bytes: number, depth: number])[] = [
  ["None", null, 0, 0, 0],
  ["an int", 2n ** 70n, 0, 0, 0],
  ["text", "é€", 0, 5, 0],
  ["bytes", new PyBytes("bytes", Uint8Array.of(1, 2)), 0, 2, 0],
  ["Markup", new PyMarkup("é"), 0, 2, 0],
  ["a datetime", new PyDateTime("datetime", new Uint8Array(10), UTC), 0, 0, 0],
  ["an empty list", list(), 0, 0, 1],
  ["a list", list(1, "a", list(2)), 4, 1, 2],
  ["a dict", new PyDict(["a", new PyList("tuple", [1, 2])], [list(), "bcd"]), 4, 4, 2],
  ["an object", new PyObject("call", new PyGlobal("shop", "Line"), new PyList("tuple", ["a", 1])), 4, 1, 1],
  ["a list three times", ((shared) => list(shared, shared, shared))(list(1)), 6, 0, 2],
  ["what doubles ten times", doubled(10), 2046, 2048, 10],
  ["what doubles a thousand times", doubled(1000), 2 ** 1001 - 2, 2 ** 1001, 1000],
  ["a list in itself", inItself(), 3, 3, 2],
  ["a chain whose links lie side by side", chain(5000), 5000 + (5000 * 4999) / 2, 0, 5001],
];

describe("weight", () => {
  for (const [name, value, items, bytes, depth] of cases) {
    it(`of ${name}`, () => {
      expect(new Scales().weigh(value)).to.deep.equal({ items, bytes, depth });
    });
  }

  it("is known of what was weighed before", () => {
    const scales = new Scales();
    const shared = list("abc");
    expect(scales.weigh(shared)).to.equal(scales.weigh(shared));
    expect(scales.weigh(list(shared, 1)).bytes).to.equal(3);
  });

  it("of several is the sum, and the depth of the deepest", () => {
    const scales = new Scales();
    expect(together([scales.weigh(list("a")), scales.weigh(list(list("bc")))])).to.deep.equal({
      items: 3,
      bytes: 3,
      depth: 2,
    });
    expect(together([])).to.deep.equal({ items: 0, bytes: 0, depth: 0 });
  });
});
