/** The URL of a database, as SQLAlchemy reads it. */
import { refused } from "../../session/checks.ts";

/** The databases that there is a store for, by the first word of their URLs. */
const DIALECTS: ReadonlyMap<string, DialectName> = new Map([
  ["sqlite", "sqlite"],
  ["postgresql", "postgresql"],
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
]);

/** Which database a URL is for. */
export type DialectName = "sqlite" | "postgresql" | "mysql";

/** The parts of a URL. User and password are percent-decoded; the rest SQLAlchemy takes as it stands. */
export interface DatabaseUrl {
  readonly dialect: DialectName;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  /** What stands behind the question mark. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** `dialect+driver://user:password@host:port/database?parameters`, by the grammar of SQLAlchemy 1.4 to 2.1. */
const URL_FORM =
  /^(?<name>[\w+]+):\/\/(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?(?:\[(?<ipv6>[^/?]+)\]|(?<host>[^/:?]+))?(?::(?<port>[^/?]*))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s;

/**
 * Takes a URL apart. No message shows it, because it holds a password.
 * @param option its name, for messages
 * @throws ConfigError for another database than ours, or what is no URL
 */
export function parseDatabaseUrl(url: string, option: string): DatabaseUrl {
  const parts = URL_FORM.exec(url)?.groups;
  if (parts === undefined) throw refused(option, "it is no URL such as postgresql://user:password@host/database");
  const { name = "", user, password, ipv6, host = ipv6, port, database, query = "" } = parts;
  const dialect = DIALECTS.get(name.split("+")[0] as string);
  if (dialect === undefined)
    throw refused(option, `the database is ${shown(name)}; there are ${[...DIALECTS.keys()].join(", ")}`);
  // The rest of a password, which ends at the first @.
  if (`${host ?? ""}${query}`.includes("@")) throw refused(option, "write an @ in the password as %40");
  if (port !== undefined && !/^\d+$/.test(port)) throw refused(option, "its port is no number");
  return {
    dialect,
    user: user && unquoted(user),
    password: password && unquoted(password),
    host,
    port: port === undefined ? undefined : Number(port),
    database,
    parameters: parametersIn(query, option),
  };
}

/** Parameters without a value Python passes over. */
function parametersIn(query: string, option: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (parameters.has(name)) throw refused(option, `the parameter ${name} stands there twice`);
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

/** Python's `unquote`: what is no escape stays, what is no UTF-8 becomes U+FFFD. */
function unquoted(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll("%", ""), "hex").toString());
}

/** A dialect's name; what is longer may be anything, a password too. */
function shown(name: string): string {
  return name.length <= 30 ? `"${name}"` : "another one";
}
