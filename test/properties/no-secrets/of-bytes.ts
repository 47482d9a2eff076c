/** Failures without a session: signatures, and records of every format that are nearly right. */
import {
  type Codec,
  DEFAULT_LIMITS,
  decodeRecord,
  type Exact,
  json,
  msgpack,
  PyBytes,
  PyDict,
  PyList,
  pickle,
  Signer,
  TimestampSigner,
} from "../../../src/index.ts";
import { KEY, SECRET, SID, VALUE } from "./marks.ts";
import { errorsOf, type Failure, type Provocation } from "./provocation.ts";

const signer = new Signer({ secretKey: SECRET });
const timed = new TimestampSigner({ secretKey: SECRET });
const longAgo = new TimestampSigner({ secretKey: SECRET, now: () => new Date(0) });

const signatures: readonly (readonly [string, Failure, () => unknown])[] = [
  ["a value that is not signed", "ERR_BAD_SIGNATURE", () => signer.unsign(VALUE)],
  ["a wrong signature", "ERR_BAD_SIGNATURE", () => signer.unsign(`${VALUE}.${SID}`)],
  ["a wrong signature of bytes", "ERR_BAD_SIGNATURE", () => signer.unsign(Buffer.from(`${VALUE}.${SID}`))],
  [
    "a signature of another key",
    "ERR_BAD_SIGNATURE",
    () => new Signer({ secretKey: `${SECRET}2` }).unsign(signer.sign(VALUE)),
  ],
  ["no timestamp", "ERR_BAD_TIME_SIGNATURE", () => timed.unsign(signer.sign(VALUE))],
  ["a wrong signature of a timestamp", "ERR_BAD_TIME_SIGNATURE", () => timed.unsign(`${timed.sign(VALUE)}x`)],
  ["an old signature", "ERR_SIGNATURE_EXPIRED", () => timed.unsign(longAgo.sign(VALUE), { maxAgeSeconds: 1 })],
  ["a signature of the future", "ERR_SIGNATURE_EXPIRED", () => longAgo.unsign(timed.sign(VALUE), { maxAgeSeconds: 1 })],
  ["half a character to sign", "TypeError", () => signer.sign(`${VALUE}\ud800`)],
  ["half a character in a secret key", "TypeError", () => new Signer({ secretKey: `${SECRET}\ud800` })],
  ["a secret key that is a list", "TypeError", () => new Signer({ secretKey: [SECRET] as unknown as string })],
  ["an empty secret key", "RangeError", () => new Signer({ secretKey: "" })],
  [
    "an age that is none",
    "TypeError",
    () => timed.unsign(timed.sign(VALUE), { maxAgeSeconds: VALUE as unknown as number }),
  ],
];

const session = new PyDict(
  [KEY, "sid", "n"],
  [new PyDict([VALUE], [new PyList("list", [VALUE, 1])]), SID, new PyBytes("bytes", Buffer.from(VALUE))],
);

const records: readonly (readonly [Codec, Uint8Array])[] = [
  [pickle, pickle.encode(session)],
  [msgpack, msgpack.encode(session)],
  [json, Buffer.from(JSON.stringify({ [KEY]: { [VALUE]: [VALUE, 1] }, sid: SID }))],
];

/** Pickles in the opcodes of text, whose arguments are lines. */
const lines: readonly string[] = [
  ...["I", "L", "F", "S", "V", "g", "p", "P"].map((opcode) => `${opcode}${VALUE}\n.`),
  `I${VALUE}`,
  `S'${VALUE}\n.`,
  `V${VALUE}\\u12\n.`,
  `c${SID}\n${VALUE}`,
  `c\n${VALUE}\n.`,
  `cos\n${VALUE}.x\n.`,
  `S'${VALUE}\xff'\n.`,
  `]S'${VALUE}'\nS'${SID}'\ns.`,
  `}]S'${VALUE}'\ns.`,
  `(S'${VALUE}'\nS'${SID}'\nS'${KEY}'\nd.`,
  `S'${VALUE}'\nS'${SID}'\nb.`,
  `S'${VALUE}'\nS'${SID}'\nR.`,
];

const unwritable: readonly Exact[] = [
  `${VALUE}\ud800`,
  new PyDict([`${VALUE}\ud800`], [VALUE]),
  new PyDict([new PyList("list", [VALUE])], [VALUE]),
  2n ** 64n,
];

const tight = [{ maxBytes: 20 }, { maxDepth: 1 }, { maxItems: 2 }] as const;

/** A record cut at every length, and with every byte made another. */
function* nearlyRight(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    yield bytes.subarray(0, at);
    for (const byte of [0x00, 0x2e, 0x80, 0xc1, 0xff]) {
      const changed = Uint8Array.from(bytes);
      changed[at] = byte;
      yield changed;
    }
  }
}

/** Signatures and codecs. */
export const ofBytes: readonly Provocation[] = [
  ...signatures.map(([name, fails, call]): Provocation => ({ name, fails: [fails], by: () => errorsOf(call) })),
  ...records.map(
    ([codec, bytes]): Provocation => ({
      name: `${codec.format} that is nearly right`,
      fails: ["ERR_DECODE", "ERR_TRUNCATED"],
      by: () => errorsOf(...[...nearlyRight(bytes)].map((record) => () => codec.decode(record))),
    }),
  ),
  ...records.map(
    ([{ format }, bytes]): Provocation => ({
      name: `${format} that is nearly right, where the format is not known`,
      by: () => errorsOf(...[...nearlyRight(bytes)].map((record) => () => decodeRecord(record, "msgpack"))),
    }),
  ),
  ...records.map(
    ([codec, bytes]): Provocation => ({
      name: `${codec.format} beyond the limits`,
      fails: ["ERR_LIMIT"],
      by: () => errorsOf(...tight.map((limit) => () => codec.decode(bytes, { ...DEFAULT_LIMITS, ...limit }))),
    }),
  ),
  {
    name: "pickles of text",
    fails: ["ERR_DECODE", "ERR_TRUNCATED"],
    by: () => errorsOf(...lines.map((line) => () => pickle.decode(Buffer.from(line, "latin1")))),
  },
  ...[msgpack, json].map(
    (codec): Provocation => ({
      name: `what ${codec.format} cannot hold`,
      fails: ["ERR_ENCODE"],
      by: () => errorsOf(...unwritable.map((value) => () => codec.encode(new PyDict([KEY], [value])))),
    }),
  ),
  ...[pickle, msgpack, json].map(
    (codec): Provocation => ({
      name: `${codec.format} of more bytes than it may have`,
      fails: ["ERR_ENCODE"],
      by: () => errorsOf(() => codec.encode(new PyDict([KEY], [VALUE]), { maxBytes: 10 })),
    }),
  ),
];
