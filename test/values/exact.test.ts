import { expect } from "chai";
import { exactFloat, exactInt, PyDateTime, PyDict, PyFloat, PyList, PyUuid } from "../../src/values/exact.ts";
import { childNodes } from "../../src/values/exact-children.ts";
import { smallValueOf } from "../../src/values/value-nodes.ts";

describe("the exact tree", () => {
  it("has a node for floats that look like ints", () => {
    expect([1, 1.5, -0, Number.NaN].map(exactFloat)).to.deep.equal([new PyFloat(1), 1.5, new PyFloat(-0), Number.NaN]);
  });

  it("has bigints beyond what a number is exact for", () => {
    const most = 9_007_199_254_740_991n;
    expect([1n, most, -most, most + 1n, -most - 1n].map(exactInt)).to.deep.equal([
      1,
      Number(most),
      -Number(most),
      most + 1n,
      -most - 1n,
    ]);
  });

  it("finds and sets str keys of a dict in their places", () => {
    const dict = new PyDict(["a", 1], [1, 2]);
    dict.set("b", 3);
    dict.set("a", 4);
    expect([dict.get("a"), dict.get("b"), dict.get("c")]).to.deep.equal([4, 3, undefined]);
    expect(dict.entries()).to.deep.equal([
      ["a", 4],
      [1, 2],
      ["b", 3],
    ]);
  });

  it("has no children in a UUID", () => {
    expect(childNodes(new PyUuid(1n))).to.deep.equal([]);
    expect(childNodes(new PyList("list", [1, new PyFloat(1)]))).to.deep.equal([new PyFloat(1)]);
  });

  it("has no small value for a datetime, which is a Date", () => {
    expect(smallValueOf(new PyDateTime("datetime", new Uint8Array(10)))).to.equal(undefined);
  });
});
