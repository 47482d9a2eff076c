/** URLs of databases, judged by SQLAlchemy and its drivers, and those that are refused. */
import { join } from "node:path";
import { expect } from "chai";
import { ConfigError } from "../../../src/errors.ts";
import { addressOf } from "../../../src/stores/sql/address.ts";
import { judgeOf } from "../../python/judge.ts";

const source = { option: "SQLALCHEMY_DATABASE_URI", instancePath: "/app/instance" };

/** What SQLAlchemy hands to the driver. */
const CONNECT_ARGS = `
import sqlalchemy
def connect_args(text):
    url = sqlalchemy.make_url(text)
    args, options = url.get_dialect()().create_connect_args(url)
    return [list(args), {name: value for name, value in options.items() if type(value) in (str, int, float)}]
result = [connect_args(text) for text in input]
`;

/** A URL and what it says: by Python's names of it. */
const servers: readonly (readonly [url: string, parts: Readonly<Record<string, unknown>>])[] = [
  ["postgresql://u:p@h:5433/d", { user: "u", password: "p", host: "h", port: 5433, database: "d" }],
  ["postgresql+psycopg2://u@h/d", { user: "u", host: "h", database: "d" }],
  ["postgresql+psycopg2://u@h/", { user: "u", host: "h" }],
  ["postgresql+psycopg2://u@h", { user: "u", host: "h" }],
  ["postgresql+psycopg2:///d", { database: "d" }],
  ["postgresql+psycopg2://u:@h/d", { user: "u", host: "h", database: "d" }],
  ["postgresql+psycopg2://@h/d", { host: "h", database: "d" }],
  [
    "postgresql+psycopg2://u%40x:p%3A%2F%23%25%C3%A9@h/d",
    { user: "u@x", password: "p:/#%é", host: "h", database: "d" },
  ],
  ["postgresql+psycopg2://u:p/w?x=#y:z@h/d", { user: "u", password: "p/w?x=#y:z", host: "h", database: "d" }],
  ["postgresql+psycopg2://u:%zz%ff+p@h/d", { user: "u", password: "%zz\ufffd+p", host: "h", database: "d" }],
  ["postgresql+psycopg2://u:p@[::1]:5433/d", { user: "u", password: "p", host: "::1", port: 5433, database: "d" }],
  ["postgresql+psycopg2://u@h/my%20data base", { user: "u", host: "h", database: "my%20data base" }],
  ["postgresql+psycopg2://u@h/a/b", { user: "u", host: "h", database: "a/b" }],
  ["postgresql+psycopg2://u@/d?host=/var/run/pg", { user: "u", host: "/var/run/pg", database: "d" }],
  [
    "postgresql+psycopg2://u@h/d?sslmode=verify-full&sslrootcert=/a%20b.pem",
    { user: "u", host: "h", database: "d", sslMode: "verify-full", sslRootCert: "/a b.pem" },
  ],
  [
    "postgresql+psycopg2://u@h/d?connect_timeout=3&sslmode=",
    { user: "u", host: "h", database: "d", connectTimeoutMillis: 3000 },
  ],
  ["mysql+pymysql://u:p@h:3307/d", { user: "u", password: "p", host: "h", port: 3307, database: "d" }],
  ["mariadb+pymysql://u@h/d?charset=utf8mb4", { user: "u", host: "h", database: "d" }],
  [
    "mysql+pymysql://u@h/d?ssl_ca=/a+b.pem&connect_timeout=7",
    { user: "u", host: "h", database: "d", sslCa: "/a b.pem", connectTimeoutMillis: 7000 },
  ],
];

/** What Python calls what we call so. PyMySQL is told of certificates in a dict. */
const PYTHON_NAMES: Readonly<Record<string, readonly string[]>> = {
  user: ["user"],
  password: ["password", "passwd"],
  host: ["host"],
  port: ["port"],
  database: ["dbname", "db", "database"],
  sslMode: ["sslmode"],
  sslRootCert: ["sslrootcert"],
  sslCa: ["ssl_ca"],
  connectTimeoutMillis: ["connect_timeout"],
};

