/** Opens the database that a URL names, with the package for it. */
import { resolve } from "node:path";
import { type Address, addressOf } from "./address.ts";
import { givenClient, type OpenDriver, type SqlClient } from "./client.ts";
import { openMysql } from "./open-mysql.ts";
import { openPostgresql } from "./open-postgresql.ts";
import { openSqlite } from "./open-sqlite.ts";

/** Where the database is, and what else there is to say of it. */
interface OpenOptions {
  readonly client: SqlClient | string;
  /** What the client is called in messages. */
  readonly option: string;
  /** Flask's `app.instance_path`. @defaultValue the folder `instance` in the working directory */
  readonly flaskInstancePath: string | undefined;
  /** Whether a file may be made where there is none. */
  readonly create: boolean;
}

/** @throws ConfigError for a URL or client that cannot be one */
export function opening({ client, option, flaskInstancePath = "instance", create }: OpenOptions): OpenDriver {
  if (typeof client !== "string") return givenClient(client, option);
  const address = addressOf(client, { option, instancePath: resolve(flaskInstancePath) });
  return () => openAddress(address, create);
}

function openAddress(address: Address, create: boolean): ReturnType<OpenDriver> {
  if (address.dialect === "sqlite") return openSqlite(address, create);
  return address.dialect === "mysql" ? openMysql(address) : openPostgresql(address);
}
