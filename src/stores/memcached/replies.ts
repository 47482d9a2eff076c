/** Answers of memcached's text protocol, taken apart as their bytes come in. */
import { LimitError } from "../../errors.ts";
import { notMemcached } from "./failure.ts";

/** A `VALUE` of an answer. */
export interface ReplyItem {
  readonly key: string;
  readonly value: Uint8Array;
  readonly flags: number;
  readonly cas: string;
}

/** One answer: lines of `VALUE` and `STAT`, and the line that ends it. */
export interface Reply {
  readonly items: readonly ReplyItem[];
  readonly stats: ReadonlyMap<string, string>;
  /** The last line: `END`, `STORED`, `SERVER_ERROR out of memory storing object`. */
  readonly status: string;
}

const LINE_END = "\r\n";
/** No line of memcached is longer: a key has 250 bytes, an error or a statistic fewer than 1000. */
const MAX_LINE_BYTES = 2048;
/** More than any decoder is set to take; what announces more must not fill the memory. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

const VALUE = /^VALUE ([^ ]+) (\d{1,10}) (\d{1,10}) (\d{1,20})$/;
const STAT = /^STAT ([^ ]+) (.*)$/;

/** Takes pieces of whatever length and gives the answers that are complete. */
export class ReplyParser {
  #received: Buffer[] = [];
  #length = 0;
  /** Bytes that must have come in before it is worth looking again, so that a large value is joined once. */
  #wanted = 1;
  #items: ReplyItem[] = [];
  #stats = new Map<string, string>();

  /** @throws StoreError for what memcached does not say; LimitError for a value of over 64 MiB */
  *push(piece: Buffer): Generator<Reply> {
    this.#received.push(piece);
    this.#length += piece.length;
    if (this.#length < this.#wanted) return;
    let bytes: Buffer = Buffer.concat(this.#received, this.#length);
    for (;;) {
      const { taken, reply } = this.#step(bytes);
      if (taken === 0) break;
      bytes = bytes.subarray(taken);
      if (reply !== undefined) yield reply;
    }
    this.#received = [bytes];
    this.#length = bytes.length;
  }

  /** Takes one line from the front, with the data that belong to it. Nothing is taken as long as they are not there. */
  #step(bytes: Buffer): { readonly taken: number; readonly reply?: Reply } {
    const end = bytes.indexOf(LINE_END);
    if (end > MAX_LINE_BYTES || (end === -1 && bytes.length > MAX_LINE_BYTES)) throw notMemcached();
    this.#wanted = bytes.length + 1;
    if (end === -1) return { taken: 0 };
    const line = bytes.toString("utf8", 0, end);
    const start = end + LINE_END.length;
    const value = VALUE.exec(line);
    if (value !== null) return { taken: this.#takeItem(value, bytes, start) };
    const stat = STAT.exec(line);
    if (stat === null) return { taken: start, reply: this.#end(line) };
    this.#stats.set(stat[1] as string, stat[2] as string);
    return { taken: start };
  }

  #takeItem([, key = "", flags, size, cas = ""]: RegExpExecArray, bytes: Buffer, start: number): number {
    const end = start + Number(size);
    if (Number(size) > MAX_VALUE_BYTES) {
      throw new LimitError(`Cannot read the record from memcached: it is larger than ${MAX_VALUE_BYTES} bytes`, 0);
    }
    this.#wanted = end + LINE_END.length;
    if (bytes.length < this.#wanted) return 0;
    if (bytes.toString("latin1", end, this.#wanted) !== LINE_END) throw notMemcached();
    this.#items.push({ key, value: bytes.subarray(start, end), flags: Number(flags), cas });
    return this.#wanted;
  }

  #end(status: string): Reply {
    const reply = { items: this.#items, stats: this.#stats, status };
    this.#items = [];
    this.#stats = new Map();
    return reply;
  }
}
