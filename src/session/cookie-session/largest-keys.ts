/** Which keys make a session too large. */
import { type Exact, PyDict } from "../../values/exact.ts";
import type { SessionToken } from "./token.ts";

const MOST = 3;

/** The keys that take most of a token, the largest first, three at most. */
export function largestKeys({ keys, values }: PyDict, token: SessionToken): string[] {
  const sizes = keys.map((key, index) => ({
    key: key as string,
    size: token.write(new PyDict([key], [values[index] as Exact])).length,
  }));
  return sizes
    .toSorted((left, right) => right.size - left.size)
    .slice(0, MOST)
    .map(({ key }) => key);
}
