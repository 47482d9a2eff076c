/** What logging in and out does to a session, beside what Flask-Login does. */
import { expect } from "chai";
import { msgpack } from "../../../src/codecs/msgpack.ts";
import { flaskConfig } from "../../../src/config/index.ts";
import {
  ConfigError,
  CsrfError,
  HeadersSentError,
  ReadOnlySessionError,
  SecretKeyMissingError,
} from "../../../src/errors.ts";
import { generateCsrf, validateCsrf } from "../../../src/extensions/csrf.ts";
import { type LoginOptions, loadLogin, login, logout } from "../../../src/extensions/login.ts";
import { Session } from "../../../src/session/session.ts";
import { createSessions, type Sessions } from "../../../src/session/sessions.ts";
import { memoryStore } from "../../../src/stores/memory.ts";
import { PyDict } from "../../../src/values/exact.ts";
import { startFlask } from "../../services/flask-app.ts";
import { cookieOf, rejection, visit } from "../visit.ts";
import { startLoginApp } from "./app.ts";
import { PlainBrowser } from "./plain-browser.ts";

const SECRET_KEY = "your-super-secret-key";

const kinds: readonly (readonly [string, () => Sessions])[] = [
  ["Flask's own cookie", () => createSessions(flaskConfig({ SECRET_KEY }))],
  ["a store", () => createSessions({ store: memoryStore(), extensions: { login: { SECRET_KEY } } })],
];

