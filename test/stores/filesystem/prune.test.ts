/** Work beside requests: when it begins, and what becomes of its failure. */
import { expect } from "chai";
import { StoreError } from "../../../src/errors.ts";
import { Pruning } from "../../../src/stores/filesystem/prune.ts";

describe("pruning", () => {
  it("does not begin again while it runs, nor at once after it", async () => {
    let begun = 0;
    let finish = (): void => undefined;
    const work = (): Promise<void> => {
      begun++;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const pruning = new Pruning(work);
    pruning.begin();
    pruning.begin();
    expect(begun).to.equal(1);
    finish();
    await pruning.end();
    pruning.begin();
    expect(begun).to.equal(1);
  });

  it("that fails is nobody's failure", async () => {
    const pruning = new Pruning(() => Promise.reject(new StoreError("no")));
    pruning.begin();
    expect(await pruning.end()).to.equal(undefined);
  });

  it("that never began has ended", async () => {
    expect(await new Pruning(() => Promise.resolve()).end()).to.equal(undefined);
  });
});
