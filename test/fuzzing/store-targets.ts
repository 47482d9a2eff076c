/** What stores find around a record: answers of memcached, documents, items and rows of databases, the count of cachelib. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DecodeError, LimitError, StoreError } from "../../src/errors.ts";
import { Framing } from "../../src/stores/cachelib/framing.ts";
import { Expiry } from "../../src/stores/dynamodb/expiry.ts";
import { readable as readableItem, recordOf as recordOfItem } from "../../src/stores/dynamodb/items.ts";
import { CountFile } from "../../src/stores/filesystem/count-file.ts";
import { countPaths } from "../../src/stores/filesystem/names.ts";
import { type Reply, ReplyParser } from "../../src/stores/memcached/replies.ts";
import { bytesOf, type Content } from "../../src/stores/memcached/values.ts";
import { isLive, readable, recordOf } from "../../src/stores/mongodb/documents.ts";
import { sqlStore } from "../../src/stores/sql.ts";
import { projectFolder } from "../python/judge.ts";
import { expectTrue } from "./difference.ts";
import { isSame, unlessRefused } from "./property.ts";
import { countFiles, mongodbDocuments, sqlExpiries } from "./seeds.ts";
import type { Target } from "./target.ts";
import { BSON_WORDS, MEMCACHED_WORDS, PICKLE_WORDS, TIME_WORDS } from "./words.ts";

/** The copy with counters lies in another folder, from which no package is found. */
const requirePackage = createRequire(join(projectFolder, "package.json"));

const RECORD = "\x80\x04}\x94.";

/** The targets of stores. */
export const storeTargets: readonly Target[] = [
  { name: "memcached", weight: 4, seeds: answers(), words: MEMCACHED_WORDS, run: throughReplies },
  { name: "memcached-item", weight: 1, seeds: answers(), words: PICKLE_WORDS, run: throughItem },
  { name: "mongodb", weight: 2, seeds: mongodbDocuments(), words: BSON_WORDS, run: throughDocument },
  { name: "dynamodb", weight: 1, seeds: sqlExpiries(), words: TIME_WORDS, run: throughDynamoItem },
  { name: "sqlite-expiry", weight: 1, seeds: sqlExpiries(), words: TIME_WORDS, run: throughSqlRow },
  { name: "count-file", weight: 1, seeds: countFiles(), words: PICKLE_WORDS, run: throughCountFile },
];

function answers(): Uint8Array[] {
  const texts = [
    "END\r\n",
    `VALUE session:abc 1 ${RECORD.length} 7\r\n${RECORD}\r\nEND\r\n`,
    `VALUE a 0 0 1\r\n\r\nVALUE b 16 1 18446744073709551615\r\nx\r\nEND\r\n`,
    "STORED\r\nNOT_FOUND\r\nEXISTS\r\n",
    "STAT pid 1\r\nSTAT version 1.6.18\r\nEND\r\n",
    "SERVER_ERROR out of memory storing object\r\n",
    "VALUE a 0 67108865 1\r\n",
  ];
  return texts.map((text) => Buffer.from(text, "latin1"));
}

/** In whatever pieces an answer comes, it is the same. */
function throughReplies(input: Uint8Array): void {
  const bytes = Buffer.from(input);
  const middle = bytes.length >> 1;
  const whole = repliesIn([bytes]);
  const halves = repliesIn([bytes.subarray(0, middle), bytes.subarray(middle)]);
  const single = bytes.length > 512 ? whole : repliesIn(Array.from(bytes, (byte) => Buffer.of(byte)));
  expectTrue(whole === halves && whole === single, "an answer in pieces is another");
}

/** The answers before the first that cannot be read, as text, and whether there is such a one. */
function repliesIn(pieces: readonly Buffer[]): string {
  const parser = new ReplyParser();
  const replies: Reply[] = [];
  const isRead = [StoreError, LimitError].reduce(
    (read, allowed) => () => unlessRefused(allowed, read),
    (): boolean | undefined => {
      for (const piece of pieces) for (const reply of parser.push(piece)) replies.push(reply);
      return true;
    },
  )();
  return JSON.stringify([isRead ?? false, replies.map((reply) => ({ ...reply, stats: [...reply.stats] }))]);
}

