/** What a fuzzed target throws for a wrong result. */

/** Two things are not equal that must be. */
export class Difference extends Error {
  override readonly name = "Difference";
}

/** @throws Difference that says so */
export function expectTrue(is: boolean, what: string): void {
  if (!is) throw new Difference(what);
}
