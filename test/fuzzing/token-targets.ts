/** What a browser or another server sends beside a session id: Flask's own cookie, tokens, cookies of Flask-Login, headers. */
import { TaggedJson } from "../../src/codecs/tagged-json.ts";
import { BadData, CsrfError, DecodeError, EncodeError } from "../../src/errors.ts";
import { validateCsrf } from "../../src/extensions/csrf/token.ts";
import { cookieHeader, passCookies } from "../../src/extensions/forward/cookies.ts";
import { identifierOf } from "../../src/extensions/login/identifier.ts";
import { makeToken, openToken } from "../../src/extensions/login/remember-token.ts";
import { controlOf } from "../../src/extensions/request.ts";
import { resolveCookieOptions } from "../../src/session/cookie-session/options.ts";
import { SessionToken } from "../../src/session/cookie-session/token.ts";
import { createSessions, type Sessions } from "../../src/session/sessions.ts";
import { Serializer, UrlSafeSerializer } from "../../src/signing/serializer.ts";
import { Signer } from "../../src/signing/signer.ts";
import { TimestampSigner } from "../../src/signing/timestamp-signer.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { sameExact } from "../../src/values/equality.ts";
import { type Exact, PyDict } from "../../src/values/exact.ts";
import { expectTrue } from "./difference.ts";
import { unlessRefused } from "./property.ts";
import { cookieHeaders, payloads, serializedTokens, taggedTexts } from "./seeds.ts";
import type { Target } from "./target.ts";
import { COOKIE_WORDS, HEADER_WORDS, JSON_WORDS, SIGNED_WORDS, TAGGED_WORDS } from "./words.ts";

const SECRET_KEY = "the secret key of the fuzzer";
const USER_ID_KEY = Buffer.from(SECRET_KEY);

/** Each as some Flask reads its own cookie: before 1.0, 1.0 and 1.1, since 2.0. */
const DIALECTS = [
  { escapesTags: false, awareDatetimes: false },
  { escapesTags: true, awareDatetimes: false },
  { escapesTags: true, awareDatetimes: true },
].map((dialect) => new TaggedJson(dialect));

const FLASKS = ["0.12", "1.1", "3.1"];
const sessionTokens = FLASKS.map((flaskVersion) => {
  const options = { cookieSession: true, secretKey: SECRET_KEY, flaskVersion } as const;
  return new SessionToken(resolveCookieOptions(options));
});
/** Signs whatever it is given as Flask signs a session. */
const sessionSigner = new TimestampSigner({
  secretKey: SECRET_KEY,
  salt: "cookie-session",
  keyDerivation: "hmac",
  now: () => new Date(),
});

const serializers = [
  new Serializer({ secretKey: "secret-key" }),
  new UrlSafeSerializer({ secretKey: "secret-key" }),
] as const;
const serializerSigner = new Signer({ secretKey: "secret-key", salt: "itsdangerous" });

const csrfSigner = new TimestampSigner({ secretKey: SECRET_KEY, salt: "wtf-csrf-token" });

const sessions: Sessions = createSessions({
  store: memoryStore(),
  secretKey: SECRET_KEY,
  extensions: { csrf: { SECRET_KEY } },
  onEvent: () => undefined,
});

/** The targets of tokens and of cookies and headers around them. */
export const tokenTargets: readonly Target[] = [
  {
    name: "tagged-json",
    weight: 6,
    seeds: taggedTexts(),
    words: [...JSON_WORDS, ...TAGGED_WORDS],
    run: throughTaggedJson,
  },
  {
    name: "cookie-session",
    weight: 4,
    seeds: [...taggedTexts(), ...payloads()],
    words: [...SIGNED_WORDS, ...TAGGED_WORDS],
    run: throughSessionToken,
  },
  { name: "serializer", weight: 3, seeds: serializedTokens(), words: SIGNED_WORDS, run: throughSerializers },
  { name: "csrf-token", weight: 2, seeds: serializedTokens(), words: SIGNED_WORDS, run: throughCsrf },
  { name: "remember-token", weight: 2, seeds: rememberTokens(), words: SIGNED_WORDS, run: throughRememberToken },
  { name: "forwarded-cookies", weight: 2, seeds: setCookies(), words: COOKIE_WORDS, run: throughForwarded },
  { name: "identifier", weight: 1, seeds: cookieHeaders(), words: HEADER_WORDS, run: throughIdentifier },
];

