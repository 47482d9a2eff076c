/** Who is logged in, as Node finds it. */
import { expect } from "chai";
import { pickle } from "../../../src/codecs/pickle/codec.ts";
import { ConfigError } from "../../../src/errors.ts";
import { makeToken } from "../../../src/extensions/login/remember-token.ts";
import { type LoadOptions, type Login, loadLogin } from "../../../src/extensions/login.ts";
import { createSessions, type Sessions } from "../../../src/session/sessions.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { PyDict } from "../../../src/values/exact.ts";
import { py } from "../../../src/values/py.ts";
import { Uuid } from "../../../src/values/value-types.ts";
import { cookieOf, rejection, visit } from "../visit.ts";

const SECRET_KEY = "your-super-secret-key";
const REMEMBER = { cookie: `remember_token=${makeToken("42", Buffer.from(SECRET_KEY))}` };
const UUID = "12345678-1234-5678-1234-567812345678";

function sessionsOf(config: Readonly<Record<string, unknown>> = {}): Sessions {
  return createSessions({
    store: memoryStore(),
    flaskSessionVersion: "0.5",
    permanent: false,
    extensions: { login: { SECRET_KEY, SESSION_PROTECTION: null, flaskSessionVersion: "0.5", ...config } },
  });
}

/** The cookie of a session that holds this. */
async function stored(sessions: Sessions, held: object): Promise<string> {
  const { setCookie } = await visit(sessions, undefined, async ({ session }) => {
    Object.assign(session as object, held);
  });
  return cookieOf(setCookie);
}

