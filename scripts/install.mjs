// Installs the development packages where a clone has none, or has others than package-lock.json says.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs `npm ci` if it must. @throws Error if that fails */
export function installPackages() {
  if (installed()) return;
  const { status, error } = spawnSync("npm", ["ci", "--include=dev", "--no-progress"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("npm ci failed", { cause: error });
}

/** Compares contents, not times, which a checkout changes. */
function installed() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const there = packagesOf(hidden);
  const wanted = Object.entries(packagesOf(join(root, "package-lock.json")));
  return wanted.every(([path, { version, optional }]) => {
    const found = there[path];
    return path === "" || (found === undefined ? optional === true : found.version === version);
  });
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}
