import { expect } from "chai";
import { DEFAULT_LIMITS } from "../../src/bytes/limits.ts";
import { decodeJson } from "../../src/codecs/json-decode.ts";
import { type JsonDialect, MSGSPEC, PYTHON } from "../../src/codecs/json-dialect.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { DecodeError } from "../../src/errors.ts";
import { type Exact, PyDict } from "../../src/values/exact.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { bytesOf, hexOf } from "./fixtures.ts";

const ENVIRONMENTS = ["fs080-flask31", "fs080-newest"] as const satisfies readonly EnvironmentName[];
const DIALECTS: readonly (readonly [name: "msgspec" | "python", dialect: JsonDialect])[] = [
  ["msgspec", MSGSPEC],
  ["python", PYTHON],
];

describe("reading JSON", () => {
  for (const environment of ENVIRONMENTS) {
    describe(`agrees with Python of ${environment}`, function () {
      this.timeout(120_000);

      for (const [name, dialect] of DIALECTS) {
        it(`on which of 20,000 texts ${name} reads, and as what`, async () => {
          const texts = (await ask(environment, MAKE_TEXTS, 12)) as string[];
          const answers = texts.map((hex) => [hex, asPickle(hex, dialect)]);
          expect(answers.filter(([, pickled]) => pickled !== null)).to.have.length.above(2000);
          expect(await ask(environment, DIFFERENCES, { name, answers })).to.deep.equal([]);
        });
      }
    });
  }

  it("keys keep their order, and none is special", () => {
    const value = read(Buffer.from('{"10":1,"__proto__":{"polluted":true},"2":3,"constructor":4}'));
    expect((value as PyDict).keys).to.deep.equal(["10", "__proto__", "2", "constructor"]);
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
  });

  it("of equal keys keeps the first one's place and the last one's value, in dicts of few keys and of many", () => {
    const few = read(Buffer.from('{"a":1,"b":2,"\\u0061":3}'));
    expect(few).to.deep.equal(new PyDict(["a", "b"], [3, 2]));
    const names = Array.from({ length: 40 }, (_, index) => `k${index % 20}`);
    const many = read(Buffer.from(`{${names.map((name, index) => `"${name}":${index}`).join(",")}}`));
    const values = Array.from({ length: 20 }, (_, index) => index + 20);
    expect(many).to.deep.equal(new PyDict(names.slice(0, 20), values));
  });

  it("reads from the middle of a larger buffer", () => {
    expect(read(Buffer.from('xx{"a":1}yy').subarray(2, 9))).to.deep.equal(new PyDict(["a"], [1]));
  });

  const invalid: readonly (readonly [bytes: Uint8Array, offset: number])[] = [
    [Buffer.of(0xff), 0],
    [Buffer.from('["é"]', "latin1"), 2],
    [Buffer.concat([Buffer.from('["\ufffdé😀'), Buffer.of(0xe2, 0x82)]), 11],
  ];
  for (const [bytes, offset] of invalid) {
    it(`says that bytes are no UTF-8 at offset ${offset}`, () => {
      expect(() => read(bytes))
        .to.throw(DecodeError, `Cannot decode JSON: it is not UTF-8 at offset ${offset}`)
        .with.property("offset", offset);
    });
  }

  const hostile: readonly (readonly [name: string, make: () => string | Uint8Array])[] = [
    ["4,000,000 digits", () => "1".repeat(4_000_000)],
    ["4,000,000 digits of a fraction", () => `0.${"1".repeat(4_000_000)}`],
    ["4,000,000 digits of an exponent", () => `1e${"1".repeat(4_000_000)}`],
    ["4,000,000 open lists", () => "[".repeat(4_000_000)],
    ["1,000,000 open dicts", () => '{"":'.repeat(1_000_000)],
    ["600,000 escapes", () => `["${"\\u0041".repeat(600_000)}"]`],
    ["4,000,001 backslashes", () => `"${"\\".repeat(4_000_001)}"`],
    ["4 MB of space", () => " ".repeat(4_000_000)],
    ["100,000 equal keys", () => `{${'"a":1,'.repeat(99_999)}"a":1}`],
    [
      "100,000 keys that are numbers",
      () => `{${Array.from({ length: 1e5 }, (_, key) => `"${key * 512}":0`).join(",")}}`,
    ],
    ["100,000 short texts after a long one", () => `["${"é".repeat(1e6)}"${',"\\n"'.repeat(99_998)}]`],
    [
      "1,300,000 times U+FFFD before what is no UTF-8",
      () => Buffer.concat([Buffer.from("\ufffd".repeat(1_300_000)), Buffer.of(0xff)]),
    ],
  ];
  for (const [name, make] of hostile) {
    it(`takes less than a second for ${name}`, () => {
      const made = make();
      const bytes = typeof made === "string" ? Buffer.from(made) : made;
      const started = performance.now();
      try {
        read(bytes);
      } catch (error) {
        expect(error).to.be.instanceOf(DecodeError);
      }
      expect(performance.now() - started).to.be.below(1000);
    });
  }
});

async function ask(environment: EnvironmentName, program: string, input: unknown): Promise<unknown> {
  return (await judgeOf(environment)).run(program, input);
}

const MAKE_TEXTS = `
import json_values, msgspec
originals = [msgspec.json.encode(value) for value in json_values.values(input, 300)]
result = [data.hex() for data in json_values.texts(input, 20000, originals)]`;

/** Canonical forms tell an int from a float and compare the order of keys. */
const DIFFERENCES = `
import json, msgspec, pickle
from canonical import canonical
read = {"msgspec": msgspec.json.decode, "python": lambda data: json.loads(data.decode())}[input["name"]]
def python(data):
    try:
        return canonical(read(data))
    except Exception:
        return None
result = []
for hexadecimal, pickled in input["answers"]:
    node = None if pickled is None else canonical(pickle.loads(bytes.fromhex(pickled)))
    expected = python(bytes.fromhex(hexadecimal))
    if node != expected:
        result.append([repr(bytes.fromhex(hexadecimal)), node, expected])`;

function read(bytes: Uint8Array, dialect: JsonDialect = MSGSPEC): Exact {
  return decodeJson(bytes, DEFAULT_LIMITS, dialect);
}

/** What Node reads, for Python to unpickle; `null` where Node reads nothing. */
function asPickle(hex: string, dialect: JsonDialect): string | null {
  try {
    return hexOf(pickle.encode(read(bytesOf(hex), dialect)));
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
