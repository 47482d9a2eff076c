/** Opens and reads sessions in Flask's own cookie. */
import { readCookie } from "../cookie.ts";
import type { OpenedSession } from "../opened-session.ts";
import { readOnlySession } from "../read-only.ts";
import type { Session } from "../session.ts";
import type { Sessions } from "../sessions.ts";
import { CookieRequestSession } from "./opened-session.ts";
import type { ResolvedCookieOptions } from "./options.ts";
import { type CookieOrigin, CookieState } from "./state.ts";
import { SessionToken } from "./token.ts";

/** The sessions of a Flask app without Flask-Session. */
export class CookieSessions implements Sessions {
  readonly #options: ResolvedCookieOptions;
  readonly #token: SessionToken;

  constructor(options: ResolvedCookieOptions) {
    this.#options = options;
    this.#token = new SessionToken(options);
  }

  async open(cookieHeader: string | undefined): Promise<OpenedSession> {
    return this.openNow(cookieHeader);
  }

  openNow(cookieHeader: string | undefined): OpenedSession {
    return new CookieRequestSession(new CookieState(this.#options, this.#origin(cookieHeader)), this.#token);
  }

  async read(cookieHeader: string | undefined): Promise<Readonly<Session>> {
    const { cookieName, extensions } = this.#options;
    return readOnlySession(this.#origin(cookieHeader).tree, { format: "tagged-json", cookieName, extensions });
  }

  /** There is nothing to open. */
  async ready(): Promise<void> {}

  /** There is nothing to close. */
  async close(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}

  #origin(cookieHeader: string | undefined): CookieOrigin {
    if (cookieHeader === undefined) return {};
    const token = readCookie(cookieHeader, this.#options.cookieName, this.#options.duplicateCookies);
    return token === undefined || token === "" ? {} : { token, tree: this.#token.read(token) };
  }
}
