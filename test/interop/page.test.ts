/** docs/interop.md is made by a run of all sides; here it is held against what the tests expect and what is pinned. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { projectFolder } from "../python/judge.ts";
import { PACKAGES, page, storeRow, versionRow } from "./matrix/page.ts";
import { stores } from "./matrix/places.ts";
import { type Side, sides } from "./sides.ts";

const committed = readFileSync(join(projectFolder, "docs", "interop.md"), "utf8");

describe("docs/interop.md", () => {
  for (const side of sides) {
    it(`has a row in each table for ${side.environment}, of what is pinned and expected today`, () => {
      expect(committed).to.include(`\n${versionRow(side, versions(side))}\n`);
      for (const store of stores) expect(committed).to.include(`\n${storeRow(side, store)}\n`);
    });
  }

  it("is of sides that Node is told the versions of", () => {
    for (const { environment, name, options } of sides) {
      const pinned = pins(environment);
      expect(pinned.get("Flask-Session"), environment).to.equal(name.split(",")[0]);
      expect(pinned.get("Flask-Session")).to.match(new RegExp(`^${options.flaskSessionVersion}\\.`));
      expect(pinned.get("Flask"), environment).to.match(new RegExp(`^${options.flaskVersion}\\.`));
    }
  });

  it("is what the last run would write again", () => {
    const [, date, commit, tests, seconds] =
      /^Run on (\S+) at commit (\S+): (\d+) tests in (\d+) s\.$/m.exec(committed) ?? [];
    const [, software] = /^With ([^;]*?)\.$/m.exec(committed) ?? [];
    const [, rows = ""] = /^\| store \| with \| tests \|\n.*\n((?:\|.*\n)*)/m.exec(committed) ?? [];
    const again = page({
      date: date as string,
      commit: commit as string,
      tests: Number(tests),
      seconds: Number(seconds),
      software: [(software as string).replaceAll("\n", " ")],
      others: [...rows.matchAll(/^\| (.*) \| (.*) \| (.*) \|$/gm)].map(([, store = "", name = "", outcome = ""]) => ({
        store,
        name,
        outcome,
      })),
      versions: Object.fromEntries(sides.map((side) => [side.environment, versions(side)])),
    });
    expect(committed).to.equal(again);
  });
});

/** The Python of the last run, and the packages that the environment is made of today. */
function versions({ environment, name }: Side): Readonly<Record<string, string>> {
  const python = new RegExp(`^\\| ${name} \\| (3\\.\\d+\\.\\d+) \\|`, "m").exec(committed)?.[1] ?? "";
  const pinned = pins(environment);
  const told = PACKAGES.map((one) => [one, one === "python" ? python : pinned.get(one)] as const);
  return Object.fromEntries(told.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function pins(environment: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(projectFolder, "test", "python", "requirements", `${environment}.txt`), "utf8");
  return new Map(text.split("\n").map((line) => line.split("==") as [string, string]));
}
