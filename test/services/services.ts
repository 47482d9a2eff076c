/** What becomes of tests whose service is not installed: skipped with the reason, or failed where REQUIRE_SERVICES is 1. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

interface Service {
  /** The program that the tests start. */
  readonly binary: string;
  /** An environment variable that names a running one instead. */
  readonly variable?: string;
  /** How one gets it. */
  readonly install: string;
}

const services = {
  redis: { binary: "redis-server", variable: "REDIS_URL", install: "apt-get install redis-server" },
  /** A Redis that the tests configure themselves. */
  "redis-server": { binary: "redis-server", install: "apt-get install redis-server" },
  memcached: { binary: "memcached", variable: "MEMCACHED_URL", install: "apt-get install memcached" },
  /** A memcached that the tests configure themselves, stop and start. */
  "memcached-server": { binary: "memcached", install: "apt-get install memcached" },
} as const satisfies Record<string, Service>;

/** A service that tests can ask for. */
export type ServiceName = keyof typeof services;

const told = new Set<string>();

/**
 * Goes on where the service can be had; else skips the suite or test, and prints why, or fails it where the environment
 * says REQUIRE_SERVICES=1.
 * @param context `this` of a mocha hook or test
 */
export function requireService(context: Mocha.Context, name: ServiceName): void {
  const { binary, variable, install }: Service = services[name];
  if ((variable !== undefined && process.env[variable] !== undefined) || findBinary(binary) !== undefined) return;
  const or = variable === undefined ? "" : `, or set ${variable}`;
  const reason = `${binary} is not installed (${install}${or})`;
  if (process.env["REQUIRE_SERVICES"] === "1") throw new Error(reason);
  if (!told.has(reason)) console.log(`    skipped: ${reason}`);
  told.add(reason);
  context.skip();
}

/** The path of a program on PATH, if it is there. */
export function findBinary(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
