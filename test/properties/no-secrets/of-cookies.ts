/** Failures and events of Flask's own cookie, which holds the values themselves. */
import { validateCsrf } from "../../../src/extensions/csrf.ts";
import { loadLogin, login, loginRequired } from "../../../src/extensions/login.ts";
import {
  createSessions,
  type PayloadFormat,
  type SessionEvent,
  type SessionOptions,
  type Sessions,
  UrlSafeTimedSerializer,
} from "../../../src/index.ts";
import { KEY, SECRET, VALUE } from "./marks.ts";
import { errorsOf, type Provocation } from "./provocation.ts";

const format: PayloadFormat<string> = { encode: (text) => Buffer.from(text), decode: () => "" };
const KIND = { secretKey: SECRET, salt: "cookie-session", keyDerivation: "hmac", format } as const;
const HELD = JSON.stringify({ [KEY]: VALUE, _permanent: true });

function cookie(payload: string, secondsAgo = 0): string {
  const now = () => new Date(Date.now() - secondsAgo * 1000);
  return `session=${new UrlSafeTimedSerializer({ ...KIND, now }).dumps(payload)}`;
}

function cookieSessions(tell: (event: SessionEvent) => void, options: Partial<SessionOptions> = {}): Sessions {
  return createSessions({ cookieSession: true, secretKey: SECRET, onEvent: tell, ...options });
}

/** What a handler does with the session of a cookie, and the end of the request. */
function visit(
  sessions: Sessions,
  brought: string | undefined,
  handle: (session: Record<string, unknown>) => void = () => undefined,
): () => Promise<void> {
  return async () => {
    const opened = await sessions.open(brought);
    handle(opened.session);
    await opened.finish();
  };
}

/** Text that grows where Python's JSON escapes it. */
const GROWS = JSON.stringify({
  _permanent: true,
  [KEY]: `${VALUE}${Buffer.from(SECRET.repeat(99)).toString("utf16le")}`,
});

/** Everything that can go wrong with the cookie. */
export const ofCookies: readonly Provocation[] = [
  {
    name: "a session that does not fit",
    fails: ["ERR_COOKIE_TOO_LARGE"],
    by: (tell) =>
      errorsOf(
        visit(cookieSessions(tell, { maxCookieSizeBytes: 50 }), undefined, (session) => {
          session["big"] = VALUE;
        }),
      ),
  },
  {
    name: "one that does not fit when it is refreshed",
    tells: ["cookie-too-large"],
    by: (tell) => errorsOf(visit(cookieSessions(tell, { maxCookieSizeBytes: 50 }), cookie(GROWS))),
  },
  {
    name: "a value that tagged JSON cannot carry",
    fails: ["ERR_ENCODE"],
    by: (tell) =>
      errorsOf(
        visit(cookieSessions(tell), cookie(HELD), (session) => {
          session[KEY] = new Set([VALUE]);
        }),
      ),
  },
  {
    name: "a wrong signature",
    tells: ["signature-refused"],
    by: (tell) => errorsOf(visit(cookieSessions(tell), `${cookie(HELD).slice(0, -5)}AAAA`)),
  },
  {
    name: "a cookie that is too old",
    tells: ["signature-refused"],
    by: (tell) => errorsOf(visit(cookieSessions(tell, { lifetimeSeconds: 5 }), cookie(HELD, 60))),
  },
  {
    name: "a payload that cannot be read",
    tells: ["corrupt"],
    by: (tell) => errorsOf(visit(cookieSessions(tell), cookie(`{"${KEY}": "${VALUE}`))),
  },
  {
    name: "a payload that is no dict",
    tells: ["corrupt"],
    by: (tell) => errorsOf(visit(cookieSessions(tell), cookie(JSON.stringify(VALUE)))),
  },
  {
    name: "a tag that holds something else",
    tells: ["corrupt"],
    by: (tell) => errorsOf(visit(cookieSessions(tell), cookie(JSON.stringify({ " u": VALUE })))),
  },
  {
    name: "a change after the head",
    tells: ["headers-sent"],
    by: async (tell) => {
      const opened = await cookieSessions(tell).open(cookie(HELD));
      const { session } = opened;
      await opened.finish();
      session[KEY] = `${VALUE}!`;
      await opened.finish();
      return [];
    },
  },
  {
    name: "a forged request",
    fails: ["ERR_CSRF", "ERR_SECRET_KEY_MISSING"],
    by: async (tell) => {
      const extensions = { csrf: { SECRET_KEY: SECRET } };
      const [keyed, bare] = [cookieSessions(tell, { extensions }), cookieSessions(tell)];
      const request = async (sessions: Sessions) => ({
        session: (await sessions.open(cookie(HELD))).session,
        headers: {},
      });
      const [withKey, without] = [await request(keyed), await request(bare)];
      return errorsOf(
        () => validateCsrf(withKey, `${VALUE}.${SECRET}`),
        () => validateCsrf(without, VALUE),
      );
    },
  },
  {
    name: "a login that is missing, or cannot be",
    fails: ["ERR_LOGIN_REQUIRED", "ERR_CONFIG", "ERR_SECRET_KEY_MISSING", "ERR_READ_ONLY_SESSION", "TypeError"],
    by: async (tell) => {
      const request = async (config: Readonly<Record<string, unknown>>) => {
        const sessions = cookieSessions(tell, { extensions: { login: config } });
        const headers = { cookie: `remember_token=${VALUE}|${SECRET}` };
        return { session: (await sessions.open(cookie(HELD))).session, headers };
      };
      const [keyed, bare] = [await request({ SECRET_KEY: SECRET }), await request({})];
      const read = { session: await cookieSessions(tell).read(cookie(HELD)), headers: {} };
      return errorsOf(
        () =>
          new Promise<void>((resolve, reject) => {
            loginRequired()(keyed, { redirect: () => resolve() }, (error) =>
              error === undefined ? resolve() : reject(error),
            );
          }),
        () => loadLogin(bare),
        async () => loadLogin(await request({ SECRET_KEY: `${SECRET}☃` })),
        () => login(read, { userId: VALUE }),
        () => login(keyed, { userId: { [VALUE]: SECRET } as unknown as string }),
        () => login(keyed, { userId: VALUE, duration: 0 }),
      );
    },
  },
  {
    name: "a payload of a serializer",
    fails: ["ERR_BAD_PAYLOAD"],
    by: () => {
      const serializer = new UrlSafeTimedSerializer({ secretKey: SECRET });
      const signed = new UrlSafeTimedSerializer({ secretKey: SECRET, format }).dumps(`{"${VALUE}`);
      return errorsOf(() => serializer.loads(signed));
    },
  },
];
