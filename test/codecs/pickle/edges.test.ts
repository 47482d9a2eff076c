/** What CPython's unpickler makes of streams at the edge of the format, Node makes of them too. */
import { expect } from "chai";
import edges from "../../../fixtures/codecs/pickle-edges.json" with { type: "json" };
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { DecodeError } from "../../../src/errors.ts";
import { notationOf } from "./notation.ts";

interface Edge {
  readonly name: string;
  readonly hex: string;
  readonly value?: unknown;
  readonly error?: string;
}

describe("codecs/pickle: streams at the edge", () => {
  for (const { name, hex, value, error } of edges.vectors as readonly Edge[]) {
    const decode = (): unknown => notationOf(pickle.decode(Buffer.from(hex, "hex")).value);
    if (error === undefined) it(`${name}: read as Python reads it`, () => expect(decode()).to.deep.equal(value));
    else
      it(`${name}: refused, where Python raises ${error}`, () =>
        expect(decode).to.throw(DecodeError, /^Cannot decode pickle: /));
  }
});
