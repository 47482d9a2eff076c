/** A server that stops answering, hangs for good, or comes back: typed errors at the deadline, and no restart of Node. */
import { connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { createPool } from "mysql2/promise";
import { Pool } from "pg";
import { StoreTimeoutError, StoreUnavailableError } from "../../../src/errors.ts";
import { createSessions, type Sessions } from "../../../src/session/sessions.ts";
import { Sockets } from "../../../src/stores/sql/sockets.ts";
import type { SqlClient } from "../../../src/stores/sql.ts";
import { MARIADB_USER, startMariadb } from "../../services/mariadb.ts";
import { POSTGRES_USER, startPostgresql } from "../../services/postgresql.ts";
import { requireService, type ServiceName } from "../../services/services.ts";
import type { SqlServer } from "../../services/sql-server.ts";
import { atEnd } from "../redis/at-end.ts";
import { openStore } from "./databases.ts";
import { type Address, mysqlUrl, postgresUrl } from "./servers.ts";

interface Side {
  readonly name: string;
  readonly service: ServiceName;
  readonly user: string;
  readonly start: () => Promise<SqlServer>;
  readonly url: (address: Address) => string;
  /** A pool of the application's own. */
  readonly pool: (address: Address) => SqlClient & { end(): Promise<void> };
}

const sides: readonly Side[] = [
  {
    name: "PostgreSQL",
    service: "postgresql",
    user: POSTGRES_USER,
    start: startPostgresql,
    url: postgresUrl,
    pool: (address) => new Pool(address).on("error", () => {}),
  },
  {
    name: "MariaDB",
    service: "mariadb",
    user: MARIADB_USER,
    start: startMariadb,
    url: mysqlUrl,
    pool: (address) => createPool(address),
  },
];

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

for (const { name, service, user, start, url, pool } of sides) {
  describe(`${name} out of order`, function () {
    this.timeout(60_000);
    let server: SqlServer;
    let address: Address;

    before(async function () {
      requireService(this, service);
      server = await start();
      address = { host: "127.0.0.1", port: server.port, user, database: await server.makeDatabase() };
    });
    after(() => server?.stop());

    for (const way of ["its URL", "a pool"] as const) {
      describe(`and reached by ${way}`, () => {
        let sessions: Sessions;
        let visits = 0;

        beforeEach(async () => {
          const client = way === "its URL" ? url(address) : pool(address);
          if (typeof client !== "string") atEnd(() => client.end());
          sessions = createSessions({ store: openStore(client), readTimeoutMillis: 300, saveTimeoutMillis: 600 });
          await sessions.ready();
        });

        /** A visitor who comes, changes something and is known again. */
        const visit = async (): Promise<void> => {
          const opened = await sessions.open(undefined);
          opened.session["visit"] = ++visits;
          const [cookie] = (await opened.finish()).setCookie;
          expect((await sessions.read(cookie?.split(";")[0]))["visit"]).to.equal(visits);
        };

        it("is a StoreTimeoutError while it hangs, and works when it goes on", async () => {
          await visit();
          await server.freeze();
          atEnd(() => server.thaw());
          for (let request = 0; request < 3; request++) {
            const started = performance.now();
            expect(await failure(sessions.open("session=a"))).to.be.instanceOf(StoreTimeoutError);
            expect(performance.now() - started).to.be.within(250, 2000);
          }
          const opened = await sessions.open(undefined);
          opened.session["a"] = 1;
          expect(await failure(Promise.resolve(opened.finish()))).to.be.instanceOf(StoreTimeoutError);
          server.thaw();
          await visit();
        });

        it("works at the next request after a restart", async () => {
          await visit();
          await server.restart();
          await visit();
        });

        it("works at the next request after a restart in which requests failed", async () => {
          await visit();
          const restart = server.restart();
          let failed: unknown;
          for (let request = 0; request < 1000 && failed === undefined; request++) {
            failed = await sessions.open("session=a").then(
              () => undefined,
              (error: unknown) => error,
            );
          }
          expect(failed).to.be.instanceOf(StoreUnavailableError);
          expect((failed as Error).message).to.match(/^(Cannot reach|\w+ cannot serve)/);
          await restart;
          await visit();
        });
      });
    }

    it("does not keep close() waiting while it hangs", async () => {
      const store = openStore(url(address));
      await store.open?.();
      await server.freeze();
      atEnd(() => server.thaw());
      const hanging = failure(store.get("session:a"));
      const started = performance.now();
      await store.close();
      expect(performance.now() - started).to.be.lessThan(3000);
      expect(await hanging).to.be.instanceOf(StoreUnavailableError);
    });
  });
}

describe("a socket of a pool", () => {
  let server: Server;
  let accepted: Socket[];

  beforeEach(async () => {
    accepted = [];
    server = createServer((socket) => accepted.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    atEnd(() => server.close());
    atEnd(() => {
      for (const socket of accepted) socket.destroy();
    });
  });

  const connected = (): Socket => connect((server.address() as { port: number }).port, "127.0.0.1");

  it("on which nothing moves any more is given up, so that its place in the pool is free", async () => {
    const socket = new Sockets(50).add(connected());
    const started = performance.now();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(performance.now() - started).to.be.within(40, 1000);
  });

  it("does not outlive its pool, however long that takes to end", async () => {
    const sockets = new Sockets(60_000);
    const socket = sockets.add(connected());
    await new Promise((resolve) => socket.once("connect", resolve));
    await sockets.end(new Promise(() => {}));
    expect(socket.destroyed).to.equal(true);
  });
});