const CONTENTS: readonly Content[] = ["bytes", "pickle"];
const framing = new Framing("RedisCache", "cache:");

/** The first byte stands for the flags. */
async function throughItem(input: Uint8Array): Promise<void> {
  const [flags = 0] = input;
  const value = input.subarray(1);
  for (const content of CONTENTS) {
    const bytes = await bytesOf({ value, flags, cas: "1" }, content).catch(nothingIfRefused);
    expectTrue(bytes === undefined || (flags & 8) !== 0 || isSame(bytes, value), "an item is read as another");
  }
  const framed = unlessRefused(DecodeError, () => framing.unmarkedRecord({ bytes: input }));
  expectTrue(framed === undefined || isSame(framing.marked(framed.bytes), input), "RedisCache reads another record");
}

const { BSON } = requirePackage("mongodb") as typeof import("mongodb");

/** What the driver makes of the bytes; what it refuses never comes to us. */
function throughDocument(input: Uint8Array): void {
  let document: object;
  try {
    document = BSON.deserialize(input, { useBigInt64: false });
  } catch {
    return;
  }
  const record = unlessRefused(DecodeError, () => recordOf(document));
  expectTrue(isSame(record?.bytes, readable(document)?.bytes), "a listing reads another record");
  const { expiration } = document as { readonly expiration?: unknown };
  expectTrue(!isLive(document) || expiration instanceof Date, "a document without an end is live");
}

const expiries = ["UTC", "Europe/Paris", "Australia/Lord_Howe"].map((zone) => new Expiry(zone));

/** A number as text, which is DynamoDB's way, and bytes. */
function throughDynamoItem(input: Uint8Array): void {
  const item = { val: { B: input }, expiration: { N: latin1Text(input) } };
  for (const expiry of expiries) {
    const instant = expiry.instant(item.expiration);
    expectTrue(instant === undefined || !Number.isNaN(instant.getTime()), "an item ends at no time");
    expectTrue(isSame(recordOfItem(item, expiry).bytes, input), "an item holds another record");
    expectTrue(readableItem({ expiration: item.expiration }, expiry) === undefined, "an item without bytes is read");
  }
}

const { DatabaseSync } = requirePackage("@photostructure/sqlite") as typeof import("@photostructure/sqlite");
const database = new DatabaseSync(":memory:");
const rows = sqlStore({ client: database, create: true });
const KEY = "session:abc";

/** SQLite takes whatever text stands in a column of dates. */
async function throughSqlRow(input: Uint8Array): Promise<void> {
  await rows.get(KEY); // makes the table
  database.prepare("DELETE FROM sessions").run();
  database
    .prepare("INSERT INTO sessions (session_id, data, expiry) VALUES (?, ?, ?)")
    .run(KEY, input, latin1Text(input));
  const found = await rows.get(KEY);
  if (found === undefined) return;
  const { bytes, expiresAt } = found.record;
  expectTrue(isSame(bytes, input), "a row holds another record");
  expectTrue((expiresAt as Date).getTime() > Date.now(), "a row is live that has no end, or had it");
}

let folder: string | undefined;

/** What cannot be read counts as 0, and what counts goes on counting. */
async function throughCountFile(input: Uint8Array): Promise<void> {
  const directory = countedFolder();
  const [path] = countPaths(directory);
  writeFileSync(path as string, input);
  const files = new CountFile(directory);
  const before = await files.change(1);
  expectTrue((await files.change(1)) - before === 1 || !Number.isSafeInteger(before), "a count does not go on");
}

function countedFolder(): string {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), "fuzzed-count-"));
    process.once("exit", () => rmSync(folder as string, { recursive: true, force: true }));
  }
  return folder;
}

function nothingIfRefused(error: unknown): undefined {
  if (!(error instanceof DecodeError)) throw error;
}

function latin1Text(input: Uint8Array): string {
  return Buffer.from(input).toString("latin1");
}