function throughTaggedJson(input: Uint8Array): void {
  for (const codec of DIALECTS) {
    const value = unlessRefused(DecodeError, () => codec.decode(input));
    if (value === undefined) continue;
    const written = unlessRefused(EncodeError, () => codec.encode(value));
    expectTrue(written === undefined || sameExact(codec.decode(written), value), "tagged JSON is read as another");
  }
}

/** The input as a token, and as a payload that was signed with the right key, which is a bomb at worst. */
function throughSessionToken(input: Uint8Array): void {
  for (const text of [latin1Text(input), latin1Text(sessionSigner.sign(input))]) {
    for (const token of sessionTokens) {
      const tree = token.read(text);
      if (tree === undefined) continue;
      expectTrue(tree instanceof PyDict, "a session that is no dict");
      expectTrue(isSameTree(token, tree), "a cookie written and read again is another session");
    }
  }
}

function isSameTree(token: SessionToken, tree: PyDict): boolean {
  const written = unlessRefused(EncodeError, () => token.write(tree));
  const again: Exact | undefined = written === undefined ? tree : token.read(written);
  return again !== undefined && sameExact(again, tree);
}

function throughSerializers(input: Uint8Array): void {
  for (const serializer of serializers) {
    for (const token of [input, serializerSigner.sign(input)]) {
      const value = unlessRefused(BadData, () => serializer.loads(token));
      const { signatureMatches } = unlessRefused(BadData, () => serializer.loadsUnsafe(token)) ?? {};
      expectTrue(value === undefined || signatureMatches === true, "a value without a right signature");
    }
  }
}

/** The token in the session is known: no input must fit it. */
async function throughCsrf(input: Uint8Array): Promise<void> {
  const { session } = await sessions.open(undefined);
  session["csrf_token"] = "0".repeat(40);
  for (const token of [latin1Text(input), latin1Text(csrfSigner.sign(input))]) {
    const refusal = await validateCsrf({ session, headers: {} }, token).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal !== undefined && !(refusal instanceof CsrfError)) throw refusal;
    expectTrue(refusal !== undefined, "a forged CSRF token passes");
  }
}

function throughRememberToken(input: Uint8Array): void {
  const text = latin1Text(input);
  expectTrue(openToken(text, USER_ID_KEY) === undefined, "a forged remember cookie logs in");
  const token = makeToken(text, USER_ID_KEY);
  expectTrue(openToken(token, USER_ID_KEY) === text, "a remember cookie names another user");
}

/** Flask's answer sets a cookie, then the same request asks Flask again. */
async function throughForwarded(input: Uint8Array): Promise<void> {
  const line = latin1Text(input).replaceAll(/[\r\n\0]/g, " "); // no header has them
  const { session } = await sessions.open(undefined);
  const control = controlOf(session);
  passCookies(control, [line, line]);
  for (const others of [[], [line.split("=", 1).join("").trim()]]) {
    const header = await cookieHeader({ session, headers: { cookie: line } }, control, others);
    expectTrue(header === undefined || header.trim() === header, "a Cookie header with space around it");
  }
}

function throughIdentifier(input: Uint8Array): void {
  const text = latin1Text(input);
  const headers = { "x-forwarded-for": text, "user-agent": text };
  const identifier = identifierOf({ session: undefined, headers }, undefined);
  expectTrue(/^[0-9a-f]{128}$/.test(identifier), "an identifier that is no SHA-512");
}

function rememberTokens(): Uint8Array[] {
  return ["", "42|", "4|2|0123456789abcdef"].map((text) => Buffer.from(text));
}

function setCookies(): Uint8Array[] {
  const lines = [
    "session=abc; HttpOnly; Path=/",
    "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
    "remember_token=42|abc; Expires=Wed, 21 Oct 2099 07:28:00 GMT",
    "other=; max-age=-1",
  ];
  return [...cookieHeaders(), ...lines.map((line) => Buffer.from(line))];
}

function latin1Text(input: Uint8Array): string {
  return Buffer.from(input).toString("latin1");
}
