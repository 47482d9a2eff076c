/** Every kind of JavaScript value, in each way in which a Flask side reads and saves sessions. */
import { expect } from "chai";
import { requireService } from "../services/services.ts";
import { describeValue } from "./describe.ts";
import { evaluate } from "./evaluate.ts";
import { type Kind, kinds, type Refused } from "./kinds.ts";
import { type Held, type Place, places } from "./places.ts";
import { type Side, type Sides, startSides, type Target, targets, targetsOfRun } from "./targets.ts";
import { type Change, heldRecords, type Outcome, visitAll } from "./visits.ts";

/** Two places: a key of the session, and deep within what is new. */
const here = places.filter(({ name }) => name === "a new key" || name === "in a list of objects under a new key");

/** Why a target refuses a kind, if it does: its format, or the one in which Flask saves the record next. */
function refusalsOf(kind: Kind, { format, next }: Target): Refused[] {
  const own = (format === "pickle" ? undefined : kind[format]) ?? kind.refused;
  const then = next === "msgpack" ? kind.thenMsgpack : next === "json" ? kind.thenJson : undefined;
  return [own, then].filter((refused) => refused !== undefined);
}

function changeOf(kind: Kind, place: Place): Change {
  const { js, python } = kind;
  return {
    change: (session) => {
      place.put(session, evaluate(js, session));
    },
    same: python === null ? (place.without ?? "") : place.same(python ?? "None"),
  };
}

describe("the other way", function () {
  this.timeout(120_000);
  let all: Sides;
  let records: Awaited<ReturnType<typeof heldRecords>>;

  before(async function () {
    requireService(this, "redis-server");
    all = await startSides();
    records = await heldRecords(all.sides[0] as Side);
  });

  after(() => all?.stop());

  it("has every target", () => {
    expect(targets).to.have.length(9);
    expect(here).to.have.length(2);
  });

  for (const [index, target] of targetsOfRun.entries()) {
    describe(target.name, () => {
      const outcomes = new Map<Kind, Outcome[]>();

      before(async () => {
        for (const place of here) {
          const found = await visitAll(
            all.sides[index] as Side,
            records,
            kinds.map((kind) => changeOf(kind, place)),
          );
          for (const [at, kind] of kinds.entries()) {
            outcomes.set(kind, [...(outcomes.get(kind) ?? []), found[at] as Outcome]);
          }
        }
      });

      for (const kind of kinds) {
        const refusals = refusalsOf(kind, target);
        const then = refusals.length === 0 ? `is ${kind.python ?? "no key"}` : "is refused";
        it(`${kind.js} ${then}`, () => {
          for (const [at, outcome] of (outcomes.get(kind) ?? []).entries()) {
            const place = here[at] as Place;
            if (refusals.length === 0) expectAccepted(outcome, kind, place, target);
            else expectRefused(outcome, refusals, kind.isOfRecord === true ? "session.x" : `session${place.path}`);
          }
        });
      }
    });
  }
});

function expectRefused(outcome: Outcome, refusals: readonly Refused[], place: string): void {
  if (!("refusal" in outcome)) expect.fail(`it was accepted: ${JSON.stringify(outcome.visit)}`);
  const { path, message, isKept, isRefusedAgain } = outcome.refusal;
  const told = refusals.map((refused) => (typeof refused === "string" ? ([refused, ""] as const) : refused));
  const [, at] =
    told.find(([reason]) => message.includes(reason)) ?? expect.fail(`it is refused for something else: ${message}`);
  // Nothing is named that lies deeper than the place where it is too deep.
  expect(path.length === 200 ? path.slice(0, `${place}${at}`.length) : path).to.equal(`${place}${at}`);
  expect({ isKept, isRefusedAgain }).to.deep.equal({ isKept: true, isRefusedAgain: true });
}

function expectAccepted(outcome: Outcome, kind: Kind, place: Place, { format, next }: Target): void {
  if (!("visit" in outcome)) expect.fail(`it was refused: ${outcome.refusal.message}`);
  const { failure, different, isReadAgain, after } = outcome.visit;
  expect({ failure, different, isReadAgain }).to.deep.equal({
    failure: undefined,
    different: undefined,
    isReadAgain: true,
  });
  if (next !== undefined) return; // another value by now, which Python has told
  const wanted = { ...after };
  if (kind.python === null) delete wanted[place.path.slice(1)];
  else place.put(wanted as Held, evaluate(kind.back ?? kind.js));
  const shares = format === "pickle";
  expect(describeValue(after, shares)).to.equal(describeValue(wanted, shares));
}
