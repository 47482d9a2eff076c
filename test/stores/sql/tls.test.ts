/** Connections by URL are secured as libpq and PyMySQL secure them. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { ConfigError, StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import { judgeOf } from "../../python/judge.ts";
import { type Certificate, hostRules, makeCertificate } from "../../services/certificate.ts";
import { MARIADB_USER, startMariadb } from "../../services/mariadb.ts";
import { POSTGRES_USER, startPostgresql } from "../../services/postgresql.ts";
import { serverFolder, serverUser } from "../../services/server-user.ts";
import { requireService } from "../../services/services.ts";
import type { SqlServer } from "../../services/sql-server.ts";
import { openStore } from "./databases.ts";
import { mariadb, mysqlUrl, postgresql, postgresUrl } from "./servers.ts";

/** Whether the connection is secured, or the error. */
type Outcome = boolean | typeof StoreError;

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a connection to PostgreSQL", () => {
  let folder: string;
  let certificate: Certificate;
  let server: SqlServer;
  let database: string;
  let admin: Client;

  before(async function () {
    requireService(this, "postgresql");
    const user = serverUser("postgres");
    folder = await serverFolder("tls-", user);
    certificate = await makeCertificate(folder, user);
    const rules = [
      `hostssl all secure all trust`,
      `hostnossl all plain all trust`,
      `host all ${POSTGRES_USER} all trust`,
    ];
    server = await startPostgresql([
      "ssl=on",
      `ssl_cert_file=${certificate.certificate}`,
      `ssl_key_file=${certificate.key}`,
      `hba_file=${await hostRules(folder, rules)}`,
    ]);
    database = await server.makeDatabase();
    admin = new Client({ host: "127.0.0.1", port: server.port, user: POSTGRES_USER, database });
    await admin.connect();
    for (const role of ["secure", "plain"]) await admin.query(`CREATE ROLE ${role} LOGIN SUPERUSER`);
  });
  after(async () => {
    await admin?.end();
    await server?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const cases: readonly (readonly [user: string, host: string, parameters: string, outcome: Outcome])[] = [
    ["test", "127.0.0.1", "", true],
    ["test", "127.0.0.1", "sslmode=disable", false],
    ["test", "127.0.0.1", "sslmode=allow", false],
    ["test", "127.0.0.1", "sslmode=prefer", true],
    ["test", "127.0.0.1", "sslmode=require", true],
    ["secure", "127.0.0.1", "sslmode=disable", StoreError],
    ["secure", "127.0.0.1", "sslmode=allow", true],
    ["secure", "127.0.0.1", "sslmode=prefer", true],
    ["plain", "127.0.0.1", "sslmode=allow", false],
    ["plain", "127.0.0.1", "sslmode=prefer", false],
    ["plain", "127.0.0.1", "sslmode=require", StoreError],
    ["test", "127.0.0.1", "sslmode=require&sslrootcert=CERTIFICATE", true],
    ["test", "127.0.0.1", "sslmode=verify-ca&sslrootcert=CERTIFICATE", true],
    ["test", "127.0.0.1", "sslmode=verify-full&sslrootcert=CERTIFICATE", StoreUnavailableError],
    ["test", "localhost", "sslmode=verify-full&sslrootcert=CERTIFICATE", true],
    ["test", "localhost", "sslmode=verify-full", StoreUnavailableError],
    ["test", "127.0.0.1", "sslmode=verify-ca", StoreUnavailableError],
  ];
  for (const [user, host, parameters, outcome] of cases) {
    const what = typeof outcome === "boolean" ? (outcome ? "secured" : "not secured") : "refused";
    it(`of ${user} to ${host} with ${parameters || "no parameter"} is ${what}, as for libpq`, async () => {
      const query = parameters.replace("CERTIFICATE", encodeURIComponent(certificate.certificate));
      const url = `postgresql://${user}@${host}:${server.port}/${database}${query && `?${query}`}`;
      const store = openStore(url, { table: `t_${Math.random().toString(36).slice(2)}` });
      const error = await errorOf(store.open?.() ?? Promise.resolve());
      if (typeof outcome === "boolean") expect(error).to.equal(undefined);
      else expect(error).to.be.instanceOf(outcome);
      const { rows } = await admin.query(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = $1 AND pid <> pg_backend_pid()",
        [database],
      );
      const secured = (rows as { ssl: boolean }[]).map(({ ssl }) => ssl);
      expect(new Set(secured)).to.deep.equal(new Set(typeof outcome === "boolean" ? [outcome] : []));
      await store.close();
      // Without a certificate libpq looks for one in the home folder.
      if (parameters.startsWith("sslmode=verify") && !parameters.includes("sslrootcert")) return;
      expect(await libpq(url)).to.equal(outcome === true ? "secured" : outcome === false ? "not secured" : "refused");
    });
  }

  async function libpq(url: string): Promise<unknown> {
    return (await judgeOf("fs080-stores")).run(
      `
import psycopg2
try:
    connection = psycopg2.connect(input)
    result = "secured" if connection.info.ssl_in_use else "not secured"
    connection.close()
except psycopg2.OperationalError:
    result = "refused"
`,
      url,
    );
  }

  it("is not secured where the server has no TLS and nothing is said, and refused where it must be", async function () {
    const url = postgresUrl(await postgresql(this));
    await openStore(url).open?.();
    const error = await errorOf(openStore(`${url}?sslmode=require`).open?.() ?? Promise.resolve());
    expect(error).to.be.instanceOf(StoreUnavailableError);
  });

  it("names the certificates that it cannot read", async function () {
    const url = `${postgresUrl(await postgresql(this))}?sslmode=verify-full&sslrootcert=nowhere.pem`;
    const error = await errorOf(openStore(url).open?.() ?? Promise.resolve());
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as Error).message).to.equal(`Cannot read the certificates in ${join(process.cwd(), "nowhere.pem")}`);
  });
});

