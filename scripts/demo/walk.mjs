// One visitor's way through the demo's two apps, step by step, with what each must answer.

/** A step: what the visitor does, where, and what must come back. A form is posted with the token of the page seen last. */
const steps = [
  { does: "visits the Node app", at: "node", path: "/", answer: "200  Nobody is logged in" },
  { does: "logs in on Flask", at: "flask", path: "/login", form: { name: "alice" }, answer: "302  to /" },
  {
    does: "comes back to Node, which knows her and says what Flask flashed",
    at: "node",
    path: "/",
    answer: "200  Welcome, alice | alice is logged in | seat=[ 'B', 12 ]  balance=25  cart=[ 'chair' ]",
  },
  { does: "puts a lamp into the cart at Node", at: "node", path: "/cart", form: {}, answer: "302  to /" },
  {
    does: "looks at Flask: a tuple and a float, still",
    at: "flask",
    path: "/",
    answer: "200  A lamp for 5 | alice is logged in | seat=('B', 12)  balance=20.0  cart=['chair', 'lamp']",
  },
  {
    does: "is lured into a forged form, without the token",
    at: "node",
    path: "/cart",
    form: { csrf_token: "" },
    answer: "400  The CSRF token is missing.",
  },
  { does: "logs out on Node", at: "node", path: "/logout", form: {}, answer: "302  to /" },
  {
    does: "wants a page of Flask that is @login_required",
    at: "flask",
    path: "/account",
    answer: "302  to /?next=%2Faccount",
  },
  {
    does: "logs in on Node, to be remembered",
    at: "node",
    path: "/login",
    form: { name: "alice", remember: "on" },
    answer: "302  to /",
  },
  {
    does: "wants a page of Flask that is @fresh_login_required",
    at: "flask",
    path: "/password",
    answer: "200  For alice, freshly logged in",
  },
  {
    does: "closes the browser and comes back to Flask, remembered",
    closes: true,
    at: "flask",
    path: "/",
    answer: "200  alice is logged in, not freshly",
  },
  {
    does: "sees a page of Node that is loginRequired()",
    at: "node",
    path: "/account",
    answer: "200  For alice, who is logged in",
  },
  {
    does: "does not see the one that is freshLoginRequired()",
    at: "node",
    path: "/password",
    answer: "302  to /?next=%2Fpassword",
  },
  { does: "logs out on Node", at: "node", path: "/logout", form: {}, answer: "302  to /" },
  {
    does: "comes back to Flask, which says what Node flashed",
    at: "flask",
    path: "/",
    answer: "200  Please reauthenticate to access this page. | Goodbye | Nobody is logged in",
  },
];

/**
 * Takes the steps in order, with one jar of cookies for both apps.
 * @param {{ flask: string, node: string }} apps their URLs
 * @param {(line: string) => void} print
 * @throws Error at the first step that goes wrong
 */
export async function walk(apps, print) {
  const browser = { cookies: new Map(), token: undefined };
  for (const [index, step] of steps.entries()) {
    const { does, at, path, form, closes = false, answer } = step;
    if (closes) dropSessionCookies(browser);
    const response = await visit(browser, `${apps[at]}${path}`, form);
    const found = `${response.status}  ${await told(response, browser)}`;
    print(`${index + 1}. Alice ${does}`);
    print(`   ${at === "flask" ? "Flask" : "Node "}  ${form === undefined ? "GET" : "POST"} ${path}  ->  ${found}`);
    for (const news of keepCookies(browser, response)) print(`          ${news}`);
    if (found !== answer) throw new Error(`Wrong: expected ${answer}`);
  }
}

function visit({ cookies, token }, url, form) {
  const cookie = [...cookies].map(([name, { value }]) => `${name}=${value}`).join("; ");
  const body = form === undefined ? {} : { body: new URLSearchParams({ csrf_token: token ?? "", ...form }) };
  return fetch(url, { method: form === undefined ? "GET" : "POST", redirect: "manual", headers: { cookie }, ...body });
}

/** What the response says: where to, or the paragraphs of its page, whose token the browser keeps. */
async function told(response, browser) {
  const location = response.headers.get("location");
  const html = await response.text();
  if (location !== null) return `to ${location}`;
  browser.token = /name="csrf_token" value="([^"]*)"/.exec(html)?.[1] ?? browser.token;
  return [...html.matchAll(/<p>(.*?)<\/p>/g)].map(([, text]) => unescape(text)).join(" | ");
}

function unescape(text) {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
}

/** Keeps what Set-Cookie says. @returns a line for each cookie that is new, of a new value, or deleted */
function keepCookies({ cookies }, response) {
  return response.headers.getSetCookie().flatMap((line) => {
    const [, name, value, attributes] = /^([^=]*)=([^;]*)(.*)$/.exec(line);
    const isNews = cookies.get(name)?.value !== value;
    if (/Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(attributes)) {
      return cookies.delete(name) ? [`the cookie ${name} is deleted`] : [];
    }
    cookies.set(name, { value, lasts: /Expires=|Max-Age=/i.test(attributes) });
    return isNews ? [`the cookie ${name} is new`] : [];
  });
}

/** A browser that is closed keeps the cookies that have a date. */
function dropSessionCookies({ cookies }) {
  for (const [name, { lasts }] of cookies) if (!lasts) cookies.delete(name);
}
