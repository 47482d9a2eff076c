/** The pages of the docs that hold tables of the tests, and how a table gets into a page. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../python/judge.ts";
import { tables } from "./tables.ts";

/** Paths below the project's folder. */
export const pages: readonly string[] = [
  "docs/values.md",
  "docs/formats/pickle.md",
  "docs/formats/msgpack.md",
  "docs/formats/json.md",
];

/** A marker, what stands between, and the end; the table's name is in the marker. */
const BLOCK = /(<!-- table: ([a-z-]+), made by npm run docs -->\n)[\s\S]*?(\n<!-- end of the table -->)/g;

/** The page as it stands. */
export function pageText(path: string): string {
  return readFileSync(join(projectFolder, path), "utf8");
}

/** A page with its tables made anew. @throws RangeError for a table that nobody makes */
export function withTables(text: string): string {
  return text.replaceAll(BLOCK, (_block, begin: string, name: string, end: string) => {
    const make = tables[name];
    if (make === undefined) throw new RangeError(`There is no table ${name}`);
    return `${begin}\n${make()}\n${end}`;
  });
}

/** The names of a page's tables. */
export function tablesOf(text: string): string[] {
  return [...text.matchAll(BLOCK)].map(([, , name = ""]) => name);
}
