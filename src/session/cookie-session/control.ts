/** The verbs and facts of a session in Flask's own cookie. Nothing is sent before the head of the response. */
import { HeadersSentError } from "../../errors.ts";
import { answer } from "../answer.ts";
import { LiveControl } from "../live-control.ts";
import type { Done, SessionControl } from "../session.ts";
import type { CookieState } from "./state.ts";

/** One for each session object. @internal */
export class CookieControl extends LiveControl<CookieState> implements SessionControl {
  readonly sid = undefined;
  readonly signedSid = undefined;
  readonly format = "tagged-json";

  get new(): boolean {
    return this.state.isNew;
  }

  get modified(): boolean {
    this.state.patch();
    return this.state.isChanged || this.state.removed;
  }

  save(): Promise<void>;
  save(done: Done): void;
  save(done?: Done): Promise<void> | void {
    return answer(
      this.#before("save", () => {
        this.state.patch();
        this.state.force();
      }),
      done,
    );
  }

  /** Flask's own cookie has no sid, so the data stay and the cookie is signed anew. */
  regenerate(): Promise<void>;
  regenerate(done: Done): void;
  regenerate(done?: Done): Promise<void> | void {
    return answer(
      this.#before("regenerate", () => {
        this.state.patch();
        if (done === undefined) this.state.renew();
        else this.state.restart();
      }),
      done,
    );
  }

  destroy(): Promise<void>;
  destroy(done: Done): void;
  destroy(done?: Done): Promise<void> | void {
    return answer(
      this.#before("destroy", () => this.state.reset()),
      done,
    );
  }

  touch(): Promise<void> {
    return this.#before("touch", () => {
      this.state.touched = true;
    });
  }

  get cookieName(): string {
    return this.state.options.cookieName;
  }

  config(extension: string): Readonly<Record<string, unknown>> {
    return this.state.options.extensions[extension] ?? {};
  }

  /** A cookie cannot follow its response. */
  async #before(verb: string, work: () => void): Promise<void> {
    if (this.state.headSent) {
      throw new HeadersSentError(`Cannot ${verb}: the head of the response went out, and the session is its cookie`);
    }
    work();
  }
}
