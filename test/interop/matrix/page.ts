/** Writes docs/interop.md, after a run of all sides in which nothing failed. */
import { type Side, sides } from "../sides.ts";
import { CELLS, COOKIES, isLikeOurs } from "./columns.ts";
import { type Places, stores } from "./places.ts";
import { hasQuirk, QUIRKS, type QuirkName } from "./quirks.ts";
import { type Walk, walks } from "./walks.ts";

/** What is told of a run. */
export interface Run {
  /** `2026-01-31`. */
  readonly date: string;
  /** Of git, short. */
  readonly commit: string;
  /** `Node 20.19.0` and so on: what was the same for every side. */
  readonly software: readonly string[];
  readonly tests: number;
  readonly seconds: number;
  /** By environment: versions by the name of the package, and of Python. */
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What is told of an environment, `python` first. */
export const PACKAGES: readonly string[] = [
  "python",
  "Flask-Session",
  "Flask",
  "Werkzeug",
  "itsdangerous",
  "cachelib",
  "msgspec",
  "redis",
];

const NUMBERS = new Map(Object.keys(QUIRKS).map((name, index) => [name, index + 1]));

/** The whole page. */
export function page({ date, commit, software, tests, seconds, versions }: Run): string {
  const versionRows = sides.map((side) => versionRow(side, versions[side.environment] ?? {}));
  return [
    "# Beside every version of Flask-Session",
    "",
    "Made by `npm run interop:all`, which runs real Flask apps and a Node app over one store and walks between them with a",
    "browser's cookies. It stands here only if nothing failed.",
    "",
    `Run on ${date} at commit ${commit}: ${tests} tests in ${seconds} s, with ${software.join(", ")}.`,
    "",
    ...table(["", ...PACKAGES.map((name) => (name === "python" ? "Python" : name))], versionRows),
    "",
    "✓: both sides find what the other has left, and each version finds it as its own. A number says where that version",
    "does not do what 0.8 does, and what Node does beside it. –: there is no such thing.",
    ...stores.flatMap((store) => ["", ...storeTables(store)]),
    "",
    "## In no store",
    "",
    ...table(["", `cookies of ${COOKIES} configurations`, `${CELLS} ways to end a request`], sides.map(storelessRow)),
    "",
    "## The walks",
    "",
    ...walks.map(({ name, about }) => `* **${name}**: ${about}.`),
    "* **cookies**: Set-Cookie is the same to the letter, set and deleted.",
    "* **ways to end a request**: store, Set-Cookie and Vary are the same, but for what [architecture.md](architecture.md)",
    "  and the test name.",
    "",
    "## Where versions differ",
    "",
    ...Object.values(QUIRKS).map(({ text }, index) => `${index + 1}. ${text}`),
    "",
  ].join("\n");
}

/** The row of a side among the versions. */
export function versionRow({ name }: Side, versions: Readonly<Record<string, string>>): string {
  return row([name, ...PACKAGES.map((one) => versions[one] ?? "–")]);
}

/** The row of a side in the table of a store. */
export function storeRow(side: Side, store: Places): string {
  const cells = walks.filter((walk) => isIn(walk, store)).map((walk) => cell(side, store, walk));
  return row([side.name, ...cells]);
}

function storeTables(store: Places): readonly string[] {
  const columns = walks.filter((walk) => isIn(walk, store)).map(({ name }) => name);
  const rows = sides.map((side) => storeRow(side, store));
  const title = store.name.replace(/^./, (letter) => letter.toUpperCase());
  return [`## ${title}`, "", store.about, "", ...table(["", ...columns], rows)];
}

function isIn({ isFor }: Walk, store: Places): boolean {
  return isFor === undefined || isFor(store);
}

function cell(side: Side, store: Places, { quirks }: Walk): string {
  if (store.isFor?.(side) === false) return "–";
  const numbers = quirks.filter((name: QuirkName) => hasQuirk(side, name)).map((name) => NUMBERS.get(name) as number);
  return ["✓", numbers.toSorted((a, b) => a - b).join(", ")].join(" ").trim();
}

function storelessRow(side: Side): string {
  return row([side.name, "✓", isLikeOurs(side) ? "✓" : "–"]);
}

function table(columns: readonly string[], rows: readonly string[]): readonly string[] {
  return [row(columns), row(columns.map(() => "---")), ...rows];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
