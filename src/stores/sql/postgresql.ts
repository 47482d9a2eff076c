/** PostgreSQL through a pool or client of pg. */
import { type Dialect, naiveUtc, quoted, tableOf } from "./dialect.ts";
import { codeOf, type Driver, type Failure, type Outcome, type Reason, type Row } from "./driver.ts";
import { raw, type Sql, type SqlValue, sql } from "./sql-text.ts";

interface Question {
  readonly text: string;
  readonly values: (string | Buffer)[];
}

interface Answer {
  readonly rows: readonly unknown[];
  readonly rowCount: number | null;
}

/** pg's `Pool` or `Client`, by what is called of it. A client lives as long as its connection, a pool makes new ones. */
export interface PostgresClient {
  query(question: Question): Promise<Answer>;
}

/** Bytes are read as hex and the expiry as a number, so that no type parser of the application stands in between. */
const POSTGRESQL: Dialect = {
  name: "PostgreSQL",
  quote: '"',
  data: raw("coalesce(data, '')"),
  shownData: raw("encode(coalesce(data, ''), 'hex')"),
  shownKey: raw("session_id"),
  // Python has no infinity among its dates, and reads no such row.
  expiry: raw("extract(epoch from nullif(expiry, 'infinity')) * 1000"),
  isKey: (key) => sql`session_id = ${key}`,
  nextId: (sequence) => ({ column: raw("id, "), value: raw(`nextval(${literal(sequenceName(sequence))}), `) }),
  limits: () => undefined,
  mayNumber: (name) => {
    const { sequence } = name;
    const table = literal(tableOf(name, POSTGRESQL).texts.join(""));
    const numbering =
      sequence === undefined ? `pg_get_serial_sequence(${table}, 'id')` : literal(sequenceName(sequence));
    return raw(`SELECT coalesce(has_sequence_privilege(${numbering}, 'USAGE, UPDATE'), true) AS allowed`);
  },
  server: raw(
    "SELECT 'postgresql ' || split_part(current_setting('server_version'), ' ', 1) AS server, extract(epoch from clock_timestamp()) * 1000 AS clock",
  ),
  types: { id: "SERIAL", data: "BYTEA", expiry: "TIMESTAMP WITHOUT TIME ZONE" },
};

/** SQLSTATEs, and classes of them, that do not just say that a statement is refused. */
const REASONS: ReadonlyMap<string, Reason> = new Map([
  ["08", "unavailable"],
  ["22001", "too large"],
  ["23505", "duplicate"],
  ["40001", "busy"],
  ["40P01", "busy"],
  ["42P01", "missing"],
  // Of two that make a table at once where there is none, one fails.
  ["42P07", "duplicate"],
  ["53300", "unavailable"],
  ["54000", "too large"],
  ["55P03", "busy"],
  ["57", "unavailable"],
]);

/** Sends statements to PostgreSQL. */
export class PostgresDriver implements Driver {
  readonly dialect: Dialect = POSTGRESQL;
  readonly #client: PostgresClient;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: PostgresClient) {
    this.#client = client;
  }

  async send(statement: Sql): Promise<Outcome> {
    const values: (string | Buffer)[] = [];
    const text = statement.render((value) => placed(value, values));
    const { rows, rowCount } = await this.#ask({ text, values });
    return { rows: rows as readonly Row[], changed: rowCount ?? 0 };
  }

  /** What is no reply of the server, which has a severity, comes from the connection. */
  failureOf(thrown: unknown): Failure {
    const code = codeOf(thrown);
    const isReply = "severity" in (thrown as object);
    const reason = isReply ? (REASONS.get(code) ?? REASONS.get(code.slice(0, 2)) ?? "refused") : "unavailable";
    return { reason, code };
  }

  /** A pool answers questions side by side. A client, from pg 9 on, takes only one at a time. */
  #ask(question: Question): Promise<Answer> {
    if ("totalCount" in this.#client) return this.#client.query(question);
    const ask = (): Promise<Answer> => this.#client.query(question);
    const answer = this.#last.then(ask, ask);
    this.#last = answer;
    return answer;
  }
}

/** Numbers are safe integers, and stand in the text as they are: a parameter's type would be the column's. */
function placed(value: SqlValue, values: (string | Buffer)[]): string {
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return `CAST($${values.push(naiveUtc(value))} AS timestamp)`;
  return `$${values.push(typeof value === "string" ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength))}`;
}

/** SQLAlchemy knows a sequence without a schema. */
function sequenceName(sequence: string): string {
  return quoted(sequence, POSTGRESQL);
}

/** A text as PostgreSQL takes it, whatever its setting of standard_conforming_strings is. */
function literal(text: string): string {
  return `E'${text.replace(/['\\]/g, "\\$&")}'`;
}
