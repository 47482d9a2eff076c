// Nothing here runs: it must compile, and each line after @ts-expect-error must not. No key of the session is declared.
import flash from "connect-flash";
import express from "express";
import type { Session } from "flask-session-node";
import { createSessions } from "flask-session-node";
import { flaskSession, getSession, type Middleware } from "flask-session-node/frameworks/express";
import { memoryStore } from "flask-session-node/stores/memory";
import passport from "passport";

const app = express();
const middleware: Middleware = flaskSession({ store: memoryStore() });
app.use(middleware).use(flaskSession(createSessions({ store: memoryStore() })));
app.use(flash()).use(passport.initialize()).use(passport.session());

app.get("/me", (req, res) => {
  const user: unknown = req.session.uname;
  const flashed: string[] = req.flash("info");
  const facts: [string | undefined, boolean, boolean, boolean] = [
    req.session.sid,
    req.session.new,
    req.session.modified,
    req.session.permanent,
  ];
  res.json([user ?? null, flashed, facts, req.user]);
});

app.post("/logout", async (req, res) => {
  await req.session.destroy();
  res.redirect("/login");
});

app.post("/verbs", async (req, _res, next) => {
  const session: Session = getSession(req);
  await session.save();
  await session.regenerate();
  await session.touch();
  session.clear();
  session.permanent = true;
  session.cart = [{ sku: "a", price: 10.5 }];
  session.save(next);
  session.regenerate(next);
  session.destroy((failed?: unknown) => {
    next(failed);
  });
});

app.get("/wrong", (req) => {
  // @ts-expect-error what has no type must be looked at first
  req.session.uname.toUpperCase();
  // @ts-expect-error a fact is not assignable
  req.session.sid = "another";
  // @ts-expect-error nor is the session itself
  req.session = {};
  // @ts-expect-error a verb keeps its type, whatever keys there are
  void req.session.save("now");
});

// @ts-expect-error there is no session over what is no store
flaskSession({ store: new Map() });

/** A session of one's own keys, with an index signature beside them. */
interface Keys {
  [key: string]: string | undefined;
  uname?: string;
}
export async function leave(session: Session<Keys>): Promise<string | undefined> {
  await session.destroy();
  return session.uname;
}

/** A key with the name of a verb hides it, as it does when the program runs. */
export function clash(session: Session<{ save: string }>): string {
  return session.save.toUpperCase();
}
