/** Rows that Flask-Session made, read without any server, and names as SQLAlchemy quotes them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import { decodeRecord } from "../../../src/codecs/fallback.ts";
import { quoted } from "../../../src/stores/sql/dialect.ts";
import { sqlStore } from "../../../src/stores/sql.ts";
import { PyDict } from "../../../src/values/exact.ts";
import { projectFolder } from "../../python/judge.ts";
import { atEnd } from "../redis/at-end.ts";

interface Row {
  readonly table: string;
  readonly create: string;
  readonly key: string;
  readonly data: string;
  readonly dataType: string;
  readonly expiry: string | null;
  readonly expiryType: string;
  readonly live: boolean;
}

interface Name {
  readonly dialect: "SQLite" | "PostgreSQL" | "MySQL";
  readonly name: string;
  readonly quoted: string;
}

function vectorsOf(subject: string): readonly unknown[] {
  const file = join(projectFolder, "fixtures", "stores", `${subject}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: readonly unknown[] }).vectors;
}

for (const version of ["0.5", "0.8"]) {
  const rows = vectorsOf(`sql-${version}`) as readonly Row[];

  describe(`rows of Flask-Session ${version}`, () => {
    for (const table of new Set(rows.map((row) => row.table))) {
      it(`in the table ${JSON.stringify(table)} are read, listed and tidied up`, async () => {
        // The generator writes the same keys into two tables, of which one has expired.
        const these = rows
          .filter((row) => row.table === table)
          .map((row, index) => ({ ...row, key: row.live ? row.key : `expired${index}:${row.key}` }));
        const database = new DatabaseSync(":memory:");
        atEnd(() => database.close());
        database.exec((these[0] as Row).create);
        const insert = database.prepare(
          `INSERT INTO ${quoted(table, { quote: '"' })} (session_id, data, expiry) VALUES (?, ?, ?)`,
        );
        for (const { key, data, expiry } of these) {
          insert.run(key, Buffer.from(data, "hex"), expiry);
        }
        const store = sqlStore({ client: database, table });
        for (const { key, data, expiry, live } of these) {
          const record = (await store.get(key))?.record;
          if (!live) {
            expect(record).to.equal(undefined);
            continue;
          }
          expect(Buffer.from(record?.bytes ?? []).toString("hex")).to.equal(data);
          const wanted = Date.parse(`${expiry?.replace(" ", "T")}Z`);
          expect(record?.expiresAt?.getTime()).to.be.closeTo(wanted, 1);
          expect(decodeRecord(record?.bytes ?? new Uint8Array(), "msgpack").value).to.be.instanceOf(PyDict);
        }
        const listed: string[] = [];
        for await (const { ref } of store.list("")) listed.push(ref);
        expect(listed).to.deep.equal(these.filter(({ live }) => live).map(({ key }) => key));
        expect(await store.deleteExpired()).to.equal(these.filter(({ live }) => !live).length);
      });
    }

    it("hold bytes and text, and both live and expired ones", () => {
      expect(new Set(rows.map(({ dataType }) => dataType))).to.deep.equal(new Set(["blob"]));
      expect(new Set(rows.map(({ expiryType }) => expiryType))).to.deep.equal(
        new Set(version === "0.5" ? ["text", "null"] : ["text"]),
      );
      expect(new Set(rows.map(({ live }) => live))).to.deep.equal(new Set([true, false]));
      for (const { expiry } of rows)
        if (expiry !== null) expect(expiry).to.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    });
  });
}

describe("names of tables", () => {
  for (const { dialect, name, quoted: python } of vectorsOf("sql-names") as readonly Name[]) {
    it(`${name} in ${dialect} is the name that SQLAlchemy means by ${python}`, () => {
      const quote = dialect === "MySQL" ? "`" : '"';
      const node = quoted(name, { quote });
      // Unquoted, a name is what it is quoted only if it is in lower case: PostgreSQL folds it.
      if (python === name) expect(name).to.equal(name.toLowerCase());
      expect(node).to.equal(python === name ? quote + name + quote : python);
    });
  }
});
