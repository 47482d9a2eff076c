import { expect } from "chai";
import { requireService } from "../services/services.ts";
import { runRandom } from "./random.ts";
import { type Sides, startSides } from "./targets.ts";

const COUNT = 300;

describe("random values of JavaScript at random places", function () {
  this.timeout(120_000);
  let all: Sides;

  before(async function () {
    requireService(this, "redis-server");
    all = await startSides();
  });

  after(() => all?.stop());

  it(`what is accepted is right to Flask, what is refused is told: ${COUNT}`, async () => {
    const { accepted, refused, wrong, byTarget } = await runRandom(all, 5, COUNT);
    expect(wrong.slice(0, 5)).to.deep.equal([]);
    expect(byTarget.size).to.equal(9);
    expect(Math.min(accepted, refused), "of either kind").to.be.greaterThan(COUNT / 5);
  });
});
