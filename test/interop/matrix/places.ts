/** The stores of the matrix, a row each: where the sessions of both sides lie, and how a test looks at them. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { type Judge, judgeOf } from "../../python/judge.ts";
import type { FlaskConfig } from "../../services/flask-app.ts";
import { type RedisServer, startRedis } from "../../services/redis-server.ts";
import type { ServiceName } from "../../services/services.ts";
import type { Side } from "../sides.ts";

/** What lies in a store. */
export interface Lying {
  readonly bytes: Uint8Array;
  readonly secondsLeft: number;
}

/** The store of one Flask app. */
export interface Place {
  /** Flask's keys, which Node takes too. */
  readonly config: FlaskConfig;
  /** Every session. */
  lying(): Promise<readonly Lying[]>;
  /** Puts this in the place of the only session. */
  replace(lying: Lying): Promise<void>;
  /** Removes every session. */
  clear(): Promise<void>;
}

/** A kind of store. */
export interface Places {
  /** How tables call it. */
  readonly name: string;
  /** Under which settings, in Markdown. */
  readonly about: string;
  readonly service?: ServiceName;
  /** Whether records are in the format of SESSION_SERIALIZATION_FORMAT; pickles in every version else. */
  readonly serializes: boolean;
  /** Sides that it is for; all if absent. */
  readonly isFor?: (side: Side) => boolean;
  /** One for each app of a side. */
  place(side: Side): Promise<Place>;
  /** Ends what was started for the places. */
  end(): Promise<void>;
}

const SETTINGS = "All of it with session ids signed and not, and with `SESSION_PERMANENT` on and off.";

/** Every store that both sides can use. */
export const stores: readonly Places[] = [redis(), files()];

function redis(): Places {
  let server: RedisServer | undefined;
  let client: Redis | undefined;
  return {
    name: "Redis",
    about: `Records are pickles up to 0.6, msgpack and JSON from 0.7. ${SETTINGS}`,
    service: "redis-server",
    serializes: true,
    async place() {
      server ??= await startRedis(["--databases", "1"]);
      client ??= new Redis(server.port);
      return redisPlace(server.url, client);
    },
    async end() {
      await client?.quit();
      await server?.stop();
      client = undefined;
      server = undefined;
    },
  };
}

function redisPlace(url: string, client: Redis): Place {
  return {
    config: { SESSION_TYPE: "redis", SESSION_REDIS: url },
    async lying() {
      const keys = await client.keys("*");
      return Promise.all(
        keys.map(async (key) => ({
          bytes: (await client.getBuffer(key)) as Uint8Array,
          secondsLeft: (await client.pttl(key)) / 1000,
        })),
      );
    },
    async replace({ bytes, secondsLeft }) {
      const [key = ""] = await client.keys("*");
      if (secondsLeft > 0) await client.set(key, Buffer.from(bytes), "PX", secondsLeft * 1000);
      else await client.del(key);
    },
    async clear() {
      await client.flushall();
    },
  };
}

/** Files, in the layout of the side's own cachelib, so that its Python reads and writes them here. */
export function files(): Places {
  const directories: string[] = [];
  return {
    name: "files",
    about: `Records are pickles in every version. ${SETTINGS}`,
    serializes: false,
    async place(side) {
      const directory = mkdtempSync(join(tmpdir(), "matrix-"));
      directories.push(directory);
      return filesPlace(directory, await judgeOf(side.environment));
    },
    end() {
      for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
      return Promise.resolve();
    },
  };
}

const LYING = `
import session_files as files
found = [files.read(input, name) for name in files.names(input)]
result = [[record.hex(), expiry] for expiry, record in found]`;

const REPLACE = `
import session_files as files
directory, record, expiry = input
(name,) = files.names(directory)
files.write(directory, name, expiry, bytes.fromhex(record))`;

function filesPlace(directory: string, python: Judge): Place {
  return {
    config: { SESSION_TYPE: "filesystem", SESSION_FILE_DIR: directory },
    async lying() {
      const found = (await python.run(LYING, directory)) as [record: string, expiry: number][];
      return found.map(([record, expiry]) => ({
        bytes: Buffer.from(record, "hex"),
        secondsLeft: expiry - Date.now() / 1000,
      }));
    },
    async replace({ bytes, secondsLeft }) {
      const expiry = Math.floor(Date.now() / 1000 + secondsLeft);
      await python.run(REPLACE, [directory, Buffer.from(bytes).toString("hex"), expiry]);
    },
    clear() {
      for (const name of readdirSync(directory)) {
        if (!COUNT_FILES.includes(name)) rmSync(join(directory, name));
      }
      return Promise.resolve();
    },
  };
}

/** Without it nobody knows how files are named; Python makes it at its start. */
const COUNT_FILES = [
  "2029240f6d1128be89ddc32729463129",
  "79bc207ee04a581ab2348ca1f3494e64cd0ec36128735b8c6bc85ddd8fe1938c",
];
