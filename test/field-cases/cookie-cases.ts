/** The cases of Flask's own cookie, of what signs it, and of the extensions beside it. */
import { expect } from "chai";
import { TaggedJson } from "../../src/codecs/tagged-json.ts";
import { type FlaskConfig, flaskConfig } from "../../src/config/index.ts";
import { BadSignature, BadTimeSignature, ConfigError, SecretKeyMissingError } from "../../src/errors.ts";
import { generateCsrf } from "../../src/extensions/csrf.ts";
import { loadLogin, logout } from "../../src/extensions/login.ts";
import type { ExtensionRequest } from "../../src/extensions/request.ts";
import type { CookieSigning } from "../../src/session/options.ts";
import type { Session } from "../../src/session/session.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { UrlSafeSerializer } from "../../src/signing/serializer.ts";
import type { SignerOptions } from "../../src/signing/signer.ts";
import { UrlSafeTimedSerializer } from "../../src/signing/timed-serializer.ts";
import { TimestampSigner, type UnsignOptions } from "../../src/signing/timestamp-signer.ts";
import type { Exact } from "../../src/values/exact.ts";
import { notationOf } from "../codecs/notation.ts";
import { judgeOf } from "../python/judge.ts";
import { type Asked, caseOf } from "./cases.ts";

/** Declares the test of a case. */
type Field = (id: string, test: Mocha.AsyncFunc) => void;

/** Works at an instant in seconds since 1970. */
type At = <T>(seconds: number, work: () => Promise<T>) => Promise<T>;

/** The instant of every step that names none. */
const NOW = 1760000000;

/** What tells the Flask of an environment to Node. */
const VERSIONS: Readonly<Partial<Record<Asked, string>>> = {
  "fs080-flask31": "3.1",
  "fs050-flask22": "2.2",
  "cookie-flask10": "1.0",
};

/** Declares the tests. */
export function cookieCases(field: Field, at: At): void {
  describe("signed text", () => signedText(field, at));
  describe("Flask's own cookie", () => ownCookie(field, at));
  describe("beside Flask's own cookie", () => beside(field, at));
}

interface Verified extends Pick<SignerOptions, "salt" | "keyDerivation"> {
  readonly kind: "TimestampSigner" | "URLSafeSerializer" | "URLSafeTimedSerializer";
  readonly secretKey: string;
  readonly maxAge?: number;
  readonly token: string;
  readonly nows: readonly number[];
}

interface Verdict {
  readonly value?: unknown;
  readonly error?: string;
  readonly payload?: unknown;
  readonly signedAt?: number | null;
}

function signedText(field: Field, at: At): void {
  const environments: Readonly<Record<string, readonly Asked[]>> = { f12: ["fs080-flask31", "cookie-flask10"] };
  for (const id of ["f01", "f08", "f12", "f14", "f16"]) {
    field(id, async () => {
      for (const environment of environments[id] ?? (["fs080-flask31"] as const)) {
        const { input, python } = caseOf<Verified, readonly Verdict[]>(id, environment);
        const { nows } = input;
        const verdicts: Verdict[] = [];
        for (const second of nows) verdicts.push(await at(second, async () => verdictOn(input, environment)));
        expect(verdicts, environment).to.deep.equal(python);
      }
    });
  }

  // Whoever forgets to set a key would sign with the one that everybody knows.
  field("f03", async () => {
    const { input, python } = caseOf<Verified, readonly Verdict[]>("f03", "fs080-flask31");
    expect(python).to.have.nested.property("[0].value.hello", "world");
    expect(verdictOn(input, "fs080-flask31")).to.include({ error: "RangeError" });
  });
}

/** The clock that a case sets. */
const now = (): Date => new Date(Date.now());

/** As `told_by` of the generator. */
function verdictOn(input: Verified, environment: Asked): Verdict {
  try {
    return readerOf(input, environment)();
  } catch (error) {
    const payload = error instanceof BadSignature ? error.payload : undefined;
    const signedAt = error instanceof BadTimeSignature ? error.signedAt : undefined;
    return {
      error: (error as Error).name,
      payload: payload === undefined ? null : { $bytes: Buffer.from(payload).toString("hex") },
      signedAt: signedAt === undefined ? null : signedAt.getTime() / 1000,
    };
  }
}

