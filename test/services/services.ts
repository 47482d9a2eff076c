/** What becomes of tests whose service is not installed: skipped with the reason, or failed where REQUIRE_SERVICES is 1. */
import { accessSync, constants, existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

interface Service {
  /** The program that the tests start. */
  readonly binary: string;
  /** Where it lies beside the folders of PATH. */
  readonly folders?: readonly string[];
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
  /** Debian keeps the programs of each version of PostgreSQL in a folder of its own. */
  postgresql: { binary: "postgres", folders: versionsOf("/usr/lib/postgresql"), install: "apt-get install postgresql" },
  /** On the PATH of root alone. */
  mariadb: { binary: "mariadbd", folders: ["/usr/sbin"], install: "apt-get install mariadb-server" },
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
  const { binary, folders, variable, install }: Service = services[name];
  if ((variable !== undefined && process.env[variable] !== undefined) || findBinary(binary, folders) !== undefined)
    return;
  const or = variable === undefined ? "" : `, or set ${variable}`;
  const reason = `${binary} is not installed (${install}${or})`;
  if (process.env["REQUIRE_SERVICES"] === "1") throw new Error(reason);
  if (!told.has(reason)) console.log(`    skipped: ${reason}`);
  told.add(reason);
  context.skip();
}

/** The folder of a service's programs, once {@link requireService} has found it; one of them may be linked from elsewhere. */
export function programFolder(name: ServiceName): string {
  const { binary, folders }: Service = services[name];
  return dirname(realpathSync(findBinary(binary, folders) ?? binary));
}

/** The path of a program on PATH or in further folders, if it is there. */
export function findBinary(name: string, further: readonly string[] = []): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders, ...further].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The newest first. */
function versionsOf(folder: string): string[] {
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  return versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(folder, version, "bin"));
}
