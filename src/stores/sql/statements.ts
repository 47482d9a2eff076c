/** Every statement that the store sends in its work, over the table of Flask-Session. */
import { type Dialect, type NextId, type TableName, tableOf } from "./dialect.ts";
import { raw, type Sql, sql } from "./sql-text.ts";

/** What a row is to hold. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly expiresAt: Date;
}

const BY_ITSELF: NextId = { column: raw(""), value: raw("") };

/** Rows that a page of a listing has; each of them may be large. */
const PAGE_ROWS = 50;
/** Rows that a step of `deleteExpired` looks at. */
const STEP_ROWS = 500;

/** The statements. Whether a row is expired is judged by this process' clock, as Python judges by its own. */
export class Statements {
  readonly #dialect: Dialect;
  readonly #table: Sql;
  readonly #nextId: NextId;

  constructor(dialect: Dialect, name: TableName) {
    this.#dialect = dialect;
    this.#table = tableOf(name, dialect);
    this.#nextId = (name.sequence && dialect.nextId(name.sequence)) || BY_ITSELF;
  }

  /** The live row of a key. */
  find(key: string): Sql {
    return sql`SELECT ${this.#columns()} FROM ${this.#table} WHERE ${this.#dialect.isKey(key)} AND ${this.#isLive()}`;
  }

  /** A new row; a violation of UNIQUE where the key has one. */
  insert(key: string, { bytes, expiresAt }: Content): Sql {
    const { column, value } = this.#nextId;
    return sql`INSERT INTO ${this.#table} (${column}session_id, data, expiry) VALUES (${value}${key}, ${bytes}, ${expiresAt})`;
  }

  /** Over whatever the key has. */
  overwrite(key: string, content: Content): Sql {
    return sql`${this.#update(content)} WHERE ${this.#dialect.isKey(key)}`;
  }

  /** Over an expired row, which counts as none. */
  overwriteExpired(key: string, content: Content): Sql {
    return sql`${this.#update(content)} WHERE ${this.#dialect.isKey(key)} AND NOT ${this.#isLive()}`;
  }

  /** Over the row that is expected, as long as it lives. */
  replace(key: string, content: Content, expected: Uint8Array): Sql {
    return sql`${this.#update(content)} WHERE ${this.#dialect.isKey(key)} AND ${this.#has(expected)} AND ${this.#isLive()}`;
  }

  /** Moves the expiry of a live row. */
  touch(key: string, expiresAt: Date): Sql {
    return sql`UPDATE ${this.#table} SET expiry = ${expiresAt} WHERE ${this.#dialect.isKey(key)} AND ${this.#isLive()}`;
  }

  /** Expired or not. */
  delete(key: string): Sql {
    return sql`DELETE FROM ${this.#table} WHERE ${this.#dialect.isKey(key)}`;
  }

  /** Only the row that is expected. */
  deleteExpected(key: string, expected: Uint8Array): Sql {
    return sql`${this.delete(key)} AND ${this.#has(expected)}`;
  }

  /** The next live rows whose keys start with the prefix, all of it literal. */
  page(after: number, prefix: string): Sql {
    const { length: characters } = Array.from(prefix);
    return sql`SELECT id AS record_id, ${this.#columns()} FROM ${this.#table} WHERE id > ${after} AND substr(session_id, 1, ${characters}) = ${prefix} AND ${this.#isLive()} ORDER BY id LIMIT ${PAGE_ROWS}`;
  }

  /** The ids of the next rows, whatever they are. */
  step(after: number): Sql {
    return sql`SELECT id AS record_id FROM ${this.#table} WHERE id > ${after} ORDER BY id LIMIT ${STEP_ROWS}`;
  }

  /** Expired rows of a step. */
  deleteExpired(after: number, last: number): Sql {
    return sql`DELETE FROM ${this.#table} WHERE id > ${after} AND id <= ${last} AND NOT ${this.#isLive()}`;
  }

  #columns(): Sql {
    const { shownKey, shownData, expiry } = this.#dialect;
    return sql`${shownKey} AS record_key, ${shownData} AS record_data, ${expiry} AS record_expiry`;
  }

  #update({ bytes, expiresAt }: Content): Sql {
    return sql`UPDATE ${this.#table} SET data = ${bytes}, expiry = ${expiresAt}`;
  }

  #has(bytes: Uint8Array): Sql {
    return sql`${this.#dialect.data} = ${bytes}`;
  }

  /** No expiry is an expired one, as for Flask-Session since 0.6; before, it cannot read such a row. */
  #isLive(): Sql {
    return sql`(coalesce(${this.#dialect.expiry}, 0) > ${Date.now()})`;
  }
}
