// Makes the fixtures with real Python; with --check, makes them elsewhere and shows what differs from those committed.
// Those of an environment that only `npm run interop:all` needs are checked where it is there.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { interopEnvironments, isMade, pythonEnvironment } from "./python-environment.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const generators = join(root, "scripts", "fixtures");
const committed = join(root, "fixtures");
const checking = process.argv.includes("--check");
const made = checking ? mkdtempSync(join(tmpdir(), "fixtures-")) : committed;

for (const file of readdirSync(generators).toSorted()) {
  if (!file.endsWith(".py") || file === "fixture.py") continue;
  const environment = /^ENVIRONMENT = "([^"]+)"$/m.exec(readFileSync(join(generators, file), "utf8"))?.[1];
  if (environment === undefined) throw new Error(`${file} names no ENVIRONMENT`);
  if (checking && interopEnvironments.includes(environment) && !isMade(environment)) {
    console.log(`Not remade, because .venv/${environment} is not there: ${keep(file).join(", ")}`);
    continue;
  }
  const { status } = spawnSync(pythonEnvironment(environment), [join(generators, file)], {
    stdio: "inherit",
    env: { ...process.env, FIXTURES_ROOT: made, PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", TZ: "UTC" },
  });
  if (status !== 0) throw new Error(`${file} failed`);
}

if (checking) {
  const { status, stdout } = spawnSync("diff", ["-ru", committed, made], { encoding: "utf8" });
  rmSync(made, { recursive: true });
  if (status !== 0) {
    console.error(stdout);
    process.exit(1);
  }
  console.log("The fixtures are what Python makes today.");
}

/** Takes the committed fixtures of a generator as they are. @returns their names */
function keep(generator) {
  const head = `"generator": "scripts/fixtures/${generator}"`;
  const names = readdirSync(committed, { recursive: true }).filter((name) => {
    return name.endsWith(".json") && readFileSync(join(committed, name), "utf8").slice(0, 200).includes(head);
  });
  for (const name of names) cpSync(join(committed, name), join(made, name));
  return names;
}
