/** Random values at random places of sessions, in random targets, judged by Flask: what is accepted must be right. */
import * as fc from "fast-check";
import { nothing } from "./atoms.ts";
import { describeValue } from "./describe.ts";
import { type Held, type Place, places } from "./places.ts";
import {
  backOf,
  keysOf,
  make,
  pythonOf,
  type Recipe,
  recipes,
  refusalsOf,
  shownRecipe,
  type Told,
  unhashable,
} from "./recipes.ts";
import type { Side, Sides, Target } from "./targets.ts";
import { heldRecords, type Outcome, visitAll } from "./visits.ts";

/** A value, where it is put, and where that session lies. */
interface Case {
  readonly target: number;
  readonly place: Place;
  readonly recipe: Recipe;
}

/** What came of many cases. */
export interface Tally {
  accepted: number;
  refused: number;
  /** Each in words: the value, the place, the target, and what is wrong. The shortest first. */
  readonly wrong: string[];
  /** Cases by target. */
  readonly byTarget: Map<string, { accepted: number; refused: number }>;
}

function casesIn(sides: readonly Side[]): fc.Arbitrary<Case> {
  return fc.nat(sides.length - 1).chain((target) => {
    const { format } = (sides[target] as Side).target;
    const chosen = fc.constantFrom(...places.filter(({ formats }) => formats.includes(format)));
    return chosen.chain((place) =>
      (place.role === "key" || place.role === "member" ? keysOf(2) : recipes).map((recipe) => ({
        target,
        place,
        recipe,
      })),
    );
  });
}

const THREW = "reading it threw";

/** Visitors of one request to Flask. */
const BATCH = 200;

/** Runs so many cases. @param onBatch told after each batch */
export async function runRandom(
  all: Sides,
  seed: number,
  count: number,
  onBatch?: (tally: Tally) => void,
): Promise<Tally> {
  const tally: Tally = { accepted: 0, refused: 0, wrong: [], byTarget: new Map() };
  const records = await heldRecords(all.sides[0] as Side);
  const drawn = fc.sample(casesIn(all.sides), { seed, numRuns: count });
  for (let start = 0; start < count; start += BATCH) {
    const batch = drawn.slice(start, start + BATCH);
    for (const [index, side] of all.sides.entries()) {
      const mine = batch.filter(({ target }) => target === index);
      const changes = mine.map(({ place, recipe }) => ({
        change: (session: Held): void => {
          place.put(session, make(recipe));
        },
        same: statementOf(place, recipe),
      }));
      const outcomes = await visitAll(side, records, changes);
      for (const [at, outcome] of outcomes.entries()) judge(tally, side.target, mine[at] as Case, outcome);
    }
    onBatch?.(tally);
  }
  tally.wrong.sort((a, b) => a.length - b.length);
  return tally;
}

function judge(tally: Tally, target: Target, { place, recipe }: Case, outcome: Outcome): void {
  const how = "refusal" in outcome ? "refused" : "accepted";
  tally[how]++;
  const row = tally.byTarget.get(target.name) ?? { accepted: 0, refused: 0 };
  row[how]++;
  tally.byTarget.set(target.name, row);
  const told = toldOf(place, recipe, target);
  const reason =
    "refusal" in outcome ? wrongRefusal(outcome.refusal, told) : wrongVisit(outcome.visit, told, place, recipe, target);
  if (reason !== undefined) tally.wrong.push(`${target.name}, ${place.name}: ${shownRecipe(recipe)}\n  ${reason}`);
}

function statementOf(place: Place, recipe: Recipe): string {
  if (recipe === nothing) return place.without ?? "None";
  return place.same(pythonOf(recipe, place.takesFloats));
}

/** The documented refusals of a value in its place. */
function toldOf({ role, path }: Place, recipe: Recipe, target: Target): Told[] {
  if (recipe === nothing && role === "property") return [];
  const told = refusalsOf(recipe, target, role === "key" ? "key" : "value");
  const hashing = role === "key" || role === "member" ? unhashable(recipe).map((reason): Told => ["", reason]) : [];
  return [...told, ...hashing].map(([below, reason]) => [`session${path}${below}`, reason]);
}

function wrongRefusal(
  refusal: Extract<Outcome, { refusal: unknown }>["refusal"],
  told: readonly Told[],
): string | undefined {
  const { path, message, isKept, isRefusedAgain } = refusal;
  if (!isKept) return "it is refused, but the store has changed";
  if (!isRefusedAgain) return "it is refused once, and then not";
  // A Proxy may throw before its own step is taken.
  const isThere = (at: string): boolean =>
    at === path ||
    (path.length === 200 ? at.startsWith(path.slice(0, 199)) : message.endsWith(THREW) && at.startsWith(path));
  const isTold = told.some(([at, reason]) => isThere(at) && message.includes(reason));
  return isTold ? undefined : `it is refused otherwise: ${message}; told is ${JSON.stringify(told)}`;
}

function wrongVisit(
  { failure, different, isReadAgain, after }: Extract<Outcome, { visit: unknown }>["visit"],
  told: readonly Told[],
  place: Place,
  recipe: Recipe,
  { format, next }: Target,
): string | undefined {
  if (failure !== undefined) return `Flask raises ${failure}`;
  if (told.length > 0) return `it is accepted; told is ${JSON.stringify(told)}`;
  if (different !== undefined) return `Flask finds ${different.found} and not ${different.wanted}`;
  if (!isReadAgain) return "Node reads something else than Flask has";
  if (next !== undefined) return undefined;
  const shares = format === "pickle";
  const wanted = describeValue(expectedSession(place, recipe, format), shares);
  const found = describeValue(after, shares);
  return wanted === found ? undefined : `Node reads ${found} and not ${wanted}`;
}

/** The session as Node must see it after Flask. */
function expectedSession(place: Place, recipe: Recipe, format: Target["format"]): Held {
  const session: Held = {
    _permanent: true,
    n: 1,
    price: 10,
    user: { name: "alice" },
    cart: [1, 2.5, "x", { id: 1 }, [1, "y"], null],
    ids: new Map<unknown, unknown>([
      [1_000_000_000_000_007, "one"],
      ["a key of the session", 2],
    ]),
    tags: new Set(["a member", "another member"]),
  };
  if (format === "json") Reflect.deleteProperty(session, "ids");
  if (format !== "pickle") Reflect.deleteProperty(session, "tags");
  place.put(session, backOf(recipe));
  if (recipe === nothing) dropNothing(session);
  return { ...session, visits: 1 };
}

function dropNothing(value: object): void {
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) Reflect.deleteProperty(value, key);
    else if (typeof item === "object" && item !== null) dropNothing(item as object);
  }
}
