import { expect } from "chai";
import { naiveUtc, quoted } from "../../../src/stores/sql/dialect.ts";
import { raw, type SqlValue, sql } from "../../../src/stores/sql/sql-text.ts";

const shown = (value: SqlValue): string => `<${String(value)}>`;

describe("a template of SQL", () => {
  it("keeps values apart from the text", () => {
    const statement = sql`UPDATE t SET a = ${"x"} WHERE b = ${1}`;
    expect(statement.texts).to.deep.equal(["UPDATE t SET a = ", " WHERE b = ", ""]);
    expect(statement.values).to.deep.equal(["x", 1]);
    expect(statement.render(shown)).to.equal("UPDATE t SET a = <x> WHERE b = <1>");
  });

  it("takes pieces up with their values, in their order", () => {
    const piece = sql`b = ${2} AND c = ${3}`;
    const statement = sql`SELECT ${raw("a")} FROM t WHERE a = ${1} AND ${piece}${raw("")} OR ${piece}`;
    expect(statement.render(shown)).to.equal(
      "SELECT a FROM t WHERE a = <1> AND b = <2> AND c = <3> OR b = <2> AND c = <3>",
    );
  });

  it("is called by its first word", () => {
    expect(sql`DELETE FROM t`.verb).to.equal("DELETE");
    expect(raw("").verb).to.equal("");
  });
});

describe("a name", () => {
  it("is always quoted, the quote doubled", () => {
    expect(quoted('a"b`c', { quote: '"' })).to.equal('"a""b`c"');
    expect(quoted('a"b`c', { quote: "`" })).to.equal('`a"b``c`');
  });

  for (const name of ["", "a\0b"]) {
    it(`is refused where no database has it: ${JSON.stringify(name)}`, () => {
      expect(() => quoted(name, { quote: '"' })).to.throw("Cannot use the name of a table: it is empty or holds a NUL");
    });
  }
});

describe("a timestamp", () => {
  it("has a blank in its middle and always six digits at its end", () => {
    expect(naiveUtc(new Date(Date.UTC(2026, 11, 24, 4, 17, 58, 9)))).to.equal("2026-12-24 04:17:58.009000");
    expect(naiveUtc(new Date(0))).to.equal("1970-01-01 00:00:00.000000");
  });
});
