// `npm run docs` writes the tables of docs/values.md and docs/formats anew, from those of the tests; `npm run docs:check`
// says which pages differ.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const { pages, withTables } = await import(pathToFileURL("build/test/docs/pages.js").href);
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

for (const page of pages) {
  const text = readFileSync(page, "utf8");
  const made = withTables(text);
  if (text === made) continue;
  if (values.check) {
    console.error(`${page} is not what the tests say: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(page, made);
    console.log(`${page} is written anew`);
  }
}
