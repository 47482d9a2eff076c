/** Opens MariaDB or MySQL by its URL, through a pool of mysql2. */
import { connect } from "node:net";
import { userInfo } from "node:os";
import { MissingPackageError } from "../../errors.ts";
import type { MysqlAddress } from "./address.ts";
import { certificatesIn } from "./certificates.ts";
import type { Opened } from "./client.ts";
import { DEFAULT_BUSY_MILLIS } from "./database.ts";
import { firstThatConnects } from "./first-that-connects.ts";
import { MysqlDriver } from "./mysql.ts";
import { IDLE_MILLIS, Sockets } from "./sockets.ts";

/** As many as pg's pools have. */
const CONNECTIONS = 10;

/** What mysql2 is told of TLS; none at all in its absence. */
interface Tls {
  readonly ssl?: { readonly ca?: string; readonly rejectUnauthorized: boolean; readonly verifyIdentity?: boolean };
}

/** As PyMySQL does it: TLS where the server has it, and where certificates are given, no other way. */
function waysOf(ca: string | undefined): readonly [Tls, ...Tls[]] {
  if (ca !== undefined) return [{ ssl: { ca, rejectUnauthorized: true, verifyIdentity: true } }];
  return [{ ssl: { rejectUnauthorized: false } }, {}];
}

/** @throws StoreError, ConfigError where there is no such certificate, MissingPackageError */
export async function openMysql(address: MysqlAddress): Promise<Opened> {
  const { createPool } = await import("mysql2/promise").catch((cause: unknown) => {
    throw new MissingPackageError('Cannot open MySQL by its URL: the package "mysql2" is not installed', { cause });
  });
  const ca = address.sslCa === undefined ? undefined : await certificatesIn(address.sslCa);
  const { user = userInfo().username, password = "" } = address;
  const { host = "localhost", port = 3306, database, connectTimeoutMillis } = address;
  return firstThatConnects(waysOf(ca), (tls) => {
    const sockets = new Sockets();
    const pool = createPool({
      user,
      password,
      host,
      port,
      ...tls,
      connectionLimit: CONNECTIONS,
      // All that idle are let go, which mysql2 does only where fewer may idle than there may be.
      maxIdle: CONNECTIONS - 1,
      idleTimeout: IDLE_MILLIS,
      gracefulEnd: true,
      ...(database && { database }),
      ...(connectTimeoutMillis && { connectTimeout: connectTimeoutMillis }),
      stream: () => sockets.add(connect(port, host)),
    });
    return {
      driver: new MysqlDriver(pool),
      busyMillis: DEFAULT_BUSY_MILLIS,
      close: () => sockets.end(pool.end()),
    };
  });
}
