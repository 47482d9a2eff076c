/** Real servers that speak MongoDB's protocol, for tests: MONGODB_URL, or SecantusDB of the environment `fs080-stores`. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { pythonPath } from "../python/judge.ts";
import { freePort } from "./free-port.ts";
import { Program } from "./process.ts";

/** A server that answers. */
export interface MongodbServer {
  readonly port: number;
  readonly url: string;
  /** Stops it where it stands: it answers nothing, and its connections stay open. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Ends a server that was started, with all that it held; one named by MONGODB_URL goes on. */
  stop(): Promise<void>;
}

const ATTEMPTS = 3;
const QUIET = ["--log-level", "ERROR", "--cache-size", "64M", "--standalone"];

/**
 * Takes the server that MONGODB_URL names, or starts one.
 * @param own whether it must be one of our own, that can be stopped
 * @param port where it is to listen; any free one otherwise
 */
export async function startMongodb(own = false, port?: number): Promise<MongodbServer> {
  const url = process.env["MONGODB_URL"];
  if (url !== undefined && !own) return given(url);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(port ?? (await freePort()));
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** A server that wants to know who asks. */
export interface GuardedMongodb {
  /** The URL of a user, who needs no other password than the name. */
  urlOf(user: string): string;
  stop(): Promise<void>;
}

/** Starts a server with users, each with one role on a database; SecantusDB refuses by them. */
export async function startMongodbWithUsers(
  roles: Readonly<Record<string, string>>,
  db: string,
): Promise<GuardedMongodb> {
  const folder = await mkdtemp(join(tmpdir(), "mongodb-"));
  const port = await freePort();
  const open = await launch(port, folder, ["--sync-on-commit"]);
  await withMongo(`mongodb://127.0.0.1:${port}`, async (client) => {
    for (const [user, role] of Object.entries(roles)) {
      await client.db("admin").command({ createUser: user, pwd: user, roles: [{ role, db }] });
    }
  });
  await open.stop("SIGKILL");
  const guarded = await launch(port, folder, ["--auth"]);
  return {
    urlOf: (user) => `mongodb://${user}:${user}@127.0.0.1:${port}/?authSource=admin`,
    stop: async () => {
      await guarded.stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs work with a client of its own. */
export async function withMongo<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

function given(url: string): MongodbServer {
  const notOurs = (): never => {
    throw new Error("A server that is not ours is not stopped");
  };
  const { port } = new URL(url);
  return { port: Number(port || 27017), url, freeze: notOurs, thaw: notOurs, stop: () => Promise.resolve() };
}

async function start(port: number): Promise<MongodbServer> {
  const folder = await mkdtemp(join(tmpdir(), "mongodb-"));
  const program = await launch(port, folder);
  return {
    port,
    url: `mongodb://127.0.0.1:${port}`,
    freeze: () => process.kill(program.pid, "SIGSTOP"),
    thaw: () => process.kill(program.pid, "SIGCONT"),
    stop: async () => {
      // SIGTERM takes it two seconds, and what it would save is deleted.
      await program.stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(port: number, folder: string, options: readonly string[] = []): Promise<Program> {
  const place = ["--host", "127.0.0.1", "--port", String(port), "--storage-path", join(folder, "data")];
  const program = new Program({
    command: join(dirname(await pythonPath("fs080-stores")), "secantusd-py"),
    args: [...place, ...QUIET, ...options],
    cwd: folder,
  });
  if (await answers(program, port)) return program;
  await program.stop("SIGKILL");
  await rm(folder, { recursive: true, force: true });
  throw new Error(`SecantusDB did not start on port ${port}:\n${program.log}`);
}

async function answers(program: Program, port: number): Promise<boolean> {
  for (const end = Date.now() + 30_000; Date.now() < end && program.alive; await sleep(20)) {
    const socket = connect(port, "127.0.0.1");
    const connected = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected)
      return withMongo(`mongodb://127.0.0.1:${port}`, (client) => client.db("admin").command({ ping: 1 })).then(
        () => true,
      );
  }
  return false;
}