describe("loadLogin", () => {
  it("knows users by text, numbers and UUIDs, and nothing else", async () => {
    const sessions = sessionsOf();
    const ids: readonly (readonly [unknown, string | undefined])[] = [
      ["42", "42"],
      ["", ""],
      [42, "42"],
      [2n ** 70n, String(2n ** 70n)],
      [new Uuid(UUID), UUID],
      [null, undefined],
      [true, undefined],
      [["42"], undefined],
      [py.dict(new Map([[42, 42]])), undefined],
    ];
    for (const [id, expected] of ids) {
      const cookie = await stored(sessions, { _user_id: id, _fresh: true });
      const { result } = await visit(sessions, cookie, (request) => loadLogin(request));
      const isAuthenticated = expected !== undefined;
      expect(result).to.deep.equal({ currentUserId: expected, isAuthenticated, isFresh: isAuthenticated });
    }
  });

  it("judges once a request, whoever asks at the same time", async () => {
    const sessions = sessionsOf();
    const cookie = await stored(sessions, { _user_id: "42" });
    let asked = 0;
    const userExists = async () => {
      asked++;
      return true;
    };
    const { result } = await visit(sessions, cookie, (request) =>
      Promise.all([loadLogin(request, { userExists }), loadLogin(request, { userExists }), loadLogin(request)]),
    );
    expect(new Set(result)).to.have.property("size", 1);
    expect(asked).to.equal(1);
  });

  it("asks again where asking failed", async () => {
    const sessions = sessionsOf();
    const cookie = await stored(sessions, { _user_id: "42" });
    const { result } = await visit(sessions, cookie, async (request) => [
      await rejection(loadLogin(request, { userExists: () => Promise.reject(new RangeError("no database")) })),
      await loadLogin(request),
    ]);
    expect(result[0]).to.be.instanceOf(RangeError);
    expect(result[1]).to.have.property("currentUserId", "42");
  });

  const judged: readonly (readonly [string, object, Readonly<Record<string, unknown>>, LoadOptions, Partial<Login>])[] =
    [
      [
        "protects from another browser",
        { _user_id: "42", _id: "x", _fresh: true },
        { SESSION_PROTECTION: "basic" },
        {},
        { currentUserId: "42", isFresh: false },
      ],
      [
        "protects strongly",
        { _user_id: "42", _id: "x", _fresh: true },
        { SESSION_PROTECTION: "strong" },
        {},
        { isAuthenticated: false },
      ],
      ["restores", {}, {}, {}, { currentUserId: "42", isFresh: false }],
      ["restores nobody who is cleared", { _remember: "clear" }, {}, {}, { isAuthenticated: false }],
      ["asks for who exists", { _user_id: "7" }, {}, { userExists: (id) => id === "42" }, { currentUserId: "42" }],
      ["asks for who is remembered", {}, {}, { userExists: () => false }, { isAuthenticated: false }],
    ];
  for (const [name, held, config, options, expected] of judged) {
    it(`of a session from read() ${name}, and writes nothing`, async () => {
      const sessions = sessionsOf(config);
      const cookie = await stored(sessions, held);
      const session = await sessions.read(cookie === "" ? undefined : cookie);
      const before = { ...session };
      expect(await loadLogin({ session, headers: REMEMBER }, options)).to.deep.include(expected);
      expect({ ...session }).to.deep.equal(before);
    });
  }

  it("finds a session empty as Python does", async () => {
    const sid = "12345678-1234-5678-1234-567812345678";
    const rows: readonly (readonly [flaskSessionVersion: "0.5" | "0.6", PyDict, fresh: false | undefined])[] = [
      ["0.5", new PyDict(), undefined],
      ["0.6", new PyDict(), undefined],
      ["0.5", new PyDict(["_permanent"], [true]), false],
      ["0.6", new PyDict(["_permanent"], [true]), undefined],
      ["0.6", new PyDict(["_permanent", "a"], [true, 1]), false],
      ["0.6", new PyDict([7], ["a key that is no text"]), false],
    ];
    for (const [flaskSessionVersion, held, fresh] of rows) {
      const store = memoryStore();
      await store.set(`session:${sid}`, pickle.encode(held), new Date(Date.now() + 60_000));
      const extensions = { login: { flaskSessionVersion } };
      const sessions = createSessions({ store, flaskSessionVersion, extensions });
      const { result } = await visit(sessions, `session=${sid}`, async (request) => {
        await loadLogin(request);
        return (request.session as Record<string, unknown>)["_fresh"];
      });
      expect(result).to.equal(fresh);
    }
  });

  it("does what Flask is told by `_remember`, and takes it out", async () => {
    const sessions = sessionsOf();
    const rows: readonly (readonly [object, RegExp | undefined])[] = [
      [{ _user_id: "42", _remember: "set" }, /^remember_token=42\|[0-9a-f]{128}; Expires=/],
      [
        { _user_id: "42", _remember: "set", _remember_seconds: 1e300 },
        /^remember_token=42\|[0-9a-f]{128}; Expires=\w{3}, \d\d /,
      ],
      [{ _user_id: ["42"], _remember: "set" }, undefined],
      [{ _user_id: "42", _remember: "clear" }, /^remember_token=; /],
      [{ _user_id: "42", _remember: 5 }, undefined],
    ];
    for (const [held, expected] of rows) {
      const cookie = await stored(sessions, held);
      const { setCookie } = await visit(sessions, cookie, (request) => loadLogin(request));
      const line = setCookie.find((text) => text.startsWith("remember_token="));
      if (expected === undefined) expect(line).to.equal(undefined);
      else expect(line).to.match(expected);
      expect(await sessions.read(cookie)).not.to.have.property("_remember");
    }
  });

  it("takes the last of two cookies where old Werkzeugs do", async () => {
    const other = `remember_token=${makeToken("7", Buffer.from(SECRET_KEY))}`;
    const headers = { cookie: `${REMEMBER.cookie}; ${other}` };
    for (const [flaskVersion, expected] of [
      ["1.0", "7"],
      ["3.1", "42"],
    ] as const) {
      const { result } = await visit(sessionsOf({ flaskVersion }), undefined, ({ session }) =>
        loadLogin({ session, headers }),
      );
      expect(result).to.have.property("currentUserId", expected);
    }
  });

  it("wants a key that it can use, where a remember cookie has come", async () => {
    for (const key of [undefined, "☃"]) {
      const { result } = await visit(sessionsOf({ SECRET_KEY: key }), undefined, ({ session }) =>
        rejection(loadLogin({ session, headers: new Headers(REMEMBER) })),
      );
      expect(result).to.be.instanceOf(ConfigError);
    }
  });

  it("needs a session", async () => {
    expect(await rejection(loadLogin({ session: {}, headers: {} }))).to.be.instanceOf(TypeError);
  });
});
