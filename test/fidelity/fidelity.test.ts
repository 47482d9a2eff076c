/**
 * Type fidelity on random sessions: Python writes, Node changes one key, and Python finds all else as it was. `npm run fidelity`
 * runs the same with 10,000 sessions a row.
 */
import { expect } from "chai";
import type { Codec } from "../../src/codecs/codec.ts";
import { json } from "../../src/codecs/json.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { type Exact, PyDict, PyFloat, PyList } from "../../src/values/exact.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";
import { msgspecRows, type Row, readingRows, writingRows } from "./rows.ts";
import { run } from "./runs.ts";

const SEED = 1;

/** Half as many where a protocol has two picklers. */
const amounts: readonly (readonly [rows: readonly Row[], environment: EnvironmentName, count: number])[] = [
  [readingRows, "fidelity", 250],
  [writingRows, "fidelity", 500],
  [msgspecRows, "fidelity", 500],
  [writingRows.filter(({ name }) => name === "writing pickle 4"), "fs050-flask22", 500],
];

describe("fidelity", function () {
  this.timeout(120_000);

  for (const [rows, environment, count] of amounts) {
    for (const row of rows) {
      it(`${row.name}: ${count} sessions, ${environment}`, async () => {
        const { sessions, explanations } = await run(await judgeOf(environment), row, { count, seed: SEED });
        expect(explanations.join("\n")).to.equal("");
        expect(sessions).to.equal(count);
      });
    }
  }
});

describe("fidelity: a fault", function () {
  this.timeout(60_000);

  it("is found, and shown in the smallest session", async () => {
    const row = { ...rowOf("json"), codec: faulty(json, (value) => (value instanceof PyFloat ? value.value : value)) };
    const { differences, explanations } = await run(await judgeOf("fidelity"), row, { count: 500, seed: SEED });
    expect(differences).to.be.greaterThan(5);
    expect(explanations[0]).to.match(/^json\n {2}session {2}\{'[^']*': -?\d+\.0\}\n {2}written /);
    expect(explanations[0]).to.match(/\n {2}change {3}.*\n {2}wanted {3}\{.*\d\.0.*\n {2}found {4}\{.*\d[,}]/);
  });

  it("in writing is found too", async () => {
    const row = { ...rowOf("writing pickle 4"), codec: faulty(pickle, listed) };
    const { explanations } = await run(await judgeOf("fidelity"), row, { count: 100, seed: SEED });
    expect(explanations[0]).to.match(/wanted {3}.*\(.*\n {2}found {4}.*\[/);
  });

  it("that throws is shown with what was thrown", async () => {
    const codec: Codec = {
      ...json,
      encode: () => {
        throw new RangeError("planted");
      },
    };
    const { differences, explanations } = await run(
      await judgeOf("fidelity"),
      { ...rowOf("json"), codec },
      { count: 5, seed: SEED },
    );
    expect(differences).to.equal(5);
    expect(explanations[0]).to.match(/session {2}\{\}\n[^]*Node threw RangeError: planted/);
  });

  it("of the format is listed, and no difference", async () => {
    const { losses } = await run(await judgeOf("fidelity"), rowOf("msgpack"), { count: 200, seed: SEED });
    expect(losses).to.include.keys("tuple -> list", "UUID -> str", "datetime of another value");
  });
});

function rowOf(name: string): Row {
  return [...writingRows, ...msgspecRows].find((row) => row.name === name) as Row;
}

/** A codec that gets each value of the top level wrong. */
function faulty(codec: Codec, spoil: (value: Exact) => Exact): Codec {
  return {
    ...codec,
    decode(bytes, limits) {
      const decoded = codec.decode(bytes, limits);
      const root = decoded.value as PyDict;
      root.values = root.values.map(spoil);
      return decoded;
    },
  };
}

function listed(value: Exact): Exact {
  return value instanceof PyList && value.kind === "tuple" ? new PyList("list", value.items) : value;
}
