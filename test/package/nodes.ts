/** The versions of Node under which the package is tried. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectFolder } from "../python/judge.ts";

interface Binaries {
  readonly testedNodes: readonly string[];
  readonly nodeBinary: (version: string) => { readonly path: string } | { readonly missing: string };
}

const script = pathToFileURL(join(projectFolder, "scripts", "node-binaries.mjs")).href;
const { nodeBinary, testedNodes } = (await import(script)) as Binaries;

export { testedNodes };

/**
 * The path of a version's `node`; where it cannot be had, the test is skipped, or fails where REQUIRE_SERVICES is 1.
 * @param context `this` of a mocha test
 */
export function requireNode(context: Mocha.Context, version: string): string {
  const found = nodeBinary(version);
  if ("path" in found) return found.path;
  if (process.env["REQUIRE_SERVICES"] === "1") throw new Error(found.missing);
  console.log(`    skipped: ${found.missing}`);
  return context.skip();
}
