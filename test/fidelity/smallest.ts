/** The smallest session that shows a difference, and what Python says of it. */
import { inspect } from "node:util";
import type { Judge } from "../python/judge.ts";
import { Random } from "./random.ts";
import { type Trip, throughNode } from "./round-trip.ts";
import type { Row } from "./rows.ts";
import { verdicts } from "./verdicts.ts";

const SMALLER = "from sessions import rounds\nresult = rounds.smaller(*input)";
const EXPLAIN = "from sessions import rounds\nresult = rounds.explain(*input)";

/** Other changes that are tried on a smaller session, as the old one may have gone with what was taken away. */
const CHANGES = 5;

interface Explanation {
  readonly session: string;
  readonly wanted: string;
  readonly found: string;
  readonly wantedForm: unknown;
  readonly foundForm: unknown;
}

/** Takes parts away for as long as a difference is left. @returns it in words */
export async function smallest(judge: Judge, row: Row, trip: Trip, seed: number): Promise<string> {
  const [alone] = await differing(judge, row, [throughNode(row, trip.before)]);
  const tries = alone === undefined ? Array.from({ length: CHANGES }, (_, number) => seed + number) : [undefined];
  let found = alone ?? trip;
  for (let next: Trip | undefined = found; next !== undefined; ) {
    found = next;
    const smaller = (await judge.run(SMALLER, [row.reading, found.before])) as readonly string[];
    const trips = smaller.flatMap((hex) =>
      tries.map((number) => throughNode(row, hex, number === undefined ? undefined : new Random(number))),
    );
    [next] = await differing(judge, row, trips);
  }
  return explain(judge, row, found);
}

/** Those that Python finds otherwise than it should, or that Node did not write. */
async function differing(judge: Judge, row: Row, trips: readonly Trip[]): Promise<readonly Trip[]> {
  const answers = await verdicts(judge, row, trips);
  return trips.filter((_, index) => answers[index] === null);
}

async function explain(
  judge: Judge,
  { reading, writing, name }: Row,
  { before, change, after, error }: Trip,
): Promise<string> {
  const explained = (await judge.run(EXPLAIN, [reading, writing, before, change, after ?? ""])) as Explanation;
  const { session, wanted, found, wantedForm, foundForm } = explained;
  const lines = [name, `session  ${session}`, `written  ${before}`, `change   ${JSON.stringify(change)}`];
  if (after === undefined) return [...lines, `Node threw ${inspect(error)}`].join("\n  ");
  lines.push(`wanted   ${wanted}`, `found    ${found}`, `         ${after}`);
  return [...lines, `wanted   ${JSON.stringify(wantedForm)}`, `found    ${JSON.stringify(foundForm)}`].join("\n  ");
}