describe("a database's URL", () => {
  let judged: readonly (readonly [args: readonly unknown[], options: Readonly<Record<string, unknown>>])[];

  before(async () => {
    const urls = servers.map(([url]) => url);
    judged = (await (await judgeOf("fs080-stores")).run(CONNECT_ARGS, urls)) as typeof judged;
  });

  for (const [index, [url, parts]] of servers.entries()) {
    it(`is read as by SQLAlchemy: ${url}`, () => {
      const { dialect, ...address } = addressOf(url, source);
      const { sslMode = "prefer", ...rest } = parts;
      const found = Object.entries(address).filter(([, value]) => value !== undefined && value !== "");
      expect(Object.fromEntries(found)).to.deep.equal(dialect === "postgresql" ? { sslMode, ...rest } : rest);
      const [, options] = judged[index] as (typeof judged)[number];
      for (const [name, value] of Object.entries(parts)) {
        if (name === "sslCa") continue;
        const python = (PYTHON_NAMES[name] as string[]).map((key) => options[key]).find((each) => each !== undefined);
        const given =
          name === "connectTimeoutMillis" ? Number(python) * 1000 : name === "port" ? Number(python) : python;
        expect(given, name).to.equal(value);
      }
    });
  }

  const files: readonly (readonly [url: string, path: string])[] = [
    ["sqlite:////var/data/app.db", "/var/data/app.db"],
    ["sqlite+pysqlite:////var/data/app.db", "/var/data/app.db"],
    ["sqlite:////var/my%20data.db", "/var/my%20data.db"],
    ["sqlite:////var/my data.db?timeout=1.5&check_same_thread=False", "/var/my data.db"],
    ["sqlite:///app.db", "/app/instance/app.db"],
    ["sqlite:///../app.db", "/app/app.db"],
    ["sqlite:///data/app.db", "/app/instance/data/app.db"],
  ];
  it("of SQLite is opened where Flask-SQLAlchemy opens it", async () => {
    const urls = files.map(([url]) => url);
    const python = await (await judgeOf("fs080-stores")).run(
      `
import flask, flask_sqlalchemy, os, sqlalchemy
os.makedirs = lambda *args, **kwargs: None
def path_of(text):
    app = flask.Flask("app", instance_path="/app/instance")
    options = {"url": sqlalchemy.make_url(text)}
    flask_sqlalchemy.SQLAlchemy()._apply_driver_defaults(options, app)
    url = options["url"]
    return os.path.normpath(url.get_dialect()().create_connect_args(url)[0][0])
result = [path_of(text) for text in input]
`,
      urls,
    );
    expect(urls.map((url) => (addressOf(url, source) as { path: string }).path)).to.deep.equal(
      files.map(([, path]) => path),
    );
    expect(python).to.deep.equal(files.map(([, path]) => path));
  });

  it("of SQLite says how long to wait for a lock, as Python's driver is told", () => {
    const busyMillis = (url: string): number => (addressOf(url, source) as { busyMillis: number }).busyMillis;
    expect(busyMillis("sqlite:////a?timeout=1.5")).to.equal(1500);
    expect(busyMillis("sqlite:////a")).to.equal(5000);
  });

  const refusals: readonly (readonly [url: string, reason: string])[] = [
    ["", "it is no URL such as postgresql://user:password@host/database"],
    ["localhost", "it is no URL"],
    ["host=h password=s3cr3t", "it is no URL"],
    ["://u:s3cr3t@h/d", "it is no URL"],
    ["postgres://u:s3cr3t@h/d", 'the database is "postgres"; there are sqlite, postgresql, mysql, mariadb'],
    ["mssql+pyodbc://u:s3cr3t@h/d", 'the database is "mssql+pyodbc"'],
    [`${"s3cr3t".repeat(6)}://h`, "the database is another one"],
    ["postgresql://u:p@s3cr3t@h/d", "write an @ in the password as %40"],
    ["postgresql://u:p@x?s3cr3t=@h/d", "write an @ in the password as %40"],
    ["postgresql://u:p@h:s3cr3t/d", "its port is no number"],
    ["postgresql://u:p@h:/d", "its port is no number"],
    [
      "postgresql://u:s3cr3t@h/d?sslkey=/k",
      "its parameter sslkey has no counterpart in Node; give a client in place of the URL",
    ],
    ["postgresql://u:s3cr3t@h/d?ssl_ca=/c", "its parameter ssl_ca has no counterpart in Node"],
    ["postgresql://u:s3cr3t@h/d?host=a&host=b", "the parameter host stands there twice"],
    ["postgresql://u:s3cr3t@h/d?constructor=1", "its parameter constructor has no counterpart in Node"],
    ["mysql://u:s3cr3t@h/d?unix_socket=/s", "its parameter unix_socket has no counterpart in Node"],
    ["mysql://u:s3cr3t@h/d?sslmode=require", "its parameter sslmode has no counterpart in Node"],
    [
      "mysql://u:s3cr3t@127.0.0.1/d?ssl_ca=/c",
      "with ssl_ca it wants a host name: mysql2 compares no address with a certificate",
    ],
    ["mysql://u:s3cr3t@[::1]/d?ssl_ca=/c", "with ssl_ca it wants a host name"],
    ["sqlite://", "a database in the memory of the Flask process cannot be reached from another"],
    ["sqlite:///", "a database in the memory of the Flask process cannot be reached from another"],
    ["sqlite:///:memory:", "a database in the memory of the Flask process cannot be reached from another"],
    ["sqlite:///file:a.db?uri=true", "its parameter uri has no counterpart in Node"],
    ["sqlite://h/a.db", "a URL of SQLite has no host"],
    ["sqlite://u:s3cr3t@/a.db", "a URL of SQLite has no host"],
    ["sqlite://:1/a.db", "a URL of SQLite has no host"],
  ];
  for (const [url, reason] of refusals) {
    it(`is refused without being shown: ${JSON.stringify(url)}`, () => {
      expect(() => addressOf(url, source))
        .to.throw(ConfigError, `Cannot use SQLALCHEMY_DATABASE_URI: ${reason}`)
        .with.property("message")
        .that.does.not.include("s3cr3t");
    });
  }

  const values: readonly (readonly [url: string, message: string])[] = [
    ["postgresql://h/d?sslmode=on", 'sslmode in SQLALCHEMY_DATABASE_URI: it must be "disable" or "allow" or'],
    [
      "postgresql://h/d?connect_timeout=soon",
      "connect_timeout in SQLALCHEMY_DATABASE_URI: it must be a number of seconds",
    ],
    ["mysql://h/d?connect_timeout=-1", "connect_timeout in SQLALCHEMY_DATABASE_URI: it must be a number of seconds"],
    ["sqlite:////a?timeout=never", "timeout in SQLALCHEMY_DATABASE_URI: it must be a number of seconds"],
  ];
  for (const [url, message] of values) {
    it(`is refused for a parameter that says nothing: ${url}`, () => {
      expect(() => addressOf(url, source)).to.throw(ConfigError, `Cannot use ${message}`);
    });
  }

  it("starts at the folder instance of the working directory where nothing else is said", () => {
    const { path } = addressOf("sqlite:///a.db", { ...source, instancePath: "instance" }) as { path: string };
    expect(path).to.equal(join(process.cwd(), "instance", "a.db"));
  });
});
