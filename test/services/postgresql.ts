/** Real PostgreSQL servers for tests: the local binaries on a free port. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { Program } from "./process.ts";
import { runAs, serverFolder, serverUser } from "./server-user.ts";
import { programFolder } from "./services.ts";
import { attempts, freeze, type SqlServer, thaw } from "./sql-server.ts";

/** The user of every database, who needs no password and may do everything. */
export const POSTGRES_USER = "test";

/** Only C's locale is everywhere. A test has nothing to lose in a power cut. */
const CLUSTER = [
  "-U",
  POSTGRES_USER,
  "-A",
  "trust",
  "-E",
  "UTF8",
  "--locale=C.UTF-8",
  "--no-sync",
  "--no-instructions",
];
const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "shared_buffers=32MB",
];

/** Starts a server. @param settings further ones of postgresql.conf, such as `ssl=on` */
export async function startPostgresql(settings: readonly string[] = []): Promise<SqlServer> {
  const user = serverUser("postgres");
  const folder = await serverFolder("pg-", user);
  const programs = programFolder("postgresql");
  const data = join(folder, "data");
  runAs(user, join(programs, "initdb"), ["-D", data, ...CLUSTER], folder);
  const start = async (port: number): Promise<Program> => {
    const given = [...SETTINGS, `unix_socket_directories=${folder}`, ...settings].flatMap((setting) => ["-c", setting]);
    const program = new Program({
      command: join(programs, "postgres"),
      args: ["-D", data, "-p", String(port), ...given],
      cwd: folder,
      ...(user && { user }),
    });
    await answering(program, port);
    return program;
  };
  const [port, first] = await attempts(async () => {
    const free = await freePort();
    return [free, await start(free)] as const;
  });
  let program = first;
  let databases = 0;
  return {
    port,
    makeDatabase: async () => {
      const name = `db${databases++}`;
      await admin(port, `CREATE DATABASE ${name}`);
      return name;
    },
    freeze: () => freeze(program),
    thaw: () => {
      thaw(program);
    },
    restart: async () => {
      await program.stop("SIGQUIT");
      program = await start(port);
    },
    stop: async () => {
      await program.stop("SIGINT");
      await rm(folder, { recursive: true });
    },
  };
}

/** Runs a statement as the user that may do everything. */
async function admin(port: number, statement: string): Promise<void> {
  const client = new Client({ host: "127.0.0.1", port, user: POSTGRES_USER, database: "postgres" });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function answering(program: Program, port: number): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && program.alive; await sleep(20)) {
    if (
      await admin(port, "SELECT 1").then(
        () => true,
        () => false,
      )
    )
      return;
  }
  program.kill();
  throw new Error(`postgres did not start on port ${port}:\n${program.log}`);
}
