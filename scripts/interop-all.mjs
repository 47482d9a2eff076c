// `npm run interop:all`: every version of Flask-Session beside Node over every store, then the stores' own tests with the
// clients and servers that `npm test` leaves out, and docs/interop.md from the run if nothing failed. What is missing is
// made first: Python environments, about 10 s and 70 MB each; better-sqlite3, which may compile for minutes; other Nodes.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./install.mjs";
import { nodeBinary, testedNodes } from "./node-binaries.mjs";
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
process.env.INTEROP = "all";
process.env.REQUIRE_SERVICES = "1";
// Each run brings servers of its own.
for (const name of ["REDIS_URL", "MEMCACHED_URL", "MONGODB_URL", "DYNAMODB_URL"]) delete process.env[name];

const COUNTS_FILE = join("build", "counts.json");
const HOOKS = "root-hooks";
const TESTS = ["interop/matrix", "interop/end-of-request", "config/index", "other-way/kinds"];
const SQLITE_TESTS = ["stores/sql", "stores/sql/busy"];
const DYNAMODB_TESTS = ["stores/dynamodb", "stores/dynamodb/*", "interop/dynamodb"];
const BETTER_SQLITE3 = join("test", "stores", "sql", "better-sqlite3");

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
let tests = await mocha(TESTS);
const others = [await betterSqlite3(), ...(await sqliteOfNode()), await moto()];
const seconds = Math.round((performance.now() - startedAt) / 1000);
await run(["node", "scripts/fixtures.mjs", "--check"]);
await writePage();

/** The contracts over SQLite with better-sqlite3, and its types. */
async function betterSqlite3() {
  const npm = ["npm", "ci", "--prefix", BETTER_SQLITE3, "--no-progress"];
  const path = join(root, BETTER_SQLITE3, "node_modules", "better-sqlite3");
  const works = () =>
    spawnSync(process.execPath, ["-e", `require(${JSON.stringify(path)})(":memory:")`], { stdio: "ignore" }).status ===
    0;
  const { version } = JSON.parse(readFileSync(join(BETTER_SQLITE3, "package-lock.json"), "utf8")).packages[
    "node_modules/better-sqlite3"
  ];
  const name = `better-sqlite3 ${version}, Node ${process.versions.node}`;
  if (!works() && !((await status(npm)) === 0 && works())) {
    console.error("NOT RUN: better-sqlite3 could not be installed, see above");
    return { store: "SQLite", name, outcome: "not run: it could not be built here" };
  }
  await run(["tsc", "-p", BETTER_SQLITE3]);
  return { store: "SQLite", name, outcome: await sqlite("better-sqlite3", process.execPath) };
}

/** The contracts over SQLite with what Node itself brings since 22. */
async function sqliteOfNode() {
  const rows = [];
  for (const wanted of testedNodes.filter((version) => Number(version.split(".")[0]) >= 22)) {
    const found = nodeBinary(wanted);
    if (found.missing !== undefined) throw new Error(found.missing);
    const version = output(found.path, ["--version"]).trim().slice(1);
    rows.push({
      store: "SQLite",
      name: `node:sqlite, Node ${version}`,
      outcome: await sqlite("node:sqlite", found.path),
    });
  }
  return rows;
}

async function sqlite(client, node) {
  process.env.SQLITE_CLIENT = client;
  const passed = await mocha(SQLITE_TESTS, { node, words: ["--grep", "SQLite"] });
  delete process.env.SQLITE_CLIENT;
  return `${passed} passed`;
}

/**
 * The tests of the store for DynamoDB, over moto, but for what it cannot do: it fails where a condition compares a number
 * with text, and counts more bytes for an item than DynamoDB.
 */
async function moto() {
  process.env.DYNAMODB_SERVER = "moto";
  const words = ["--timeout", "120000", "--grep", "with this expiration: text|may be as large as that", "--invert"];
  const passed = await mocha(DYNAMODB_TESTS, { words });
  delete process.env.DYNAMODB_SERVER;
  const { moto: version } = versionsOf("moto", ["moto"]);
  return { store: "DynamoDB", name: `moto ${version}, Node ${process.versions.node}`, outcome: `${passed} passed` };
}

/** Runs tests under a Node, with further words for mocha, and ends everything if one fails. @returns how many passed */
async function mocha(names, { node = process.execPath, words = [] } = {}) {
  const reporter = ["--reporter", "scripts/mocha-reporter.cjs", "--reporter-option", `output=${COUNTS_FILE}`];
  const files = [HOOKS, ...names].map((name) => `build/test/${name}.test.js`);
  rmSync(COUNTS_FILE, { force: true });
  await run([node, join("node_modules", "mocha", "bin", "mocha.js"), ...reporter, ...files, ...words]);
  const { passed } = JSON.parse(readFileSync(COUNTS_FILE, "utf8"));
  return passed;
}

async function writePage() {
  const { PACKAGES, page } = await import("../build/test/interop/matrix/page.js");
  const { sides } = await import("../build/test/interop/sides.js");
  for (const { outcome } of others) tests += Number.parseInt(outcome, 10) || 0;
  const text = page({
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    software: software(),
    others,
    tests,
    seconds,
    versions: Object.fromEntries(sides.map(({ environment }) => [environment, versionsOf(environment, PACKAGES)])),
  });
  writeFileSync(join("docs", "interop.md"), text);
  console.log(`${text}\ndocs/interop.md: ${tests} passed, 0 failed`);
}

/** What was the same for every side. */
function software() {
  const versionOf = (command, words = ["--version"]) => /\d+\.\d[\w.]*/.exec(output(command, words))?.[0];
  const [postgresql] = readdirSync("/usr/lib/postgresql").toSorted((a, b) => Number(b) - Number(a));
  const dynalite = JSON.parse(readFileSync(join("node_modules", "dynalite", "package.json"), "utf8")).version;
  const { SecantusDB } = versionsOf("fs080-stores", ["SecantusDB"]);
  const drivers = Object.entries(versionsOf("drivers", ["psycopg2-binary", "PyMySQL", "boto3"])).slice(1);
  return [
    `Node ${process.versions.node}`,
    `Redis ${versionOf("redis-server")}`,
    `PostgreSQL ${versionOf(join("/usr/lib/postgresql", postgresql, "bin", "postgres"))}`,
    `MariaDB ${versionOf("/usr/sbin/mariadbd")}`,
    `memcached ${versionOf("memcached", ["-V"])}`,
    `SecantusDB ${SecantusDB} for MongoDB`,
    `dynalite ${dynalite} for DynamoDB`,
    ...drivers.map((entry) => entry.join(" ")),
  ];
}

function versionsOf(environment, names) {
  return JSON.parse(output(pythonEnvironment(environment), ["-c", VERSIONS, ...names]));
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
async function run(words) {
  if ((await status(words)) === 0) return;
  console.error(`failed: ${words.join(" ")}`);
  process.exit(1);
}

function status([command, ...words]) {
  const child = spawn(command, words, { stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" });
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
}

function output(command, words) {
  const { status: code, stdout, stderr, error } = spawnSync(command, words, { encoding: "utf8" });
  if (code !== 0) throw new Error(`${command} failed: ${stderr}`, { cause: error });
  return stdout;
}
