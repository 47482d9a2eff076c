/** What the controls of sessions in a store and in a cookie have in common. */
import type { LiveTree } from "./live-tree.ts";

/** Facts and verbs that concern the handler's object alone. @internal */
export abstract class LiveControl<State extends LiveTree> {
  readonly isReadOnly = false;
  /** Private, so that no log that inspects the control shows it. */
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  protected get state(): State {
    return this.#state;
  }

  get permanent(): boolean {
    return Boolean(this.state.live["_permanent"]);
  }

  set permanent(value: boolean) {
    this.state.live["_permanent"] = value;
  }

  get otherKeys(): ReadonlyMap<unknown, unknown> {
    return this.state.otherKeys;
  }

  clear(): void {
    this.state.clear();
  }

  addCookie(text: string): void {
    this.state.addCookie(text);
  }
}
