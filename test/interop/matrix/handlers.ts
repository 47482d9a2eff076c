/** What the routes of the matrix's Node apps do with the session. */
import type { Session } from "../../../src/session/session.ts";
import { py } from "../../../src/values/py.ts";

/** By the name of the route. */
export const handlers = {
  who: (session) => session["uname"],
  change: (session) => {
    session["seen"] = true;
    session["count"] = (session["count"] as number) + 1;
    (session["cart"] as unknown[]).push({ name: "nut", price: 7, count: 1 });
  },
  mark: (session) => {
    session["seen"] = true;
  },
  enter: (session) => {
    session["uname"] = "bob";
    session["price"] = py.float(10);
    session["count"] = 3;
    session["nested"] = { a: [1, 2.5, null, "é"] };
  },
  show: ({ uname, count, cart, nested }) => ({ uname, count, cart, nested }),
  again: (session) => {
    session.clear();
    session["b"] = 2;
  },
  empty: (session) => {
    delete session["b"];
  },
  renew: (session) => session.regenerate(),
  leave: (session) => session.destroy(),
} as const satisfies Record<string, (session: Session) => unknown>;
