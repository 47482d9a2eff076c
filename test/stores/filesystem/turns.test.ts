/** Turns within one process. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Turns } from "../../../src/stores/filesystem/turns.ts";

describe("turns", () => {
  it("come one after the other on one key, and say who had to wait", async () => {
    const turns = new Turns();
    const log: string[] = [];
    const take = (name: string, key: string): Promise<void> =>
      turns.take(key, async (waited) => {
        log.push(`${name} ${waited ? "waited" : "first"}`);
        await sleep(5);
        log.push(`${name} done`);
      });
    await Promise.all([take("one", "a"), take("two", "a"), take("other", "b")]);
    const ofOneKey = log.filter((line) => !line.startsWith("other"));
    expect(ofOneKey).to.deep.equal(["one first", "one done", "two waited", "two done"]);
    expect(log.indexOf("other first")).to.be.lessThan(log.indexOf("one done"));
  });

  it("go on after one that failed", async () => {
    const turns = new Turns();
    const failed = turns.take("a", () => Promise.reject(new RangeError("no")));
    const next = turns.take("a", (waited) => Promise.resolve(waited));
    expect(await failed.catch((error: unknown) => (error as Error).name)).to.equal("RangeError");
    expect(await next).to.equal(true);
  });

  it("are forgotten once they are over", async () => {
    const turns = new Turns();
    await turns.take("a", () => Promise.resolve());
    await sleep(1);
    expect(await turns.take("a", (waited) => Promise.resolve(waited))).to.equal(false);
  });
});
