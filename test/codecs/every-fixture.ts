/** Every record in `fixtures/`, whatever it was made for: found by where it stands, so that no new fixture is forgotten. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Format } from "../../src/codecs/codec.ts";
import { decodeRecord } from "../../src/codecs/fallback.ts";
import { headerIn } from "../../src/stores/filesystem/header.ts";
import { projectFolder } from "../python/judge.ts";

/** What the bytes are: `record` is one of the three formats, `file` a record behind the expiry of cachelib. */
export type FixtureKind = "pickle" | "msgpack" | "json" | "record" | "file";

/** Bytes of a fixture. */
export interface Fixture {
  /** `codecs/json.json`. */
  readonly file: string;
  /** `encode.17.bytes`. */
  readonly place: string;
  /** What the fixture calls it, or the bytes themselves: JSON as text, all else in hexadecimal. */
  readonly name: string;
  readonly kind: FixtureKind;
  readonly bytes: Buffer;
}

/** A text of a fixture that could be bytes. */
export interface Candidate extends Pick<Fixture, "file" | "place"> {
  readonly name: string | undefined;
  readonly text: string;
}

/** In which files bytes stand, and where. The first row that fits counts; `undefined` is for what is no record. */
const KINDS: readonly (readonly [file: RegExp, place: RegExp, kind: FixtureKind | undefined])[] = [
  [/^(?:signing|session)\//, /./, undefined],
  [/./, /\.\$(?:float|int|bytes|bytearray)$/, undefined],
  [/^field-cases\//, /\.(?:SECRET_KEY|raw|durations\.\d+)$/, undefined],
  [/^extensions\//, /\.msgpack\..*\.stored$/, "msgpack"],
  [/^extensions\//, /\.pickle\..*\.stored$/, "pickle"],
  [/^extensions\//, /./, undefined],
  [/^stores\/(?:dynamodb|mongodb)/, /\.(?:expiration|subType)$/, undefined],
  [/^stores\/dynamodb/, /\.val\.B$/, "record"],
  [/^stores\/mongodb/, /\.\$binary\.base64$/, "record"],
  [/^codecs\/tagged-json\.json$/, /\.text$/, undefined],
  [/./, /(?:^|\.)(?:value|values|keys)(?:\.|$)/, undefined],
  [/^(?:stores|field-cases)\//, /[nN]ame$/, undefined],
  [/^codecs\/msgpack\.json$/, /^lengths\..*head$/, undefined],
  [/^codecs\/fallback\.json$/, /_user_id$/, undefined],
  [/^codecs\/fallback\.json$/, /\.bytes$/, "record"],
  [/^codecs\/json\.json$/, /\.bytes$/, "json"],
  [/^codecs\/msgpack\.json$/, /\.bytes$/, "msgpack"],
  [/^codecs\/pickle-python2\.json$/, /\.equal$/, "pickle"],
  [/^codecs\/pickle-/, /\.(?:hex(?:\.\d+)?|(?:c|python)\.\d)$/, "pickle"],
  [/./, /\.pickle$/, "pickle"],
  [/^sessions\//, /\.files\.[0-9a-f]+$/, "file"],
  [/^stores\/sql-/, /\.data$/, "record"],
  [/^sessions\//, /\.msgpack$/, "msgpack"],
  [/^sessions\//, /\.json$/, "json"],
  [/^stores\//, /\.(?:file|countFile)$/, "file"],
  [/^field-cases\//, /\.input\.file$/, "file"],
  [/^field-cases\//, /\.(?:record|records\.[^.]+)$/, "record"],
];

const MAX_SHOWN = 60;
const HEX = /^(?:[0-9a-f]{2})+$/;
const BASE64 = /^[A-Za-z0-9+/]{40,}={0,2}$/;

/** All of them, in the order of files and places. */
export const everyFixture: readonly Fixture[] = candidates().flatMap(({ file, place, name, text }) => {
  const kind = ruleOf(file, place)?.[2];
  if (kind === undefined) return [];
  const bytes = Buffer.from(text, HEX.test(text) ? "hex" : "base64");
  return [{ file, place, name: name ?? shown(bytes, kind), kind, bytes }];
});

/** The record in a fixture, and its format; none where Flask-Session, too, finds none. */
export function recordOf({ kind, bytes }: Fixture): { readonly format: Format | undefined; readonly bytes: Buffer } {
  if (kind === "file") return { format: "pickle", bytes: bytes.subarray(headerIn(bytes).length) };
  return { format: kind === "record" ? formatOf(bytes) : kind, bytes };
}

function formatOf(bytes: Buffer): Format | undefined {
  try {
    return decodeRecord(bytes, "msgpack").format;
  } catch {
    return undefined;
  }
}

/** Texts that could be bytes and that no row says anything of. */
export const unknownCandidates: readonly Candidate[] = candidates().filter(
  ({ file, place }) => ruleOf(file, place) === undefined,
);

function shown(bytes: Buffer, kind: FixtureKind): string {
  const text = bytes.toString(kind === "json" ? "utf8" : "hex");
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${bytes.length} bytes)` : text;
}

function ruleOf(file: string, place: string): (typeof KINDS)[number] | undefined {
  return KINDS.find(([files, places]) => files.test(file) && places.test(place));
}

function candidates(): Candidate[] {
  const folder = join(projectFolder, "fixtures");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
  return files.toSorted().flatMap((path) => {
    const file = path.replaceAll("\\", "/");
    const { vectors } = JSON.parse(readFileSync(join(folder, path), "utf8")) as { readonly vectors: unknown };
    return textsIn(vectors, [], undefined).map((found) => ({ file, ...found }));
  });
}

function textsIn(value: unknown, place: readonly string[], name: string | undefined): Omit<Candidate, "file">[] {
  if (typeof value === "string") {
    if (!HEX.test(value) && !BASE64.test(value)) return [];
    return [{ place: place.join("."), name, text: value }];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...place, key], nameOf(value) ?? name));
}

/** The value of what is encoded is Python's expression. */
function nameOf(vector: { name?: unknown; id?: unknown; value?: unknown; pickle?: unknown }): string | undefined {
  const name = vector.name ?? vector.id ?? (vector.pickle === undefined ? undefined : vector.value);
  return typeof name === "string" ? name : undefined;
}
