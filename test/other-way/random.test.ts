import { expect } from "chai";
import { createSessions } from "../../src/session/sessions.ts";
import { requireService } from "../services/services.ts";
import { runRandom } from "./random.ts";
import { type Sides, startSides, targets } from "./targets.ts";

const COUNT = 300;

describe("random values of JavaScript at random places", function () {
  this.timeout(120_000);
  let all: Sides;

  before(async function () {
    requireService(this, "redis-server");
    all = await startSides(targets);
  });

  after(() => all?.stop());

  it(`what is accepted is right to Flask, what is refused is told: ${COUNT}`, async () => {
    const { accepted, refused, wrong, byTarget } = await runRandom(all, 5, COUNT);
    expect(wrong.slice(0, 5)).to.deep.equal([]);
    expect(byTarget.size).to.equal(9);
    expect(Math.min(accepted, refused), "of either kind").to.be.greaterThan(COUNT / 5);
  });

  it("what is accepted and wrong is found: a Node that is told of an older Flask", async () => {
    const sides = all.sides.map((side) => {
      const { target, store } = side;
      const isLiedTo = target.format === "pickle" && target.next !== undefined;
      return isLiedTo ? { ...side, sessions: createSessions({ store, flaskSessionVersion: "0.6" }) } : side;
    });
    const { wrong } = await runRandom({ ...all, sides }, 5, COUNT);
    const reasons = new Set(wrong.map((one) => /\n {2}(Flask raises [^:]*: \w+|it is accepted)/.exec(one)?.[1]));
    expect([...reasons]).to.include.members(["Flask raises /first: TypeError"]);
  });
});
