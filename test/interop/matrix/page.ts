/** Writes docs/interop.md, after a run of all sides in which nothing failed. */
import { type Side, sides } from "../sides.ts";
import { CELLS, COOKIES, isLikeOurs } from "./columns.ts";
import type { Places } from "./place.ts";
import { stores } from "./places.ts";
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
  /** Clients and servers beside those of the matrix, and what their tests said. */
  readonly others: readonly Other[];
  readonly tests: number;
  readonly seconds: number;
  /** By environment: versions by the name of the package, and of Python. */
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A client or a server that a store's own tests are run with besides. */
export interface Other {
  readonly store: string;
  /** With its version, and that of Node. */
  readonly name: string;
  /** `132 passed`, or why it was not run. */
  readonly outcome: string;
}

/** What is told of an environment, `python` first. */
export const PACKAGES: readonly string[] = [
  "python",
  "Flask",
  "Werkzeug",
  "itsdangerous",
  "cachelib",
  "msgspec",
  "redis",
  "Flask-SQLAlchemy",
  "SQLAlchemy",
  "pymongo",
];

/** The whole page. */
export function page({ date, commit, software, others, tests, seconds, versions }: Run): string {
  const versionRows = sides.map((side) => versionRow(side, versions[side.environment] ?? {}));
  return [
    "# Beside every version of Flask-Session",
    "",
    ...wrapped("", INTRODUCTION),
    "",
    `Run on ${date} at commit ${commit}: ${tests} tests in ${seconds} s.`,
    "",
    ...wrapped("", `With ${software.join(", ")}.`),
    "",
    ...table(
      PACKAGES.map((name) => TITLES[name] ?? name),
      versionRows,
    ),
    "",
    ...wrapped("", LEGEND),
    ...stores.flatMap((store) => ["", ...storeTable(store)]),
    "",
    "## In no store",
    "",
    ...table([`cookies of ${COOKIES} configurations`, `${CELLS} ways to end a request`], sides.map(storelessRow)),
    "",
    "## Other clients and servers",
    "",
    ...wrapped("", OTHERS),
    "",
    row(["store", "with", "tests"]),
    row(["---", "---", "---"]),
    ...others.map(({ store, name, outcome }) => row([store, name, outcome])),
    "",
    "## What is walked",
    "",
    ...[...walks, ...STORELESS].flatMap(({ name, about }) => wrapped("* ", `**${name}**: ${about}.`)),
    "",
    "## Where versions differ",
    "",
    ...Object.values(QUIRKS).flatMap(({ text }, index) => wrapped(`${index + 1}. `, text)),
    "",
  ].join("\n");
}

const INTRODUCTION =
  "Made by `npm run interop:all`, which starts real Flask apps and Node apps over one store and walks between them with the cookies of a browser. It writes this page only if nothing failed.";

const OTHERS =
  "The stores' own tests, with what `npm test` does not run: the contracts over SQLite and its locks with each client that the store takes, and all tests of DynamoDB's store over another server.";

const LEGEND =
  "✓: each side finds what the other has left. A number: there, this version does not do what 0.8 does, as the list at the end says; the run expects it so. –: not for this version.";

const TITLES: Readonly<Record<string, string>> = { python: "Python", redis: "redis-py" };

/** What other tests compare, beside the same sides. */
const STORELESS: readonly Pick<Walk, "name" | "about">[] = [
  { name: "cookies", about: "Set-Cookie is the same to the letter, where the cookie is set and where it is deleted" },
  {
    name: "ways to end a request",
    about: `what lies in Redis, Set-Cookie and Vary are the same, but for what \`test/interop/end-of-request.test.ts\` names; up to 0.6 requests end in other ways (${numbersOf(["no Vary", "always a cookie", "adopts", "clear forgets", "idle"])} below)`,
  },
];

/** The row of a side among the versions. */
export function versionRow({ name }: Side, versions: Readonly<Record<string, string>>): string {
  return row([name, ...PACKAGES.map((one) => versions[one] ?? "–")]);
}

/** The row of a side in the table of a store. */
export function storeRow(side: Side, store: Places): string {
  const cells = walks.filter((walk) => isIn(walk, store)).map((walk) => cell(side, store, walk));
  return row([side.name, ...cells]);
}

function storeTable(store: Places): readonly string[] {
  const columns = walks.filter((walk) => isIn(walk, store)).map(({ name }) => name);
  const rows = sides.map((side) => storeRow(side, store));
  const title = store.name.replace(/^./, (letter) => letter.toUpperCase());
  return [`## ${title}`, "", ...wrapped("", store.about), "", ...table(columns, rows)];
}

function isIn({ isFor }: Walk, store: Places): boolean {
  return isFor === undefined || isFor(store);
}

function cell(side: Side, store: Places, { quirks }: Walk): string {
  if (store.isFor?.(side) === false) return "–";
  return `✓ ${numbersOf(quirks.filter((name) => hasQuirk(side, name, store)))}`.trim();
}

function numbersOf(quirks: readonly QuirkName[]): string {
  const names = Object.keys(QUIRKS);
  const numbers = quirks.map((name) => names.indexOf(name) + 1);
  return numbers.toSorted((a, b) => a - b).join(", ");
}

function storelessRow(side: Side): string {
  return row([side.name, "✓", isLikeOurs(side) ? "✓" : "–"]);
}

function table(columns: readonly string[], rows: readonly string[]): readonly string[] {
  return [row(["Flask-Session", ...columns]), row(["---", ...columns.map(() => "---")]), ...rows];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

const LINE_LENGTH = 120;

/** Lines of a paragraph, the first behind a mark, the others as far in. */
function wrapped(mark: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = mark.trimEnd();
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > LINE_LENGTH) {
      lines.push(line);
      line = " ".repeat(mark.length) + word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
