/** An empty database of the servers that all tests of the store share, as options of its driver. */
import { MARIADB_USER, startMariadb } from "../../services/mariadb.ts";
import { POSTGRES_USER, startPostgresql } from "../../services/postgresql.ts";
import { requireService } from "../../services/services.ts";
import { sharedServer } from "../../services/sql-server.ts";

/** How a driver reaches a database. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** @param context of the mocha hook, which is skipped where there is no PostgreSQL */
export async function postgresql(context: Mocha.Context): Promise<Address> {
  requireService(context, "postgresql");
  const server = await sharedServer(startPostgresql);
  return { host: "127.0.0.1", port: server.port, user: POSTGRES_USER, database: await server.makeDatabase() };
}

/** @param context of the mocha hook, which is skipped where there is no MariaDB */
export async function mariadb(context: Mocha.Context): Promise<Address> {
  requireService(context, "mariadb");
  const server = await sharedServer(startMariadb);
  return { host: "127.0.0.1", port: server.port, user: MARIADB_USER, database: await server.makeDatabase() };
}

/** As SQLAlchemy takes it. */
export function postgresUrl({ host, port, user, database }: Address): string {
  return `postgresql+psycopg2://${user}@${host}:${port}/${database}`;
}

/** As SQLAlchemy takes it. */
export function mysqlUrl({ host, port, user, database }: Address): string {
  return `mysql+pymysql://${user}@${host}:${port}/${database}`;
}