describe("a connection to MariaDB", () => {
  let folder: string;
  let certificate: Certificate;
  let server: SqlServer;
  let database: string;

  before(async function () {
    requireService(this, "mariadb");
    const user = serverUser("mysql");
    folder = await serverFolder("tls-", user);
    certificate = await makeCertificate(folder, user);
    server = await startMariadb([`--ssl-cert=${certificate.certificate}`, `--ssl-key=${certificate.key}`]);
    database = await server.makeDatabase();
    const admin = await createConnection({ host: "127.0.0.1", port: server.port, user: MARIADB_USER });
    await admin.query("CREATE USER secure@'127.0.0.1' REQUIRE SSL");
    await admin.query("GRANT ALL ON *.* TO secure@'127.0.0.1'");
    await admin.end();
  });
  after(async () => {
    await server?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const urlOf = (host: string): string => `mysql+pymysql://secure@${host}:${server.port}/${database}`;

  it("is secured where the server has TLS and nothing is said", async () => {
    await openStore(urlOf("127.0.0.1")).open?.();
  });

  it("is secured, and the server's name compared, with ssl_ca", async () => {
    const url = `${urlOf("localhost")}?ssl_ca=${encodeURIComponent(certificate.certificate)}`;
    await openStore(url).open?.();
    await makeCertificate(folder, serverUser("mysql"), "elsewhere");
    const admin = await createConnection({ host: "127.0.0.1", port: server.port, user: MARIADB_USER });
    await admin.query("FLUSH SSL");
    await admin.end();
    const error = await errorOf(openStore(url).open?.() ?? Promise.resolve());
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect((error as Error).message).to.include("in CONNECT");
  });

  it("is refused with ssl_ca where the server has no TLS", async function () {
    const url = `${mysqlUrl({ ...(await mariadb(this)), host: "localhost" })}?ssl_ca=${encodeURIComponent(certificate.certificate)}`;
    const error = await errorOf(openStore(url).open?.() ?? Promise.resolve());
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect((error as Error).message).to.equal("Cannot reach MySQL: HANDSHAKE_NO_SSL_SUPPORT in CONNECT");
  });
});
