/** Clients: one of our own and when it ends, failures, and servers that stop and come back. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { ConfigError, StoreError, StoreUnavailableError } from "../../../src/errors.ts";
import type { InspectableStore, Store } from "../../../src/session/store.ts";
import { type DynamodbClient, dynamodbStore } from "../../../src/stores/dynamodb.ts";
import { addressOf, type DynamodbServer, makeTable, startDynamodb } from "../../services/dynamodb-server.ts";
import { freePort } from "../../services/free-port.ts";
import { compiled, runProgram } from "../program.ts";
import { atEnd } from "../redis/at-end.ts";

const KEY = "session:SidThatNobodyMaySee";
const BYTES = Buffer.from("ValueThatNobodyMaySee");
const soon = (): Date => new Date(Date.now() + 60_000);
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

const calls: readonly (readonly [string, (store: InspectableStore) => Promise<unknown>])[] = [
  ["get", (store) => store.get(KEY)],
  ["set", (store) => store.set(KEY, BYTES, soon())],
  ["set with null", (store) => store.set(KEY, BYTES, soon(), null)],
  ["set with an expectation", (store) => store.set(KEY, BYTES, soon(), { bytes: BYTES })],
  ["touch", (store) => store.touch(KEY, soon())],
  ["delete", (store) => store.delete(KEY)],
  ["delete with an expectation", (store) => store.delete(KEY, { bytes: BYTES })],
  ["list", (store) => store.list("session:")[Symbol.asyncIterator]().next()],
  ["deleteExpired", (store) => store.deleteExpired()],
  ["open", (store) => Promise.resolve(store.open?.())],
  ["check", (store) => store.check()],
];

function expectSafe(error: unknown): void {
  const shown = `${inspect(error, { depth: 9, showHidden: true })}${JSON.stringify(error)}${String((error as Error).stack)}`;
  for (const secret of ["SidThatNobodyMaySee", BYTES.toString(), BYTES.toString("base64")]) {
    expect(shown).to.not.include(secret);
  }
}

/** A client that throws what the SDK would. */
function failing(thrown: object): DynamodbClient {
  return { send: () => Promise.reject(Object.assign(new Error(`${KEY} ${BYTES.toString()}`), thrown)) };
}

