/** Sessions that `read()` gives: what a cookie leads to, to look at. */
import type { PyDict } from "../values/exact.ts";
import { view } from "../values/view.ts";
import { createSession, type ReadFacts, ReadOnlyControl, type Session } from "./session.ts";
import { isPermanent } from "./tree.ts";

/**
 * @param tree absent: there is no such session
 * @throws LimitError where the tree is deeper than an object may be
 */
export function readOnlySession(
  tree: PyDict | undefined,
  facts: Pick<ReadFacts, "sid" | "format" | "cookieName" | "extensions">,
): Readonly<Session> {
  const control = new ReadOnlyControl({
    ...facts,
    found: tree !== undefined,
    permanent: tree !== undefined && isPermanent(tree),
  });
  const session = createSession(control);
  if (tree !== undefined) control.otherKeys = view(tree, session).otherKeys;
  return Object.freeze(session) as Session;
}
