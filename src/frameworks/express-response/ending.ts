/** The end of a request: its session is stored before the head of the response goes out. */
import type { OpenedSession } from "../../session/opened-session.ts";
import type { ResponseHeaders } from "../../session/response-headers.ts";
import { emitDrain, HeldDrain } from "./drain.ts";
import { guardHead, isHeadOut, type Verdict } from "./guard.ts";
import { addSessionHeaders, discardHead, setOwnHeaders } from "./head.ts";
import type { ExpressResponse, Methods, Sending } from "./response.ts";
import { dismissWriters } from "./writers.ts";

/**
 * - `open`: nothing was sent yet
 * - `waiting`: what is sent is kept until the store has answered
 * - `complete`: as `waiting`, and the kept response is complete; what comes now has lost
 * - `passing`: the head is decided, the end of the body is still to come
 * - `plain`: the response is as it is without us
 * - `over`: the response is complete, and closed to those who have lost
 * - `refused`: the response does not go out, another stands in its place
 */
type Phase = "open" | "waiting" | "complete" | "passing" | "plain" | "over" | "refused";

/** What an {@link Ending} works with. */
export interface Parts {
  readonly response: ExpressResponse;
  readonly opened: OpenedSession;
  /** What the response has under the hooks. */
  readonly methods: Methods;
  /** Whether middleware before us decides where listeners go. */
  readonly hasOwnOn: boolean;
  /** Whether a response that was refused may still be written to by those who made it. */
  readonly isReplacement: boolean;
  /** Makes the response ready for another one in the place of the refused one. */
  readonly replace: () => void;
  /** Express' `next`. */
  readonly next: (error: unknown) => void;
}

interface Call {
  readonly name: Sending;
  readonly args: readonly unknown[];
}

/** Receives what is sent on a response. Where the session needs no answer of the store, nothing is kept. */
export class Ending {
  readonly #parts: Parts;
  readonly #calls: Call[] = [];
  #phase: Phase = "open";

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What the response has under the hooks. */
  get methods(): Methods {
    return this.#parts.methods;
  }

  /** A call of one of the hooked methods. */
  receive(name: Sending, args: readonly unknown[]): unknown {
    // As Node does it: so middleware after us learns of the head while it can still add to it.
    if (name === "flushHeaders" && this.#phase === "open") this.#writeHead();
    const phase = this.#phase;
    if (phase === "open") return this.#begin(name, args);
    if (phase === "waiting") return this.#keep(name, args);
    if (phase === "passing" && name === "end") return this.#endLate(args);
    if (phase === "passing" || phase === "plain") return this.#send(name, args);
    return this.#answer(name);
  }

  #writeHead(): void {
    const { response } = this.#parts;
    response.writeHead(response.statusCode);
  }

  /** The first call: the head is decided, now or when the store has answered. */
  #begin(name: Sending, args: readonly unknown[]): unknown {
    const { response, opened } = this.#parts;
    const rest = name === "writeHead" ? setOwnHeaders(response, args) : args;
    const headers = opened.finish();
    if (headers instanceof Promise) {
      this.#wait(headers);
      return this.#keep(name, rest);
    }
    this.#phase = "passing";
    addSessionHeaders(response, headers);
    return name === "end" ? this.#sendLast(rest) : this.#send(name, rest);
  }

  #wait(stored: Promise<ResponseHeaders>): void {
    const { response, hasOwnOn } = this.#parts;
    this.#phase = "waiting";
    guardHead(response, () => this.#verdict());
    const drain = hasOwnOn ? new HeldDrain(response) : undefined;
    stored.then(
      (headers) => this.#replay(headers, drain),
      (error: unknown) => this.#refuse(error),
    );
  }

  /** A second `writeHead` is dropped: older middleware asks for the head at every `write` until Node has made it. */
  #keep(name: Sending, args: readonly unknown[]): unknown {
    if (name !== "writeHead" || this.#calls.length === 0) this.#calls.push({ name, args });
    if (name === "end") this.#phase = "complete";
    return this.#answer(name);
  }

  #replay(headers: ResponseHeaders, drain: HeldDrain | undefined): void {
    const { response } = this.#parts;
    const isComplete = this.#phase === "complete";
    this.#phase = isComplete ? "plain" : "passing";
    let flows: boolean;
    try {
      addSessionHeaders(response, headers);
      flows = this.#sendKept();
    } catch (error) {
      this.#fail(error);
      return;
    }
    const held = drain?.release() ?? [];
    if (isComplete) this.#phase = "over";
    else if (flows) emitDrain(response, held);
  }

  /** @returns whether somebody was told to wait, and need not wait any longer */
  #sendKept(): boolean {
    let flows = false;
    for (const { name, args } of this.#calls.splice(0)) {
      const result = this.#send(name, args);
      if (name === "write") flows = result !== false;
    }
    return flows;
  }

  /** A kept call has thrown: without us the handler would have got the error. */
  #fail(error: unknown): void {
    const { response, next } = this.#parts;
    if (isHeadOut(response)) {
      this.#phase = "over";
      response.destroy();
      next(error);
    } else {
      this.#phase = "refused";
      this.#giveWay(error);
    }
  }

  /** The session cannot be stored: the handler's response would tell of something that has not happened. */
  #refuse(error: unknown): void {
    this.#phase = "refused";
    this.#calls.length = 0;
    discardHead(this.#parts.response);
    this.#giveWay(error);
  }

  #giveWay(error: unknown): void {
    dismissWriters(this.#parts.response);
    this.#parts.replace();
    this.#parts.next(error);
  }

  /** The body ends after the head went out: what has changed since is stored, and the response does not wait for it. */
  #endLate(args: readonly unknown[]): unknown {
    const late = this.#parts.opened.finish();
    if (late instanceof Promise) late.catch(ignore);
    return this.#sendLast(args);
  }

  #sendLast(args: readonly unknown[]): unknown {
    // Node's own `end` calls `writeHead`, which must reach the response.
    this.#phase = "plain";
    const result = this.#send("end", args);
    if (this.#parts.isReplacement) this.#phase = "over";
    return result;
  }

  #send(name: Sending, args: readonly unknown[]): unknown {
    return Reflect.apply(this.#parts.methods[name], this.#parts.response, args);
  }

  /** What a call answers that does not reach the response, or not yet. */
  #answer(name: Sending): unknown {
    if (name === "write") return false;
    return name === "flushHeaders" ? undefined : this.#parts.response;
  }

  /** Whether the head of the response may be changed. */
  #verdict(): Verdict {
    const phase = this.#phase;
    if (phase === "waiting") return "refuse";
    if (phase === "complete") return "ignore";
    const hasLosers = phase === "over" || phase === "refused";
    return hasLosers && isHeadOut(this.#parts.response) ? "ignore" : "allow";
  }
}

/** The session has told of it by an event. */
function ignore(): void {}
