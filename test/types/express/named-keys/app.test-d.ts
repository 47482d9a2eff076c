// Nothing here runs: it must compile, and each line after @ts-expect-error must not. The keys are in session-keys.ts.
import express from "express";
import { createSessions } from "flask-session-node";
import { flaskSession, getSession } from "flask-session-node/frameworks/express";
import { memoryStore } from "flask-session-node/stores/memory";

const sessions = createSessions({ store: memoryStore() });
const app = express();
app.use(flaskSession(sessions));

app.get("/", async (req, res) => {
  const user: string | undefined = req.session.uname;
  req.session.cart = [{ sku: "a", quantity: 1 }];
  req.session.cart.push({ sku: "b", quantity: 2 });
  const other: unknown = req.session.other;
  await req.session.save();
  res.json([user, other, getSession(req).cart?.length]);
});

app.get("/wrong", (req) => {
  // @ts-expect-error uname is text
  req.session.uname = 1;
  // @ts-expect-error a quantity is missing
  req.session.cart = [{ sku: "a" }];
});

export async function who(header: string | undefined): Promise<string | undefined> {
  const session = await sessions.read(header);
  // @ts-expect-error what read() gives is not to be changed
  session.uname = "bob";
  return session.uname;
}
