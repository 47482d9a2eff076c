/** Real memcached servers for tests: MEMCACHED_URL, or the local binary on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { findBinary } from "./services.ts";

/** A server that answers. */
export interface MemcachedServer {
  readonly port: number;
  /** As clients take it, such as `127.0.0.1:11211`. */
  readonly address: string;
  /** Stops it where it stands: it answers nothing, and its connections stay open. */
  freeze(): Promise<void>;
  /** Lets it go on. */
  thaw(): void;
  /** Ends a server that was started, with all that it held; one named by MEMCACHED_URL goes on. */
  stop(): Promise<void>;
}

const ATTEMPTS = 3;
const QUIET = ["-U", "0", "-m", "64", "-t", "1", "-c", "256"];
/** As root it must be told as whom to run. Another user than the one who spawns it would forget whose death it is to follow. */
const AS_USER = process.getuid?.() === 0 ? ["-u", "root"] : [];

/**
 * Takes the server that MEMCACHED_URL names, or starts one.
 * @param options further ones of the command line, such as `-I 2m`; with any of them, or a port, the server is always one of our own
 * @param port where it is to listen; any free one otherwise
 */
export async function startMemcached(options: readonly string[] = [], port?: number): Promise<MemcachedServer> {
  const url = process.env["MEMCACHED_URL"];
  if (url !== undefined && options.length === 0 && port === undefined) return given(new URL(url));
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(port ?? (await freePort()), options);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Sends a command as it is and waits for the answer. @param last what its last line starts with */
export async function askMemcached(port: number, command: string | Uint8Array, last = /\r\n$/): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1");
  socket.write(command);
  let answer = Buffer.alloc(0);
  for await (const piece of socket) {
    answer = Buffer.concat([answer, piece as Buffer]);
    if (last.test(answer.toString("latin1"))) break;
  }
  return answer;
}

function given({ hostname, port }: URL): MemcachedServer {
  return {
    port: Number(port || 11211),
    address: `${hostname}:${port || 11211}`,
    freeze: () => Promise.reject(notOurs()),
    thaw: () => {
      throw notOurs();
    },
    stop: () => Promise.resolve(),
  };
}

async function start(port: number, options: readonly string[]): Promise<MemcachedServer> {
  const server = spawnBound("memcached", [...AS_USER, "-l", "127.0.0.1", "-p", String(port), ...QUIET, ...options]);
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    // SIGTERM takes it up to a second, and it has nothing to save.
    server.kill("SIGKILL");
    await once(server, "exit");
  };
  const freeze = async (): Promise<void> => {
    server.kill("SIGSTOP");
    while (!isStopped(server.pid)) await sleep(1);
  };
  const thaw = (): void => {
    server.kill("SIGCONT");
  };
  if (await answers(server, port)) return { port, address: `127.0.0.1:${port}`, freeze, thaw, stop };
  await stop();
  throw new Error(`memcached did not start on port ${port}`);
}

function notOurs(): Error {
  return new Error("A server that is not ours is not stopped");
}

/** What Linux says of the state of a process; elsewhere it is believed at once. */
function isStopped(pid: number | undefined): boolean {
  return !existsSync("/proc/self/stat") || / T /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Spawns a server that ends with this process, however that ends, where Linux can see to it. */
function spawnBound(command: string, args: readonly string[]): ChildProcess {
  const words = findBinary("setpriv") === undefined ? [] : ["setpriv", "--pdeathsig", "KILL", "--"];
  const [program, ...rest] = [...words, command, ...args] as [string, ...string[]];
  return spawn(program, rest, { stdio: "ignore" });
}

async function answers(server: ChildProcess, port: number): Promise<boolean> {
  for (const end = Date.now() + 5000; Date.now() < end && server.exitCode === null; await sleep(5)) {
    const answer = await askMemcached(port, "version\r\n").catch(() => Buffer.alloc(0));
    if (answer.toString().startsWith("VERSION")) return true;
  }
  return false;
}
