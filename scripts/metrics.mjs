// Prints the sizes of src and refuses what is over the limits of CONTRIBUTING.md that the linter does not know.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const MAX_P90 = 25;

const files = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").trimEnd().split("\n").length)
  .toSorted((a, b) => a - b);
const functions = functionLengths();
const p90 = percentile(functions, 90);

console.log(`files: ${files.length}, lines: ${files.reduce((sum, lines) => sum + lines, 0)}`);
console.log(`lines a file: p50 ${percentile(files, 50)}, p90 ${percentile(files, 90)}, max ${files.at(-1)}`);
console.log(`lines a function: p50 ${percentile(functions, 50)}, p90 ${p90}, max ${functions.at(-1)}`);
if (p90 > MAX_P90) {
  console.error(`More than a tenth of the functions have more than ${MAX_P90} lines`);
  process.exitCode = 1;
}

/** TypeScript 7 has no API to parse with; a linter that allows no line at all names every function with its length. */
function functionLengths() {
  const folder = mkdtempSync(join(tmpdir(), "metrics-"));
  const config = join(folder, "oxlintrc.json");
  const rule = { max: 0, skipBlankLines: true, skipComments: true };
  writeFileSync(config, JSON.stringify({ plugins: [], rules: { "max-lines-per-function": ["error", rule] } }));
  const oxlint = join(root, "node_modules", ".bin", "oxlint");
  const { stdout } = spawnSync(oxlint, ["-c", config, "-A", "correctness", "-f", "json", "src"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout)
    .diagnostics.flatMap(({ message }) => /too many lines \((\d+)\)/.exec(message)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

function percentile(sorted, percent) {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1];
}
