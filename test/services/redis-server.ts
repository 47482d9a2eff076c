/** Real Redis servers for tests: REDIS_URL, or the local binary on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { findBinary } from "./services.ts";

/** A server that answers. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Stops it where it stands: it answers nothing, and its connections stay open. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Ends a server that was started; one named by REDIS_URL goes on. */
  stop(): Promise<void>;
}

const ATTEMPTS = 3;
/** In memory only, in the foreground. */
const QUIET = ["--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", "", "--loglevel", "warning"];

/**
 * Takes the server that REDIS_URL names, or starts one.
 * @param directives further ones of redis.conf, as words of the command line, such as `--rename-command GETEX ""`; with
 * any of them, or a port, the server is always one of our own
 * @param port where it is to listen; any free one otherwise
 */
export async function startRedis(directives: readonly string[] = [], port?: number): Promise<RedisServer> {
  const url = process.env["REDIS_URL"];
  if (url !== undefined && directives.length === 0 && port === undefined) return given(url);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(port ?? (await freePort()), directives);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** A Cluster of two masters that share the slots. */
export async function startRedisCluster(): Promise<{ readonly ports: readonly number[]; stop(): Promise<void> }> {
  const nodes = await Promise.all([startNode(), startNode()]);
  const clients = nodes.map(({ port }) => new Redis(port));
  const [first, second] = clients as [Redis, Redis];
  await first.call("CLUSTER", "ADDSLOTSRANGE", "0", "8191");
  await second.call("CLUSTER", "ADDSLOTSRANGE", "8192", "16383");
  const { port, busPort } = nodes[1];
  await first.call("CLUSTER", "MEET", "127.0.0.1", String(port), String(busPort));
  for (const client of clients) {
    for (;;) {
      const info = String(await client.call("CLUSTER", "INFO"));
      if (info.includes("cluster_state:ok") && info.includes("cluster_slots_assigned:16384")) break;
      await sleep(20);
    }
    client.disconnect();
  }
  return {
    ports: nodes.map((node) => node.port),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

function given(url: string): RedisServer {
  const notOurs = (): never => {
    throw new Error("A server that is not ours is not stopped");
  };
  const port = Number(new URL(url).port || 6379);
  return { port, url, freeze: notOurs, thaw: notOurs, stop: () => Promise.resolve() };
}

async function startNode(): Promise<RedisServer & { readonly busPort: number }> {
  // The default bus port is the port and 10000, which is over 65535 for most free ports.
  const busPort = await freePort();
  const cluster = [
    "--cluster-enabled",
    "yes",
    "--cluster-config-file",
    "nodes.conf",
    "--cluster-port",
    String(busPort),
  ];
  return { ...(await startRedis(cluster)), busPort };
}

async function start(port: number, directives: readonly string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const server = spawnBound("redis-server", [...place, ...QUIET, ...directives]);
  const stop = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  };
  const freeze = (): void => {
    server.kill("SIGSTOP");
  };
  const thaw = (): void => {
    server.kill("SIGCONT");
  };
  if (await answers(server, port)) return { port, url: `redis://127.0.0.1:${port}`, freeze, thaw, stop };
  await stop();
  throw new Error(`redis-server did not start on port ${port}`);
}

/** Spawns a server that ends with this process, however that ends, where Linux can see to it. */
function spawnBound(command: string, args: readonly string[]): ChildProcess {
  const words = findBinary("setpriv") === undefined ? [] : ["setpriv", "--pdeathsig", "KILL", "--"];
  const [program, ...rest] = [...words, command, ...args] as [string, ...string[]];
  return spawn(program, rest, { stdio: "ignore" });
}

async function answers(server: ChildProcess, port: number): Promise<boolean> {
  for (const end = Date.now() + 5000; Date.now() < end && server.exitCode === null; await sleep(5)) {
    if (await ping(port)) return true;
  }
  return false;
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(/^(\+PONG|-NOAUTH)/.test(data.toString()));
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
