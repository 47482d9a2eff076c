/** Who is logged in: `_load_user` of Flask-Login 0.6.3, with the same writes. */
import type { SessionControl } from "../../session/session.ts";
import { isBefore, versionOf } from "../../session/versions.ts";
import { controlOf, type ExtensionRequest } from "../request.ts";
import { identifierOf } from "./identifier.ts";
import { rememberedUser, settleRemember } from "./remember-cookie.ts";
import { userIdText, type Visit, visitOf } from "./visit.ts";

/** Who has sent a request. */
export interface Login {
  /** What the user's `get_id()` gave in Flask, as text; `undefined`: nobody is logged in. */
  readonly currentUserId: string | undefined;
  /** Flask: `current_user.is_authenticated`. */
  readonly isAuthenticated: boolean;
  /** Logged in by hand, in this browser, from this address. Flask: what `fresh_login_required` wants. */
  readonly isFresh: boolean;
}

/** What Node cannot know by itself. Calls of one request should say the same. */
export interface LoadOptions {
  /** Whether there is such a user; Flask's `user_loader` gives None where not. @defaultValue everybody exists */
  readonly userExists?: ((userId: string) => boolean | Promise<boolean>) | undefined;
  /** The browser's address as Flask sees it. @defaultValue the first of X-Forwarded-For, else the peer's */
  readonly clientAddress?: string | undefined;
}

/** What a request knows already. */
interface Loaded {
  readonly login: Promise<Login>;
  readonly userExists: LoadOptions["userExists"];
}

/** The keys that Flask-Login calls its own. */
const SESSION_KEYS = ["_user_id", "_remember", "_remember_seconds", "_id", "_fresh", "next"];

const ANONYMOUS: Login = { currentUserId: undefined, isAuthenticated: false, isFresh: false };

const loaded = new WeakMap<SessionControl, Loaded>();

/**
 * Who is logged in. Done once a request, later calls get the same; one with a `userExists` of its own asks that too.
 * A session from another address or browser is no longer fresh, or, where protection is strong, logged out. One that
 * `read()` gave is judged and left as it is.
 * @throws ConfigError where a remember cookie has come and SECRET_KEY is missing or not latin-1
 */
export async function loadLogin(request: ExtensionRequest, options: LoadOptions = {}): Promise<Login> {
  const control = controlOf(request.session);
  const before = loaded.get(control);
  if (before !== undefined) return confirmed(before, options);
  const login = load(visitOf(request), options);
  loaded.set(control, { login, userExists: options.userExists });
  try {
    return await login;
  } catch (error) {
    loaded.delete(control);
    throw error;
  }
}

/** What later calls of the request get. @param userId absent: nobody is logged in any more @internal */
export function setLogin(control: SessionControl, userId?: string, isFresh = false): void {
  const login = userId === undefined ? ANONYMOUS : { currentUserId: userId, isAuthenticated: true, isFresh };
  loaded.set(control, { login: Promise.resolve(login), userExists: undefined });
}

async function confirmed(before: Loaded, { userExists }: LoadOptions): Promise<Login> {
  const login = await before.login;
  if (login.currentUserId === undefined || userExists === undefined || userExists === before.userExists) return login;
  return (await userExists(login.currentUserId)) ? login : ANONYMOUS;
}

async function load(visit: Visit, { userExists = () => true, clientAddress }: LoadOptions): Promise<Login> {
  const isForeign = protects(visit, identifierOf(visit.request, clientAddress));
  const userId = isForeign ? undefined : await findUser(visit, userExists);
  settleRemember(visit);
  if (userId === undefined) return ANONYMOUS;
  return { currentUserId: userId, isAuthenticated: true, isFresh: Boolean(visit.session["_fresh"]) };
}

/** Puts a session that has changed hands in its place. @returns whether its login is gone */
function protects(visit: Visit, identifier: string): boolean {
  const { session, config } = visit;
  const { SESSION_PROTECTION: mode = "basic" } = config;
  if (mode === null || isEmpty(visit) || session["_id"] === identifier) return false;
  if (mode === "basic" || session["_permanent"]) {
    session["_fresh"] = false;
    return false;
  }
  for (const key of SESSION_KEYS) Reflect.deleteProperty(session, key);
  session["_remember"] = "clear";
  return true;
}

/** Whether Python calls the session false: Flask-Session since 0.6 does not count `_permanent`, everybody else does. */
function isEmpty({ session, control, config: { flaskSessionVersion = "0.8" } }: Visit): boolean {
  if (control.otherKeys.size > 0) return false;
  const passesOver =
    control.format !== "tagged-json" && !isBefore(versionOf(flaskSessionVersion, "flaskSessionVersion"), 0, 6);
  return Object.keys(session).every((key) => passesOver && key === "_permanent");
}

/** In the session, else in the remember cookie, which puts him there. */
async function findUser(visit: Visit, userExists: NonNullable<LoadOptions["userExists"]>): Promise<string | undefined> {
  const { session } = visit;
  const held = userIdText(session["_user_id"]);
  if (held !== undefined && (await userExists(held))) return held;
  const remembered = session["_remember"] === "clear" ? undefined : rememberedUser(visit);
  if (remembered === undefined) return undefined;
  session["_user_id"] = remembered;
  session["_fresh"] = false;
  return (await userExists(remembered)) ? remembered : undefined;
}
