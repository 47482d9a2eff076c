/** What the tests need of a database server, whichever it is. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Program } from "./process.ts";

/** A server that answers. */
export interface SqlServer {
  readonly port: number;
  /** Makes an empty database. @returns its name */
  makeDatabase(): Promise<string>;
  /** Stops the processes of the server, as in a machine that hangs, and lets them go on. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends it at once and starts it again on its port, with its data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const ATTEMPTS = 3;

/** Starts a server; where its port was taken meanwhile, on another one. */
export async function attempts<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Stops a program and the programs that it has started, and waits until none of their threads moves. */
export async function freeze(program: Program): Promise<void> {
  const all = family(program);
  for (const pid of all) process.kill(pid, "SIGSTOP");
  const tasks = all.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/stat`));
  while (!tasks.every((task) => /\) T /.test(readFileSync(task, "utf8")))) await sleep(5);
}

/** Lets it go on. */
export function thaw(program: Program): void {
  for (const pid of family(program)) process.kill(pid, "SIGCONT");
}

function family({ pid }: Program): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...children.split(" ").filter(Boolean).map(Number)];
}

const shared = new Map<() => Promise<SqlServer>, Promise<SqlServer>>();

/** The server that the tests of this process share, each with databases of its own; {@link stopSharedServers} ends it. */
export function sharedServer(start: () => Promise<SqlServer>): Promise<SqlServer> {
  let server = shared.get(start);
  if (server === undefined) {
    server = start();
    shared.set(start, server);
  }
  return server;
}

/** Ends every server that {@link sharedServer} started. */
export async function stopSharedServers(): Promise<void> {
  for (const server of shared.values()) await (await server).stop();
  shared.clear();
}
