// The Node side of the demo: Express over the folder of files that the Flask side writes.
import express from "express";
import { flaskConfig } from "flask-session-node/config";
import { flaskSession } from "flask-session-node/frameworks/express";

const app = express();
app.use(
  flaskSession(
    flaskConfig({
      SECRET_KEY: process.env.SECRET_KEY,
      SESSION_TYPE: "filesystem",
      SESSION_FILE_DIR: process.env.SESSION_FILE_DIR,
      SESSION_USE_SIGNER: true,
    }),
  ),
);

app.get("/me", (req, res) => {
  res.json({ user: req.session.uname ?? null });
});

app.post("/cart", (req, res) => {
  req.session.cart.push("lamp");
  req.session.balance -= 5;
  res.json({ cart: req.session.cart, balance: req.session.balance });
});

app.post("/logout", async (req, res) => {
  await req.session.destroy();
  res.json({ user: null });
});

const server = app.listen(0, "127.0.0.1", () => {
  console.log(`on port ${server.address().port}`);
});
