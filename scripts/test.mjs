// `npm test`: installs what a clone lacks, runs every check of the project, and ends with the minutes and the counts.
//
//   npm test                                      everything
//   npm test -- --grep pickle                     the tests alone, without coverage; what follows goes to mocha
//   npm test -- test/signing/signer.test.ts       the same, of these files
//   npm run test:fast                             the tests alone, without those of the packed package
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./install.mjs";
import { testedNodes } from "./node-binaries.mjs";
import { missingPython, testEnvironments } from "./python-environment.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
process.env.PATH = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);

const COVERED = ["c8", "--clean=false", "--check-coverage=false", "--reporter=none"];
const COVERAGE_FOLDER = "coverage";
const HOOKS = "build/test/root-hooks.test.js";
const ALL_TESTS = ["build/test/**/*.test.js"];
const PACKAGE_TESTS = [HOOKS, "build/test/package/**/*.test.js"];
const STORE_TESTS = [HOOKS, "build/test/stores/**/*.test.js"];
const WITHOUT_PACKAGE = ["--ignore", "build/test/package/**"];
const WITHOUT_STORES = ["--ignore", "build/test/stores/**"];

/** What every part adds to: tests and checks. */
const totals = { passed: 0, failed: 0, skipped: 0 };
/** Rows of the table at the end. */
const rows = [];
const startedAt = performance.now();

const given = process.argv.slice(2);
try {
  if (given.length === 0) await everything();
  else await testsAlone(given);
} catch (error) {
  totals.failed++;
  console.error(error.message);
}
report();
process.exitCode = totals.failed === 0 ? 0 : 1;

async function everything() {
  await setUp(testedNodes);
  await check("types", [
    ["tsc", "-p", "tsconfig.json"],
    ["tsc", "-p", "tsconfig.build.json", "--noEmit"],
    ["tsc", "-p", "test/types/tsconfig.json"],
  ]);
  await check("lint", [
    ["oxlint", "--type-aware", "--deny-warnings"],
    ["biome", "check", "--error-on-warnings"],
  ]);
  await check("sizes", [["node", "scripts/metrics.mjs"]]);
  const built = await check("build", [["npm", "run", "--silent", "build"]]);
  if (await check("compile", [["npm", "run", "--silent", "build:test"]])) {
    await coverage(await coveredTests());
    if (built) await mocha("package", PACKAGE_TESTS);
  }
  await check("fixtures", [["node", "scripts/fixtures.mjs", "--check"]]);
  if (built) await check("demo", [["node", "scripts/demo.mjs"]]);
}

/** The stores' tests wait more than they compute, so they run beside the others. @returns how many were skipped */
async function coveredTests() {
  rmSync(COVERAGE_FOLDER, { recursive: true, force: true });
  const [others, stores] = await Promise.all([
    mocha("tests", [...ALL_TESTS, ...WITHOUT_PACKAGE, ...WITHOUT_STORES], { under: COVERED }),
    mocha("tests of stores", STORE_TESTS, { under: COVERED, isBeside: true }),
  ]);
  return others.skipped + stores.skipped;
}

/** For developers: what is given goes to mocha, with the sources' names for those of the compiled tests. */
async function testsAlone(words) {
  await setUp();
  if (!(await check("compile", [["npm", "run", "--silent", "build:test"]]))) return;
  const fast = words.includes("--fast");
  const rest = words.filter((word) => word !== "--fast").map((word) => word.replace(/^(test\/.*)\.ts$/, "build/$1.js"));
  const files = rest.some((word) => word.startsWith("build/")) ? [HOOKS] : ALL_TESTS;
  await mocha("tests", [...files, ...rest, ...(fast ? WITHOUT_PACKAGE : [])]);
}

/** Packages, then virtual environments and other Nodes, two at a time: unpacking keeps a core busy. */
async function setUp(nodes = []) {
  await part("set-up", async () => {
    const missing = missingPython();
    if (missing !== undefined) throw new Error(missing);
    installPackages();
    const waiting = [
      ...testEnvironments.map((name) => ["node", "scripts/python-environment.mjs", name]),
      ...nodes.map((version) => ["node", "scripts/node-binaries.mjs", version]),
    ];
    const worker = async () => {
      for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
        if (!(await run(command))) throw new Error(`failed: ${command.join(" ")}`);
      }
    };
    await Promise.all([worker(), worker()]);
  });
}

/** Commands that count as one check; the first that fails ends it. */
function check(name, commands) {
  return part(name, async () => {
    for (const command of commands) {
      if (await run(command)) continue;
      console.error(`failed: ${command.join(" ")}`);
      totals.failed++;
      return false;
    }
    totals.passed++;
    return true;
  });
}

/** Runs mocha, `under` another command where given, and adds up what its tests said. */
function mocha(name, words, { under = [], isBeside = false } = {}) {
  return part(name, async (row) => {
    const countsFile = join("build", `counts of ${name}.json`);
    rmSync(countsFile, { force: true });
    const reporter = ["--reporter", "scripts/mocha-reporter.cjs", "--reporter-option", `output=${countsFile}`];
    const passed = await run([...under, "mocha", ...reporter, ...words], isBeside);
    const counts = existsSync(countsFile)
      ? JSON.parse(readFileSync(countsFile, "utf8"))
      : { passed: 0, failed: 1, skipped: 0, millisByFolder: {} };
    if (!passed && counts.failed === 0) counts.failed = 1;
    for (const key of Object.keys(totals)) totals[key] += counts[key];
    row.folders = counts.millisByFolder;
    return counts;
  });
}

/** The gate, where every test ran: a skipped test would leave lines uncovered that nobody forgot. */
async function coverage(skipped) {
  if (skipped === 0 || process.env.REQUIRE_SERVICES === "1")
    await check("coverage", [["c8", "report", "--check-coverage"]]);
  else console.log(`Coverage is not judged: ${skipped} tests were skipped`);
}

async function part(name, work) {
  console.log(`\n== ${name}`);
  const partStartedAt = performance.now();
  const row = { name, millis: 0, folders: {} };
  rows.push(row);
  try {
    return await work(row);
  } finally {
    row.millis = performance.now() - partStartedAt;
  }
}

/** @param isBeside whether it runs beside another: then its output comes at its end, in one piece */
function run([command, ...words], isBeside = false) {
  return new Promise((resolve) => {
    const output = isBeside ? "pipe" : "inherit";
    const child = spawn(command, words, { stdio: ["ignore", output, output], shell: process.platform === "win32" });
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(chunks));
      resolve(code === 0);
    });
  });
}

function report() {
  console.log("\nminutes");
  for (const { name, millis, folders } of rows) {
    console.log(`${minutes(millis)}  ${name}`);
    const slow = Object.entries(folders).toSorted(([, a], [, b]) => b - a);
    for (const [folder, spent] of slow.slice(0, 8)) console.log(`        ${minutes(spent)}  ${folder}`);
  }
  console.log(`${minutes(performance.now() - startedAt)}  in all\n`);
  const { passed, failed, skipped } = totals;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
}

function minutes(millis) {
  return (millis / 60_000).toFixed(2).padStart(6);
}
