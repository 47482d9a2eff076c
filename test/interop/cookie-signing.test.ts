/** How Flask's own cookie is signed and measured: with keys that change, by interfaces of an app's own, against real Flask. */
import { expect } from "chai";
import { flaskConfig } from "../../src/config/index.ts";
import { CookieTooLargeError } from "../../src/errors.ts";
import type { CookieSigning } from "../../src/session/options.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { type EnvironmentName, judgeOf } from "../python/judge.ts";

const KEY = "a key of sixteen bytes";
const OLD = "the key before that one";
const OLDEST = "the key before them all";

/** Flask's app, its session interface as the input says, and the ways in and out. */
const SITE = `
import hashlib
import warnings
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

def interface(salt="cookie-session", digest="sha1", keyDerivation="hmac"):
    made = SecureCookieSessionInterface()
    made.salt, made.digest_method, made.key_derivation = salt, getattr(hashlib, digest), keyDerivation
    return made

def app(key, fallbacks=None):
    made = Flask("signing")
    made.config.update(SECRET_KEY=key, SECRET_KEY_FALLBACKS=fallbacks)
    return made

def opened(token, app, interface):
    return dict(interface.open_session(app, app.test_request_context(headers={"Cookie": "session=" + token}).request))
`;

describe("the signature of Flask's own cookie", function () {
  this.timeout(60_000);

  const signings: readonly CookieSigning[] = [
    { salt: "mine" },
    { digest: "sha512" },
    { keyDerivation: "django-concat" },
    { keyDerivation: "concat" },
    { keyDerivation: "none" },
    { salt: "s\u00e4lt", digest: "sha256", keyDerivation: "django-concat" },
  ];
  for (const cookieSession of signings) {
    it(`is that of an interface with ${JSON.stringify(cookieSession)}, both ways`, async () => {
      const judge = await judgeOf("fs080-flask31");
      const sessions = createSessions(flaskConfig({ SECRET_KEY: KEY }, { cookieSession }));
      const input = { key: KEY, signing: cookieSession, token: await tokenOf(sessions, undefined, "node") };
      const [found, token] = (await judge.run(
        `${SITE}
mine, site = interface(**input["signing"]), app(input["key"])
result = [opened(input["token"], site, mine), mine.get_signing_serializer(site).dumps({"flask": 1})]`,
        input,
      )) as readonly [unknown, string];
      expect(found).to.deep.equal({ node: 1 });
      expect({ ...(await sessions.read(`session=${token}`)) }).to.deep.equal({ flask: 1 });
      const plain = createSessions(flaskConfig({ SECRET_KEY: KEY }, { onEvent: () => undefined }));
      expect({ ...(await plain.read(`session=${token}`)) }).to.deep.equal({});
    });
  }

  it("may be of an older key, and is of SECRET_KEY alone once Node has written, as Flask finds", async () => {
    const judge = await judgeOf("fs080-flask31");
    const tokens = (await judge.run(
      `${SITE}
result = [interface().get_signing_serializer(app(key)).dumps({"flask": 1}) for key in input]`,
      [KEY, OLD, OLDEST, "no key of this app's"],
    )) as readonly string[];
    const keys = { SECRET_KEY: KEY, SECRET_KEY_FALLBACKS: [OLDEST, OLD] };
    const sessions = createSessions(flaskConfig(keys, { onEvent: () => undefined }));
    const changed = [];
    for (const token of tokens) changed.push(await tokenOf(sessions, token, "node"));
    const found = await judge.run(
      `${SITE}
sites = [app(input["keys"][0], input["keys"][:0:-1]), *map(app, input["keys"])]
result = [[opened(token, site, interface()) for site in sites] for token in input["tokens"]]`,
      { keys: [KEY, OLD, OLDEST], tokens: changed },
    );
    const both = { flask: 1, node: 1 };
    expect(found).to.deep.equal([
      [both, both, {}, {}],
      [both, both, {}, {}],
      [both, both, {}, {}],
      [{ node: 1 }, { node: 1 }, {}, {}],
    ]);
  });

  for (const environment of ["fs080-flask31", "fs050-flask22"] as const satisfies readonly EnvironmentName[]) {
    it(`is too large for Node where Werkzeug warns of it (${environment})`, async () => {
      const judge = await judgeOf(environment);
      for (const permanent of [true, false]) {
        const [line = ""] = await cookiesOf(permanent, 0);
        const limits = [line.length - 1, line.length, line.length + 1, 0, 1];
        const warned = await judge.run(
          `${SITE}
def warns(limit):
    response = Response()
    response.max_cookie_size = limit
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        response.set_cookie("session", input["value"], expires=1e9 if input["permanent"] else None, httponly=True)
    return len(caught) > 0
result = [warns(limit) for limit in input["limits"]]`,
          { value: line.slice("session=".length, line.indexOf(";")), permanent, limits },
        );
        const refused = [];
        for (const limit of limits) refused.push(await cookiesOf(permanent, limit).then(() => false, isTooLarge));
        expect(warned).to.deep.equal([true, false, false, false, true]);
        expect(refused).to.deep.equal(warned);
      }
    });
  }
});

/** The Set-Cookies of a new session. */
async function cookiesOf(permanent: boolean, maxCookieSizeBytes: number): Promise<readonly string[]> {
  const sessions = createSessions({ cookieSession: true, secretKey: KEY, maxCookieSizeBytes });
  const opened = await sessions.open(undefined);
  Object.assign(opened.session, { n: 1, _permanent: permanent });
  return (await opened.finish()).setCookie;
}

function isTooLarge(error: unknown): boolean {
  if (error instanceof CookieTooLargeError) return true;
  throw error;
}

/** The cookie's value after a request that set a key. */
async function tokenOf(sessions: Sessions, token: string | undefined, key: string): Promise<string> {
  const opened = await sessions.open(token === undefined ? undefined : `session=${token}`);
  (opened.session as Record<string, unknown>)[key] = 1;
  const [line = ""] = (await opened.finish()).setCookie;
  return line.slice("session=".length, line.indexOf(";"));
}
