/** What Flask reads in its own cookie is the same with and without Node in between; `npm run cookie-fidelity` asks every Flask. */
import { expect } from "chai";
import { type Flask, flasks, throughNode } from "./cookie-fidelity/run.ts";

const COUNT = 200;

describe("random sessions in Flask's own cookie", function () {
  this.timeout(120_000);

  for (const flask of flasks.filter(({ environment }) => /^fs0(50|80)/.test(environment))) {
    it(`are the same to Flask after Node has changed them (${flask.environment})`, async () => {
      const { differences, acts } = await throughNode(flask, COUNT, 1);
      expect(differences).to.deep.equal([]);
      expect(Object.keys(acts)).to.have.members(["add", "replace", "remove", "nested", "refresh"]);
    });
  }

  it("are not the same where Node takes that Flask for another", async () => {
    const flask = { ...(flasks.at(-1) as Flask), flaskVersion: "0.12" };
    const { differences } = await throughNode(flask, COUNT, 1);
    expect(differences.length).to.be.within(1, COUNT / 2);
  });
});
