// `npm run fidelity`: type fidelity on random sessions. Python writes, Node changes one key, and Python finds all else as it was.
//   --count 10000 --seed 1 [part of a row's name]     the defaults: 10,000 sessions for each row of the table
//
// Ends with what the formats themselves make of values, measured by loads(dumps(x)) in Python: no fault of Node's.
// Status 1 if there is a difference; each of the first is shown in the smallest session that has it.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { rows } = await import("../build/test/fidelity/rows.js");
const { run } = await import("../build/test/fidelity/runs.js");
const { judgeOf, stopJudges } = await import("../build/test/python/judge.js");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const amount = { count: Number(options.count), seed: Number(options.seed) };
const wanted = rows.filter(({ name }) => positionals.every((part) => name.includes(part)));

const losses = new Map();
try {
  console.log(`${"".padEnd(36)}  sessions       values  differences  seconds`);
  const judge = await judgeOf("fidelity");
  for (const row of wanted) report(row, await run(judge, row, amount));
} finally {
  await stopJudges();
}
for (const [format, found] of losses) reportLosses(format, found);

function report({ name, writing }, { sessions, values, differences, explanations, losses: lost, millis }) {
  const numbers = [
    grouped(sessions, 10),
    grouped(values, 13),
    grouped(differences, 13),
    (millis / 1000).toFixed(1).padStart(9),
  ];
  console.log(name.padEnd(36) + numbers.join(""));
  for (const explanation of explanations) console.log(explanation);
  if (differences > 0) process.exitCode = 1;
  const format = writing.replace(/ (C|Python)$/, "");
  const found = losses.get(format) ?? new Map();
  losses.set(format, found);
  for (const [line, times] of Object.entries(lost)) found.set(line, (found.get(line) ?? 0) + times);
}

function reportLosses(format, found) {
  console.log(`\nWhat ${format} itself makes of values:`);
  for (const [line, times] of [...found].toSorted(([, a], [, b]) => b - a))
    console.log(`${grouped(times, 12)}  ${line}`);
}

function grouped(number, width) {
  return number.toLocaleString("en-US").padStart(width);
}
