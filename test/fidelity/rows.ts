/** What the round trip goes through: which Python writes, how Node reads and writes, which Python reads. */
import type { Codec, EncodeOptions } from "../../src/codecs/codec.ts";
import { json } from "../../src/codecs/json.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";

/** One way there and back. */
export interface Row {
  readonly name: string;
  /** How Python writes, in the words of `test/python/sessions/formats.py`. */
  readonly reading: string;
  /** How Python would write what Node writes: what is lost by that is no fault of Node's. */
  readonly writing: string;
  readonly codec: Codec;
  readonly options: EncodeOptions;
}

const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const;
const WRITTEN = [2, 3, 4, 5] as const;

/** Every protocol that Node reads, by both of CPython's picklers. */
export const readingRows: readonly Row[] = PROTOCOLS.flatMap((protocol) =>
  ["C", "Python"].map((pickler) => ({
    name: `reading pickle ${protocol}, pickler in ${pickler}`,
    reading: `pickle ${protocol} ${pickler}`,
    writing: `pickle ${protocol} ${pickler}`,
    codec: pickle,
    options: {},
  })),
);

/** Every protocol that Node writes. */
export const writingRows: readonly Row[] = WRITTEN.map((pickleProtocol) => ({
  name: `writing pickle ${pickleProtocol}`,
  reading: "pickle 4 C",
  writing: `pickle ${pickleProtocol} C`,
  codec: pickle,
  options: { pickleProtocol },
}));

/** The formats of msgspec, through Flask-Session's serializer. */
export const msgspecRows: readonly Row[] = [msgpack, json].map((codec) => ({
  name: codec.format,
  reading: codec.format,
  writing: codec.format,
  codec,
  options: {},
}));

/** All of them. */
export const rows: readonly Row[] = [...readingRows, ...writingRows, ...msgspecRows];
