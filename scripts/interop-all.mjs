// `npm run interop:all`: every version of Flask-Session beside Node, and docs/interop.md from the run if nothing failed.
// Environments that are missing are made first: about 10 s and 70 MB each.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./install.mjs";
import {
  fixtureEnvironments,
  interopEnvironments,
  missingPython,
  pythonEnvironment,
  testEnvironments,
} from "./python-environment.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
process.env.PATH = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
process.env.INTEROP_ENVIRONMENTS = "all";
process.env.REQUIRE_SERVICES = "1";

const COUNTS_FILE = join("build", "counts.json");
const TESTS = ["root-hooks", "interop/matrix", "interop/end-of-request", "config/index", "other-way/kinds"];

const VERSIONS = `
import json, platform, sys
from importlib import metadata
found = {d.metadata["Name"].lower(): d.version for d in metadata.distributions()}
print(json.dumps({"python": platform.python_version(), **{n: found[n.lower()] for n in sys.argv[1:] if n.lower() in found}}))`;

const missing = missingPython();
if (missing !== undefined) throw new Error(missing);
installPackages();
await makeEnvironments();
await run(["npm", "run", "--silent", "build:test"]);

const startedAt = performance.now();
const reporter = ["--reporter", "scripts/mocha-reporter.cjs", "--reporter-option", `output=${COUNTS_FILE}`];
await run(["mocha", ...reporter, ...TESTS.map((name) => `build/test/${name}.test.js`)]);
const seconds = Math.round((performance.now() - startedAt) / 1000);
await run(["node", "scripts/fixtures.mjs", "--check"]);
await writePage();

async function writePage() {
  const { PACKAGES, page } = await import("../build/test/interop/matrix/page.js");
  const { sides } = await import("../build/test/interop/sides.js");
  const versions = sides.map(({ environment }) => {
    return [environment, JSON.parse(output(pythonEnvironment(environment), ["-c", VERSIONS, ...PACKAGES]))];
  });
  const redis = /v=([\d.]+)/.exec(output("redis-server", ["--version"]))?.[1];
  const { passed } = JSON.parse(readFileSync(COUNTS_FILE, "utf8"));
  const text = page({
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    software: [`Node ${process.versions.node}`, `Redis ${redis}`],
    tests: passed,
    seconds,
    versions: Object.fromEntries(versions),
  });
  writeFileSync(join("docs", "interop.md"), text);
  console.log(`${text}\ndocs/interop.md: ${passed} passed, 0 failed`);
}

/** HEAD, and whether anything but the page itself is not as it is there. */
function commit() {
  const changed = output("git", ["status", "--porcelain", "--", ".", ":!docs/interop.md"]) !== "";
  return output("git", ["rev-parse", "--short=10", "HEAD"]).trim() + (changed ? "-dirty" : "");
}

/** Two at a time: unpacking keeps a core busy. */
async function makeEnvironments() {
  const waiting = [...testEnvironments, ...interopEnvironments, ...fixtureEnvironments];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      await run(["node", "scripts/python-environment.mjs", name]);
    }
  };
  await Promise.all([worker(), worker()]);
}

/** Ends everything with the command that fails. */
async function run([command, ...words]) {
  const child = spawn(command, words, { stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" });
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code === 0) return;
  console.error(`failed: ${[command, ...words].join(" ")}`);
  process.exit(1);
}

function output(command, words) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`, { cause: error });
  return stdout;
}
