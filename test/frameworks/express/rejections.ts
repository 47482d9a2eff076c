/** Rejected promises that nobody handles end a program, and go unnoticed by mocha. */
import { expect } from "chai";

/** Makes each of the suite's tests fail that leaves one behind. */
export function refuseUnhandledRejections(): void {
  const rejected: unknown[] = [];
  const keep = (reason: unknown): void => {
    rejected.push(reason);
  };

  before(() => {
    process.on("unhandledRejection", keep);
  });

  afterEach(() => {
    expect(rejected.splice(0)).to.deep.equal([]);
  });

  after(() => {
    process.off("unhandledRejection", keep);
  });
}
