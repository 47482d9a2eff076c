/** The rule of the floors: an import goes down or stays on its floor, and a vendor's package has one door. */
import { dirname, join } from "node:path/posix";
import { type Breach, matches, type SourceFile } from "./source-files.ts";

/** From the bottom to the top; what stands in one row is one floor. */
const FLOORS: readonly (readonly string[])[] = [
  ["errors"],
  ["bytes"],
  ["values"],
  ["codecs"],
  ["signing"],
  ["session", "index"],
  ["stores"],
  ["config"],
  ["frameworks", "extensions", "testing"],
  ["cli"],
];

const heights: ReadonlyMap<string, number> = new Map(
  FLOORS.flatMap((names, height) => names.map((name) => [name, height] as const)),
);

/** `import … from "x"`, `export … from "x"`, `import "x"`, `import("x")` and `declare module "x"`. */
const SPECIFIER =
  /^[ \t]*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']|^[ \t]*import\s*["']([^"']+)["']|\bimport\(\s*(?:["']([^"']+)["']|([^"')]*))|^[ \t]*declare module ["']([^"']+)["']|\brequire\(([^)]*)/gm;

/** What a file names to be loaded: `static` where the file cannot be loaded without it. */
interface Import {
  readonly specifier: string;
  readonly how: "static" | "dynamic" | "augmentation" | "computed";
}

/** Every breach of the rules in a tree whose paths begin at `src`. */
export function floorBreaches(files: readonly SourceFile[]): Breach[] {
  const doors = new Map<string, string>();
  return files.flatMap((file) =>
    matches(file, SPECIFIER, (match) => {
      const found = importOf(match);
      return found.specifier.startsWith(".") ? localBreach(file.path, found) : packageBreach(file.path, found, doors);
    }),
  );
}

function importOf([, from, bare, dynamic, computed, augmented, required]: RegExpMatchArray): Import {
  if (dynamic !== undefined) return { specifier: dynamic, how: "dynamic" };
  if (augmented !== undefined) return { specifier: augmented, how: "augmentation" };
  const specifier = from ?? bare;
  if (specifier !== undefined) return { specifier, how: "static" };
  return { specifier: computed ?? required ?? "", how: "computed" };
}

function localBreach(path: string, { specifier }: Import): string | undefined {
  if (!specifier.endsWith(".ts")) return `import of ${specifier} does not end in .ts`;
  const target = join(dirname(path), specifier);
  if (target.startsWith("..")) return `import of ${specifier} leaves src`;
  const [from, to] = [heightOf(path), heightOf(target)];
  if (from === undefined) return `${floorName(path)} is no floor`;
  if (to === undefined) return `import of ${specifier}: ${floorName(target)} is no floor`;
  if (to > from) return `import of ${specifier} goes up, from ${floorName(path)} to ${floorName(target)}`;
  return target === "index.ts" ? `import of ${specifier}: the barrel is for users` : undefined;
}

function packageBreach(path: string, { specifier, how }: Import, doors: Map<string, string>): string | undefined {
  if (how === "computed") return `a computed import (${specifier}) cannot be checked`;
  if (specifier.startsWith("node:")) return undefined;
  const name = packageName(specifier);
  if (how === "static")
    return `static import of ${name}: optional packages are loaded with import() when they are needed`;
  const door = doors.get(name) ?? path;
  doors.set(name, door);
  return door === path ? undefined : `import of ${name}, which ${door} imports already`;
}

function heightOf(path: string): number | undefined {
  return heights.get(floorName(path));
}

/** The first folder, or the name of a file that lies in none. */
function floorName(path: string): string {
  return (path.split("/")[0] ?? "").replace(/\.ts$/, "");
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
