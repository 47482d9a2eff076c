// Builds the package where a clone has no build, or one that is older than its sources.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs `npm run build` if it must. @throws Error if that fails */
export function buildPackage() {
  if (isBuilt()) return;
  const { status, error } = spawnSync("npm", ["run", "--silent", "build"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("The build failed", { cause: error });
}

/** By times: a checkout makes every file that it changes a new one, and a build with errors writes nothing. */
function isBuilt() {
  const built = join(root, "dist", "index.js");
  if (!existsSync(built)) return false;
  // Folders as well: theirs is the time of the last file that was removed.
  const sources = readdirSync(join(root, "src"), { recursive: true }).map((path) => join("src", path));
  const builtAt = statSync(built).mtimeMs;
  return ["src", ...sources, "tsconfig.json", "tsconfig.build.json"].every(
    (path) => statSync(join(root, path)).mtimeMs < builtAt,
  );
}
