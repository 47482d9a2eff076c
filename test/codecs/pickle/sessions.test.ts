/** Sessions that Python makes by a seed, read and written by Node: to Python they are what they were. */
import { expect } from "chai";
import { type EnvironmentName, judgeOf } from "../../python/judge.ts";
import { differences, type NamedPickle, writtenProtocols } from "./round-trip.ts";

/** Sessions that Python itself cannot pickle and load (a recursion without end, slots in protocol 0) are left out. */
const MAKE = `
import pickle, random
import pickle_sessions

kind, first, count = input
result = []
for seed in range(first, first + count):
    rng = random.Random(seed)
    protocol = rng.randint(0, 5)
    dumps = rng.choice([pickle.dumps, pickle.dumps, pickle._dumps])
    try:
        session = dumps(getattr(pickle_sessions, kind)(seed), protocol)
        pickle.loads(session)
    except (RecursionError, TypeError, AttributeError, pickle.PicklingError):
        continue
    result.append({"name": "%s session %d, protocol %d" % (kind, seed, protocol), "hex": session.hex()})
`;

const environments: readonly EnvironmentName[] = ["fs080-flask31", "fs050-flask22"];
const kinds: readonly (readonly [kind: string, count: number, least: number])[] = [
  ["plain", 300, 270],
  ["cyclic", 300, 240],
];

describe("codecs/pickle: generated sessions", () => {
  for (const environment of environments) {
    for (const [kind, count, least] of kinds) {
      it(`${count} ${kind} ones, ${environment}`, async function () {
        this.timeout(120_000);
        const judge = await judgeOf(environment);
        const sessions = (await judge.run(MAKE, [kind, 0, count])) as readonly NamedPickle[];
        expect(sessions.length).to.be.at.least(least);
        for (const protocol of writtenProtocols) {
          expect(await differences(judge, sessions, protocol), `written in protocol ${protocol}`).to.deep.equal([]);
        }
      });
    }
  }
});
