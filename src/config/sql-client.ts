/** What SESSION_SQLALCHEMY may be. */
import { addressOf } from "../stores/sql/address.ts";
import { givenClient } from "../stores/sql/client.ts";
import type { SqlClient } from "../stores/sql.ts";

/** A client, or a URL that names a database. @throws ConfigError that names the key and does not show the URL */
export function sqlClientOf(value: unknown, key: string): SqlClient | string {
  if (typeof value === "string") addressOf(value, { option: key, instancePath: "" });
  else givenClient(value as SqlClient, key);
  return value as SqlClient | string;
}
