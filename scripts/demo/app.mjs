// The Node side of the demo: an Express app that takes part in the sessions and logins of the Flask app beside it.
import express from "express";
import { flaskConfig } from "flask-session-node/config";
import { CsrfError, csrfProtect, generateCsrf } from "flask-session-node/extensions/csrf";
import { flash, getFlashedMessages } from "flask-session-node/extensions/flash";
import { freshLoginRequired, loadLogin, login, loginRequired, logout } from "flask-session-node/extensions/login";
import { flaskSession } from "flask-session-node/frameworks/express";
import { page } from "./page.mjs";

// Who has an account; a real application asks its database, and for a password.
const users = new Set(["alice", "bob"]);
const userExists = (name) => users.has(name);
const guard = { userExists, loginView: "/", refreshView: "/" };

const app = express();
app.use(
  flaskSession(
    flaskConfig({
      SECRET_KEY: process.env.SECRET_KEY,
      SESSION_TYPE: "filesystem",
      SESSION_FILE_DIR: process.env.SESSION_FILE_DIR,
      SESSION_PERMANENT: false,
      SESSION_USE_SIGNER: true,
    }),
  ),
);
app.use(express.urlencoded({ extended: false }));
app.use(csrfProtect());

app.get("/", async (req, res) => {
  const { currentUserId, isFresh } = await loadLogin(req, { userExists });
  const messages = await getFlashedMessages(req);
  const token = await generateCsrf(req);
  res.send(page({ user: currentUserId, isFresh, messages, token, session: req.session, flask: process.env.FLASK_URL }));
});

app.post("/login", async (req, res) => {
  const { name, remember } = req.body;
  if (userExists(name)) {
    await login(req, { userId: name, remember: remember !== undefined });
    await flash(req, `Welcome, ${name}`);
  } else {
    await flash(req, "Nobody has that name");
  }
  res.redirect("/");
});

app.post("/cart", loginRequired(guard), async (req, res) => {
  const { session } = req;
  session.cart = [...(session.cart ?? []), "lamp"];
  session.balance = (session.balance ?? 25) - 5; // Python's float stays a float: Flask finds 20.0
  await flash(req, "A lamp for 5");
  res.redirect("/");
});

app.get("/account", loginRequired(guard), async (req, res) => {
  const { currentUserId } = await loadLogin(req);
  res.send(`<p>For ${currentUserId}, who is logged in</p>`);
});

app.get("/password", freshLoginRequired(guard), async (req, res) => {
  const { currentUserId } = await loadLogin(req);
  res.send(`<p>For ${currentUserId}, freshly logged in</p>`);
});

app.post("/logout", async (req, res) => {
  await logout(req);
  await flash(req, "Goodbye");
  res.redirect("/");
});

app.use((error, _req, res, next) => {
  if (error instanceof CsrfError) res.status(error.status).send(`<p>${error.reason}</p>`);
  else next(error);
});

app.listen(process.env.PORT, "127.0.0.1", (error) => {
  if (error) throw error;
  console.log("ready");
});
