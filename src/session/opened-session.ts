/** A session for the time of one request, and what happens at the request's end. */
import { HeadersSentError } from "../errors.ts";
import { RequestControl } from "./control.ts";
import { tooDeep } from "./record.ts";
import { type ResponseHeaders, refusedHeaders, responseHeaders } from "./response-headers.ts";
import { mustStore, save } from "./save.ts";
import { createSession, type Session } from "./session.ts";
import type { SessionState } from "./state.ts";
import { isTouchDue, touch } from "./touch.ts";
import { blankTree } from "./tree.ts";
import { type Track, Turns } from "./turns.ts";

/** A session that a request has opened. */
export interface OpenedSession<S extends object = Session> {
  /** The session object; its first use is what *accessed* means. After `regenerate(callback)` it is the new object. */
  readonly session: S;
  /**
   * Stores what has changed and tells what the response must carry: at once where the store need not be asked, else
   * when it has answered. Called before the head goes out, and may be called once more at the end of the body, for
   * late changes; its result then has no use. It never throws: StoreError and EncodeError are rejections.
   */
  finish(): ResponseHeaders | Promise<ResponseHeaders>;
}

type Storing = (work: () => Promise<ResponseHeaders>) => Promise<ResponseHeaders>;

/** The one implementation of {@link OpenedSession}. @internal */
export class RequestSession implements OpenedSession {
  readonly #state: SessionState;
  readonly #track: Track;
  readonly #turns: Turns;
  /** A save at the request's end was refused or has failed; what follows is an error page. */
  #failed = false;

  constructor(state: SessionState, track: Track) {
    this.#state = state;
    this.#track = track;
    this.#turns = new Turns(track);
  }

  get session(): Session {
    const state = this.#state;
    state.accessed = true;
    if (!state.isShown) this.#show();
    return state.live as Session;
  }

  #show(): void {
    const state = this.#state;
    const error = tooDeep(() => state.show(this.#object()));
    if (error === undefined) return;
    state.emit((sidHash) => ({ type: "corrupt", sidHash, error }));
    state.forget(blankTree(state.environment.options.permanent));
    state.show(this.#object());
  }

  #object(): object {
    return createSession(new RequestControl(this.#state, this.#turns));
  }

  finish(): ResponseHeaders | Promise<ResponseHeaders> {
    if (this.#turns.busy) return this.#turns.take(async () => this.#conclude((work) => work()));
    try {
      return this.#conclude((work) => this.#turns.take(work));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #conclude(storing: Storing): ResponseHeaders | Promise<ResponseHeaders> {
    if (this.#failed) return refusedHeaders();
    const pending = this.#isPending();
    if (this.#state.headSent) return pending ? this.#concludeLate(storing) : refusedHeaders();
    if (!pending) return this.#head();
    return storing(async () => {
      await this.#save();
      return this.#head();
    });
  }

  /** The body has ended: what has changed since the head went out is stored if the browser knows the sid. */
  #concludeLate(storing: Storing): ResponseHeaders | Promise<ResponseHeaders> {
    const state = this.#state;
    if (state.held !== null) {
      return storing(async () => {
        await this.#save();
        return refusedHeaders();
      });
    }
    const error = new HeadersSentError("The session was changed after the head of the response went out");
    const keys = state.drop();
    state.emit((sidHash) => ({ type: "headers-sent", sidHash, keys, error }));
    return refusedHeaders();
  }

  #isPending(): boolean {
    try {
      this.#state.patch();
    } catch (error) {
      this.#fail(error);
    }
    return mustStore(this.#state);
  }

  async #save(): Promise<void> {
    try {
      await save(this.#state);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Once the head is out nobody waits for the answer, so that only an event can tell. */
  #fail(error: unknown): never {
    this.#failed = true;
    const state = this.#state;
    if (state.headSent) state.emit((sidHash) => ({ type: "store-error", sidHash, error: error as Error }));
    throw error;
  }

  #head(): ResponseHeaders {
    const state = this.#state;
    state.headSent = true;
    if (isTouchDue(state)) this.#track(touchLater(state));
    return responseHeaders(state);
  }
}

/** The response does not wait for it, so a failure is an event. */
async function touchLater(state: SessionState): Promise<void> {
  try {
    await touch(state);
  } catch (error) {
    state.emit((sidHash) => ({ type: "store-error", sidHash, error: error as Error }));
  }
}