describe("a dynamodb store", () => {
  let server: DynamodbServer;

  before(async () => {
    server = await startDynamodb();
  });
  after(() => server?.stop());

  it("finds Flask's table where nothing is said", async () => {
    const { endpoint, ...rest } = addressOf(server);
    await makeTable(server, "Sessions");
    const store = dynamodbStore({ address: { endpoint, ...rest } });
    atEnd(() => store.close());
    await store.open?.();
    const nowhere = dynamodbStore();
    atEnd(() => nowhere.close());
    expect(nowhere.compareAndSet).to.equal("everyone");
  });

  for (const [name, call] of calls) {
    it(`without its table is a ConfigError that names it: ${name}`, async () => {
      const store = dynamodbStore({ address: addressOf(server), table: "None.such" });
      atEnd(() => store.close());
      const error = await failure(call(store));
      expect(error).to.be.instanceOf(ConfigError);
      expect((error as Error).message).to.equal(
        'Cannot use DynamoDB: there is no table "None.such"; Flask-Session makes it when it starts',
      );
      expectSafe(error);
    });

    it(`without a server is a StoreUnavailableError: ${name}`, async () => {
      const address = { ...addressOf(server), endpoint: `http://127.0.0.1:${await freePort()}` };
      const store = dynamodbStore({ address });
      atEnd(() => store.close());
      const error = await failure(call(store));
      expect(error).to.be.instanceOf(StoreUnavailableError);
      expect((error as Error).message).to.match(/^Cannot reach DynamoDB: ECONNREFUSED in [A-Z][A-Za-z]+$/);
      expectSafe(error);
    });

    it(`with a table of another key is a StoreError: ${name}`, async () => {
      const refused = { name: "ValidationException", $fault: "client" };
      const error = await failure(call(dynamodbStore({ client: failing(refused) })));
      expect(error).to.be.instanceOf(StoreError).and.not.instanceOf(StoreUnavailableError);
      expect((error as Error).message).to.match(/^DynamoDB refused [A-Z][A-Za-z]+: ValidationException$/);
      expectSafe(error);
    });
  }

  const refusals: readonly (readonly [object, string, typeof StoreError])[] = [
    [
      { name: "ThrottlingException", $fault: "client" },
      "DynamoDB cannot serve GetItem now: ThrottlingException",
      StoreUnavailableError,
    ],
    [
      { name: "ProvisionedThroughputExceededException", $fault: "client" },
      "DynamoDB cannot serve GetItem now: ProvisionedThroughputExceededException",
      StoreUnavailableError,
    ],
    [
      { name: "InternalServerError", $fault: "server" },
      "DynamoDB cannot serve GetItem now: InternalServerError",
      StoreUnavailableError,
    ],
    [
      { name: "AccessDeniedException", $fault: "client" },
      "DynamoDB refused GetItem: AccessDeniedException",
      StoreError,
    ],
    [{ name: `${KEY} says`, $fault: "client" }, "DynamoDB refused GetItem: an error", StoreError],
    [
      { name: "CredentialsProviderError" },
      "Cannot reach DynamoDB: CredentialsProviderError in GetItem",
      StoreUnavailableError,
    ],
  ];
  for (const [thrown, message, kind] of refusals) {
    it(`says ${message}`, async () => {
      const error = await failure(dynamodbStore({ client: failing(thrown) }).get(KEY));
      expect(error).to.be.instanceOf(kind).with.property("message", message);
      expect((error as Error).constructor).to.equal(kind);
      expectSafe(error);
    });
  }

  it("is not reached where something else answers", async () => {
    const other = createServer((_request, response) => response.end(`<html>${KEY}</html>`)).listen(0, "127.0.0.1");
    atEnd(() => other.close());
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const store = dynamodbStore({ address: { ...addressOf(server), endpoint: `http://127.0.0.1:${port}` } });
    atEnd(() => store.close());
    const error = await failure(store.get(KEY));
    expect(error).to.be.instanceOf(StoreError);
    expectSafe(error);
  });

  it("tells which rights its client lacks", async () => {
    const table = await makeTable(server);
    const client = new DynamoDBClient(addressOf(server));
    atEnd(() => {
      client.destroy();
    });
    const lacking = (...names: string[]): DynamodbClient => ({
      send: (command: never) =>
        names.includes((command as object).constructor.name)
          ? Promise.reject(Object.assign(new Error(KEY), { name: "AccessDeniedException", $fault: "client" }))
          : client.send(command),
    });
    const check = async (...names: string[]): Promise<readonly string[]> =>
      (await dynamodbStore({ client: lacking(...names), table }).check()).missingRights;
    expect(await check()).to.deep.equal([]);
    expect(await check("UpdateItemCommand", "ScanCommand")).to.deep.equal([
      "UpdateItem (writing sessions)",
      "Scan (listing sessions)",
    ]);
    expect(await check("DeleteItemCommand")).to.deep.equal(["DeleteItem (logging out)"]);
    const found = await dynamodbStore({ client, table }).get("flask-session-node:probe");
    expect(found).to.equal(undefined);
  });

  it("refuses calls once it is closed, and leaves a client open that it was given", async () => {
    const own = dynamodbStore({ address: addressOf(server), table: await makeTable(server) });
    await own.get(KEY);
    await own.close();
    await own.close();
    const error = await failure(own.get(KEY));
    expect(error).to.be.instanceOf(StoreUnavailableError);
    expect((error as Error).message).to.equal("Cannot reach DynamoDB: the store is closed");
    const client = new DynamoDBClient(addressOf(server));
    atEnd(() => {
      client.destroy();
    });
    const given: Store = dynamodbStore({ client, table: await makeTable(server) });
    await given.close();
    expect(await given.get(KEY)).to.equal(undefined);
    await given.close();
    expect(await given.get(KEY)).to.equal(undefined);
  });

  it("leaves the address as it was given", async () => {
    const address = addressOf(server);
    const store = dynamodbStore({ address, table: await makeTable(server) });
    await store.open?.();
    await store.close();
    expect(address).to.deep.equal(addressOf(server));
  });

  it("closes without ever having been opened", async () => {
    await dynamodbStore().close();
  });

  it("lets the process end by itself once it is closed", async () => {
    const { code, stdout } = await runProgram(
      `import { dynamodbStore } from ${JSON.stringify(compiled("stores/dynamodb.js"))};
       const store = dynamodbStore(JSON.parse(process.argv[2]));
       await store.set("s", Uint8Array.of(0x80), new Date(Date.now() + 60_000));
       await store.close();
       console.log("done");`,
      [JSON.stringify({ address: addressOf(server), table: await makeTable(server) })],
    );
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: "done\n" });
  });

  it("names the package that it misses", async () => {
    const hide = `export const resolve = (name, context, next) => {
      if (name.startsWith("@aws-sdk/")) throw new Error("hidden");
      return next(name, context);
    };`;
    const { code, stdout, stderr } = await runProgram(
      `import { register } from "node:module";
       register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hide)}`)});
       const { dynamodbStore } = await import(${JSON.stringify(compiled("stores/dynamodb.js"))});
       const store = dynamodbStore();
       for (const attempt of [1, 2]) await store.open().catch((error) => { console.log(error.code, error.message); });
       await store.close();`,
    );
    const line = 'ERR_MISSING_PACKAGE Cannot use DynamoDB: the package "@aws-sdk/client-dynamodb" is not installed\n';
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: line + line, stderr: "" });
  });
});
