import { expect } from "chai";
import { pages, pageText, tablesOf, withTables } from "./pages.ts";
import { tables } from "./tables.ts";

describe("docs", () => {
  for (const page of pages) {
    it(`${page} says what the tests say; npm run docs makes it so`, () => {
      const text = pageText(page);
      expect(text).to.equal(withTables(text));
    });
  }

  it("show each table once", () => {
    expect(pages.map(pageText).flatMap(tablesOf).toSorted()).to.deep.equal(Object.keys(tables).toSorted());
  });

  it("have rows of as many cells as heads", () => {
    for (const [name, make] of Object.entries(tables)) {
      for (const one of make()
        .split("\n\n")
        .filter((block) => block.startsWith("|"))) {
        const widths = one.split("\n").map((line) => line.replaceAll("\\|", "").split("|").length);
        expect(new Set(widths).size, `${name}: ${one.slice(0, 60)}`).to.equal(1);
      }
    }
  });

  it("a table that is not right is seen, and one that nobody makes", () => {
    const text = pageText("docs/values.md");
    expect(withTables(text.replace("| `None` |", "| `Some` |"))).to.equal(withTables(text));
    expect(text.replace("| `None` |", "| `Some` |")).to.not.equal(withTables(text));
    expect(() => withTables(text.replace("table: javascript-values", "table: nonsense"))).to.throw(
      RangeError,
      "nonsense",
    );
  });
});
