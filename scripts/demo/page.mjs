// The page of the demo's Node app.
import { inspect } from "node:util";

/** HTML of who is logged in, what can be done, and all that the session holds. */
export function page({ user, isFresh, messages, token, session, flask }) {
  const buttons = [
    isFresh ? "" : form("/login", token, "Log in on Node", fields),
    user === undefined ? "" : form("/cart", token, "Put a lamp into the cart"),
    user === undefined ? "" : form("/logout", token, "Log out on Node"),
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Node</title>
<style>body { font: 1em sans-serif; max-width: 48em; margin: 2em auto } form { margin: 1em 0 }</style>
<h1>Node</h1>
${[...messages, who(user, isFresh), ...goods(session)].map((text) => `<p>${escape(text)}</p>`).join("\n")}
${buttons.join("\n")}
<nav><a href="/account">account</a> · <a href="/password">password</a> (wants a fresh login) · <a href="${escape(flask)}">the Flask app</a></nav>
<h2>The session, as JavaScript sees it</h2>
<pre>${Object.entries(session)
    .map(([key, value]) => escape(`${key} = ${inspect(value)}`))
    .join("\n")}</pre>
</html>`;
}

const fields = `
  <label>alice or bob <input name="name" value="alice" required></label>
  <label><input type="checkbox" name="remember"> remember me</label>`;

function form(action, token, button, more = "") {
  return `<form method="post" action="${action}">
  <input type="hidden" name="csrf_token" value="${escape(token)}">${more}
  <button>${button}</button>
</form>`;
}

function who(user, isFresh) {
  if (user === undefined) return "Nobody is logged in";
  return `${user} is logged in${isFresh ? "" : ", not freshly"}`;
}

function goods({ seat, balance, cart }) {
  return cart === undefined ? [] : [`seat=${inspect(seat)}  balance=${inspect(balance)}  cart=${inspect(cart)}`];
}

function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
