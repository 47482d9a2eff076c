import { expect } from "chai";
import { encodeJson } from "../../src/codecs/json-encode.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { EncodeError } from "../../src/errors.ts";
import { type Exact, PyDict, PyGlobal, PyList } from "../../src/values/exact.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { bytesOf } from "./fixtures.ts";

const WRITTEN = `
import json_values, msgspec, pickle
result = [[pickle.dumps(value, 4).hex(), msgspec.json.encode(value).decode()] for value in json_values.values(input, 4000)]`;

describe("writing JSON", () => {
  for (const environment of ["fs080-flask31", "fs080-newest"] as const satisfies readonly EnvironmentName[]) {
    it(`agrees with msgspec of ${environment} on 4,000 random values with keys of every type`, async function () {
      this.timeout(60_000);
      const judge = await judgeOf(environment);
      for (const [pickled = "", text] of (await judge.run(WRITTEN, 11)) as string[][]) {
        expect(written(pickle.decode(bytesOf(pickled)).value)).to.equal(text);
      }
    });
  }

  it("a key that is refused is not looked for among the values that are equal to it", () => {
    for (const [key, reason] of [
      [null, "keys"],
      [true, "keys"],
    ] as const) {
      const root = new PyDict(["none", "cart"], [key, new PyDict([key], [key])]);
      expect(() => encodeJson(root)).to.throw(EncodeError, new RegExp(`^Cannot store session\\.cart: .*${reason}`));
    }
  });

  it("a value below a key that is no name is found", () => {
    const root = new PyDict(["a b"], [new PyDict([7], [new PyList("list", [1, new PyGlobal("shop", "Cart")])])]);
    expect(() => encodeJson(root))
      .to.throw(EncodeError)
      .with.property("path", 'session["a b"][7][1]');
  });

  it("a list that holds itself, far down, is an error and no stack overflow", () => {
    const loop = new PyList("list", []);
    loop.items.push(loop);
    let deep: Exact = loop;
    for (let level = 0; level < 100_000; level++) deep = new PyList("list", [deep]);
    expect(() => encodeJson(deep)).to.throw(EncodeError, "too deep");
  });

  it("what is shared a billion times over ends at the limit of bytes", () => {
    let value = new PyList("list", []);
    for (let level = 0; level < 100; level++) value = new PyList("list", [value, value]);
    expect(() => encodeJson(value)).to.throw(EncodeError, "Cannot store session: more than 4194304 bytes");
  });

  it("takes as many bytes as asked for, and not one more", () => {
    const value = new PyList("list", ["é", 1]);
    expect(encodeJson(value, { maxBytes: 8 })).to.have.length(8);
    expect(() => encodeJson(value, { maxBytes: 7 })).to.throw(EncodeError, "more than 7 bytes");
  });
});

function written(value: Exact): string {
  return Buffer.from(encodeJson(value)).toString();
}
