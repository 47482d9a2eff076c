/** The suites that both formats of msgspec share. */
import { expect } from "chai";
import type { Codec } from "../../src/codecs/codec.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { DecodeError, EncodeError } from "../../src/errors.ts";
import type { Exact } from "../../src/values/exact.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { bytesOf, type EncodeVector, hexOf } from "./fixtures.ts";
import { ONLY_PYTHON } from "./only-python.ts";

const ENVIRONMENTS: readonly EnvironmentName[] = ["fs080-flask31", "fs080-newest"];

const THERE_AND_BACK = `
import msgspec, values
coder = getattr(msgspec, input["format"])
result = [coder.encode(value).hex() for value in values.values(input["seed"], input["count"], input["format"])]`;

/** Node's pickles of what it decoded, judged against msgspec's own decoding. */
const SAME = `
import msgspec, pickle
from canonical import canonical
decode = getattr(msgspec, input["format"]).decode
result = [data for data, pickled in input["pairs"] if canonical(decode(bytes.fromhex(data))) != canonical(pickle.loads(bytes.fromhex(pickled)))]`;

const ENCODED = `
import msgspec, pickle, values
encode = getattr(msgspec, input["format"]).encode
def outcome(value):
    try:
        return encode(value).hex()
    except Exception:
        return None
result = [[pickle.dumps(value, 4).hex(), outcome(value)] for value in values.values(input["seed"], input["count"], "all")]`;

const READABLE = `
import msgspec, values
coder = getattr(msgspec, input["format"])
originals = [coder.encode(value) for value in values.values(input["seed"], 300, input["format"])]
def outcome(data):
    try:
        return coder.encode(coder.decode(data)).hex()
    except Exception:
        return None
inputs = list(values.mutations(input["seed"], input["count"], originals)) + list(values.noise(input["seed"], input["count"]))
result = [[data.hex(), outcome(data)] for data in inputs]`;

/** Declares a test for every value of the fixtures. */
export function describeEncoding(codec: Codec, vectors: readonly EncodeVector[]): void {
  describe("writes what msgspec writes", () => {
    for (const { value, pickle: pickled, bytes } of vectors) {
      it(value, () => {
        const { value: exact } = pickle.decode(bytesOf(pickled));
        expect(encoded(codec, exact)).to.equal(value in ONLY_PYTHON ? null : (bytes ?? null));
      });
    }

    it("nothing else is refused", () => {
      const written = vectors.filter(({ bytes }) => bytes !== undefined).map(({ value }) => value);
      expect(written).to.include.members(Object.keys(ONLY_PYTHON));
    });
  });
}

/** Declares the suites. @param seed of every random value in them */
export function describeAgainstMsgspec(codec: Codec, seed: number): void {
  const { format } = codec;
  for (const environment of ENVIRONMENTS) {
    describe(`agrees with msgspec of ${environment}`, function () {
      this.timeout(120_000);
      const ask = async <Result>(program: string, input: object): Promise<Result> =>
        (await (await judgeOf(environment)).run(program, { format, seed, ...input })) as Result;

      it("on 3,000 random values, byte for byte, there and back", async () => {
        const records = await ask<string[]>(THERE_AND_BACK, { count: 3000 });
        const pairs = records.map((hex) => {
          const { value } = codec.decode(bytesOf(hex));
          expect(hexOf(codec.encode(value))).to.equal(hex);
          return [hex, hexOf(pickle.encode(value))];
        });
        expect(await ask(SAME, { pairs })).to.deep.equal([]);
      });

      it("on what 3,000 random values of every type are converted to", async () => {
        for (const [pickled, hex] of await ask<[string, string | null][]>(ENCODED, { count: 3000 })) {
          expect(encoded(codec, pickle.decode(bytesOf(pickled)).value)).to.equal(hex);
        }
      });

      it("on which of 20,000 damaged or random records can be read, and as what", async () => {
        for (const [hex, expected] of await ask<[string, string | null][]>(READABLE, { count: 10_000 })) {
          expect(rewritten(codec, hex), hex).to.equal(expected);
        }
      });
    });
  }
}

function encoded(codec: Codec, value: Exact): string | null {
  try {
    return hexOf(codec.encode(value));
  } catch (error) {
    if (error instanceof EncodeError) return null;
    throw error;
  }
}

function rewritten(codec: Codec, hex: string): string | null {
  try {
    return hexOf(codec.encode(codec.decode(bytesOf(hex)).value));
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
