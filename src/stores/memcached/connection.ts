/** One socket to memcached. Commands go out as they come, and answers belong to them in the same order. */
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { type FlaskSessionError, StoreTimeoutError } from "../../errors.ts";
import { closed, refusal, unreachable } from "./failure.ts";
import { type Reply, ReplyParser } from "./replies.ts";

/** A command and what may answer it. */
export interface Command {
  /** Such as `GETS`; shown in errors. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether a reply answers this command. What does not, and is no trouble of the server's, is out of step. */
  readonly accepts: (reply: Reply) => boolean;
}

interface Waiting extends Command {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: FlaskSessionError) => void;
  readonly timer: NodeJS.Timeout;
}

/** A failure in the words of the command that meets it. */
type FailureOf = (command: string) => FlaskSessionError;

/** A connection from its opening to its first failure; after that it is of no use, and all that waited has failed with it. */
export class Connection {
  readonly #socket: Socket;
  readonly #timeoutMillis: number;
  readonly #parser = new ReplyParser();
  #waiting: Waiting[] = [];

  /** Opens the socket. It does not keep the process from ending; a command that waits does. */
  constructor(address: NetConnectOpts, timeoutMillis: number) {
    this.#timeoutMillis = timeoutMillis;
    this.#socket = connect(address).setNoDelay().setKeepAlive(true).unref();
    this.#socket.on("data", (piece) => {
      this.#receive(piece);
    });
    this.#socket.on("error", (error) => {
      this.#fail((command) => unreachable(error, command));
    });
    this.#socket.on("close", () => {
      this.#fail(closed);
    });
  }

  /** Whether a command can be sent. */
  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** @throws StoreError */
  send(command: Command): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail((name) => new StoreTimeoutError(`memcached did not answer ${name} in ${this.#timeoutMillis} ms`));
      }, this.#timeoutMillis);
      this.#waiting.push({ ...command, resolve, reject, timer });
      this.#socket.write(command.bytes);
    });
  }

  close(): void {
    this.#fail(closed);
  }

  #receive(piece: Buffer): void {
    try {
      for (const reply of this.#parser.push(piece)) this.#answer(reply);
    } catch (error) {
      // It is the answer to the oldest command that cannot be read, and where the next one begins nobody knows.
      this.#next()?.reject(error as FlaskSessionError);
      this.#fail(closed);
    }
  }

  /** A refused command may have left its data behind, which memcached then takes for commands. */
  #answer(reply: Reply): void {
    const waiting = this.#next();
    if (waiting?.accepts(reply) === true) {
      waiting.resolve(reply);
      return;
    }
    waiting?.reject(refusal(reply.status, waiting.name));
    if (!reply.status.startsWith("SERVER_ERROR")) this.#fail(closed);
  }

  #next(): Waiting | undefined {
    const waiting = this.#waiting.shift();
    clearTimeout(waiting?.timer);
    return waiting;
  }

  #fail(failureOf: FailureOf): void {
    this.#socket.destroy();
    const failed = this.#waiting;
    this.#waiting = [];
    for (const { name, reject, timer } of failed) {
      clearTimeout(timer);
      reject(failureOf(name));
    }
  }
}
