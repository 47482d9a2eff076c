/** Inputs to begin with: what the fixtures hold. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { encodeBase64Url } from "../../src/bytes/base64.ts";
import { type Format } from "../../src/codecs/codec.ts";
import type { SignerOptions } from "../../src/signing/signer.ts";
import { everyFixture, recordOf } from "../codecs/every-fixture.ts";
import { projectFolder } from "../python/judge.ts";
import { signerOptions, type TextOrBytes, textOrBytes, vectorsOf, type WrittenOptions } from "../signing/fixture.ts";

/** Records of a format, short ones first. */
export function recordsOf(format: Format): Uint8Array[] {
  const records = everyFixture.map(recordOf).filter((record) => record.format === format);
  return unique(records.map(({ bytes }) => bytes));
}

/** What lies in some files of fixtures, short ones first. */
export function fixturesIn(files: RegExp): Uint8Array[] {
  return unique(everyFixture.filter(({ file }) => files.test(file)).map(({ bytes }) => bytes));
}

/** What lies in session files. */
export function sessionFiles(): Uint8Array[] {
  return unique(everyFixture.filter(({ kind }) => kind === "file").map(({ bytes }) => bytes));
}

/** The copy with counters lies in another folder, from which no package is found. */
const { BSON } = createRequire(join(projectFolder, "package.json"))("mongodb") as typeof import("mongodb");

interface Signed {
  readonly signed: string;
}

const { published } = vectorsOf("signer") as {
  readonly published: readonly (Signed & { readonly options: WrittenOptions })[];
};

/** The options with which itsdangerous has signed {@link signedTexts}. */
export const signerOptionsOfFixtures: readonly SignerOptions[] = [
  ...new Map(published.map(({ options }) => [JSON.stringify(options), signerOptions(options)])).values(),
];

/** What itsdangerous has signed. */
export const signedTexts: readonly Uint8Array[] = published.map(({ signed }) => Buffer.from(signed, "hex"));

/** What itsdangerous has signed with its time, with the key `secret-key`, and broken tokens. */
export function datedTexts(): Uint8Array[] {
  const { signed, behaviours } = vectorsOf("timestamp-signer") as Readonly<Record<string, readonly Signed[]>>;
  return unique([...(signed ?? []), ...(behaviours ?? [])].map((vector) => Buffer.from(vector.signed, "hex")));
}

/** Base64, right and wrong. */
export function base64Texts(): Uint8Array[] {
  const vectors = vectorsOf("base64") as readonly { readonly input: TextOrBytes }[];
  return unique(vectors.map(({ input }) => Buffer.from(textOrBytes(input) as string)));
}

/** Cookie headers. */
export function cookieHeaders(): Uint8Array[] {
  const { read } = readVectors("session/cookie-flask10") as { readonly read: readonly { readonly header: string }[] };
  const cases = readVectors("field-cases/fs080-flask31") as readonly { readonly input: { headers?: string[] } }[];
  const headers = [...read.map(({ header }) => header), ...cases.flatMap(({ input }) => input.headers ?? [])];
  return unique(headers.map((header) => Buffer.from(header, "latin1")));
}

function readVectors(path: string): unknown {
  const file = join(projectFolder, "fixtures", `${path}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: unknown }).vectors;
}

function unique(seeds: readonly Buffer[]): Uint8Array[] {
  const byText = new Map(seeds.map((bytes) => [bytes.toString("latin1"), bytes]));
  return [...byText.values()].toSorted((a, b) => a.length - b.length);
}

/** The JSON of Flask's own cookie. */
export function taggedTexts(): Uint8Array[] {
  const { written, read } = readVectors("codecs/tagged-json") as Readonly<Record<string, readonly { text?: string }[]>>;
  return unique([...(written ?? []), ...(read ?? [])].map(({ text = "" }) => Buffer.from(text)));
}

/** The same as it stands in a cookie, plain and deflated. */
export function payloads(): Uint8Array[] {
  const texts = taggedTexts();
  return [
    ...texts.map((text) => Buffer.from(encodeBase64Url(text))),
    ...texts.map((text) => Buffer.from(`.${encodeBase64Url(deflateSync(text))}`)),
  ];
}

/** Tokens of itsdangerous's serializers, right and wrong. */
export function serializedTokens(): Uint8Array[] {
  const { signed, loaded } = vectorsOf("serializers") as Readonly<Record<string, readonly { token: string }[]>>;
  return unique([...(signed ?? []), ...(loaded ?? [])].map(({ token }) => Buffer.from(token)));
}

/** Documents of MongoDB as they go over the wire. */
export function mongodbDocuments(): Uint8Array[] {
  const vectors = ["stores/mongodb", "stores/mongodb-flask-session-0.5"].flatMap(
    (path) => readVectors(path) as readonly { readonly document: object }[],
  );
  return unique(vectors.map(({ document }) => Buffer.from(BSON.serialize(BSON.EJSON.deserialize(document) as object))));
}

/** Expiries as SQLAlchemy writes them to SQLite, and as DynamoDB has them. */
export function sqlExpiries(): Uint8Array[] {
  const rows = readVectors("stores/sql-0.8") as readonly { readonly expiry: unknown }[];
  const items = readVectors("stores/dynamodb") as readonly { readonly item?: { expiration?: { N?: string } } }[];
  const texts = [...rows.map(({ expiry }) => expiry), ...items.map(({ item }) => item?.expiration?.N)];
  return unique(texts.filter((text) => typeof text === "string").map((text) => Buffer.from(text)));
}

/** cachelib's counts of files. */
export function countFiles(): Uint8Array[] {
  return unique(everyFixture.filter(({ place }) => place.endsWith("countFile")).map(({ bytes }) => bytes));
}
