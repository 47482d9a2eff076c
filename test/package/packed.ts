/** The package as a user gets it: packed, and unpacked into a folder that knows nothing of this project. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectFolder } from "../python/judge.ts";

const NAME = "flask-session-node";

/** Builds and packs. @returns the tarball's path, in a folder of its own */
export function pack(): string {
  const folder = mkdtempSync(join(tmpdir(), "packed-"));
  execFileSync("npm", ["run", "--silent", "build"], { cwd: projectFolder });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: projectFolder });
  const [name = ""] = readdirSync(folder);
  return join(folder, name);
}

/** A user's folder. */
export interface Consumer {
  readonly folder: string;
  /** Runs a module of this text with the given `node`. @returns what it printed @throws with what it wrote to stderr */
  run(text: string, node?: string): string;
  write(name: string, text: string): string;
  remove(): void;
}

/**
 * Unpacks the tarball as a dependency.
 * @param packages of this project's `node_modules` that stand beside it, linked, so that no network is needed
 */
export function install(tarball: string, packages: readonly string[] = []): Consumer {
  const folder = mkdtempSync(join(tmpdir(), "consumer-"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, NAME), { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", join(modules, NAME), "--strip-components=1"]);
  for (const name of packages) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(projectFolder, "node_modules", name), join(modules, name));
  }
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
  return {
    folder,
    write,
    run: (text, node = process.execPath) =>
      execFileSync(node, [write("run.mjs", text)], {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** The subpaths that `exports` opens, of all modules that were packed. */
export function subpathsOf(consumer: Consumer): string[] {
  const dist = join(consumer.folder, "node_modules", NAME, "dist");
  const modules = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".js"));
  const names = modules.map((path) => join(NAME, path.replace(/(?:\/?index)?\.js$/, "")));
  const text = `
    const opened = (name) => { try { return import.meta.resolve(name) !== ""; } catch { return false; } };
    console.log(JSON.stringify(${JSON.stringify(names)}.filter(opened)));`;
  return JSON.parse(consumer.run(text)) as string[];
}
