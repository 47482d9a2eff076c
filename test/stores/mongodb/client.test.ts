/** Clients: what a URL becomes and when it ends, and servers that stop and come back. */
import { expect } from "chai";
import { MongoClient } from "mongodb";
import { ConfigError, StoreUnavailableError } from "../../../src/errors.ts";
import { mongodbStore } from "../../../src/stores/mongodb.ts";
import { freePort } from "../../services/free-port.ts";
import { type MongodbServer, startMongodb, withMongo } from "../../services/mongodb-server.ts";
import { compiled, runProgram } from "../program.ts";
import { atEnd } from "../redis/at-end.ts";

const A = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const soon = (): Date => new Date(Date.now() + 60_000);
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no failure",
    (error: unknown) => error,
  );

describe("a mongodb store by URL", () => {
  let server: MongodbServer;

  before(async () => {
    server = await startMongodb();
  });
  after(() => server?.stop());

  it("opens at the first call, in Flask's database and collection", async () => {
    const store = mongodbStore(server.url);
    atEnd(() => store.close());
    await store.set("session:here", A, soon());
    const found = await withMongo(server.url, (client) =>
      client.db("flask_session").collection("sessions").findOne({ id: "session:here" }),
    );
    expect(found?.["val"].buffer).to.deep.equal(Buffer.from(A));
  });

  it("keeps to the time that its URL has for finding a server, and has one of its own", async () => {
    const nowhere = `mongodb://127.0.0.1:${await freePort()}`;
    const started = performance.now();
    const store = mongodbStore(`${nowhere}/?serverSelectionTimeoutMS=200`);
    atEnd(() => store.close());
    expect(await failure(store.get("unknown"))).to.be.instanceOf(StoreUnavailableError);
    expect(performance.now() - started).to.be.below(4000);
  });

  it("tells why it cannot open, and tries again at the next call", async () => {
    const port = await freePort();
    const store = mongodbStore(`mongodb://127.0.0.1:${port}/?serverSelectionTimeoutMS=200`);
    atEnd(() => store.close());
    for (const call of [() => store.open?.(), () => store.get("unknown")]) {
      const error = await failure(Promise.resolve(call()));
      expect(error).to.be.instanceOf(StoreUnavailableError);
      expect((error as Error).message).to.match(/^Cannot reach MongoDB: MongoServerSelectionError in (ping|find)$/);
    }
    const late = await startMongodb(true, port);
    atEnd(() => late.stop());
    expect(await failure(store.get("unknown"))).to.equal("no failure");
  });

  it("refuses calls once it is closed", async () => {
    const store = mongodbStore(server.url);
    await store.get("unknown");
    await store.close();
    await store.close();
    for (const call of [store.get("unknown"), store.open?.() ?? Promise.resolve()]) {
      const error = await failure(call);
      expect(error).to.be.instanceOf(StoreUnavailableError);
      expect((error as Error).message).to.equal("Cannot reach MongoDB: the store is closed");
    }
  });

  it("closes without ever having been opened", async () => {
    await mongodbStore(server.url).close();
  });

  it("lets the process end by itself once it is closed", async () => {
    const { code, stdout, stderr } = await runProgram(
      `import { mongodbStore } from ${JSON.stringify(compiled("stores/mongodb.js"))};
       const store = mongodbStore(process.argv[2]);
       await store.set("s", Uint8Array.of(0x80), new Date(Date.now() + 60_000));
       await store.close();
       console.log("done");`,
      [server.url],
    );
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: "done\n", stderr: "" });
  });

  it("names the package that it misses", async () => {
    const hide = `export const resolve = (name, context, next) => {
      if (name === "mongodb") throw new Error("hidden");
      return next(name, context);
    };`;
    const { code, stdout, stderr } = await runProgram(
      `import { register } from "node:module";
       register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hide)}`)});
       const { mongodbStore } = await import(${JSON.stringify(compiled("stores/mongodb.js"))});
       const store = mongodbStore(process.argv[2]);
       for (const attempt of [1, 2]) await store.open().catch((error) => { console.log(error.code, error.message); });
       await store.close();`,
      [server.url],
    );
    const line = 'ERR_MISSING_PACKAGE Cannot open MongoDB by its URL: the package "mongodb" is not installed\n';
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: line + line, stderr: "" });
  });

  for (const text of [
    "localhost:27017",
    "http://u:secret@localhost",
    "",
    "mongodb://",
    "mongodb:///db",
    "mongodb://u:secret@",
    "mongodb://u:sec@ret@localhost",
    "mongodb://u:secret%@localhost",
    "mongodb://u:secret/@localhost",
  ]) {
    it(`is not made of ${JSON.stringify(text)}, which no message repeats`, () => {
      expect(() => mongodbStore(text))
        .to.throw(ConfigError, "mongodb://")
        .with.property("message")
        .that.does.not.include("ret");
    });
  }

  const refused: readonly (readonly [string, string])[] = [
    [
      "mongodb://u:secret@localhost/?uuidRepresentation=standard",
      "its driver for Node has no option uuidrepresentation",
    ],
    ["mongodb://u:secret@localhost/?tz_aware=true", "its driver for Node has no option tz_aware"],
    ["mongodb://u:secret@localhost/?w=majority&fsync=1&document_class=x", "its driver for Node has no option"],
    ["mongodb://u:secret@localhost:port", "a URL starts with mongodb://"],
    ["mongodb://u:secret@localhost/?tls=maybe", "a URL starts with mongodb://"],
  ];
  for (const [url, reason] of refused) {
    it(`tells at its first call what the driver cannot take: ${url.replace(/^.*@/, "")}`, async () => {
      const store = mongodbStore(url);
      atEnd(() => store.close());
      const error = await failure(store.get("unknown"));
      expect(error).to.be.instanceOf(ConfigError);
      expect((error as Error).message)
        .to.include(`Cannot open MongoDB by its URL: ${reason}`)
        .and.not.include("secret");
    });
  }

  it("leaves a client open that it was given", async () => {
    const client = new MongoClient(server.url);
    atEnd(() => client.close());
    const store = mongodbStore(client);
    await store.open?.();
    await store.close();
    expect(await store.get("unknown")).to.equal(undefined);
  });
});

describe("a mongodb server that stops answering", () => {
  it("does not keep a store from closing", async () => {
    const server = await startMongodb(true);
    atEnd(() => server.stop());
    const store = mongodbStore(server.url);
    await store.get("session:a");
    server.freeze();
    const waiting = failure(store.get("session:a"));
    const started = performance.now();
    await store.close();
    expect(performance.now() - started).to.be.below(4000);
    await server.stop();
    expect(await waiting).to.be.instanceOf(StoreUnavailableError);
  });
});
