/** Runs a row: sessions from Python, through Node, and back to Python, which judges. */
import type { Judge } from "../python/judge.ts";
import { Random } from "./random.ts";
import { type Trip, throughNode } from "./round-trip.ts";
import type { Row } from "./rows.ts";
import { smallest } from "./smallest.ts";
import { verdicts } from "./verdicts.ts";

/** How many sessions, and which. */
export interface Amount {
  readonly count: number;
  readonly seed: number;
}

/** What a run found. */
export interface Result {
  readonly sessions: number;
  /** Python values in the sessions that came back. */
  readonly values: number;
  readonly differences: number;
  /** The smallest session that shows each of the first differences. */
  readonly explanations: readonly string[];
  /** What the format itself makes of values, and how often. */
  readonly losses: Readonly<Record<string, number>>;
  readonly millis: number;
}

/** Sessions that Python wrote, by number. */
interface Batch {
  readonly sessions: readonly (readonly [index: number, hex: string])[];
  readonly losses: Readonly<Record<string, number>>;
}

/** A session by its number, and what became of it. */
interface Sample {
  readonly index: number;
  /** Of the change. */
  readonly seed: number;
  readonly trip: Trip;
}

const BATCH = 100;
const MOST_EXPLAINED = 3;

const MAKE = "from sessions import rounds\nresult = rounds.make(*input)";

/** Sessions that Python itself cannot write and read again are replaced by the next ones. */
export async function run(judge: Judge, row: Row, { count, seed }: Amount): Promise<Result> {
  const startedAt = performance.now();
  const losses: Record<string, number> = {};
  const differences: Sample[] = [];
  let [sessions, values] = [0, 0];
  const make = (first: number): Promise<Batch> =>
    judge.run(MAKE, [row.reading, row.writing, `${seed} ${row.name}`, first, BATCH]) as Promise<Batch>;
  let next = make(0);
  for (let first = BATCH; sessions < count; first += BATCH) {
    const batch = await next;
    if (sessions + batch.sessions.length < count) next = make(first); // Python makes them while Node works
    const taken = batch.sessions.slice(0, count - sessions);
    const made = taken.map(([index, hex]): Sample => {
      const ofChange = seed * 1_000_003 + index;
      return { index, seed: ofChange, trip: throughNode(row, hex, new Random(ofChange)) };
    });
    const trips = made.map(({ trip }) => trip);
    for (const [number, found] of (await verdicts(judge, row, trips)).entries()) {
      if (found === null) differences.push(made[number] as Sample);
      else values += found;
    }
    sessions += taken.length;
    for (const [line, times] of Object.entries(batch.losses)) losses[line] = (losses[line] ?? 0) + times;
  }
  const explanations = await explained(judge, row, differences);
  const millis = performance.now() - startedAt;
  return { sessions, values, differences: differences.length, explanations, losses, millis };
}

/** The first ones by their smallest sessions, all by their numbers. */
async function explained(judge: Judge, row: Row, differences: readonly Sample[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { seed, trip } of differences.slice(0, MOST_EXPLAINED)) found.push(await smallest(judge, row, trip, seed));
  const numbers = differences.map(({ index }) => index);
  return found.length === 0 ? [] : [...found, `Differences in sessions ${numbers.join(", ")}`];
}
