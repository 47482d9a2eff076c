/** Everything that reads bytes from outside, each with inputs to begin with and with what must be true of any input. */
import { isUtf8 } from "node:buffer";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeBase64Lenient, encodeBase64Url } from "../../src/bytes/base64.ts";
import { DEFAULT_LIMITS } from "../../src/bytes/limits.ts";
import { decodeSurrogateUtf8, decodeUtf8, encodeSurrogateUtf8, invalidUtf8Offset } from "../../src/bytes/utf8.ts";
import type { Codec, PickleProtocol } from "../../src/codecs/codec.ts";
import { codecOf, decodeRecord } from "../../src/codecs/fallback.ts";
import { json } from "../../src/codecs/json.ts";
import { decodeJson } from "../../src/codecs/json-decode.ts";
import { PYTHON } from "../../src/codecs/json-dialect.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { BadSignature, DecodeError, EncodeError } from "../../src/errors.ts";
import { readCookie } from "../../src/session/cookie.ts";
import type { SessionOptions } from "../../src/session/options.ts";
import { loadRecord } from "../../src/session/record.ts";
import { resolveOptions } from "../../src/session/resolved-options.ts";
import { SidCookie } from "../../src/session/sid.ts";
import { Signer } from "../../src/signing/signer.ts";
import { TimestampSigner } from "../../src/signing/timestamp-signer.ts";
import { encodeFile, isExpired, moveExpiry, readFile } from "../../src/stores/filesystem/cache-file.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { sameExact } from "../../src/values/equality.ts";
import type { Exact } from "../../src/values/exact.ts";
import { expectTrue } from "./difference.ts";
import { isSame, throughCodec, throughSession, unlessRefused } from "./property.ts";
import { randomPickle } from "./random-pickle.ts";
import {
  base64Texts,
  cookieHeaders,
  datedTexts,
  fixturesIn,
  recordsOf,
  sessionFiles,
  signedTexts,
  signerOptionsOfFixtures,
} from "./seeds.ts";
import { storeTargets } from "./store-targets.ts";
import type { Target } from "./target.ts";
import { tokenTargets } from "./token-targets.ts";
import { COOKIE_WORDS, JSON_WORDS, MSGPACK_WORDS, PICKLE_WORDS, SIGNED_WORDS } from "./words.ts";

const SECRET_KEY = "the secret key of the fuzzer";
const SID = "uE8VW5JpjcNUdBJq6_3IGjSR5921D4avEevMeqhgYP0";

const signers = signerOptionsOfFixtures.map((options) => new Signer(options));
const DATED = { secretKey: "secret-key", now: () => new Date(1_700_000_000_000) };
const timestampSigner = new TimestampSigner(DATED);
/** Signs what the other takes for a value with its time. */
const bareSigner = new Signer({ secretKey: DATED.secretKey });

/** The codec of msgspec writes; Flask's own cookie is read alone. */
const pythonJson: Codec = {
  ...json,
  decode: (bytes, limits) => ({ value: decodeJson(bytes, limits, PYTHON) }),
};

const sidOptions: readonly Partial<SessionOptions>[] = [
  {},
  { useSigner: true },
  { flaskVersion: "1.0" },
  { sidSigner: { salt: "session-salt", keyDerivation: "django-concat", digest: "sha384" } },
];
const sidCookies = sidOptions.map(
  (options) => new SidCookie(resolveOptions({ store: memoryStore(), secretKey: SECRET_KEY, ...options })),
);

