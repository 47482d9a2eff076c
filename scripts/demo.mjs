// `npm run demo`: a real Flask app and an Express app share sessions and logins in a folder of files.
//
//   npm run demo               one visitor walks through both; the status is 1 where a step does not hold
//   npm run demo -- --serve    both stay up, for your own browser, until Ctrl-C
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildPackage } from "./build.mjs";
import { walk } from "./demo/walk.mjs";
import { installPackages } from "./install.mjs";
import { isMade, missingPython, pythonEnvironment } from "./python-environment.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { serve } = parseArgs({ options: { serve: { type: "boolean", default: false } } }).values;
const ENVIRONMENT = "fs080-newest";
const PARENT_MILLIS = 200;

/** The programs that run, and the folder of their sessions. */
const started = [];
const folder = mkdtempSync(join(tmpdir(), "flask-session-node-"));

endWithSignals();

try {
  const apps = await startApps(await prepare());
  console.log(`\nFlask ${apps.flask}   Node ${apps.node}   one folder of session files\n`);
  if (serve) await stayUp();
  await walk(apps, console.log);
  console.log("\nBoth sides believed the same login, and every value kept its Python type.");
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
process.exit();

/** Whatever ends the demo ends what it started. A signal to `npm run` kills only the shell between npm and here. */
function endWithSignals() {
  const parent = process.ppid;
  const end = () => process.exit(serve ? 0 : 1);
  process.on("exit", cleanUp);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
  setInterval(() => process.ppid === parent || end(), PARENT_MILLIS).unref();
}

/** Packages, the build, Python: what a fresh clone lacks. @returns the path of a Python that has Flask */
async function prepare() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error("Node 20.19 or newer is needed");
  const missing = missingPython();
  if (missing !== undefined) throw new Error(missing);
  console.log("Preparing: packages, the build, a virtual environment with Flask");
  // In a process of its own, beside the packages: in a fresh clone either takes half a minute.
  const environment = isMade(ENVIRONMENT) ? undefined : run("python-environment.mjs", ENVIRONMENT);
  installPackages();
  buildPackage();
  await environment;
  return pythonEnvironment(ENVIRONMENT);
}

/** Resolves when a script of ours has ended well. */
async function run(script, ...args) {
  const program = spawn(process.execPath, [join(root, "scripts", script), ...args], { stdio: "inherit" });
  started.push(program);
  const [status] = await once(program, "exit");
  if (status !== 0) throw new Error(`${script} failed`);
}

/** @returns their URLs: of one host, since a cookie is sent to one host, whatever the port */
async function startApps(python) {
  const [flaskPort, nodePort] = await freePorts(2);
  const apps = { flask: `http://localhost:${flaskPort}`, node: `http://localhost:${nodePort}` };
  const env = {
    SECRET_KEY: randomBytes(32).toString("hex"),
    SESSION_FILE_DIR: join(folder, "flask_session"),
    FLASK_URL: apps.flask,
    NODE_URL: apps.node,
    PYTHONWARNINGS: "ignore",
  };
  await Promise.all([
    start(python, "app.py", { ...env, PORT: String(flaskPort) }),
    start(process.execPath, "app.mjs", { ...env, PORT: String(nodePort) }),
  ]);
  return apps;
}

/** Ports that were free a moment ago. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

/** Resolves when the app says that it is ready. @throws Error if it ends before */
function start(command, file, env) {
  const program = spawn(command, [join(root, "scripts", "demo", file)], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(program);
  return new Promise((resolve, reject) => {
    program.stdout.once("data", resolve);
    program.on("error", reject);
    program.on("exit", () => reject(new Error(`${file} ended before it was ready`)));
  });
}

/** @throws Error if an app ends by itself; signals end the rest */
async function stayUp() {
  console.log("Open both in one browser and log in as alice or bob. Ctrl-C ends both.");
  await Promise.race(started.map((program) => once(program, "exit")));
  throw new Error("An app has ended");
}

function cleanUp() {
  for (const program of started) program.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
