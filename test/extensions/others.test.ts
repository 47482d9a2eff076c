/** The sessions of extensions that have no module here: what Node sees of their keys, and that it leaves them as they are. */
import { expect } from "chai";
import { flaskConfig } from "../../src/config/index.ts";
import { login, logout } from "../../src/extensions/login.ts";
import type { ExtensionRequest } from "../../src/extensions/request.ts";
import type { Session } from "../../src/session/session.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { py } from "../../src/values/py.ts";
import { PythonObject } from "../../src/values/python-object.ts";
import { asPython, type Extension, PLACES, type Place, storedBy, visited } from "./stored-elsewhere.ts";
import { cookieOf, visit } from "./visit.ts";

/** What an extension has left behind, as Python finds it and as Node does. */
interface Left {
  readonly extension: Extension;
  /** The last thing that the visitor did. */
  readonly step: string;
  /** Python's types, by key; of what lies deeper, by path. */
  readonly types: Readonly<Record<string, string>>;
  readonly node: Readonly<Record<string, unknown>>;
}

const HALF = 1760000000.5;
const DRAWN = "a".repeat(30);
const VERIFIER = "a".repeat(48);
const DANCE_TOKEN = { access_token: "access", token_type: "bearer", expires_in: 3600, expires_at: HALF + 3600 };
const CSRF_TOKEN = "c6138d514ffa2135bfce0ed0b8fac65669917ec7";
const STATE_TYPES = {
  [`_state_idp_${DRAWN}`]: "dict",
  [`_state_idp_${DRAWN}.data`]: "dict",
  [`_state_idp_${DRAWN}.data.code_verifier`]: "str",
  [`_state_idp_${DRAWN}.data.redirect_uri`]: "str",
  [`_state_idp_${DRAWN}.data.url`]: "str",
  [`_state_idp_${DRAWN}.exp`]: "float",
};
const STATE = {
  data: {
    redirect_uri: "http://app.test/back",
    code_verifier: VERIFIER,
    url:
      "https://provider.test/authorize?response_type=code&client_id=client&redirect_uri=http%3A%2F%2Fapp.test%2Fback" +
      `&scope=email+profile&state=${DRAWN}&code_challenge=l9qsDumZjfytbJwJcNpcpBHIYjOpRMJbR1ZvanvB3dU` +
      "&code_challenge_method=S256",
  },
  exp: HALF + 3600,
};

const LEFT: readonly Left[] = [
  {
    extension: "principal",
    step: "identified",
    types: { "identity.id": "int", "identity.auth_type": "str" },
    node: { "identity.id": 42, "identity.auth_type": "form" },
  },
  {
    extension: "principal",
    step: "anonymous",
    types: { "identity.id": "NoneType", "identity.auth_type": "NoneType" },
    node: { "identity.id": null, "identity.auth_type": null },
  },
  {
    extension: "security",
    step: "logged in",
    types: {
      _user_id: "str",
      _id: "str",
      _fresh: "bool",
      csrf_token: "str",
      fs_cc: "str",
      fs_paa: "float",
      fs_gexp: "int",
    },
    node: {
      _user_id: "0000000000000000000000000000000d",
      _id:
        "6be65aea80ababf9d1de91741addfc63287c1776e65830bf913db0d8955ebc2a" +
        "d49f904e5fb4cfc986b952150af621c80c3f1f6eadbbc828305484003f151cca",
      _fresh: true,
      csrf_token: CSRF_TOKEN,
      fs_cc: "sent",
      fs_paa: HALF,
      fs_gexp: 1760000300,
    },
  },
  { extension: "security", step: "logged out", types: {}, node: {} },
  {
    extension: "security",
    step: "second factor",
    types: {
      _fresh: "bool",
      csrf_token: "str",
      fs_cc: "str",
      tf_user_id: "str",
      tf_state: "str",
      tf_remember_login: "bool",
    },
    node: {
      _fresh: false,
      csrf_token: CSRF_TOKEN,
      fs_cc: "sent",
      tf_user_id: "0000000000000000000000000000000f",
      tf_state: "ready",
      tf_remember_login: true,
    },
  },
  {
    extension: "dance",
    step: "asked",
    types: { github_oauth_state: "str", github_oauth_code_verifier: "str" },
    node: { github_oauth_state: DRAWN, github_oauth_code_verifier: VERIFIER },
  },
  {
    extension: "dance",
    step: "answered",
    types: {
      github_oauth_token: "oauthlib.oauth2.rfc6749.tokens.OAuth2Token",
      "github_oauth_token.access_token": "str",
      "github_oauth_token.token_type": "str",
      "github_oauth_token.expires_in": "int",
      "github_oauth_token.expires_at": "float",
      "github_oauth_token.scope": "list",
    },
    node: { github_oauth_token: { ...DANCE_TOKEN, scope: ["email", "profile"] } },
  },
  { extension: "authlib", step: "asked", types: STATE_TYPES, node: { [`_state_idp_${DRAWN}`]: STATE } },
  {
    extension: "authlib",
    step: "answered",
    types: {
      // Of a redirect that has never come back.
      ...STATE_TYPES,
      token: "authlib.oauth2.rfc6749.wrappers.OAuth2Token",
      "token.access_token": "str",
      "token.token_type": "str",
      "token.expires_in": "int",
      "token.expires_at": "int",
      "token.scope": "str",
    },
    node: {
      [`_state_idp_${DRAWN}`]: STATE,
      token: { ...DANCE_TOKEN, expires_at: 1760003600, scope: "email profile" },
    },
  },
];

