/** Opens PostgreSQL by its URL, through a pool of pg. */
import { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { MissingPackageError } from "../../errors.ts";
import type { PostgresAddress, SslMode } from "./address.ts";
import { certificatesIn } from "./certificates.ts";
import type { Opened } from "./client.ts";
import { DEFAULT_BUSY_MILLIS } from "./database.ts";
import { firstThatConnects } from "./first-that-connects.ts";
import { PostgresDriver } from "./postgresql.ts";
import { IDLE_MILLIS, Sockets } from "./sockets.ts";

/** Where libpq of Debian looks for a server whose host is not said. */
const SOCKET_FOLDER = "/var/run/postgresql";

/** What pg is told of TLS; `false`: none. */
type Ssl = ConnectionOptions | false;

const UNVERIFIED: Ssl = { rejectUnauthorized: false };
const anyHost = (ca: string | undefined): Ssl => ({ ...verified(ca), checkServerIdentity: () => undefined });
const verified = (ca: string | undefined): ConnectionOptions => (ca === undefined ? {} : { ca });

/** What is tried in turn, as libpq does it: `require` verifies nothing, but with a root certificate the issuer. */
const WAYS: Readonly<Record<SslMode, (ca: string | undefined) => readonly [Ssl, ...Ssl[]]>> = {
  disable: () => [false],
  allow: () => [false, UNVERIFIED],
  prefer: () => [UNVERIFIED, false],
  require: (ca) => [ca === undefined ? UNVERIFIED : anyHost(ca)],
  "verify-ca": (ca) => [anyHost(ca)],
  "verify-full": (ca) => [verified(ca)],
};

/** @throws StoreError, ConfigError where there is no such certificate, MissingPackageError */
export async function openPostgresql(address: PostgresAddress): Promise<Opened> {
  const { Pool } = await import("pg").then(
    (module) => module.default,
    (cause: unknown) => {
      throw new MissingPackageError('Cannot open PostgreSQL by its URL: the package "pg" is not installed', { cause });
    },
  );
  const ca = address.sslRootCert === undefined ? undefined : await certificatesIn(address.sslRootCert);
  const { user, password, port, database, connectTimeoutMillis = 0 } = address;
  const { host = process.env["PGHOST"] ?? SOCKET_FOLDER } = address;
  return firstThatConnects(WAYS[address.sslMode](ca), (ssl) => {
    const sockets = new Sockets();
    const stream = (): Socket => sockets.add(new Socket());
    const pool = new Pool({
      user,
      password,
      host,
      port,
      database,
      ssl,
      stream,
      connectionTimeoutMillis: connectTimeoutMillis,
      idleTimeoutMillis: IDLE_MILLIS,
    });
    // A connection that is lost while it idles; the pool has dropped it already.
    pool.on("error", () => {});
    return {
      driver: new PostgresDriver(pool),
      busyMillis: DEFAULT_BUSY_MILLIS,
      close: () => sockets.end(pool.end()),
    };
  });
}
