/** The verbs and facts of a session that a request has opened. */
import type { Format } from "../codecs/codec.ts";
import { HeadersSentError } from "../errors.ts";
import { answer } from "./answer.ts";
import { Deadline } from "./deadline.ts";
import { LiveControl } from "./live-control.ts";
import { regenerate, restart } from "./regenerate.ts";
import { mustStore, save } from "./save.ts";
import type { Done, SessionControl } from "./session.ts";
import type { SessionState } from "./state.ts";
import { touch } from "./touch.ts";
import type { Turns } from "./turns.ts";

/** One for each session object. @internal */
export class RequestControl extends LiveControl<SessionState> implements SessionControl {
  readonly #turns: Turns;

  constructor(state: SessionState, turns: Turns) {
    super(state);
    this.#turns = turns;
  }

  get format(): Format {
    return this.state.format;
  }

  get sid(): string {
    return this.state.sid;
  }

  get new(): boolean {
    return this.state.held === null;
  }

  get modified(): boolean {
    this.state.patch();
    return this.state.isChanged || this.state.stored || this.state.removed;
  }

  save(): Promise<void>;
  save(done: Done): void;
  save(done?: Done): Promise<void> | void {
    return answer(
      this.#turns.take(() => this.#save()),
      done,
    );
  }

  regenerate(): Promise<void>;
  regenerate(done: Done): void;
  regenerate(done?: Done): Promise<void> | void {
    return answer(
      this.#turns.take(() => this.#regenerate(done === undefined ? regenerate : restart)),
      done,
    );
  }

  destroy(): Promise<void>;
  destroy(done: Done): void;
  destroy(done?: Done): Promise<void> | void {
    return answer(
      this.#turns.take(() => this.#destroy()),
      done,
    );
  }

  touch(): Promise<void> {
    return this.#turns.take(async () => {
      await touch(this.state);
      this.state.touched = true;
    });
  }

  get cookieName(): string {
    return this.state.environment.options.cookieName;
  }

  get signedSid(): string | undefined {
    const { held, sid, environment } = this.state;
    return held === null ? undefined : environment.sids.write(sid);
  }

  config(extension: string): Readonly<Record<string, unknown>> {
    return this.state.environment.options.extensions[extension] ?? {};
  }

  async #save(): Promise<void> {
    const state = this.state;
    state.patch();
    if (!mustStore(state)) return;
    if (state.headSent && state.held === null) {
      throw new HeadersSentError("Cannot save a new session: the head of the response went out without its cookie");
    }
    await save(state);
  }

  async #regenerate(renew: (state: SessionState) => Promise<void>): Promise<void> {
    if (this.state.headSent) {
      throw new HeadersSentError("Cannot regenerate: the head of the response went out with the old sid");
    }
    this.state.patch();
    await renew(this.state);
  }

  async #destroy(): Promise<void> {
    const state = this.state;
    const { store, saveTimeoutMillis } = state.environment.options;
    const { sid, held } = state;
    const started = performance.now();
    if (held !== null) await new Deadline(saveTimeoutMillis).within(store.delete(state.storeKey));
    state.reset();
    const durationMillis = performance.now() - started;
    if (held !== null) state.emit((sidHash) => ({ type: "destroyed", sidHash, durationMillis }), sid);
  }
}
