/** What a response must carry for its session, from the state at the moment its head goes out. */
import { deleteCookie, writeCookie } from "./cookie.ts";
import type { LiveTree } from "./live-tree.ts";
import type { SessionState } from "./state.ts";
import { isEmpty, isPermanent } from "./tree.ts";

/** What the response must carry. */
export interface ResponseHeaders {
  /** Whole Set-Cookie values. */
  readonly setCookie: readonly string[];
  /** Whether `Cookie` belongs into Vary. */
  readonly vary: boolean;
}

const NO_COOKIES: readonly string[] = [];
const UNTOUCHED: ResponseHeaders = { setCookie: NO_COOKIES, vary: false };
const VARIES: ResponseHeaders = { setCookie: NO_COOKIES, vary: true };

/** The row of the table that applies. */
export function responseHeaders(state: SessionState): ResponseHeaders {
  return headersOf(state, state.environment.options.cookieName, () => sessionCookie(state));
}

/** The session's own cookie, then those of extensions. @param own makes the former; not asked where one of them takes its place */
export function headersOf(
  { cookies, accessed }: LiveTree,
  cookieName: string,
  own: () => string | undefined,
): ResponseHeaders {
  // A log-out that Flask itself sent must not be undone by our refresh.
  const replaced = cookies.some((text) => text.startsWith(`${cookieName}=`));
  const cookie = replaced ? undefined : own();
  const setCookie = cookie === undefined ? cookies : [cookie, ...cookies];
  if (setCookie.length > 0) return { setCookie, vary: true };
  return accessed ? VARIES : UNTOUCHED;
}

/** Of a response whose session could not be stored: nothing is told, but caches must know. */
export function refusedHeaders(): ResponseHeaders {
  return VARIES;
}

function sessionCookie(state: SessionState): string | undefined {
  const { cookieName, cookie } = state.environment.options;
  // Where the session is gone the browser may already hold the cookie of a new login, under the same name.
  if (state.gone) return undefined;
  if (state.stored) return signedCookie(state);
  if (state.removed) return state.brought ? deleteCookie(cookieName, cookie) : undefined;
  return isRefreshed(state) ? signedCookie(state) : undefined;
}

function signedCookie(state: SessionState): string {
  const { options, sids } = state.environment;
  const expires = isPermanent(state.tree) ? { expires: state.expiresAt } : {};
  return writeCookie(options.cookieName, sids.write(state.sid), { ...options.cookie, ...expires });
}

/** Whether an unchanged session gets its cookie again, with a new Expires. */
function isRefreshed({ held, tree, touched, environment }: SessionState): boolean {
  if (held === null || isEmpty(tree)) return false;
  return (touched || environment.options.refreshEachRequest) && isPermanent(tree);
}
