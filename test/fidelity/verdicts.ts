/** What Python, which is the judge, says of sessions that Node has written. */
import type { Judge } from "../python/judge.ts";
import type { Trip } from "./round-trip.ts";
import type { Row } from "./rows.ts";

const JUDGE = "from sessions import rounds\nresult = rounds.judge(*input)";

/** How many values Python found in each, all equal to what it would have made itself; `null` where they are not. */
export async function verdicts(
  judge: Judge,
  { reading, writing }: Row,
  trips: readonly Trip[],
): Promise<(number | null)[]> {
  const cases = trips.map(({ before, change, after = "" }) => [before, change, after]);
  return (await judge.run(JUDGE, [reading, writing, cases])) as (number | null)[];
}
