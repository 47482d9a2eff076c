/** A session in Flask's own cookie for the time of one request. Everything is decided when the head goes out. */
import { CookieTooLargeError, HeadersSentError } from "../../errors.ts";
import { deleteCookie, writeCookie } from "../cookie.ts";
import type { OpenedSession } from "../opened-session.ts";
import { headersOf, type ResponseHeaders, refusedHeaders } from "../response-headers.ts";
import { createSession, type Session } from "../session.ts";
import { isPermanent } from "../tree.ts";
import { CookieControl } from "./control.ts";
import { largestKeys } from "./largest-keys.ts";
import type { CookieState } from "./state.ts";
import type { SessionToken } from "./token.ts";

/** The {@link OpenedSession} of a cookie. @internal */
export class CookieRequestSession implements OpenedSession {
  readonly #state: CookieState;
  readonly #token: SessionToken;
  /** The cookie was refused at the request's end; what follows is an error page. */
  #failed = false;

  constructor(state: CookieState, token: SessionToken) {
    this.#state = state;
    this.#token = token;
  }

  get session(): Session {
    const state = this.#state;
    state.accessed = true;
    // No LimitError: JSON has no keys to go down, and its decoder stops before a view would.
    if (!state.isShown) state.show(createSession(new CookieControl(state)));
    return state.live as Session;
  }

  finish(): ResponseHeaders | Promise<ResponseHeaders> {
    try {
      return this.#conclude();
    } catch (error) {
      this.#failed = true;
      return Promise.reject(error);
    }
  }

  #conclude(): ResponseHeaders {
    const state = this.#state;
    if (this.#failed) return refusedHeaders();
    state.patch();
    if (state.headSent) return this.#concludeLate();
    const headers = headersOf(state, state.options.cookieName, () => this.#cookie());
    state.headSent = true;
    state.drop();
    return headers;
  }

  #concludeLate(): ResponseHeaders {
    const state = this.#state;
    if (state.isChanged) {
      const error = new HeadersSentError("The session was changed after the head of the response went out");
      state.options.emit?.({ type: "headers-sent", keys: state.drop(), error });
    }
    return refusedHeaders();
  }

  /** The row of the table that applies: Flask 3.1.3's `save_session`, where a change is any difference. */
  #cookie(): string | undefined {
    const state = this.#state;
    const { cookieName, cookie, refreshEachRequest, repeatedOnDelete } = state.options;
    const isChanged = state.isChanged || state.removed;
    if (state.tree.keys.length === 0) {
      return isChanged && state.brought ? deleteCookie(cookieName, cookie, repeatedOnDelete) : undefined;
    }
    if (isChanged) return this.#changedCookie();
    return state.touched || (refreshEachRequest && isPermanent(state.tree)) ? this.#refreshedCookie() : undefined;
  }

  #changedCookie(): string {
    const { text, fits } = this.#signedCookie();
    if (fits) return text;
    const { options, tree } = this.#state;
    throw tooLarge(text.length, options.maxCookieSizeBytes, largestKeys(tree, this.#token));
  }

  /** What nobody has changed is nobody's error: the browser keeps the cookie that it has. */
  #refreshedCookie(): string | undefined {
    const { emit } = this.#state.options;
    try {
      const { text, fits } = this.#signedCookie();
      if (fits) return text;
      emit?.({ type: "cookie-too-large", sizeBytes: text.length });
    } catch (error) {
      emit?.({ type: "corrupt", error: error as Error });
    }
    return undefined;
  }

  /** Browsers drop a cookie that is too large; one that they sent themselves they keep. @throws EncodeError */
  #signedCookie(): { readonly text: string; readonly fits: boolean } {
    const { options, tree, broughtLength } = this.#state;
    const { cookieName, cookie, lifetimeSeconds, maxCookieSizeBytes } = options;
    const value = this.#token.write(tree);
    const expires = isPermanent(tree) ? { expires: new Date(Date.now() + lifetimeSeconds * 1000) } : {};
    const text = writeCookie(cookieName, value, { ...cookie, ...expires });
    const fits = maxCookieSizeBytes === 0 || text.length <= maxCookieSizeBytes || value.length <= broughtLength;
    return { text, fits };
  }
}

function tooLarge(sizeBytes: number, limitBytes: number, keys: readonly string[]): CookieTooLargeError {
  const shown = keys.map((key) => JSON.stringify(key.length > 40 ? `${key.slice(0, 39)}…` : key)).join(", ");
  const message = `Cannot store the session in its cookie: ${sizeBytes} bytes, the limit is ${limitBytes}; most of it is ${shown}`;
  return new CookieTooLargeError(message, sizeBytes, keys);
}
