import { expect } from "chai";
import * as fc from "fast-check";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { EncodeError } from "../../src/errors.ts";
import { sameExact } from "../../src/values/equality.ts";
import type { PyDict } from "../../src/values/exact.ts";
import { view } from "../../src/values/view.ts";
import { changes, containersOf } from "./random-changes.ts";
import { type Opened, open, python, save } from "./through-node.ts";

const RUNS = Number(process.env["VALUES_RUNS"] ?? 300);

/** A session with everything that can be changed, containers in objects and as keys among it. */
const session =
  "{**shop(), 'zoned': [moment(2024, 1, 15, zone=ZoneInfo('Europe/Paris')), local('Europe/Paris', 2024, 1, 1)], 'keys': {(1, 2.0): 1, frozenset([1]): 2}, 'held': Bag(s={1}, m={1: [2.0]}, w=moment(2024, 1, 1)), 'shared': (lambda l: [l, Bag(l=l)])([1.0]), 3: [4]}";

describe("any change that JavaScript makes", () => {
  it(`is refused with an EncodeError, or stored as Python can read it (${RUNS} random ones)`, async () => {
    const first = await open(session);
    const bytes = pickle.encode(first.root);
    const accepted: string[] = [];
    let refused = 0;
    fc.assert(
      fc.property(changes, (made) => {
        const root = pickle.decode(bytes).value as PyDict;
        const live: Record<string, unknown> = {};
        const opened: Opened = { live, view: view(root, live), root };
        for (const change of made) change(containersOf(live), live);
        try {
          save(opened);
        } catch (error) {
          if (!(error instanceof EncodeError) || error.cause !== undefined) throw error;
          refused++;
          expect(() => save(opened), "again").to.throw(EncodeError);
          return;
        }
        const written = pickle.encode(root);
        accepted.push(Buffer.from(written).toString("base64"));
        expect(sameExact(pickle.decode(written).value, root)).to.equal(true);
        expect(save(opened), "again").to.deep.equal([]);
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(refused, accepted.length), "of either kind").to.be.greaterThan(RUNS / 10);
    const program = `
import base64
for text in input: assert type(pickle.loads(base64.b64decode(text))) is dict
result = len(input)`;
    expect(await python(program, accepted)).to.equal(accepted.length);
  }).timeout(60_000);
});
