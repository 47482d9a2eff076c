// `npm run demo`: a real Flask app and an Express app share a folder of session files; one visitor walks through both.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./install.mjs";
import { missingPython, pythonEnvironment } from "./python-environment.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [major, minor] = process.versions.node.split(".").map(Number);

/** A step: what the visitor does, where, and what must come back. */
const steps = [
  { does: "visits the Node app", at: "node", path: "/me", answer: '{"user":null}' },
  {
    does: "logs in on Flask",
    at: "flask",
    method: "POST",
    path: "/login",
    form: { uname: "alice" },
    answer: "Hello alice",
  },
  { does: "comes back to Node, which knows her", at: "node", path: "/me", answer: '{"user":"alice"}' },
  {
    does: "puts a lamp into the cart at Node",
    at: "node",
    method: "POST",
    path: "/cart",
    answer: '{"cart":["chair","lamp"],"balance":20}',
  },
  {
    does: "looks at Flask: a tuple and a float, still",
    at: "flask",
    path: "/",
    answer: "uname='alice'  seat=('B', 12)  balance=20.0  cart=['chair', 'lamp']",
  },
  { does: "logs out on Node", at: "node", method: "POST", path: "/logout", answer: '{"user":null}' },
  { does: "comes back to Flask", at: "flask", path: "/", answer: "Nobody is logged in" },
];

const missing = major > 20 || (major === 20 && minor >= 19) ? missingPython() : "Node 20.19 or newer is needed";
if (missing === undefined) await demo();
else fail(missing);

async function demo() {
  const folder = mkdtempSync(join(tmpdir(), "flask-session-node-"));
  const started = [];
  try {
    const env = {
      SECRET_KEY: "your-super-secret-key",
      SESSION_FILE_DIR: join(folder, "flask_session"),
      PYTHONWARNINGS: "ignore",
    };
    const [python, app] = prepare();
    started.push(start(python, join(root, "scripts", "demo", "app.py"), env));
    const flask = await portOf(started[0]);
    started.push(start(process.execPath, app, env));
    const node = await portOf(started[1]);
    await walk({ flask: `http://localhost:${flask}`, node: `http://localhost:${node}` });
  } catch (error) {
    fail(error.message);
  } finally {
    for (const program of started) program.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Packages, the build, Python: what a fresh clone lacks. */
function prepare() {
  console.log("Preparing: packages, the build, a virtual environment with Flask");
  installPackages();
  const { status } = spawnSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The build failed");
  return [pythonEnvironment("fs080-newest"), join(root, "scripts", "demo", "app.mjs")];
}

function start(command, file, env) {
  return spawn(command, [file], { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
}

function portOf(program) {
  return new Promise((resolve, reject) => {
    let text = "";
    program.stdout.setEncoding("utf8").on("data", (more) => {
      text += more;
      const found = /on port (\d+)/.exec(text);
      if (found !== null) resolve(found[1]);
    });
    program.on("error", reject);
    program.on("exit", () => reject(new Error("An app ended before it was ready")));
  });
}

/** Takes the steps in order, with one cookie for both. @throws Error at the first that goes wrong */
async function walk(apps) {
  console.log(`\nFlask ${apps.flask}   Node ${apps.node}   one folder of session files\n`);
  let cookie;
  for (const [index, { does, at, method = "GET", path, form, answer }] of steps.entries()) {
    const response = await fetch(`${apps[at]}${path}`, {
      method,
      headers: cookie === undefined ? {} : { cookie },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    const text = await response.text();
    const [setCookie] = response.headers.getSetCookie();
    if (setCookie !== undefined) cookie = /Max-Age=0/.test(setCookie) ? undefined : setCookie.split(";", 1)[0];
    console.log(`${index + 1}. Alice ${does}`);
    console.log(`   ${at === "flask" ? "Flask" : "Node "}  ${method} ${path}  ->  ${response.status}  ${text}`);
    if (setCookie !== undefined)
      console.log(`          ${cookie === undefined ? "the cookie is deleted" : "the cookie is set"}`);
    if (text !== answer) throw new Error(`Wrong: expected ${answer}`);
  }
  console.log("\nBoth sides saw the same session, and every value kept its Python type.");
}

function fail(reason) {
  console.error(reason);
  process.exitCode = 1;
}
