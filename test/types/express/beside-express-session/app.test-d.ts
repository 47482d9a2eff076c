// Nothing here runs: it must compile, and each line after @ts-expect-error must not. The types of express-session stand
// beside ours, as they do in a program that moves from one to the other.
import flash from "connect-flash";
import express from "express";
import { flaskSession, getSession } from "flask-session-node/frameworks/express";
import { memoryStore } from "flask-session-node/stores/memory";
import passport from "passport";

const app = express();
app
  .use(flaskSession({ store: memoryStore() }))
  .use(flash())
  .use(passport.session());

app.get("/ours", async (req, res) => {
  const session = getSession(req);
  const user: unknown = session.uname;
  await session.destroy();
  res.json([user, session.sid, req.flash("info")]);
});

app.get("/theirs", (req, res) => {
  const age: number | null = req.session.cookie.originalMaxAge;
  req.session.touch();
  res.json([age, req.sessionID]);
});

app.get("/wrong", (req) => {
  // @ts-expect-error theirs has no sid
  void req.session.sid;
});
