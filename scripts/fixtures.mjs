// Makes the fixtures with real Python; with --check, makes them elsewhere and shows what differs from those committed.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "./python-environment.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const generators = join(root, "scripts", "fixtures");
const committed = join(root, "fixtures");
const checking = process.argv.includes("--check");
const made = checking ? mkdtempSync(join(tmpdir(), "fixtures-")) : committed;

/** What generators import. */
const modules = ["fixture.py", "memcached_server.py", "mongodb_server.py"];

for (const file of readdirSync(generators).toSorted()) {
  if (!file.endsWith(".py") || modules.includes(file)) continue;
  const source = readFileSync(join(generators, file), "utf8");
  const environment = /^ENVIRONMENT = "([^"]+)"$/m.exec(source)?.[1];
  if (environment === undefined) throw new Error(`${file} names no ENVIRONMENT`);
  const program = /^NEEDS = "([^"]+)"$/m.exec(source)?.[1];
  if (program !== undefined && !isInstalled(program)) {
    leave(file, program);
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

function isInstalled(program) {
  return process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** What a generator made stays as it is where its server is not installed. */
function leave(file, program) {
  if (process.env.REQUIRE_SERVICES === "1") throw new Error(`${file} needs ${program}, which is not installed`);
  console.log(`not made, because ${program} is not installed: ${file}`);
  if (!checking) return;
  for (const name of readdirSync(committed, { recursive: true }).filter((path) => path.endsWith(".json"))) {
    const { generator } = JSON.parse(readFileSync(join(committed, name), "utf8"));
    if (generator === `scripts/fixtures/${file}`) cpSync(join(committed, name), join(made, name));
  }
}