function readerOf(input: Verified, environment: Asked): () => Verdict {
  const { kind, token, maxAge, secretKey, salt, keyDerivation } = input;
  const own = { ...(salt === undefined ? {} : { salt }), ...(keyDerivation === undefined ? {} : { keyDerivation }) };
  const signing = { secretKey, ...own };
  const options: UnsignOptions = maxAge === undefined ? {} : { maxAgeSeconds: maxAge };
  if (kind === "URLSafeSerializer") return () => ({ value: new UrlSafeSerializer(signing).loads(token) });
  if (kind === "TimestampSigner") {
    const epoch = environment === "cookie-flask10" ? "2011" : "1970";
    const signer = new TimestampSigner({ ...signing, epoch, now });
    return () =>
      verdictOf(signer.unsignWithTimestamp(Buffer.from(token), options), (bytes) => ({
        $bytes: Buffer.from(bytes).toString("hex"),
      }));
  }
  const serializer = new UrlSafeTimedSerializer<Exact>({ ...signing, now, format: new TaggedJson() });
  return () => verdictOf(serializer.loadsWithTimestamp(token, options), notationOf);
}

function verdictOf<Value>(
  { value, signedAt }: { readonly value: Value; readonly signedAt: Date },
  shown: (value: Value) => unknown,
): Verdict {
  return { value: shown(value), signedAt: signedAt.getTime() / 1000 };
}

type Act =
  | readonly ["set", key: string, value: unknown]
  | readonly ["setNested", key: string, inner: string, value: unknown]
  | readonly ["clear"];

interface Step {
  readonly now?: number;
  readonly cookie?: string;
  readonly cookieFrom?: number;
  readonly do?: readonly Act[];
}

interface Visits {
  readonly config: FlaskConfig;
  readonly signing?: CookieSigning;
  readonly steps: readonly Step[];
}

interface Answer {
  readonly status: number;
  readonly found: unknown;
  readonly setCookie: string | null;
}

function ownCookie(field: Field, at: At): void {
  const environments: Readonly<Record<string, readonly Asked[]>> = {
    f06: ["fs080-flask31", "fs050-flask22", "cookie-flask10"],
    f71: ["fs080-flask31"],
  };
  for (const id of ["f06", "f10", "f18", "f69", "f71"]) {
    field(id, async () => {
      for (const environment of environments[id] ?? (["fs080-flask31", "fs050-flask22"] as const)) {
        const { input, python } = caseOf<Visits, readonly Answer[]>(id, environment);
        expect(await visited(input, environment, at), environment).to.deep.equal(python);
      }
    });
  }

  // Node notices the change within the dict, and sends what Flask would have sent had it noticed.
  field("f75", async () => {
    for (const environment of ["fs080-flask31", "fs050-flask22"] as const) {
      const { input, python } = caseOf<Visits, readonly Answer[]>("f75", environment);
      const answers = await visited(input, environment, at);
      expect(python.map(({ setCookie }) => setCookie !== null)).to.deep.equal([true, false, false, true, false]);
      expect(answers.map(({ setCookie }) => setCookie !== null)).to.deep.equal([true, true, false, true, false]);
      expect(answers[2]?.found).to.deep.equal({ cart: { x: 1 } });
      expect([0, 3, 4].map((step) => answers[step])).to.deep.equal([0, 3, 4].map((step) => python[step]));
    }
  });

  const refusals: readonly (readonly [string, new (...rest: never) => Error, string])[] = [
    ["f04", SecretKeyMissingError, "SECRET_KEY is missing"],
    ["f65", SecretKeyMissingError, "SECRET_KEY is missing"],
    ["f59", ConfigError, "Cannot use SECRET_KEY: it must be one key; older ones belong into SECRET_KEY_FALLBACKS"],
  ];
  for (const [id, kind, message] of refusals) {
    field(id, async () => {
      const { input, python } = caseOf<Visits, readonly Answer[]>(id, "fs080-flask31");
      expect(python.at(-1)?.status).to.equal(500);
      expect(() => flaskConfig(input.config)).to.throw(kind, message);
    });
  }
}

/** What Node answers to the steps; every request that it answers is a 200. */
async function visited({ config, signing, steps }: Visits, environment: Asked, at: At): Promise<Answer[]> {
  const flaskVersion = VERSIONS[environment] as string;
  const options = flaskConfig(config, { flaskVersion, onEvent: () => {} });
  const sessions = createSessions({ ...options, clockSkewSeconds: 0, ...(signing && { cookieSession: signing }) });
  const answers: Answer[] = [];
  for (const step of steps) {
    const cookie = step.cookie ?? cookieAfter(answers, step.cookieFrom);
    answers.push(await at(step.now ?? NOW, () => visit(sessions, cookie, step.do ?? [])));
  }
  return answers;
}

/** The browser's after an earlier step; where that sent none, the one before. */
function cookieAfter(answers: readonly Answer[], step: number | undefined): string | undefined {
  if (step === undefined) return undefined;
  const header = answers[step]?.setCookie ?? answers[step - 1]?.setCookie;
  return header?.split(";", 1)[0];
}

