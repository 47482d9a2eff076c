// `npm run races`: the long form of the tests in which requests meet, and of those in which sessions expire.
//
//   npm run races                     all of it; what Flask-Session overwrites goes into docs/concurrency.md
//   npm run races -- --grep DynamoDB  what follows goes to mocha; the page stays as it is
//
// Every store: 8 processes with 200 saves each, 200 log-outs beside saves, and deleteExpired beside 2,048 saves; expiry in
// nine pairs of time zones. A service that is missing is a failure.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const MOCHA = join("node_modules", "mocha", "bin", "mocha.js");
const TESTS = [
  "root-hooks",
  "stores/races",
  "stores/expiring",
  "stores/*/race",
  "stores/sql/expiry",
  "stores/lifetimes",
  "stores/*/python",
  "interop/races",
  "interop/overwrites",
];

const given = process.argv.slice(2);
const env = { ...process.env, RACES: "full", REQUIRE_SERVICES: "1", ...(given.length === 0 && { WRITE_PAGES: "1" }) };
const files = TESTS.map((name) => `build/test/${name}.test.js`);
const { status } = spawnSync(process.execPath, [MOCHA, ...files, ...given], { stdio: "inherit", env });
process.exitCode = status ?? 1;