/** All targets. */
export const targets: readonly Target[] = [
  {
    name: "pickle",
    weight: 32,
    seeds: recordsOf("pickle"),
    words: PICKLE_WORDS,
    make: randomPickle,
    run: (input) => throughCodec(pickle, input),
  },
  {
    name: "pickle-protocols",
    weight: 6,
    seeds: recordsOf("pickle"),
    words: PICKLE_WORDS,
    make: randomPickle,
    run: throughPickleProtocols,
  },
  {
    name: "python2-strings",
    weight: 4,
    seeds: fixturesIn(/^codecs\/pickle-(?:python2|edges)/),
    words: PICKLE_WORDS,
    run: throughPython2Strings,
  },
  {
    name: "dates",
    weight: 6,
    seeds: fixturesIn(/^codecs\/date-text/),
    words: PICKLE_WORDS,
    run: (input) => throughCodec(pickle, input),
  },
  {
    name: "msgpack",
    weight: 16,
    seeds: recordsOf("msgpack"),
    words: MSGPACK_WORDS,
    run: (input) => throughCodec(msgpack, input),
  },
  {
    name: "json",
    weight: 12,
    seeds: recordsOf("json"),
    words: JSON_WORDS,
    run: (input) => throughCodec(json, input),
  },
  {
    name: "json-python",
    weight: 5,
    seeds: recordsOf("json"),
    words: JSON_WORDS,
    run: throughPythonJson,
  },
  {
    name: "record",
    weight: 10,
    seeds: [...fixturesIn(/^(?:codecs\/fallback|sessions|field-cases)/), textBytes('{"cookie":{"originalMaxAge":1}}')],
    words: [...PICKLE_WORDS, ...MSGPACK_WORDS, ...JSON_WORDS],
    run: throughRecord,
  },
  { name: "file", weight: 1, seeds: sessionFiles(), words: PICKLE_WORDS, run: throughFile },
  {
    name: "signer",
    weight: 3,
    seeds: signedTexts,
    words: SIGNED_WORDS,
    run: throughSigners,
  },
  {
    name: "timestamp-signer",
    weight: 3,
    seeds: datedTexts(),
    words: SIGNED_WORDS,
    run: throughTimestampSigner,
  },
  {
    name: "base64",
    weight: 3,
    seeds: base64Texts(),
    words: SIGNED_WORDS,
    run: throughBase64,
  },
  { name: "cookie", weight: 4, seeds: cookieHeaders(), words: COOKIE_WORDS, run: throughCookies },
  { name: "sid", weight: 3, seeds: sidCookieHeaders(), words: COOKIE_WORDS, run: throughSidCookies },
  { name: "utf8", weight: 2, seeds: recordsOf("json"), words: MSGPACK_WORDS, run: throughUtf8 },
  ...tokenTargets,
  ...storeTargets,
];

/** The target "pickle" writes protocol 4, the default. */
function throughPickleProtocols(input: Uint8Array): void {
  const decoded = unlessRefused(DecodeError, () => pickle.decode(input));
  if (decoded === undefined) return;
  expectTrue(isKept(decoded.value, 5), "another is read from protocol 5");
  // As in Python they lose `fold`, and Python 2 has one name for several modules of Python 3: once, and no more.
  for (const pickleProtocol of [2, 3] as const) {
    const less = unlessRefused(EncodeError, () => pickle.encode(decoded.value, { pickleProtocol }));
    const isStable = less === undefined || isKept(pickle.decode(less).value, pickleProtocol);
    expectTrue(isStable, `another is read from protocol ${pickleProtocol}`);
  }
}

function isKept(value: Exact, pickleProtocol: PickleProtocol): boolean {
  const written = unlessRefused(EncodeError, () => pickle.encode(value, { pickleProtocol }));
  return written === undefined || sameExact(pickle.decode(written).value, value);
}

/** Each byte a character: what is ASCII means the same, and what is not is text as well. */
function throughPython2Strings(input: Uint8Array): void {
  const options = { ...DEFAULT_LIMITS, python2Strings: "latin1" } as const;
  const latin1 = unlessRefused(DecodeError, () => pickle.decode(input, options));
  const ascii = unlessRefused(DecodeError, () => pickle.decode(input));
  expectTrue(ascii === undefined || latin1 !== undefined, "latin1 refuses what ASCII reads");
  if (latin1 === undefined) return;
  expectTrue(ascii === undefined || sameExact(ascii.value, latin1.value), "latin1 reads ASCII as another");
  throughSession(latin1.value, pickle);
}

/** Lone surrogates, NaN and the infinities are read; of these msgspec writes none. */
function throughPythonJson(input: Uint8Array): void {
  const decoded = unlessRefused(DecodeError, () => pythonJson.decode(input));
  if (decoded !== undefined) throughSession(decoded.value, codecOf("pickle"));
}

const recordOptions = [
  { serializationFormat: "msgpack" },
  { serializationFormat: "json" },
  { flaskSessionVersion: "0.5" },
] as const;
const resolvedRecordOptions = recordOptions.map((options) => resolveOptions({ store: memoryStore(), ...options }));

function throughRecord(input: Uint8Array): void {
  for (const format of ["msgpack", "json", "pickle"] as const) {
    const decoded = unlessRefused(DecodeError, () => decodeRecord(input, format));
    if (decoded !== undefined) throughSession(decoded.value, codecOf(decoded.format));
  }
  for (const options of resolvedRecordOptions) {
    unlessRefused(DecodeError, () => loadRecord({ bytes: input }, options));
  }
}

let folder: string | undefined;

