// `npm run cookie-fidelity`: random sessions in Flask's own cookie. Each Flask writes, Node changes, and the same Flask reads.
//   --count 10000 --seed 1 [part of an environment's name]     the defaults: 10,000 sessions for each Flask
//
// Ends with what each Flask's cookie makes of values by itself, without Node. Status 1 if there is a difference.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { flasks, lossesOf, throughNode } = await import("../build/test/interop/cookie-fidelity/run.js");
const { stopJudges } = await import("../build/test/python/judge.js");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const wanted = flasks.filter(({ environment }) => positionals.every((part) => environment.includes(part)));
const losses = new Map();

try {
  for (const flask of wanted) {
    const started = performance.now();
    const { sessions, acts, differences } = await throughNode(flask, Number(options.count), Number(options.seed));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${flask.environment}: ${differences.length} differences in ${sessions} sessions, ${seconds} s`);
    console.log(
      `  ${Object.entries(acts)
        .map(([act, times]) => `${act} ${times}`)
        .join(", ")}`,
    );
    for (const { act, wanted: python, found } of differences.slice(0, 3)) {
      console.log(`  ${act}\n    without Node: ${python.slice(0, 1000)}\n    with Node:    ${found.slice(0, 1000)}`);
    }
    if (differences.length > 0) process.exitCode = 1;
    for (const line of await lossesOf(flask)) losses.set(line, [...(losses.get(line) ?? []), flask.environment]);
  }
} finally {
  await stopJudges();
}
console.log("\nWithout Node, in Flask's own cookie:");
for (const [line, environments] of losses) {
  console.log(`${environments.length === wanted.length ? "every Flask" : environments.join(", ")}\n  ${line}`);
}
