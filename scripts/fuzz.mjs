// `npm run fuzz`: random bytes for everything that reads bytes from outside, guided by which branches they reach.
//
//   npm run fuzz                                  one million inputs over all targets
//   npm run fuzz -- --target pickle --runs 50000  one target (the option may stand more than once)
//   npm run fuzz -- --seed 7 --seconds 60         another sequence; no longer than that
//   npm run fuzz -- --repro FILE                  one input again, in the code without counters
//
// A crash is also a stack that overflows or 160 MiB more memory; a hang is also 250 ms for 4 KiB; a difference is a
// result that cannot be. What fails is made as short as it can be and kept in the folder `--failures`.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { copyInstrumented } from "./fuzz/instrument.mjs";
import { printReport } from "./fuzz/report.mjs";
import { Supervisor } from "./fuzz/supervise.mjs";

const build = fileURLToPath(new URL("../build", import.meta.url));
/** What a timer can wait for. */
const FOR_EVER = 2 ** 31 - 1;

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: "Infinity" },
    target: { type: "string", multiple: true },
    repro: { type: "string" },
    failures: { type: "string", default: join(tmpdir(), "flask-session-node-fuzz") },
    /** Milliseconds for one input. */
    deadline: { type: "string", default: "10000" },
    /** The module that exports the targets, below `build`. */
    targets: { type: "string", default: "test/fuzzing/targets.js" },
    json: { type: "boolean", default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
const supervisor = new Supervisor({
  searched: moduleIn(folder),
  plain: moduleIn(build),
  folder,
  deadlineMillis: Number(options.deadline),
});
process.once("exit", () => {
  supervisor.stop();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

process.exit(options.repro === undefined ? await search() : await repeat(options.repro));

async function search() {
  const targets = await chosenTargets();
  copyInstrumented(build, options.targets, folder);
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
  const rows = [];
  for (const { name, weight } of targets) rows.push(await searchOne(name, weight / weights));
  if (options.json) console.log(JSON.stringify(rows, textOfInput));
  else printReport(rows);
  return rows.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

async function chosenTargets() {
  const { targets } = await import(moduleIn(build));
  const names = targets.map(({ name }) => name);
  const unknown = options.target?.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`There is no target ${unknown}: ${names.join(", ")}`);
  return targets.filter(({ name }) => options.target?.includes(name) ?? true);
}

/** @param share of the inputs and of the time */
async function searchOne(target, share) {
  const startedAt = performance.now();
  const seed = Number(options.seed);
  const runs = Math.ceil(Number(options.runs) * share);
  const millis = Math.min(Number(options.seconds) * 1000 * share, FOR_EVER);
  const found = await supervisor.search({ target, seed, runs, millis });
  for (const fault of found.faults) fault.file = keep(target, fault);
  for (const doubt of found.doubts) {
    console.error(`${target}: a ${doubt.kind} that a fresh process does not show: ${keep(`${target}.doubt`, doubt)}`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.error(`${target}: ${found.inputs} inputs, ${found.branches} branches, ${found.faults.length} faults`);
  return { target, ...found, seconds };
}

function moduleIn(parent) {
  return pathToFileURL(join(parent, options.targets)).href;
}

/** @returns the path of a file that holds the input of a fault */
function keep(target, { kind, input }) {
  mkdirSync(options.failures, { recursive: true });
  const file = join(
    options.failures,
    `${target}.${kind}.${createHash("sha1").update(input).digest("hex").slice(0, 8)}`,
  );
  writeFileSync(file, input);
  return file;
}

/** The target is the one of `--target`, or in the file's name. */
async function repeat(file) {
  const target = options.target?.[0] ?? basename(file).split(".")[0];
  const fault = await supervisor.look(target, readFileSync(file));
  console.log(fault === undefined ? `${target} takes it` : `${fault.kind}: ${fault.key}\n${fault.about}`);
  return fault === undefined ? 0 : 1;
}

function textOfInput(key, value) {
  return key === "input" ? Buffer.from(value).toString("hex") : value;
}
