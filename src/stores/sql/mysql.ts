/** MariaDB and MySQL through a pool or connection of mysql2/promise. */
import { type Dialect, naiveUtc, quoted } from "./dialect.ts";
import { codeOf, type Driver, type Failure, type Outcome, type Reason, type Row } from "./driver.ts";
import { raw, type Sql, type SqlValue, sql } from "./sql-text.ts";

/** A question to mysql2: values are bytes, whatever the application has set for others. */
interface Question {
  readonly sql: string;
  readonly rowsAsArray: false;
  readonly nestTables: false;
  readonly typeCast: false;
}

/** A pool or connection of mysql2/promise, by what is called of it. A connection does not come back once it is lost. */
export interface MysqlClient {
  query(question: Question): Promise<readonly [result: unknown, ...rest: unknown[]]>;
  /** Not called; pg has no such method. */
  execute(...args: never[]): Promise<unknown>;
}

/** A collation may ignore case and trailing blanks, and a connection may speak another character set: bytes do not lie. */
const KEY_BYTES = "CAST(CONVERT(session_id USING utf8mb4) AS BINARY)";

const MYSQL: Dialect = {
  name: "MySQL",
  quote: "`",
  data: raw("coalesce(data, X'')"),
  shownData: raw("coalesce(data, X'')"),
  shownKey: raw(KEY_BYTES),
  // Whole seconds in a DATETIME, and no time zone: a TIMESTAMP would have the connection's.
  expiry: raw("TIMESTAMPDIFF(MICROSECOND, '1970-01-01', expiry) / 1000"),
  isKey: (key) => sql`session_id = ${key} AND ${raw(KEY_BYTES)} = ${Buffer.from(key)}`,
  // MariaDB runs what stands in such a comment. MySQL, which has no sequences and for which SQLAlchemy makes none, does not.
  nextId: (sequence) => ({
    column: raw("/*M! id, */ "),
    value: raw(`/*M! nextval(${quoted(sequence, MYSQL)}), */ `),
  }),
  limits: ({ table, schema }) => {
    const column = sql`FROM information_schema.columns WHERE table_schema = ${schema === undefined ? raw("DATABASE()") : sql`${schema}`} AND table_name = ${table} AND column_name`;
    return sql`SELECT @@max_allowed_packet AS statementBytes, (SELECT character_octet_length ${column} = 'data') AS recordBytes, (SELECT character_maximum_length ${column} = 'session_id') AS keyCharacters`;
  },
  mayNumber: () => undefined,
  server: raw(
    "SELECT concat(if(version() LIKE '%MariaDB%', 'mariadb ', 'mysql '), substring_index(version(), '-', 1)) AS server, unix_timestamp(sysdate(6)) * 1000 AS clock",
  ),
  types: { id: "INTEGER AUTO_INCREMENT", data: "BLOB", expiry: "DATETIME" },
};

/** Codes that do not just say that a statement is refused. */
const REASONS: ReadonlyMap<string, Reason> = new Map([
  ["ER_DUP_ENTRY", "duplicate"],
  ["ER_CHECKREAD", "busy"],
  ["ER_LOCK_DEADLOCK", "busy"],
  ["ER_LOCK_WAIT_TIMEOUT", "busy"],
  ["ER_NO_SUCH_TABLE", "missing"],
  ["ER_DATA_TOO_LONG", "too large"],
  ["ER_NET_PACKET_TOO_LARGE", "too large"],
  ["ER_CON_COUNT_ERROR", "unavailable"],
  ["ER_CONNECTION_KILLED", "unavailable"],
  ["ER_QUERY_INTERRUPTED", "unavailable"],
  ["ER_SERVER_SHUTDOWN", "unavailable"],
  ["ER_TOO_MANY_USER_CONNECTIONS", "unavailable"],
]);

/** Sends statements to MariaDB or MySQL. */
export class MysqlDriver implements Driver {
  readonly dialect: Dialect = MYSQL;
  readonly #client: MysqlClient;

  constructor(client: MysqlClient) {
    this.#client = client;
  }

  async send(statement: Sql): Promise<Outcome> {
    const text = statement.render(literal);
    const [result] = await this.#client.query({ sql: text, rowsAsArray: false, nestTables: false, typeCast: false });
    if (Array.isArray(result)) return { rows: result as Row[], changed: 0 };
    return { rows: [], changed: (result as { readonly affectedRows: number }).affectedRows };
  }

  /** What is no reply of the server, which has an SQLSTATE, comes from the connection. */
  failureOf(thrown: unknown): Failure {
    const code = codeOf(thrown);
    const isReply = typeof (thrown as { readonly sqlState?: unknown }).sqlState === "string";
    return { reason: isReply ? (REASONS.get(code) ?? "refused") : "unavailable", code };
  }
}

/** Text and bytes as hex: no sql_mode, character set or option of mysql2 can read them as something else. */
function literal(value: SqlValue): string {
  if (typeof value === "number") return String(value);
  if (value instanceof Date) return `'${naiveUtc(value)}'`;
  const hex = `X'${Buffer.from(value as Uint8Array).toString("hex")}'`;
  return typeof value === "string" ? `_utf8mb4 ${hex}` : hex;
}