describe("login", function () {
  this.timeout(60_000);

  for (const [name, open] of kinds) {
    describe(`to a session in ${name}`, () => {
      let sessions: Sessions;

      beforeEach(() => {
        sessions = open();
      });

      it("keeps what the session holds", async () => {
        const { setCookie } = await visit(sessions, undefined, async ({ session }) => {
          Object.assign(session as object, { cart: ["tea"], _remember: "clear" });
        });
        const second = await visit(sessions, cookieOf(setCookie), (request) => login(request, { userId: 7n }));
        const held = await sessions.read(cookieOf(second.setCookie));
        expect(held).to.deep.include({ cart: ["tea"], _user_id: "7", _fresh: true });
        expect(held).not.to.have.property("_remember");
      });

      it("is known at once, and not judged again", async () => {
        const asked: string[] = [];
        const userExists = (id: string) => asked.push(id) < 2;
        const { result } = await visit(sessions, undefined, async (request) => {
          const found = [await loadLogin(request)];
          await login(request, { userId: "42", fresh: false });
          found.push(
            await loadLogin(request),
            await loadLogin(request, { userExists }),
            await loadLogin(request, { userExists }),
          );
          await logout(request);
          return [...found, await loadLogin(request, { userExists })];
        });
        const nobody = { currentUserId: undefined, isAuthenticated: false, isFresh: false };
        const stale = { currentUserId: "42", isAuthenticated: true, isFresh: false };
        expect(result).to.deep.equal([nobody, stale, stale, nobody, nobody]);
        expect(asked).to.deep.equal(["42", "42"]);
      });

      it("is refused, and changes nothing, where it cannot be", async () => {
        const cases: readonly (readonly [Partial<LoginOptions>, new (...parts: never[]) => Error])[] = [
          [{ userId: undefined as unknown as string }, TypeError],
          [{ userId: "\ud800" }, TypeError],
          [{ userId: Number.NaN }, TypeError],
          [{ userId: 1.5 }, TypeError],
          [{ userId: 2 ** 53 }, TypeError],
          [{ clientAddress: 5 as unknown as string }, TypeError],
          [{ duration: 0 }, ConfigError],
        ];
        for (const [options, kind] of cases) {
          const { result, setCookie } = await visit(sessions, undefined, (request) => {
            return rejection(login(request, { userId: "42", ...options }));
          });
          expect(result).to.be.instanceOf(kind);
          expect(setCookie).to.deep.equal([]);
        }
      });

      it("is refused on a session that read() gave", async () => {
        const request = { session: await sessions.read(undefined), headers: {} };
        expect(await rejection(login(request, { userId: "42" }))).to.be.instanceOf(ReadOnlySessionError);
        expect(await rejection(logout(request))).to.be.instanceOf(ReadOnlySessionError);
      });

      it("is refused once the head has gone out", async () => {
        const opened = await sessions.open(undefined);
        const request = { session: opened.session, headers: {} };
        await opened.finish();
        expect(await rejection(login(request, { userId: "42" }))).to.be.instanceOf(HeadersSentError);
      });

      it("takes the CSRF token away, but where told to keep it", async () => {
        for (const keepCsrfToken of [undefined, true]) {
          const extensions = { csrf: { SECRET_KEY, WTF_CSRF_FIELD_NAME: "token" } };
          const keyed =
            name === "a store"
              ? createSessions({ store: memoryStore(), extensions })
              : createSessions({ cookieSession: true, secretKey: SECRET_KEY, extensions });
          const { result } = await visit(keyed, undefined, async (request) => {
            const token = await generateCsrf(request);
            await login(request, { userId: "42", keepCsrfToken });
            return [
              token === (await generateCsrf(request)),
              await rejection(validateCsrf(request, token).then(() => Promise.reject(undefined))),
            ];
          });
          if (keepCsrfToken === true) expect(result).to.deep.equal([true, undefined]);
          else expect(result[1]).to.be.instanceOf(CsrfError);
        }
      });
    });
  }

  it("takes a new sid always", async () => {
    const sessions = createSessions({ store: memoryStore() });
    const sids: unknown[] = [];
    const sign = (cookie: string | undefined) =>
      visit(sessions, cookie, async (request) => {
        const control = Session.of(request.session as object);
        sids.push(control.sid);
        await login(request, { userId: "42" });
        sids.push(control.sid);
      });
    const { setCookie } = await sign(undefined);
    await sign(cookieOf(setCookie));
    expect(sids[1]).to.equal(sids[2]);
    expect(new Set(sids)).to.have.property("size", 3);
    expect(await sessions.read(cookieOf(setCookie))).to.deep.equal({});
  });

  it("takes a new sid, and deletes the old record, where that holds but _permanent: somebody has planted it", async () => {
    const store = memoryStore();
    const sessions = createSessions({ store });
    const sid = "planted-planted-planted-planted";
    const bytes = msgpack.encode(new PyDict(["_permanent"], [true]));
    await store.set(`session:${sid}`, bytes, new Date(Date.now() + 60_000));
    const { setCookie } = await visit(sessions, `session=${sid}`, (request) => login(request, { userId: "42" }));
    expect(cookieOf(setCookie)).not.to.equal(`session=${sid}`);
    expect(await sessions.read(cookieOf(setCookie))).to.deep.include({ _user_id: "42" });
    expect(await store.get(`session:${sid}`)).to.equal(undefined);
  });

  it("needs a key for the remember cookie alone", async () => {
    const sessions = createSessions({ store: memoryStore() });
    const { result, setCookie } = await visit(sessions, undefined, async (request) => {
      const error = await rejection(login(request, { userId: "42", remember: true }));
      return [error, { ...(request.session as object) }];
    });
    expect(result[0]).to.be.instanceOf(SecretKeyMissingError);
    expect([result[1], setCookie]).to.deep.equal([{ _permanent: true }, []]);
  });

  it("of who had a session planted leaves the planter without a token", async () => {
    const config = { SECRET_KEY };
    const forms = await startFlask({ app: "forms", config });
    const node = await startLoginApp(config);
    const planter = new PlainBrowser();
    const { token } = (await planter.json(`${forms.url}/form`)) as { readonly token: string };
    for (const [keepCsrfToken, status, refused] of [
      [true, 200, undefined],
      [false, 400, "The CSRF session token is missing."],
    ] as const) {
      const victim = new PlainBrowser();
      for (const [name, value] of planter.cookies) victim.cookies.set(name, value);
      await victim.post(`${node.url}/login`, { id: "42", keepCsrfToken });
      expect(await victim.json(`${node.url}/who`)).to.deep.include({ id: "42" });
      expect((await victim.post(`${node.url}/validate`, { token })).status).to.equal(status);
      const { body } = await victim.post(`${forms.url}/validate`, { token });
      expect((body as { readonly refused?: string }).refused).to.equal(refused);
    }
    await forms.stop();
    await node.stop();
  });
});

describe("logout", () => {
  it("deletes the remember cookie where its path kept it from coming along", async () => {
    const extensions = { login: { SECRET_KEY, REMEMBER_COOKIE_PATH: "/app" } };
    const sessions = createSessions({ store: memoryStore(), extensions });
    const { setCookie } = await visit(sessions, undefined, logout);
    expect(setCookie).to.deep.equal(["remember_token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/app"]);
  });

  it("of a login that is remembered keeps nothing of it", async () => {
    const sessions = createSessions({ store: memoryStore(), extensions: { login: { SECRET_KEY } } });
    const first = await visit(sessions, undefined, (request) =>
      login(request, { userId: "42", remember: true, duration: { days: 2 } }),
    );
    const cookie = cookieOf(first.setCookie);
    expect(await sessions.read(cookie)).to.deep.include({ _remember_seconds: 172_800 });
    const { setCookie } = await visit(sessions, cookie, async (request) => {
      (request.session as Record<string, unknown>)["next"] = "/page";
      await logout(request);
    });
    expect(await sessions.read(cookie)).to.deep.equal({ _permanent: true, next: "/page" });
    expect(setCookie[1]).to.match(/^remember_token=;/);
  });
});
