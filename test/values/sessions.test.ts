import { expect } from "chai";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import type { PyDict } from "../../src/values/exact.ts";
import { view } from "../../src/values/view.ts";
import { python, save } from "./through-node.ts";

const COUNT = Number(process.env["VALUES_SESSIONS"] ?? 400);
const SEED = Number(process.env["VALUES_SEED"] ?? 1);

/** Random sessions of Python's, each changed in Node. @returns those that Python finds otherwise than it should, and how many changed */
async function throughNode(
  plain: boolean,
  change: (live: Record<string, unknown>) => void,
  same: string,
): Promise<{ readonly differing: unknown; readonly changed: readonly (readonly string[])[] }> {
  const input = [SEED, COUNT, plain];
  const texts = (await python("result = [dump(s) for s in random_sessions(*input)]", input)) as string[];
  const changed: string[][] = [];
  const back = texts.map((text) => {
    const root = pickle.decode(Buffer.from(text, "hex")).value as PyDict;
    const live: Record<string, unknown> = {};
    const seen = view(root, live);
    change(live);
    changed.push(save({ live, view: seen, root }));
    return Buffer.from(pickle.encode(root)).toString("hex");
  });
  return { differing: await python("result = differing(*input)", [...input, back, same]), changed };
}

describe(`${COUNT} random sessions of Python's`, () => {
  it("keep every value where Node changes one key", async () => {
    const { differing, changed } = await throughNode(
      false,
      (live) => {
        live["n"] = 1;
      },
      "s['n'] = 1",
    );
    expect(differing).to.deep.equal([]);
    expect(changed.filter((keys) => keys.length !== 1)).to.deep.equal([]);
  }).timeout(600_000);

  it("keep every type where Node puts structuredClones in the place of all values", async () => {
    const { differing } = await throughNode(
      true,
      (live) => {
        for (const [key, value] of Object.entries(live))
          Object.defineProperty(live, key, { value: structuredClone(value) });
      },
      "",
    );
    expect(differing).to.deep.equal([]);
  }).timeout(600_000);
});