async function visit(sessions: Sessions, cookie: string | undefined, acts: readonly Act[]): Promise<Answer> {
  const request = await sessions.open(cookie);
  const found: unknown = JSON.parse(JSON.stringify(request.session));
  for (const act of acts) change(request.session, act);
  const [setCookie = null] = (await request.finish()).setCookie;
  return { status: 200, found, setCookie };
}

function change(session: Session, act: Act): void {
  if (act[0] === "set") session[act[1]] = structuredClone(act[2]);
  else if (act[0] === "setNested") (session[act[1]] as Record<string, unknown>)[act[2]] = act[3];
  else session.clear();
}

function beside(field: Field, at: At): void {
  field("f67", async () => {
    const { input, python } = caseOf<{ durations: unknown[] }, readonly { status: number }[]>("f67", "fs080-flask31");
    const [number, text] = input.durations;
    const config = (duration: unknown) => ({ SECRET_KEY: "k", REMEMBER_COOKIE_DURATION: duration }) as FlaskConfig;
    expect(python.map(({ status }) => status)).to.deep.equal([200, 500]);
    expect(() => flaskConfig(config(number))).not.to.throw();
    expect(() => flaskConfig(config(text))).to.throw(ConfigError, "REMEMBER_COOKIE_DURATION");
  });

  field("f77", async () => {
    interface Raw {
      readonly secretKey: string;
      readonly now: number;
      readonly raw: string;
    }
    for (const environment of ["fs080-flask31", "fs050-flask22"] as const) {
      const { input, python } = caseOf<Raw, string>("f77", environment);
      const options = flaskConfig({ SECRET_KEY: input.secretKey }, { onEvent: () => {}, clockSkewSeconds: 0 });
      const { session } = await createSessions(options).open(undefined);
      session["csrf_token"] = input.raw;
      expect(await at(input.now, () => generateCsrf({ session, headers: {} }))).to.equal(python);
    }
  });

  // Node asks no request loader, so that it has nobody where Python has who the request names. A log-out ends the forged cookie.
  field("f79", async () => {
    interface Row {
      readonly user: string | null;
      readonly cookies: readonly string[];
    }
    type Given = { readonly config: FlaskConfig; readonly cookies: readonly (string | null)[] };
    const { input, python } = caseOf<Given, readonly Row[]>("f79", "fs080-flask31");
    const sessions = createSessions(flaskConfig(input.config, { onEvent: () => {} }));
    const answered = async (cookie: string | null, handle: (request: ExtensionRequest) => Promise<unknown>) => {
      const request = await sessions.open(undefined);
      const headers = { authorization: "x", ...(cookie !== null && { cookie }) };
      await handle({ session: request.session, headers, remoteAddress: "127.0.0.1" });
      return (await request.finish()).setCookie;
    };
    const rows: Row[] = [];
    for (const cookie of input.cookies) {
      let user: string | null = null;
      const setCookie = await answered(cookie, async (request) => {
        user = (await loadLogin(request)).currentUserId ?? null;
      });
      rows.push({ user, cookies: setCookie.map((line) => line.slice(0, line.indexOf("="))) });
    }
    expect(python.map(({ user }) => user)).to.deep.equal(["of the request", null, "7"]);
    expect(rows).to.deep.equal(python.map(({ user, cookies }, row) => ({ user: row === 0 ? null : user, cookies })));
    const [deleted] = await answered(input.cookies[1] as string, logout);
    expect(deleted).to.match(/^remember_token=; Expires=Thu, 01 Jan 1970 /);
  });

  // A float that became an int would end the login in a state mismatch; to Python it is a float still.
  field("f81", async () => {
    const { python } = caseOf<object, readonly { now: number; cookie: string }[]>("f81", "fs080-flask31");
    const sessions = createSessions(flaskConfig({ SECRET_KEY: "k" }, { onEvent: () => {} }));
    const last = python.at(-1) as { now: number; cookie: string };
    const { setCookie } = await at(last.now, () => visit(sessions, last.cookie, [["set", "n", 1]]));
    const program = `
from flask import Flask
app = Flask('field')
app.config['SECRET_KEY'] = 'k'
session = app.session_interface.get_signing_serializer(app).loads(input)
result = [[key, type(value['exp']).__name__, value['exp']] for key, value in session.items() if key != 'n']`;
    const token = (setCookie as string).slice("session=".length, (setCookie as string).indexOf(";"));
    expect(await (await judgeOf("fs080-flask31")).run(program, token)).to.deep.equal([
      ["_state_idp_st1", "float", NOW + 3600],
      ["_state_idp_st2", "float", NOW + 3610],
      ["_state_idp_st3", "float", NOW + 7205],
    ]);
  });
}
