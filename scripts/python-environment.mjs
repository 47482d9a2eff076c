// Makes the virtual environments in which real Flask runs: `.venv/<name>` from `test/python/requirements/<name>.txt`.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The environments that tests, fixtures and the demo use. */
export const testEnvironments = [
  "fs080-flask31",
  "fs080-newest",
  "fs050-flask22",
  "fs080-stores",
  "cachelib01",
  "cachelib06",
  "fidelity",
  // Flask-Login 0.5.0
  "fs040-flask20",
];

/** Those that the version matrix meets beside them. */
export const interopEnvironments = [
  "fs032-flask11",
  "fs041-flask22",
  "fs060-flask23",
  "fs070-flask30",
  // Drivers of databases, lent to them all; a server of DynamoDB's protocol.
  "drivers",
  "moto",
];

/** Those that only fixtures need, too large to be made for a check of these. */
export const fixtureEnvironments = ["extensions"];

const root = fileURLToPath(new URL("..", import.meta.url));

/** Why no environment can be made here, in one line, or `undefined`. */
export function missingPython() {
  const version = spawnSync("python3", ["-c", "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"]);
  if (version.error !== undefined) return "Python 3 is missing: install python3 and python3-venv";
  if (version.status !== 0) return "Python's venv module is missing: install python3-venv";
  return undefined;
}

/**
 * The path of the environment's `python`, made first if it is not there or its requirements have changed.
 * @param {string} name of a file in test/python/requirements, without `.txt`
 */
export function pythonEnvironment(name) {
  const { requirements, folder, python, mark, wanted } = environment(name);
  if (isMade(name)) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(root, ".venv"), { recursive: true });
  run("python3", ["-m", "venv", folder]);
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", requirements]);
  writeFileSync(mark, wanted);
  return python;
}

/** Whether the environment is there, with the requirements of today. */
export function isMade(name) {
  const { mark, wanted } = environment(name);
  return existsSync(mark) && readFileSync(mark, "utf8") === wanted;
}

function environment(name) {
  const requirements = join(root, "test", "python", "requirements", `${name}.txt`);
  const folder = join(root, ".venv", name);
  return {
    requirements,
    folder,
    python: join(folder, "bin", "python"),
    mark: join(folder, ".requirements"),
    wanted: createHash("sha256").update(readFileSync(requirements)).digest("hex"),
  };
}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of process.argv.slice(2)) pythonEnvironment(name);
}
