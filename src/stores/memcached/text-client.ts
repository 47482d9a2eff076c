/** Our own client: memcached's text protocol over one socket, because no client for Node keeps bytes, gives cas ids and survives a restart. */
import type { NetConnectOpts } from "node:net";
import { StoreUnavailableError } from "../../errors.ts";
import type { MemcachedClient, MemcachedItem, NewItem } from "./client.ts";
import { type Command, Connection } from "./connection.ts";
import type { Reply } from "./replies.ts";

/** Words of memcached by what they mean to the caller. */
type Outcomes = Readonly<Record<string, boolean>>;

const ADD: Outcomes = { STORED: true, NOT_STORED: false };
const CAS: Outcomes = { STORED: true, EXISTS: false, NOT_FOUND: false };
const TOUCH: Outcomes = { TOUCHED: true, NOT_FOUND: false };
const DELETE: Outcomes = { DELETED: true, NOT_FOUND: false };

/** A client that connects at its first command, and anew at the next one after a failure. Keys must have been checked. */
export class TextClient implements MemcachedClient {
  readonly #address: NetConnectOpts;
  readonly #timeoutMillis: number;
  #connection: Connection | undefined;
  #closed = false;

  /** @param timeoutMillis within which each command must be answered, the connecting included */
  constructor(address: NetConnectOpts, timeoutMillis: number) {
    this.#address = address;
    this.#timeoutMillis = timeoutMillis;
  }

  gets(key: string): Promise<MemcachedItem | undefined> {
    return this.#item("GETS", `gets ${key}`, key);
  }

  gats(key: string, exptime: number): Promise<MemcachedItem | undefined> {
    return this.#item("GATS", `gats ${exptime} ${key}`, key);
  }

  add(key: string, { value, flags, exptime }: NewItem): Promise<boolean> {
    return this.#outcome("ADD", ADD, `add ${key} ${flags} ${exptime} ${value.length}`, value);
  }

  cas(key: string, { value, flags, exptime }: NewItem, cas: MemcachedItem["cas"]): Promise<boolean> {
    return this.#outcome("CAS", CAS, `cas ${key} ${flags} ${exptime} ${value.length} ${cas}`, value);
  }

  touch(key: string, exptime: number): Promise<boolean> {
    return this.#outcome("TOUCH", TOUCH, `touch ${key} ${exptime}`);
  }

  delete(key: string): Promise<boolean> {
    return this.#outcome("DELETE", DELETE, `delete ${key}`);
  }

  async stats(group?: "settings"): Promise<ReadonlyMap<string, string>> {
    const line = group === undefined ? "stats" : `stats ${group}`;
    const { stats } = await this.#send({ name: "STATS", bytes: encode(line), accepts: isEnd });
    return stats;
  }

  close(): void {
    this.#closed = true;
    this.#connection?.close();
  }

  async #item(name: string, line: string, key: string): Promise<MemcachedItem | undefined> {
    // An answer with another key would be somebody else's session.
    const accepts = (reply: Reply): boolean => isEnd(reply) && reply.items.every((item) => item.key === key);
    const { items } = await this.#send({ name, bytes: encode(line), accepts });
    return items[0];
  }

  async #outcome(name: string, outcomes: Outcomes, line: string, value?: Uint8Array): Promise<boolean> {
    const accepts = ({ status }: Reply): boolean => Object.hasOwn(outcomes, status);
    const { status } = await this.#send({ name, bytes: encode(line, value), accepts });
    return outcomes[status] === true;
  }

  async #send(command: Command): Promise<Reply> {
    if (this.#closed) throw new StoreUnavailableError("Cannot reach memcached: the store is closed");
    if (this.#connection?.isOpen !== true) this.#connection = new Connection(this.#address, this.#timeoutMillis);
    return this.#connection.send(command);
  }
}

function isEnd({ status }: Reply): boolean {
  return status === "END";
}

function encode(line: string, value?: Uint8Array): Uint8Array {
  const lineEnd = Buffer.from("\r\n");
  const command = [Buffer.from(line), lineEnd];
  return Buffer.concat(value === undefined ? command : [...command, value, lineEnd]);
}
