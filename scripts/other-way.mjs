// Random values of JavaScript through save(), judged by live Flask in nine ways of reading and saving: `npm run other-way`.
//   --runs 10000 --seed 1     the defaults; a few minutes
//   INTEROP=all  beside every version of Flask-Session, in 26 ways
//
// Accepted: Flask finds the documented value, saves the session again without an error, and Node reads what Flask has.
// Refused: an EncodeError with the documented path and reason; the store holds the bytes that it held. All else is wrong.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const folder = join(root, "build", "test", "other-way");
const { startSides } = await import(pathToFileURL(join(folder, "targets.js")).href);
const { runRandom } = await import(pathToFileURL(join(folder, "random.js")).href);

const SHOWN = 20;
const [runs, seed] = [Number(values.runs), Number(values.seed)];
const startedAt = performance.now();
const all = await startSides();
try {
  const { accepted, refused, wrong, byTarget } = await runRandom(all, seed, runs, progress);
  process.stdout.write("\n");
  const width = Math.max(...[...byTarget.keys()].map((name) => name.length));
  console.log(`${"".padEnd(width)}  accepted  refused`);
  for (const [name, row] of byTarget) {
    console.log(`${name.padEnd(width)}  ${String(row.accepted).padStart(8)}  ${String(row.refused).padStart(7)}`);
  }
  for (const one of wrong.slice(0, SHOWN)) console.log(`\nwrong: ${one}`);
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  console.log(
    `\nseed ${seed}: ${accepted} accepted, ${refused} refused, ${wrong.length} of ${runs} wrong, ${minutes} minutes`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await all.stop();
}

function progress({ accepted, refused, wrong }) {
  process.stdout.write(`\r${accepted + refused} of ${runs}, ${wrong.length} wrong`);
}