/** What lies in a session file is read as it lies there, and a new expiry changes nothing else. */
async function throughFile(input: Uint8Array): Promise<void> {
  const path = fuzzedFile();
  writeFileSync(path, input);
  const found = await readFile(path).catch(nothingIfRefused);
  if (found !== undefined) {
    const isPacked = found.form === "packed";
    expectTrue(!isPacked || isSame(encodeFile(found.bytes, found.expiry), input), "a session file is read as another");
    unlessRefused(DecodeError, () => pickle.decode(found.bytes));
  }
  await isExpired(path).catch(nothingIfRefused);
  const moved = await moveExpiry(path, 0xffffffff).catch(nothingIfRefused);
  if (moved === "moved" && found !== undefined) {
    const after = await readFile(path);
    expectTrue(after?.expiry === 0xffffffff && isSame(after.bytes, found.bytes), "a new expiry changes the record");
  }
}

function fuzzedFile(): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), "fuzzed-file-"));
    process.once("exit", () => rmSync(folder as string, { recursive: true, force: true }));
  }
  return join(folder, "session");
}

function nothingIfRefused(error: unknown): undefined {
  if (!(error instanceof DecodeError)) throw error;
}

function throughSigners(input: Uint8Array): void {
  for (const signer of signers) {
    const value = unlessRefused(BadSignature, () => signer.unsign(input));
    expectTrue((value !== undefined) === signer.validate(input), "unsign and validate do not agree");
    unlessRefused(BadSignature, () => signer.unsign(latin1Text(input)));
    expectTrue(isSame(signer.unsign(signer.sign(input)), input), "what was signed is another value");
  }
}

/** What the bare signer signs is a right signature of a value with any time. */
function throughTimestampSigner(input: Uint8Array): void {
  for (const token of [input, bareSigner.sign(input)]) {
    for (const options of [{}, { maxAgeSeconds: 60 }]) {
      const value = unlessRefused(BadSignature, () => timestampSigner.unsign(token, options));
      expectTrue(
        (value !== undefined) === timestampSigner.validate(token, options),
        "unsign and validate do not agree",
      );
      const dated = unlessRefused(BadSignature, () => timestampSigner.unsignWithTimestamp(token, options));
      expectTrue(dated === undefined || !Number.isNaN(dated.signedAt.getTime()), "signed at no time");
    }
  }
  expectTrue(isSame(timestampSigner.unsign(timestampSigner.sign(input)), input), "what was signed is another value");
}

function throughBase64(input: Uint8Array): void {
  const decoded = decodeBase64Lenient(input);
  const text = latin1Text(input);
  if (/^(?:[\w-]{4})*(?:[\w-]{2,3})?$/.test(text)) {
    expectTrue(isSame(decoded, Buffer.from(text, "base64url")), "Node reads other base64");
  }
  decodeBase64Lenient(text);
  const again = decodeBase64Lenient(encodeBase64Url(input));
  expectTrue(isSame(again, input), "base64 written and read again is another");
}

function throughCookies(input: Uint8Array): void {
  const header = latin1Text(input);
  const first = readCookie(header, "session", "first");
  const last = readCookie(header, "session", "last");
  expectTrue(
    (first === undefined) === (last === undefined),
    "there is a first cookie and no last, or the other way round",
  );
}

function sidCookieHeaders(): Uint8Array[] {
  return [...cookieHeaders(), ...sidCookies.map((cookie) => textBytes(`session=${cookie.write(SID)}; session=x`))];
}

function throughSidCookies(input: Uint8Array): void {
  for (const cookie of sidCookies) {
    const { brought, sid } = cookie.read(latin1Text(input));
    expectTrue(sid === undefined || (brought && /^[\w-]{1,128}$/.test(sid)), "a sid that no store may see");
    if (sid === undefined) continue;
    expectTrue(cookie.read(`session=${cookie.write(sid)}`).sid === sid, "a sid written and read again is another");
  }
}

/** Two halves of a surrogate pair, each in three bytes: to Python two characters, to JavaScript one. */
const HALVES_TOGETHER = /\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/;

function throughUtf8(input: Uint8Array): void {
  const bytes = Buffer.from(input);
  const valid = isUtf8(bytes);
  expectTrue((decodeUtf8(bytes, 0, bytes.length) !== undefined) === valid, "Node takes other UTF-8");
  const offset = invalidUtf8Offset(bytes);
  expectTrue((offset === bytes.length) === valid, "invalid UTF-8 without a place, or the other way round");
  expectTrue(isUtf8(bytes.subarray(0, offset)), "UTF-8 that is invalid earlier");
  const text = decodeSurrogateUtf8(bytes, 0, bytes.length);
  if (text === undefined) return;
  const written = encodeSurrogateUtf8(text);
  expectTrue(decodeSurrogateUtf8(written, 0, written.length) === text, "UTF-8 written and read again is another");
  const hasHalvesTogether = HALVES_TOGETHER.test(latin1Text(input));
  expectTrue(isSame(written, bytes) !== hasHalvesTogether, "UTF-8 written is another");
}

function latin1Text(input: Uint8Array): string {
  return Buffer.from(input).toString("latin1");
}

function textBytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
