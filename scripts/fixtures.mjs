// Makes the fixtures with real Python; with --check, makes them elsewhere and shows what differs from those committed.
// Those of an environment that only `npm run interop:all` makes are checked where it is there.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixtureEnvironments, interopEnvironments, isMade, pythonEnvironment } from "./python-environment.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const generators = join(root, "scripts", "fixtures");
const committed = join(root, "fixtures");
const checking = process.argv.includes("--check");
const made = checking ? mkdtempSync(join(tmpdir(), "fixtures-")) : committed;

/** Environments that a check does not make. */
const rareEnvironments = [...interopEnvironments, ...fixtureEnvironments];

/** What generators import. */
const modules = ["fixture.py", "memcached_server.py", "mongodb_server.py"];

for (const file of readdirSync(generators).toSorted()) {
  if (!file.endsWith(".py") || modules.includes(file)) continue;
  const source = readFileSync(join(generators, file), "utf8");
  const environment = /^ENVIRONMENT = "([^"]+)"$/m.exec(source)?.[1];
  if (environment === undefined) throw new Error(`${file} names no ENVIRONMENT`);
  const missing = missingFor(environment, /^NEEDS = "([^"]+)"$/m.exec(source)?.[1]);
  if (missing !== undefined) {
    console.log(`Not made, because ${missing} is missing: ${file}`);
    if (checking) keep(file);
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

/** What is not here that a generator needs. @throws Error for a program, where every service is required */
function missingFor(environment, program) {
  if (checking && rareEnvironments.includes(environment) && !isMade(environment)) return `.venv/${environment}`;
  if (program === undefined || isInstalled(program)) return undefined;
  if (process.env.REQUIRE_SERVICES === "1") throw new Error(`${program} is not installed`);
  return program;
}

function isInstalled(program) {
  return process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Takes the committed fixtures of a generator as they are. */
function keep(generator) {
  const head = `"generator": "scripts/fixtures/${generator}"`;
  for (const name of readdirSync(committed, { recursive: true })) {
    const isJson = name.endsWith(".json");
    if (isJson && readFileSync(join(committed, name), "utf8").slice(0, 200).includes(head)) {
      cpSync(join(committed, name), join(made, name));
    }
  }
}
