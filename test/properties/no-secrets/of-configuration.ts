/** Failures of what is configured: every key and every option with values that it cannot have, all of them secret. */
import { type FlaskConfig, flaskConfig } from "../../../src/config/index.ts";
import { KEY_CHECKS } from "../../../src/config/key-checks.ts";
import { createSessions, type SessionOptions } from "../../../src/index.ts";
import { OPTION_CHECKS } from "../../../src/session/option-checks.ts";
import { filesystemStore } from "../../../src/stores/filesystem.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { redisStore } from "../../../src/stores/redis.ts";
import { compiled, runProgram } from "../../stores/program.ts";
import { PASSWORD, SECRET, VALUE } from "./marks.ts";
import { errorsOf, type Failure, type Provocation, shownElsewhere } from "./provocation.ts";

const wrong: readonly unknown[] = [
  SECRET,
  `${SECRET}\0`,
  `${SECRET}\ud800`,
  `${SECRET};\r\n${PASSWORD}`,
  `http://:${PASSWORD}@${SECRET}`,
  `redis://:${PASSWORD}#@host`,
  Buffer.from(SECRET),
  [SECRET],
  [[SECRET]],
  { salt: [SECRET], digest: SECRET, maxBytes: SECRET, days: SECRET, domain: `${SECRET};` },
  new Map([[SECRET, PASSWORD]]),
  () => SECRET,
  Symbol(SECRET),
  Number.NaN,
  -1,
  10n ** 30n,
  null,
  "",
];

const config: FlaskConfig = { SECRET_KEY: SECRET, SESSION_TYPE: "redis", SESSION_USE_SIGNER: true };
const options: SessionOptions = { store: memoryStore(), secretKey: SECRET, useSigner: true, onEvent: () => {} };
const members = ["domain", "path", "httpOnly", "secure", "sameSite"];
const ownOptions = Object.keys(OPTION_CHECKS).concat("fileNames", "create");

const withEach = (names: readonly string[], call: (given: object) => unknown) =>
  names.flatMap((name) => wrong.map((value) => () => call({ [name]: value })));

/** Configuration. */
export const ofConfiguration: readonly Provocation[] = [
  {
    name: "a wrong value of every key of Flask's",
    fails: ["ERR_CONFIG", "ERR_SECRET_KEY_MISSING", "ERR_UNSUPPORTED_SESSION_TYPE"],
    by: () => errorsOf(...withEach(Object.keys(KEY_CHECKS), (given) => flaskConfig({ ...config, ...given }))),
  },
  {
    name: "a wrong value of every option of createSessions",
    fails: ["ERR_CONFIG", "ERR_SECRET_KEY_MISSING"],
    by: () => errorsOf(...withEach(Object.keys(OPTION_CHECKS), (given) => createSessions({ ...options, ...given }))),
  },
  {
    name: "a wrong attribute of the cookie",
    fails: ["ERR_CONFIG"],
    by: () => errorsOf(...withEach(members, (cookie) => createSessions({ ...options, cookie }))),
  },
  {
    name: "a wrong value of every option of flaskConfig",
    fails: ["ERR_CONFIG"],
    by: () => errorsOf(...withEach(ownOptions, (own) => flaskConfig(config, own))),
  },
  {
    name: "something else in the place of a configuration",
    fails: ["ERR_CONFIG"],
    by: () =>
      errorsOf(
        ...[SECRET, [SECRET], () => SECRET].flatMap((given) => [
          () => flaskConfig(given as object),
          () => flaskConfig(config, given as object),
          () => createSessions(given as unknown as SessionOptions),
          () => redisStore(String(given)),
        ]),
        () => filesystemStore({ directory: ".", fileNames: SECRET as "md5" }),
        () => redisStore(`redis://:${PASSWORD}#@localhost`),
        () => redisStore(`redis://:${PASSWORD}%@localhost`),
      ),
  },
  {
    name: "what is configured and cannot work well",
    tells: ["config-warning"],
    by: (tell) => {
      const weak = flaskConfig({
        ...config,
        SECRET_KEY: SECRET.slice(0, 12),
        SESSION_COOKIE_SAMESITE: "None",
        SESSION_KEY_PREFIXES: VALUE,
        SESSION_COOKIE_PARTITIONED: true,
      });
      createSessions({ ...weak, onEvent: tell });
      createSessions(weak);
      return [];
    },
  },
  {
    name: "a package that is not installed",
    fails: ["ERR_MISSING_PACKAGE"],
    by: async () => {
      const { stdout } = await runProgram(WITHOUT_IOREDIS, [`redis://:${PASSWORD}@localhost`, VALUE]);
      const [code = "", ...shown] = stdout.split("\n");
      return [shownElsewhere(code as Failure, shown.join("\n"))];
    },
  },
];

const HIDE = `export const resolve = (name, context, next) => {
  if (name === "ioredis") throw new Error("hidden");
  return next(name, context);
};`;

/** Prints the code of what the store's first call rejects with, then all that is to be seen of it. */
const WITHOUT_IOREDIS = `
import { register } from "node:module";
import { inspect } from "node:util";
register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(HIDE)}`)});
const { redisStore } = await import(${JSON.stringify(compiled("stores/redis.js"))});
const [, , url, key] = process.argv;
await redisStore(url).get(key).catch((error) => {
  console.log(error.code);
  console.log(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error));
});`;
