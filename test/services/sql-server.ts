/** What the tests need of a database server, whichever it is. */
import { readFileSync } from "node:fs";
import type { Program } from "./process.ts";

/** A server that answers. */
export interface SqlServer {
  readonly port: number;
  /** Makes an empty database. @returns its name */
  makeDatabase(): Promise<string>;
  /** The processes of the server, stopped and let go on, as in a machine that hangs. */
  freeze(): void;
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

/** Sends a signal to a program and the programs that it has started. */
export function signalAll(program: Program, signal: NodeJS.Signals): void {
  const { pid } = program;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  for (const each of [pid, ...children.split(" ").filter(Boolean).map(Number)]) process.kill(each, signal);
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
