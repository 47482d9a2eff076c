/** Real servers that speak DynamoDB's protocol, for tests: DYNAMODB_URL, or dynalite, or moto with DYNAMODB_SERVER=moto. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { projectFolder, pythonPath } from "../python/judge.ts";
import { freePort } from "./free-port.ts";
import { Program, type ProgramOptions } from "./process.ts";

/** A server that answers. */
export interface DynamodbServer {
  readonly port: number;
  readonly url: string;
  /** Stops it where it stands: it answers nothing, and its connections stay open. */
  freeze(): void;
  /** Lets it go on. */
  thaw(): void;
  /** Ends a server that was started, with all that it held; one named by DYNAMODB_URL goes on. */
  stop(): Promise<void>;
}

const ATTEMPTS = 3;
const CLI = join(projectFolder, "node_modules", "dynalite", "cli.js");
const AT_ONCE = ["--createTableMs", "0", "--deleteTableMs", "0", "--updateTableMs", "0"];

/** Its own command serves with threads among which a condition and the write that it is for are not one step. */
const MOTO = `
import sys, threading
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
lock = threading.Lock()
moto = DomainDispatcherApplication(create_backend_app)
def one_by_one(environ, start_response):
    with lock:
        return list(moto(environ, start_response))
run_simple("127.0.0.1", int(sys.argv[1]), one_by_one, threaded=True)
`;

/** How each server is started, by its name. */
const servers: Readonly<Record<string, (port: string) => Promise<ProgramOptions>>> = {
  dynalite: (port) =>
    Promise.resolve({ command: process.execPath, args: [CLI, "--host", "127.0.0.1", "--port", port, ...AT_ONCE] }),
  moto: async (port) => ({ command: await pythonPath("moto"), args: ["-c", MOTO, port] }),
};

/** The server of this run. */
export const dynamodbServer: string = process.env["DYNAMODB_SERVER"] ?? "dynalite";

/**
 * Takes the server that DYNAMODB_URL names, or starts one.
 * @param own whether it must be one of our own, that can be stopped
 * @param port where it is to listen; any free one otherwise
 */
export async function startDynamodb(own = false, port?: number): Promise<DynamodbServer> {
  const url = process.env["DYNAMODB_URL"];
  if (url !== undefined && !own) return given(url);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(port ?? (await freePort()));
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Where a server is, as stores and clients take it; another object each time, because the SDK writes into it. */
export function addressOf({ url }: Pick<DynamodbServer, "url">): {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
} {
  const credentials = { accessKeyId: "dummy", secretAccessKey: "dummy" };
  return { endpoint: url, region: "us-west-2", credentials };
}

/** Makes a table as Flask-Session 0.8 does. @returns its name, another each time where none is given */
export async function makeTable(
  server: Pick<DynamodbServer, "url">,
  name = `T${randomBytes(6).toString("hex")}`,
): Promise<string> {
  await withDynamo(server, (client) =>
    client.send(
      new CreateTableCommand({
        TableName: name,
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    ),
  );
  return name;
}

/** Runs work with a client of its own. */
export async function withDynamo<T>(
  server: Pick<DynamodbServer, "url">,
  work: (client: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const client = new DynamoDBClient(addressOf(server));
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

function given(url: string): DynamodbServer {
  const notOurs = (): never => {
    throw new Error("A server that is not ours is not stopped");
  };
  return { port: Number(new URL(url).port), url, freeze: notOurs, thaw: notOurs, stop: () => Promise.resolve() };
}

async function start(port: number): Promise<DynamodbServer> {
  const options = servers[dynamodbServer];
  if (options === undefined) throw new Error(`DYNAMODB_SERVER: the tests do not know ${dynamodbServer}`);
  const program = new Program(await options(String(port)));
  const url = `http://127.0.0.1:${port}`;
  if (await answers(program, url)) {
    return {
      port,
      url,
      freeze: () => process.kill(program.pid, "SIGSTOP"),
      thaw: () => process.kill(program.pid, "SIGCONT"),
      stop: () => program.stop("SIGKILL"),
    };
  }
  await program.stop("SIGKILL");
  throw new Error(`${dynamodbServer} did not start on port ${port}:\n${program.log}`);
}

async function answers(program: Program, url: string): Promise<boolean> {
  for (const end = Date.now() + 30_000; Date.now() < end && program.alive; await sleep(20)) {
    // It has no such page, and says so.
    if (
      await fetch(url).then(
        ({ body }) => body?.cancel().then(() => true),
        () => false,
      )
    )
      return true;
  }
  return false;
}
