// A copy of the compiled code in which every branch counts how often it is taken.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInstrumenter } from "istanbul-lib-instrument";

/** What is to be explored: the library, and faults that are planted. */
const COUNTED = /^(?:src\/.*|test\/fuzzing\/planted-.*)\.js$/;

/** The paths of modules beside it that a module names. */
const LOCAL_IMPORT = /\bfrom\s*["'](\.[^"']+)["']|\bimport\s*["'](\.[^"']+)["']/g;

/**
 * Copies a module and all that it imports.
 * @param build what `npm run build:test` made
 * @param module a path in it
 */
export function copyInstrumented(build, module, folder) {
  const instrumenter = createInstrumenter({ esModules: true, compact: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const paths = new Set([module]);
  for (const path of paths) {
    const text = readFileSync(join(build, path), "utf8");
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, COUNTED.test(path) ? instrumenter.instrumentSync(text, path) : text);
    for (const [, from, bare] of text.matchAll(LOCAL_IMPORT))
      paths.add(join(dirname(path), from ?? bare).replaceAll("\\", "/"));
  }
}
