/** What Python 2 has written, as Python 3 reads it; and what Python 2 found in what Node writes in protocol 2. */
import { expect } from "chai";
import fixture from "../../../fixtures/codecs/pickle-python2.json" with { type: "json" };
import { DEFAULT_LIMITS } from "../../../src/bytes/limits.ts";
import type { PickleProtocol, Python2Strings } from "../../../src/codecs/codec.ts";
import { decodeRecord } from "../../../src/codecs/fallback.ts";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { DecodeError } from "../../../src/errors.ts";
import type { Exact } from "../../../src/values/exact.ts";
import { judgeOf } from "../../python/judge.ts";
import { madeByNode } from "./made-by-node.ts";
import { notationOf } from "./notation.ts";
import { writtenProtocols } from "./round-trip.ts";

/** What Python 3 makes of a stream; neither where only it can show the value. */
interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
}

interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly ascii: Outcome;
  readonly latin1: Outcome;
  /** What Node wrote in protocol 2 when Python 2 said that it is equal; absent where it is not. */
  readonly equal?: string;
}

const { python2, read, made } = fixture.vectors;
const vectors = read as readonly Vector[];

/** What is another value to Python 2 once Node has read and written it, with the reason. */
const UNEQUAL: Readonly<Record<string, string>> = {
  "str that is not ASCII": "it is unicode then",
  "str in UTF-8": "it is unicode then",
  "str of all bytes": "it is unicode then",
  "str of 300 bytes that are not ASCII": "it is unicode then",
  "dict with a key that is not ASCII": "its key is unicode then",
  "a session": "its nonce is unicode then",
  "str, the type": "it is unicode then, as CPython 3 writes it",
};

const readings: readonly Python2Strings[] = ["ascii", "latin1"];

function decode(hex: string, python2Strings: Python2Strings): Exact {
  return pickle.decode(Buffer.from(hex, "hex"), { ...DEFAULT_LIMITS, python2Strings }).value;
}

function written(value: Exact, pickleProtocol: PickleProtocol): string {
  return Buffer.from(pickle.encode(value, { pickleProtocol })).toString("hex");
}

/** Compares what Python 3 loads from Python 2's pickle, read as latin1, with what it loads from Node's by itself. */
const COMPARE = `
import os, pickle, sys
sys.path.append(os.path.join("scripts", "fixtures", "python2"))
from canonical import canonical

def equal(theirs, ours):
    return canonical(pickle.loads(bytes.fromhex(theirs), encoding="latin1")) == canonical(pickle.loads(bytes.fromhex(ours)))

result = [name for name, theirs, ours in input if not equal(theirs, ours)]
`;

describe(`codecs/pickle: what Python ${python2} has written`, () => {
  for (const { name, hex, ...outcomes } of vectors) {
    for (const reading of readings) {
      const { value, error } = outcomes[reading];
      if (error !== undefined) {
        it(`${name}: is refused where its strings are read as ${reading}, as Python 3 raises ${error}`, () => {
          expect(() => decode(hex, reading)).to.throw(DecodeError, "a string of Python 2 that is not ASCII at offset");
        });
      } else if (value !== undefined) {
        it(`${name}: is read as Python 3 reads it as ${reading}`, () => {
          expect(notationOf(decode(hex, reading))).to.deep.equal(value);
        });
      }
    }
  }

  it("is read as ASCII by default", () => {
    const first = vectors.find(({ ascii }) => ascii.error !== undefined);
    const bytes = Buffer.from(first?.hex ?? "", "hex");
    expect(() => pickle.decode(bytes)).to.throw(DecodeError);
    expect(() => pickle.decode(bytes, DEFAULT_LIMITS)).to.throw(DecodeError);
    expect(() => decodeRecord(bytes, "msgpack")).to.throw(DecodeError);
    expect(decodeRecord(bytes, "msgpack", { ...DEFAULT_LIMITS, python2Strings: "latin1" }).format).to.equal("pickle");
  });

  for (const protocol of writtenProtocols) {
    it(`is written in protocol ${protocol} so that Python 3 reads it by itself`, async () => {
      const pickles = vectors.map(({ name, hex }) => [name, hex, written(decode(hex, "latin1"), protocol)]);
      expect(await (await judgeOf("fs080-flask31")).run(COMPARE, pickles)).to.deep.equal([]);
    });
  }
});

describe(`codecs/pickle: what Python ${python2} reads`, () => {
  for (const { name, hex, equal } of vectors) {
    const [, reason] = Object.entries(UNEQUAL).find(([start]) => name.startsWith(`${start}, `)) ?? [];
    if (reason === undefined) {
      it(`${name}: is what it found equal`, () => {
        expect(written(decode(hex, "latin1"), 2)).to.equal(equal);
      });
    } else it(`${name}: is not equal, because ${reason}`, () => expect(equal).to.equal(undefined));
  }

  for (const [index, { hex, repr }] of made.entries()) {
    it(`${repr} is what it found in a pickle of Node's`, () => {
      expect(written(madeByNode[index] as Exact, 2)).to.equal(hex);
    });
  }

  it("is all that Node was asked to make", () => {
    expect(made).to.have.length(madeByNode.length);
  });
});
