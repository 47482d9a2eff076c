/** What differs between the databases, and the names of the table by the rules of each. */
import { refused } from "../../session/checks.ts";
import { raw, type Sql } from "./sql-text.ts";

/** One database's own words for what every statement needs. */
export interface Dialect {
  /** As messages call it. */
  readonly name: "SQLite" | "PostgreSQL" | "MySQL";
  /** Stands around names, doubled where it is part of one. */
  readonly quote: '"' | "`";
  /** A record's bytes, to be compared with bytes; a NULL is no bytes. */
  readonly data: Sql;
  /** The same as it is read: bytes, or their hex. */
  readonly shownData: Sql;
  /** The key as it is read: text, or its UTF-8. */
  readonly shownKey: Sql;
  /** The expiry in milliseconds since 1970; NULL where the row has none, or none that can be understood. */
  readonly expiry: Sql;
  /** Picks the row of a key, and no other whose key is only alike. */
  isKey(key: string): Sql;
  /** How a named sequence numbers a new row; `undefined`: this database knows none, the column numbers by itself. */
  nextId(sequence: string): NextId | undefined;
  /** Asks for the {@link Limits}, in columns of their names; `undefined`: this database refuses what is too large. */
  limits(name: TableName): Sql | undefined;
  /** Asks whether the user may use the sequence that numbers rows, in a column `allowed`; `undefined`: there are no such rights. */
  mayNumber(name: TableName): Sql | undefined;
  /** Asks for name and version of the server, and for its clock in milliseconds since 1970. */
  readonly server: Sql;
  /** The type of the column `id` that numbers its rows by itself, and the types of data and expiry. */
  readonly types: { readonly id: string; readonly data: string; readonly expiry: string };
}

/** What an INSERT has before its other columns and values. Both end with a comma. */
export interface NextId {
  readonly column: Sql;
  readonly value: Sql;
}

/** What a row can hold, where the database would cut it off without a word. */
export interface Limits {
  /** Of the column `data`. */
  readonly recordBytes: number;
  /** Of the column `session_id`. */
  readonly keyCharacters: number;
  /** Of a whole statement. */
  readonly statementBytes: number;
}

/** Where sessions lie, in SQLAlchemy's words. */
export interface TableName {
  readonly table: string;
  readonly schema: string | undefined;
  readonly sequence: string | undefined;
}

/**
 * A name as SQLAlchemy finds it. It quotes only names that need it; quoted always, a name is the same in all three databases.
 * @throws ConfigError for a name that no database has
 */
export function quoted(name: string, { quote }: Pick<Dialect, "quote">): string {
  if (name === "" || name.includes("\0")) throw refused("the name of a table", "it is empty or holds a NUL character");
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

/** The quoted name of the table, with its schema where it has one. */
export function tableOf({ table, schema }: TableName, dialect: Dialect): Sql {
  const name = quoted(table, dialect);
  return raw(schema === undefined ? name : `${quoted(schema, dialect)}.${name}`);
}

/** A timestamp as SQLAlchemy writes it: naive UTC, always six digits, so that SQLite's text sorts and Python reads it. */
export function naiveUtc(instant: Date): string {
  return instant.toISOString().replace("T", " ").replace("Z", "000");
}