/** Python's types by path, and whether all is as it was, but for the key that Node has set. Flask's cookie sorts keys. */
const COMPARE = `
before, after = found

def named(value):
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else kind.__module__ + "." + kind.__name__

def types_of(entries, path=""):
    told = {}
    for key, value in entries.items():
        told[path + key] = named(value)
        if isinstance(value, dict):
            told.update(types_of(value, path + key + "."))
    return told

result = {
    "set": after.pop("n"),
    "types": types_of(after),
    "areEqual": canonical(before) == canonical(after),
    "areInOrder": input["place"] == "cookie" or list(before) == list(after),
}`;

describe("the session of", () => {
  for (const { extension, step, types, node } of LEFT) {
    for (const place of PLACES) {
      it(`${extension}, ${step}, in ${place}: Node sees each key`, async () => {
        let seen: object = {};
        await visited(place, storedBy(extension, place, step), (session) => {
          seen = plainly(session);
        });
        expect(seen).to.deep.equal({ ...(place === "cookie" ? {} : { _permanent: true }), own: 10, ...node });
      });

      it(`${extension}, ${step}, in ${place}: Python finds each key as it was after Node has set another`, async () => {
        const before = storedBy(extension, place, step);
        const after = await visited(place, before, (session) => {
          session["n"] = 1;
        });
        // Only a pickle says of which class a token is.
        const said = Object.entries(types).map(([key, type]) => [
          key,
          place === "pickle" ? type : type.replace(/^.+\..+/, "dict"),
        ]);
        const own = { ...(place === "cookie" ? {} : { _permanent: "bool" }), own: "float" };
        expect(await asPython(COMPARE, place, before, after)).to.deep.equal({
          set: 1,
          types: { ...own, ...Object.fromEntries(said) },
          areEqual: true,
          areInOrder: true,
        });
      });
    }
  }
});

const DANCE_REFRESHED =
  "{'github_oauth_token': {'access_token': 'new', 'token_type': 'bearer', 'expires_in': 3600, " +
  "'scope': ['email', 'profile'], 'expires_at': 1760007200.0}, 'own': 10.0}";

/** What a handler does, and what Python finds afterwards. */
interface Act {
  readonly name: string;
  readonly extension: Extension;
  readonly step: string;
  readonly places: readonly Place[];
  readonly act: (session: Session) => void;
  /** The session without `_permanent`, as Python writes it. */
  readonly wanted: string;
}

