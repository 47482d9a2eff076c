/** Real MariaDB servers for tests: the local binaries on a free port. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { freePort } from "./free-port.ts";
import { Program } from "./process.ts";
import { runAs, type ServerUser, serverFolder, serverUser } from "./server-user.ts";
import { findBinary, programFolder } from "./services.ts";
import { attempts, freeze, type SqlServer, thaw } from "./sql-server.ts";

/** The user of every database, who needs no password and may do everything. */
export const MARIADB_USER = "test";

/** Small, and fast to make. A test has nothing to lose in a power cut. */
const SETTINGS = [
  "--bind-address=127.0.0.1",
  "--skip-name-resolve",
  "--innodb-buffer-pool-size=16M",
  "--innodb-log-file-size=8M",
  "--innodb-flush-log-at-trx-commit=0",
  "--innodb-doublewrite=0",
  "--skip-log-bin",
  "--performance-schema=OFF",
  "--character-set-server=utf8mb4",
];

/** Starts a server. @param settings further ones, such as `--max-allowed-packet=1M` */
export async function startMariadb(settings: readonly string[] = []): Promise<SqlServer> {
  const user = serverUser("mysql");
  const folder = await serverFolder("my-", user);
  install(folder, user);
  const start = async (port: number): Promise<Program> => {
    const place = [`--datadir=${folder}/data`, `--socket=${folder}/s`, `--pid-file=${folder}/pid`, `--port=${port}`];
    const program = new Program({
      command: join(programFolder("mariadb"), "mariadbd"),
      // As root it wants to be told so, even where it is not root any more.
      args: ["--no-defaults", ...place, ...SETTINGS, ...settings],
      cwd: folder,
      ...(user && { user }),
    });
    await answering(program, `${folder}/s`);
    return program;
  };
  const [port, first] = await attempts(async () => {
    const free = await freePort();
    return [free, await start(free)] as const;
  });
  const socket = `${folder}/s`;
  await admin(socket, `CREATE USER ${MARIADB_USER}@'127.0.0.1'`);
  await admin(socket, `GRANT ALL ON *.* TO ${MARIADB_USER}@'127.0.0.1' WITH GRANT OPTION`);
  let program = first;
  let databases = 0;
  return {
    port,
    makeDatabase: async () => {
      const name = `db${databases++}`;
      await admin(socket, `CREATE DATABASE ${name}`);
      return name;
    },
    freeze: () => freeze(program),
    thaw: () => {
      thaw(program);
    },
    restart: async () => {
      await program.stop("SIGKILL");
      program = await start(port);
    },
    stop: async () => {
      await program.stop("SIGTERM");
      await rm(folder, { recursive: true });
    },
  };
}

function install(folder: string, user: ServerUser): void {
  runAs(
    user,
    findBinary("mariadb-install-db") ?? "mariadb-install-db",
    [
      "--no-defaults",
      `--datadir=${folder}/data`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      "--skip-name-resolve",
      "--innodb-log-file-size=8M",
    ],
    folder,
  );
}

/** Runs a statement as root, who may come through the socket without a password. */
async function admin(socketPath: string, statement: string): Promise<void> {
  const client = await createConnection({ socketPath, user: "root" });
  await client.query(statement);
  await client.end();
}

async function answering(program: Program, socket: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && program.alive; await sleep(20)) {
    if (
      await admin(socket, "SELECT 1").then(
        () => true,
        () => false,
      )
    )
      return;
  }
  program.kill();
  throw new Error(`mariadbd did not start:\n${program.log}`);
}
