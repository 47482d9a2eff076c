import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { cookieScope } from "../../src/config/cookie-scope.ts";
import type { FlaskKeys } from "../../src/config/flask-keys.ts";
import { readKeys } from "../../src/config/read-keys.ts";
import { ConfigError } from "../../src/errors.ts";
import type { CookieOptions } from "../../src/session/options.ts";
import type { Version } from "../../src/session/versions.ts";
import { judgeOf, projectFolder } from "../python/judge.ts";

/** A configuration, and the domain and path that Flask makes of it. */
interface Case {
  readonly config: FlaskKeys;
  readonly domain: string | null;
  readonly path: string;
}

const DOMAINS = `
import warnings
from flask import Flask
warnings.simplefilter("ignore")
result = []
for config in input:
    app = Flask("app")
    app.config.update(config)
    interface = app.session_interface
    result.append({"config": config, "domain": interface.get_cookie_domain(app) or None, "path": interface.get_cookie_path(app)})
`;

function fixture(name: string): readonly Case[] {
  const text = readFileSync(join(projectFolder, "fixtures", "session", `cookie-${name}.json`), "utf8");
  return (JSON.parse(text) as { readonly vectors: { readonly domains: readonly Case[] } }).vectors.domains;
}

function scope(config: FlaskKeys, flaskVersion: Version): Pick<CookieOptions, "domain" | "path"> {
  return cookieScope(readKeys(config).keys, flaskVersion);
}

function expectScopes(cases: readonly Case[], flaskVersion: Version): void {
  for (const { config, domain, path } of cases) {
    const expected = domain === null ? { path } : { domain, path };
    expect(scope(config, flaskVersion), JSON.stringify(config)).to.deep.equal(expected);
  }
}

describe("the cookie's domain and path", () => {
  const configs = fixture("flask10").map(({ config }) => config);
  const explicit: FlaskKeys[] = [
    { SESSION_COOKIE_DOMAIN: false, SERVER_NAME: "example.com" },
    { SESSION_COOKIE_DOMAIN: "", SERVER_NAME: "example.com" },
    { SESSION_COOKIE_PATH: "/a", APPLICATION_ROOT: "/b" },
  ];

  it("are those of Flask 3.1, which does not look at SERVER_NAME", async () => {
    const judged = await (await judgeOf("fs080-flask31")).run(DOMAINS, [...configs, ...explicit]);
    expectScopes(judged as Case[], [3, 1]);
  });

  it("are those of Flask 2.2", async () => {
    const judged = await (await judgeOf("fs050-flask22")).run(DOMAINS, [...configs, ...explicit]);
    expectScopes(judged as Case[], [2, 2]);
  });

  it("are those of Flask 1.0", () => {
    expectScopes(fixture("flask10"), [1, 0]);
  });

  it("are those of Flask 0.12, but for an empty SERVER_NAME, which gives it the domain `.`", () => {
    const cases = fixture("flask012");
    expectScopes(
      cases.filter(({ config }) => config.SERVER_NAME !== ""),
      [0, 12],
    );
    expect(scope({ SERVER_NAME: "" }, [0, 12])).to.deep.equal({ path: "/" });
  });

  it("cannot be had without a path since Flask 1.0", async () => {
    expect(scope({ APPLICATION_ROOT: null }, [0, 12])).to.deep.equal({ path: "/" });
    expect(scope({ APPLICATION_ROOT: null, SESSION_COOKIE_PATH: "/a" }, [3, 1])).to.deep.equal({ path: "/a" });
    expect(() => scope({ APPLICATION_ROOT: null }, [1, 0])).to.throw(ConfigError, "APPLICATION_ROOT");
    const judged = await (await judgeOf("fs080-flask31")).run(DOMAINS, [{ APPLICATION_ROOT: null }]);
    expect((judged as Case[])[0]?.path).to.equal(null);
  });

  it("name SERVER_NAME where it is no host", () => {
    expect(() => scope({ SERVER_NAME: "a.b; Secure" }, [2, 2])).to.throw(ConfigError, "Cannot use SERVER_NAME");
    expect(scope({ SERVER_NAME: "a.b; Secure" }, [2, 3])).to.deep.equal({ path: "/" });
  });
});