const ACTS: readonly Act[] = [
  {
    name: "another identity keeps the type of its id",
    extension: "principal",
    step: "identified",
    places: PLACES,
    act: (session) => {
      session["identity.id"] = 43;
    },
    wanted: "{'identity.id': 43, 'identity.auth_type': 'form', 'own': 10.0}",
  },
  {
    name: "a second factor that is given up leaves no key of its own",
    extension: "security",
    step: "second factor",
    places: PLACES,
    act: (session) => {
      for (const key of Object.keys(session)) if (key.startsWith("tf_")) delete session[key];
    },
    wanted: `{'_fresh': False, 'csrf_token': '${CSRF_TOKEN}', 'fs_cc': 'sent', 'own': 10.0}`,
  },
  {
    name: "a password that was asked for again is a float of seconds, whole ones too",
    extension: "security",
    step: "logged out",
    places: PLACES,
    act: (session) => {
      session["fs_paa"] = py.float(1760000100);
    },
    wanted: "{'fs_paa': 1760000100.0, 'own': 10.0}",
  },
  {
    name: "a provider's token that is deleted is gone",
    extension: "dance",
    step: "answered",
    places: PLACES,
    act: (session) => {
      delete session["github_oauth_token"];
    },
    wanted: "{'own': 10.0}",
  },
  {
    name: "a token that was refreshed keeps its float",
    extension: "dance",
    step: "answered",
    places: ["cookie", "msgpack"],
    act: (session) => {
      Object.assign(session["github_oauth_token"] as object, { access_token: "new", expires_at: 1760007200 });
    },
    wanted: DANCE_REFRESHED,
  },
  {
    name: "a token that was refreshed is a dict from then on",
    extension: "dance",
    step: "answered",
    places: ["pickle"],
    act: (session) => {
      const { entries } = session["github_oauth_token"] as PythonObject;
      const refreshed = { access_token: "new", expires_at: py.float(1760007200) };
      session["github_oauth_token"] = py.dict({ ...Object.fromEntries(entries), ...refreshed });
    },
    wanted: DANCE_REFRESHED,
  },
  {
    name: "a redirect that has never come back is deleted by its key",
    extension: "authlib",
    step: "asked",
    places: PLACES,
    act: (session) => {
      for (const [key, value] of Object.entries(session)) {
        if (key.startsWith("_state_idp_") && (value as { exp: number }).exp < HALF + 4000) delete session[key];
      }
    },
    wanted: "{'own': 10.0}",
  },
];

/** Whether the session is what it should be, and what it is. */
const isWanted = (wanted: string): string => `
(session,) = found
session.pop("_permanent", None)
sort = lambda value: {key: sort(value[key]) for key in sorted(value)} if isinstance(value, dict) else value
result = [canonical(sort(session)) == canonical(sort(${wanted})), repr(session)]`;

describe("what a handler does to the session of", () => {
  for (const { name, extension, step, places, act, wanted } of ACTS) {
    for (const place of places) {
      it(`${extension}, ${step}, in ${place}: ${name}`, async () => {
        const stored = await visited(place, storedBy(extension, place, step), act);
        const [holds, found] = (await asPython(isWanted(wanted), place, stored)) as [boolean, string];
        expect(holds, found).to.equal(true);
      });
    }
  }
});

type Visit = ExtensionRequest & { readonly session: Session };

/** The functions of docs/extensions/others.md. */
async function signIn(req: Visit, user: { readonly fsUniquifier: string }): Promise<void> {
  await login(req, { userId: user.fsUniquifier });
  delete req.session["fs_gexp"];
  req.session["fs_paa"] = py.float(Date.now() / 1000);
  req.session["fs_cc"] = "set";
}

async function signOut(req: Visit): Promise<void> {
  for (const key of ["fs_paa", "fs_gexp", "fs_oauth_next", "csrf_token"]) delete req.session[key];
  req.session["fs_cc"] = "clear";
  await logout(req);
}

describe("the page's login beside Flask-Security", () => {
  const realNow = Date.now;
  beforeEach(() => {
    // A whole second, which would be an int.
    Date.now = () => 1760000100_000;
  });
  afterEach(() => {
    Date.now = realNow;
  });

  const stored = storedBy("security", "cookie", "logged in");
  const config = { SECRET_KEY: "a key for fixtures" };
  const walk = async (handle: (req: Visit) => Promise<void>): Promise<unknown> => {
    const { setCookie } = await visit(createSessions(flaskConfig(config)), `session=${stored}`, (req) =>
      handle(req as Visit),
    );
    const told = "result = {key: repr(value) for key, value in found[0].items() if key not in ('own', '_id')}";
    return asPython(told, "cookie", cookieOf(setCookie).slice("session=".length));
  };

  it("leaves what a login of Flask-Security leaves, and nothing of who was logged in before", async () => {
    expect(await walk((req) => signIn(req, { fsUniquifier: "f" }))).to.deep.equal({
      _user_id: "'f'",
      _fresh: "True",
      fs_paa: "1760000100.0",
      fs_cc: "'set'",
    });
  });

  it("takes everything away that Flask-Security takes away", async () => {
    expect(await walk(signOut)).to.deep.equal({ fs_cc: "'clear'" });
  });
});

/** A session's keys, tokens of any class as plain objects. */
function plainly(session: Session): object {
  const plain = (value: unknown) => (value instanceof PythonObject ? Object.fromEntries(value.entries) : value);
  return Object.fromEntries(Object.entries(session).map(([key, value]) => [key, plain(value)]));
}
