/** The fuzzer: a short run over everything that reads bytes, and faults that are planted for it to find. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../python/judge.ts";
import { targets as planted } from "./planted-faults.ts";
import { targets } from "./targets.ts";

/** What the fuzzer says of a target. */
interface Row {
  readonly target: string;
  readonly inputs: number;
  readonly branches: number;
  readonly faults: readonly {
    readonly kind: string;
    readonly key: string;
    readonly about: string;
    /** How often it was met. */
    readonly count: number;
    readonly input: string;
    readonly file: string;
  }[];
}

const failures = mkdtempSync(join(tmpdir(), "fuzz-failures-"));

function fuzz(...words: readonly string[]): { readonly status: number | null; readonly output: string } {
  const script = join(projectFolder, "scripts", "fuzz.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--failures", failures, ...words], {
    cwd: projectFolder,
    encoding: "utf8",
    env: { ...process.env, NODE_V8_COVERAGE: "" }, // what is fuzzed is not tested
  });
  expect(stdout, stderr).not.to.equal("");
  return { status, output: stdout };
}

function rowsOf(...words: readonly string[]): readonly Row[] {
  return JSON.parse(fuzz("--json", ...words).output) as readonly Row[];
}

/** The kind as which each planted fault shows, and the bytes without which it does not. */
const FAULTS: readonly (readonly [target: string, kind: string | undefined])[] = [
  ["wrong-type", "untyped"],
  ["wrong-value", "difference"],
  ["endless-loop", "hang"],
  ["slow", "hang"],
  ["endless-recursion", "overflow"],
  ["greedy", "memory"],
  ["abort", "crash"],
  ["none", undefined],
];
const REACHING = "fa17ed";
const PLANTED = ["--targets", "test/fuzzing/planted-faults.js"];

describe("the fuzzer", function () {
  this.timeout(600_000);
  after(() => rmSync(failures, { recursive: true }));

  it("finds nothing in what reads bytes from outside, in a short run", () => {
    const rows = rowsOf("--runs", "20000");
    expect(rows.map(({ target }) => target)).to.deep.equal(targets.map(({ name }) => name));
    expect(rows.flatMap(({ faults }) => faults)).to.deep.equal([]);
    expect(rows.reduce((sum, { inputs }) => sum + inputs, 0)).to.be.at.least(20_000);
    for (const { target, branches } of rows) expect(branches, target).to.be.above(3);
  });

  it("does the same again for the same seed, and something else for another", () => {
    const found = (seed: string): unknown =>
      rowsOf(...PLANTED, "--target", "wrong-value", "--runs", "30000", "--seed", seed).map(
        ({ inputs, branches, faults }) => ({ inputs, branches, faults }),
      );
    expect(found("1")).to.deep.equal(found("1"));
    expect(found("1")).not.to.deep.equal(found("2"));
  });

  it("knows its targets by name", () => {
    expect(() => fuzz("--target", "nothing")).to.throw("There is no target nothing: pickle, pickle-protocols, ");
  });

  describe("finds what is planted", () => {
    let rows: readonly Row[] = [];
    before(() => {
      rows = rowsOf(...PLANTED, "--runs", "320000", "--deadline", "3000");
    });

    it("in every target that is there", () => {
      expect(FAULTS.map(([target]) => target)).to.have.members(planted.map(({ name }) => name));
      expect(rows).to.have.length(FAULTS.length);
    });

    for (const [name, kind] of FAULTS) {
      it(kind === undefined ? "and nothing where nothing is" : `${name}, as ${kind}`, () => {
        const { faults = [], inputs } = rows.find(({ target }) => target === name) ?? {};
        expect(faults.map((fault) => fault.kind)).to.deep.equal(kind === undefined ? [] : [kind]);
        for (const { input, file } of faults) {
          expect(input.startsWith(REACHING)).to.equal(true);
          expect(readFileSync(file).toString("hex")).to.equal(input);
        }
        expect(inputs).to.be.at.least(40_000);
      });
    }

    it("and shows it again", () => {
      const [fault] = rows.find(({ target }) => target === "wrong-type")?.faults ?? [];
      const repro = [...PLANTED, "--repro", fault?.file ?? ""];
      const { status, output } = fuzz(...repro);
      expect(status).to.equal(1);
      expect(output).to.match(/^untyped: TypeError .*planted-faults/);
      expect(fuzz(...repro, "--target", "none")).to.deep.equal({ status: 0, output: "none takes it\n" });
    });
  });
});
