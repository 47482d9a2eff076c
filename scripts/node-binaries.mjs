// The versions of Node that the packed package is tried under: `.nodes/<version>`, from npm's packages of the binaries.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The oldest that is supported, and the newest of the lines that came after it. */
export const testedNodes = ["20.19.0", "22", "24"];

const root = fileURLToPath(new URL("..", import.meta.url));
const packageName = `node-${process.platform}-${process.arch}`;

/**
 * Installs a version where it is not there yet.
 * @param {string} version what npm takes behind the @
 * @returns {{ path: string } | { missing: string }} the path of its `node`, or why there is none
 */
export function nodeBinary(version) {
  const folder = join(root, ".nodes", version);
  const path = join(folder, "node_modules", packageName, "bin", "node");
  if (existsSync(path)) return { path };
  mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync(
    "npm",
    ["install", "--prefix", folder, "--no-save", "--no-package-lock", "--ignore-scripts", `${packageName}@${version}`],
    { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] },
  );
  if (status === 0 && existsSync(path)) return { path };
  return { missing: `${packageName}@${version} cannot be installed: ${stderr?.split("\n")[0] ?? "npm is missing"}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const version of process.argv.slice(2)) nodeBinary(version);
}
