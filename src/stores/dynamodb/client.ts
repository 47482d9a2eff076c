/** The one place that knows the AWS SDK: what a store needs of its client, its commands, and a client of our own. */
import { MissingPackageError, StoreUnavailableError } from "../../errors.ts";
import { storeError } from "./failure.ts";

/** What sessions need of a client: `DynamoDBClient` of the SDK's version 3, or `DynamoDB`. */
export interface DynamodbClient {
  send(command: never): Promise<unknown>;
}

/** Whether a value is a client, and no address of one. */
export function isDynamodbClient(value: unknown): value is DynamodbClient {
  return typeof value === "object" && value !== null && "send" in value && typeof value.send === "function";
}

/** Where a table is, in the SDK's own words. What is absent the SDK looks for in the environment. */
export interface DynamodbAddress {
  /** A URL, for another server than AWS's own. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly credentials?:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken?: string | undefined;
      }
    | undefined;
}

/** An attribute of an item. */
export interface Attribute {
  readonly S?: string;
  readonly N?: string;
  readonly B?: Uint8Array;
}

/** An item, or a part of one. */
export type Item = Readonly<Record<string, Attribute>>;

/** What commands answer, as far as a store looks at it. */
export interface Answer {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

/** The commands of a store, by the names that rights are granted for. */
export type CommandName = "GetItem" | "UpdateItem" | "DeleteItem" | "Scan";

/** A key that no session has. */
export const PROBE = "flask-session-node:probe";

/** Where Flask-Session 0.8 looks where it is told nothing. */
const FLASKS_OWN: DynamodbAddress = {
  endpoint: "http://localhost:8000",
  region: "us-west-2",
  credentials: { accessKeyId: "dummy", secretAccessKey: "dummy" },
};

/**
 * The SDK waits for ever for an answer. Requests have deadlines of their own; these set free what hangs, late enough for a
 * busy process, because a write that the SDK repeats may have been done. In milliseconds.
 */
const PATIENCE = { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** Sends commands, by a client that was given or by one of our own, which is made by the first command. */
export class Commands {
  readonly #given: DynamodbClient | undefined;
  readonly #address: DynamodbAddress;
  #opening: ReturnType<typeof open> | undefined;
  #closed = false;

  /** @param given closed by whom it belongs to; absent: a client of our own for the address */
  constructor(given: DynamodbClient | undefined, address: DynamodbAddress = FLASKS_OWN) {
    this.#given = given;
    this.#address = address;
  }

  /** @throws StoreError, MissingPackageError */
  async send(name: CommandName, input: object): Promise<Answer> {
    return (await this.#send(name, input)).answer;
  }

  /** The server's clock, to a second, as HTTP tells it. @throws as `send` */
  async clock(table: string): Promise<Date> {
    const { headers } = await this.#send("GetItem", { TableName: table, Key: { id: { S: PROBE } } });
    return new Date(String(headers["date"]));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opened = await this.#opening?.catch(() => undefined);
    opened?.own?.destroy();
  }

  async #send(name: CommandName, input: object): Promise<Sent> {
    if (this.#closed && this.#given === undefined) {
      throw new StoreUnavailableError("Cannot reach DynamoDB: the store is closed");
    }
    this.#opening ??= open(this.#given, this.#address);
    const { library, client } = await this.#opening;
    const Making = library[`${name}Command`] as unknown as new (input: object) => Command;
    return sent(client, new Making(input), name);
  }
}

/** An answer with what its protocol tells beside it. */
interface Sent {
  readonly answer: Answer;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

type Handler = (args: unknown) => Promise<{ readonly response: unknown }>;

/** A command of the SDK's, whose steps can be looked on at. */
interface Command {
  readonly middlewareStack: {
    add(middleware: (next: Handler) => Handler, options: { readonly step: "deserialize" }): void;
  };
}

async function sent(client: DynamodbClient, command: Command, name: CommandName): Promise<Sent> {
  let headers: Sent["headers"] = {};
  const listen =
    (next: Handler): Handler =>
    async (args) => {
      const result = await next(args);
      ({ headers } = result.response as Pick<Sent, "headers">);
      return result;
    };
  command.middlewareStack.add(listen, { step: "deserialize" });
  try {
    return { answer: (await client.send(command as never)) as Answer, headers };
  } catch (error) {
    throw storeError(error, name);
  }
}

async function open(given: DynamodbClient | undefined, address: DynamodbAddress) {
  const library = await import("@aws-sdk/client-dynamodb").catch((cause: unknown) => {
    throw new MissingPackageError('Cannot use DynamoDB: the package "@aws-sdk/client-dynamodb" is not installed', {
      cause,
    });
  });
  if (given !== undefined) return { library, client: given };
  // A copy: the SDK writes into the credentials that it is given.
  const own = new library.DynamoDBClient(structuredClone({ requestHandler: PATIENCE, ...address }) as object);
  return { library, client: own, own };
}
