/** The expiry at the front of a session file: four bytes since cachelib 0.7, before that a pickle of its own. */
import { endianness } from "node:os";
import { decodePickle } from "../../codecs/pickle/decode.ts";
import { HIGHEST_PROTOCOL, OPCODES as OP } from "../../codecs/pickle/opcodes.ts";
import { nothingIfCorrupt } from "./failure.ts";

/** How the expiry is written. Of pickles, all versions that write one read every protocol. */
export type HeaderForm = "packed" | "pickled";

/** An expiry as it stands in a file. */
export interface Header {
  readonly form: HeaderForm;
  /** Seconds since 1970; 0: never. */
  readonly expiry: number;
  /** Bytes before the record. */
  readonly length: number;
}

/** Bytes for a place in a file. */
export interface Patch {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** No header is longer, with the first byte of the record. */
export const HEAD_BYTES = 32;

const PACKED_BYTES = 4;
/** BININT and STOP, around four bytes. */
const BININT_BYTES = 6;
const MAX_BININT = 0x7fffffff;
/** Python packs the expiry with `struct.pack("I", …)`: in the byte order of the machine. */
const LITTLE_ENDIAN = endianness() === "LE";

/**
 * The header of a file, by its first bytes. A packed one has the record right behind its four bytes, and every record
 * begins with the opcode PROTO, which stands there in no pickled header: where that has an int, its highest byte is below.
 * @param head at least four bytes
 */
export function headerIn(head: Uint8Array): Header {
  const pickled = isRecord(head, PACKED_BYTES) ? undefined : pickledHeader(head);
  return pickled ?? { form: "packed", expiry: packedIn(head), length: PACKED_BYTES };
}

/** A header that every cachelib reads which writes this form. */
export function encodeHeader(form: HeaderForm, expiry: number): Uint8Array {
  if (form === "packed") return packed(expiry);
  if (expiry > MAX_BININT) return Buffer.from(`L${expiry}L\n.`, "latin1");
  const bytes = Buffer.alloc(BININT_BYTES);
  bytes.writeUInt8(OP.BININT, 0);
  bytes.writeInt32LE(expiry, 1);
  bytes.writeUInt8(OP.STOP, BININT_BYTES - 1);
  return bytes;
}

/** What to write over a header for another expiry; `undefined` where that takes another length. */
export function movedHeader({ form, expiry: before, length }: Header, expiry: number): Patch | undefined {
  if (form === "packed") return { offset: 0, bytes: packed(expiry) };
  // What is shorter or longer than a BININT CPython writes in another way.
  if (before <= 0xffff || before > MAX_BININT || expiry > MAX_BININT) return undefined;
  return { offset: length - BININT_BYTES, bytes: encodeHeader(form, expiry) };
}

function pickledHeader(head: Uint8Array): Header | undefined {
  try {
    const { value, end } = decodePickle(head);
    if (typeof value !== "number" || !isRecord(head, end)) return undefined;
    return { form: "pickled", expiry: value, length: end };
  } catch (error) {
    return nothingIfCorrupt(error);
  }
}

/** Whether a pickle of protocol 2 or higher begins there, as cachelib has always written them. */
function isRecord(head: Uint8Array, offset: number): boolean {
  const protocol = head[offset + 1];
  return head[offset] === OP.PROTO && protocol !== undefined && protocol >= 2 && protocol <= HIGHEST_PROTOCOL;
}

function packed(expiry: number): Uint8Array {
  const bytes = new Uint8Array(PACKED_BYTES);
  new DataView(bytes.buffer).setUint32(0, expiry, LITTLE_ENDIAN);
  return bytes;
}

function packedIn({ buffer, byteOffset }: Uint8Array): number {
  return new DataView(buffer, byteOffset).getUint32(0, LITTLE_ENDIAN);
}
