/** Where a database is, as the URL of a Flask app says: with the parameters that have a counterpart in Node, and no others. */
import { isIP } from "node:net";
import { resolve } from "node:path";
import { oneOf, refused } from "../../session/checks.ts";
import { DEFAULT_BUSY_MILLIS } from "./database.ts";
import { type DatabaseUrl, type DialectName, parseDatabaseUrl } from "./database-url.ts";

/** A database in a file. */
export interface SqliteAddress {
  readonly dialect: "sqlite";
  /** Absolute. */
  readonly path: string;
  /** How long a statement may be tried while others hold the file. */
  readonly busyMillis: number;
}

/** What both kinds of servers have. Absent parts are left to the driver. */
interface ServerAddress {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly connectTimeoutMillis: number | undefined;
}

/** libpq's words for how a connection is secured. */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** A database of PostgreSQL. */
export interface PostgresAddress extends ServerAddress {
  readonly dialect: "postgresql";
  readonly sslMode: SslMode;
  /** The file of the certificates that are trusted. */
  readonly sslRootCert: string | undefined;
}

/** A database of MariaDB or MySQL. */
export interface MysqlAddress extends ServerAddress {
  readonly dialect: "mysql";
  /** The file of the certificates that are trusted. */
  readonly sslCa: string | undefined;
}

/** Where a database is. */
export type Address = SqliteAddress | PostgresAddress | MysqlAddress;

/** What says so: an option, and what relative paths of SQLite start from. */
interface AddressSource {
  /** Name of the option, for messages. They never show the URL, because it holds a password. */
  readonly option: string;
  /** Flask's `app.instance_path`. */
  readonly instancePath: string;
}

/** What may stand behind the question mark. A `check_same_thread` and a `charset` say nothing to us: it is always UTF-8. */
const PARAMETERS: Readonly<Record<DialectName, readonly string[]>> = {
  sqlite: ["timeout", "check_same_thread"],
  postgresql: ["sslmode", "sslrootcert", "host", "connect_timeout"],
  mysql: ["ssl_ca", "charset", "connect_timeout"],
};

const sslModeOf = oneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

/** @throws ConfigError for what is no URL of a database that we know, and for a parameter that we do not */
export function addressOf(url: string, source: AddressSource): Address {
  const parsed = parseDatabaseUrl(url, source.option);
  const { dialect, parameters } = parsed;
  for (const name of parameters.keys()) {
    // A lost `sslmode` would send the password in the clear.
    if (!PARAMETERS[dialect].includes(name)) {
      throw refused(
        source.option,
        `its parameter ${name} has no counterpart in Node; give a client in place of the URL`,
      );
    }
  }
  if (dialect === "sqlite") return sqliteAddress(parsed, source);
  const server = serverAddress(parsed, source);
  if (dialect === "mysql") return { dialect, ...server, sslCa: sslCaOf(parsed, source) };
  return {
    dialect,
    ...server,
    host: parameters.get("host") ?? server.host,
    sslMode: sslModeOf(parameters.get("sslmode") ?? "prefer", `sslmode in ${source.option}`),
    sslRootCert: parameters.get("sslrootcert"),
  };
}

function serverAddress(
  { user, password, host, port, database, parameters }: DatabaseUrl,
  source: AddressSource,
): ServerAddress {
  const timeout = parameters.get("connect_timeout");
  return {
    user,
    password,
    host,
    port,
    database,
    connectTimeoutMillis: timeout === undefined ? undefined : millisOf(timeout, `connect_timeout in ${source.option}`),
  };
}

/** mysql2 3 compares the certificate of a server that is named by its address with `localhost`. */
function sslCaOf({ host = "", parameters }: DatabaseUrl, { option }: AddressSource): string | undefined {
  const path = parameters.get("ssl_ca");
  if (path !== undefined && isIP(host) !== 0) {
    throw refused(option, "with ssl_ca it wants a host name: mysql2 compares no address with a certificate");
  }
  return path;
}

/** Flask-SQLAlchemy 3 takes a relative path from the app's instance folder, the server's parts of a URL mean nothing. */
function sqliteAddress(url: DatabaseUrl, { option, instancePath }: AddressSource): SqliteAddress {
  const { user, password, host, port, database = "", parameters } = url;
  if (user !== undefined || password !== undefined || host !== undefined || port !== undefined) {
    throw refused(option, "a URL of SQLite has no host: write sqlite:////absolute/path or sqlite:///path");
  }
  if (database === "" || database === ":memory:") {
    throw refused(option, "a database in the memory of the Flask process cannot be reached from another");
  }
  const timeout = parameters.get("timeout");
  return {
    dialect: "sqlite",
    path: resolve(instancePath, database),
    busyMillis: timeout === undefined ? DEFAULT_BUSY_MILLIS : millisOf(timeout, `timeout in ${option}`),
  };
}

function millisOf(seconds: string, option: string): number {
  const millis = Number(seconds) * 1000;
  if (!(millis >= 0)) throw refused(option, "it must be a number of seconds");
  return millis;
}
