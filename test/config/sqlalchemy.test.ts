/** Which database a Flask app's keys mean. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { expect } from "chai";
import { type FlaskConfig, type FlaskConfigOptions, flaskConfig } from "../../src/config/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { storeOf } from "./store-of.ts";

const KEY = "session:config-test";
const BYTES = Uint8Array.of(0x81, 0xa1, 0x61, 0x01);
const EXPIRES_AT = new Date(Date.now() + 3_600_000);
const TYPE = { SESSION_TYPE: "sqlalchemy" };

describe("SESSION_TYPE sqlalchemy", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "config-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Stores a record, and tells the tables of the file in which it must lie. */
  const stored = async (config: FlaskConfig, file: string, options: FlaskConfigOptions = {}): Promise<unknown> => {
    const store = storeOf({ ...TYPE, ...config }, { create: true, ...options });
    await store.set(KEY, BYTES, EXPIRES_AT);
    await store.close();
    const database = new DatabaseSync(join(folder, file));
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    database.close();
    return (tables as { name: string }[]).map(({ name }) => name);
  };

  it("opens SQLALCHEMY_DATABASE_URI, at the first call", async () => {
    expect(await stored({ SQLALCHEMY_DATABASE_URI: `sqlite:///${folder}/a.db` }, "a.db")).to.deep.equal(["sessions"]);
  });

  it("calls the table as SESSION_SQLALCHEMY_TABLE says", async () => {
    const config = { SQLALCHEMY_DATABASE_URI: `sqlite:///${folder}/a.db`, SESSION_SQLALCHEMY_TABLE: "Web.Sessions" };
    expect(await stored(config, "a.db")).to.deep.equal(["Web.Sessions"]);
  });

  it("looks for the table in SESSION_SQLALCHEMY_SCHEMA", async () => {
    const config = { SQLALCHEMY_DATABASE_URI: `sqlite:///${folder}/a.db`, SESSION_SQLALCHEMY_SCHEMA: "main" };
    expect(await stored(config, "a.db")).to.deep.equal(["sessions"]);
  });

  it("leaves SESSION_SQLALCHEMY_SEQUENCE alone in SQLite, as SQLAlchemy does", async () => {
    const config = { SQLALCHEMY_DATABASE_URI: `sqlite:///${folder}/a.db`, SESSION_SQLALCHEMY_SEQUENCE: "ids" };
    expect(await stored(config, "a.db")).to.deep.equal(["sessions"]);
  });

  for (const [form, of] of [
    ["text", (url: string) => url],
    ["an object", (url: string) => ({ url, pool_size: 3 })],
  ] as const) {
    it(`opens the one of SQLALCHEMY_BINDS that SESSION_SQLALCHEMY_BIND_KEY names, given as ${form}`, async () => {
      const config = {
        SQLALCHEMY_DATABASE_URI: "oracle://elsewhere",
        SQLALCHEMY_BINDS: { other: "mssql://elsewhere", web: of(`sqlite:///${folder}/b.db`) },
        SESSION_SQLALCHEMY_BIND_KEY: "web",
      };
      expect(await stored(config, "b.db")).to.deep.equal(["sessions"]);
    });
  }

  it("takes a relative path from flaskInstancePath", async () => {
    const options = { flaskInstancePath: folder };
    expect(await stored({ SQLALCHEMY_DATABASE_URI: "sqlite:///a.db" }, "a.db", options)).to.deep.equal(["sessions"]);
  });

  it("takes a relative path from ./instance where nothing is said, and makes no folder", async () => {
    const { store } = flaskConfig({ ...TYPE, SQLALCHEMY_DATABASE_URI: "sqlite:///a.db" }, { create: true });
    const error: unknown = await Promise.resolve(store.open?.()).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as Error).message).to.equal(
      `The folder ${join(process.cwd(), "instance")} of the session database does not exist`,
    );
  });

  it("makes nothing where it is not asked to", async () => {
    const { store } = flaskConfig({ ...TYPE, SQLALCHEMY_DATABASE_URI: `sqlite:///${folder}/a.db` });
    const error: unknown = await store.get(KEY).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ConfigError);
    expect((error as Error).message).to.equal(
      `The session database ${folder}/a.db does not exist: start Flask first, which makes it, or give the option create: true`,
    );
  });

  it("takes a client as SESSION_SQLALCHEMY, and leaves it open", async () => {
    const database = new DatabaseSync(join(folder, "a.db"));
    const config = { SESSION_SQLALCHEMY: database, SQLALCHEMY_DATABASE_URI: "oracle://elsewhere" };
    expect(await stored(config, "a.db")).to.deep.equal(["sessions"]);
    database.close();
  });

  it("takes a URL as SESSION_SQLALCHEMY", async () => {
    await mkdir(join(folder, "c"));
    expect(await stored({ SESSION_SQLALCHEMY: `sqlite:///${folder}/c/a.db` }, "c/a.db")).to.deep.equal(["sessions"]);
  });

  const refusals: readonly (readonly [config: FlaskConfig, message: string])[] = [
    [{}, "Cannot use SQLALCHEMY_DATABASE_URI: it must be the URL of a database, not undefined"],
    [
      { SQLALCHEMY_DATABASE_URI: null },
      "Cannot use SQLALCHEMY_DATABASE_URI: it must be the URL of a database, not null",
    ],
    [
      { SQLALCHEMY_DATABASE_URI: "sqlite://" },
      "Cannot use SQLALCHEMY_DATABASE_URI: a database in the memory of the Flask",
    ],
    [
      { SQLALCHEMY_DATABASE_URI: "postgresql://u:s3cr3t@h/d?options=-c" },
      "Cannot use SQLALCHEMY_DATABASE_URI: its parameter options has no counterpart in Node",
    ],
    [
      {
        SQLALCHEMY_DATABASE_URI: "postgresql://u:s3cr3t@h/d",
        SQLALCHEMY_ENGINE_OPTIONS: { connect_args: { sslmode: "require", password: "s3cr3t" } },
      },
      "Cannot use connect_args of SQLALCHEMY_DATABASE_URI: it has no counterpart in Node; give a client as SESSION_SQLALCHEMY",
    ],
    [
      { SQLALCHEMY_DATABASE_URI: "postgresql://u:s3cr3t@h/d", SQLALCHEMY_ENGINE_OPTIONS: "s3cr3t" },
      "Cannot use the options of SQLALCHEMY_DATABASE_URI: it must be an object, not text",
    ],
    [{ SESSION_SQLALCHEMY_BIND_KEY: "web" }, "Cannot use SQLALCHEMY_BINDS: it must be an object, not undefined"],
    [
      { SESSION_SQLALCHEMY_BIND_KEY: "web", SQLALCHEMY_BINDS: { other: "sqlite:////a" } },
      'Cannot use SQLALCHEMY_BINDS["web"]: it must be the URL of a database, not undefined',
    ],
    [
      { SESSION_SQLALCHEMY_BIND_KEY: "constructor", SQLALCHEMY_BINDS: {} },
      'Cannot use SQLALCHEMY_BINDS["constructor"]: it must be the URL of a database, not undefined',
    ],
    [
      { SESSION_SQLALCHEMY_BIND_KEY: "web", SQLALCHEMY_BINDS: { web: { url: "mssql://u:s3cr3t@h/d" } } },
      'Cannot use SQLALCHEMY_BINDS["web"]: the database is "mssql"',
    ],
    [
      {
        SESSION_SQLALCHEMY_BIND_KEY: "web",
        SQLALCHEMY_BINDS: { web: { url: "mysql://h/d", connect_args: { ssl: "s3cr3t" } } },
      },
      'Cannot use connect_args of SQLALCHEMY_BINDS["web"]: it has no counterpart',
    ],
    [
      { SESSION_SQLALCHEMY_BIND_KEY: "web", SQLALCHEMY_BINDS: { web: { url: "mysql://h/d", creator: "s3cr3t" } } },
      'Cannot use creator of SQLALCHEMY_BINDS["web"]: it has no counterpart',
    ],
  ];
  for (const [config, message] of refusals) {
    it(`refuses: ${message}`, () => {
      expect(() => flaskConfig({ ...TYPE, ...config }))
        .to.throw(ConfigError, message)
        .with.property("message")
        .that.does.not.include("s3cr3t");
    });
  }

  it("does not look at a database that holds no sessions", () => {
    flaskConfig({ SESSION_TYPE: "filesystem", SQLALCHEMY_DATABASE_URI: "oracle://elsewhere", SQLALCHEMY_BINDS: 1 });
  });
});
