/** Hostile inputs of every format: each ends in a value, in one that is said to be dangerous, or in a typed error, soon. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { hostileInputs, outcomeOf } from "./hostile/outcome.ts";

/** Beside other work the clock says little: `HOSTILE=measured`, on a quiet machine, holds each to its 50 ms. */
const MAX_MILLIS = process.env["HOSTILE"] === "measured" ? 50 : 2000;
const MAX_BYTES = 64 * 1024 * 1024;

/** What the program says of itself. */
interface Measured {
  readonly medians: Readonly<Record<string, number>>;
  readonly peakBytes: number;
}

describe("codecs: hostile inputs", () => {
  for (const [codec, inputs] of hostileInputs) {
    for (const [why, outcome, bytes] of inputs) {
      it(`${codec.format}: ${why}: ${outcome}`, () => {
        expect(outcomeOf(codec, bytes())).to.equal(outcome);
      });
    }
  }

  it("none makes a prototype", () => {
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
    expect(({} as Record<string, unknown>)["x"]).to.equal(undefined);
  });

  it(`each takes less than ${MAX_MILLIS} ms, the median of five, and all less than 64 MB`, function () {
    this.timeout(120_000);
    // A machine that others use as well has slow moments.
    this.retries(2);
    const nothing = measured("nothing");
    const everything = measured("everything");
    const slow = Object.entries(everything.medians).filter(([, millis]) => millis > MAX_MILLIS);
    expect(slow).to.deep.equal([]);
    expect(everything.peakBytes - nothing.peakBytes).to.be.below(MAX_BYTES);
  });
});

/**
 * A child of its own, without the coverage of which the tests' processes give an account: it is slow. The young generation
 * is as large from the start as V8 would make it for any program.
 */
function measured(what: string): Measured {
  const program = join("build", "test", "programs", "decode-hostile.js");
  // What is absent here Node would hand on.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", "--min-semi-space-size=16", program, what], {
    env,
    encoding: "utf8",
  });
  expect(stderr).to.equal("");
  return JSON.parse(stdout) as Measured;
}
