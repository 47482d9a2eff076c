/** The remember cookie of a request and of its response, where Flask-Login has an `after_request`. */
import type { LoginConfig } from "../../config/extension-keys.ts";
import { type CookieAttributes, deleteCookie, readCookie, writeQuotedCookie } from "../../session/cookie.ts";
import { cookieAttributes } from "../../session/cookie-attributes.ts";
import { MAX_LIFETIME_SECONDS } from "../../session/lifetime.ts";
import { isBefore, type Version, versionOf } from "../../session/versions.ts";
import { headerOf } from "../request.ts";
import { sendCookie } from "../sent-cookies.ts";
import { makeToken, openToken, rememberKeyOf } from "./remember-token.ts";
import { userIdText, type Visit } from "./visit.ts";

const DEFAULT_DURATION_SECONDS = 365 * 86_400;

/**
 * The user that the request's remember cookie names; `undefined` without one of ours.
 * @throws ConfigError where there is one and no key for it
 */
export function rememberedUser({ request, config }: Visit): string | undefined {
  // Flask 1.1 came with Werkzeug 1.0, which turned the order round.
  const duplicates = isBefore(flaskVersionOf(config), 1, 1) ? "last" : "first";
  const token = readCookie(headerOf(request, "cookie") ?? "", nameOf(config), duplicates);
  return token === undefined ? undefined : openToken(token, rememberKeyOf(config));
}

/**
 * Does what the session's `_remember` says, and takes it out: left there, the next answer of Flask would do it.
 * With REMEMBER_COOKIE_REFRESH_EACH_REQUEST the cookie is sent in any case. `_update_remember_cookie` of Flask-Login 0.6.3.
 * @param durationSeconds absent: what a former login has left in the session, else what the config says
 */
export function settleRemember({ session, control, config }: Visit, durationSeconds?: number): void {
  const refreshes = config.REMEMBER_COOKIE_REFRESH_EACH_REQUEST === true;
  const operation = "_remember" in session ? session["_remember"] : refreshes && "set";
  delete session["_remember"];
  if (control.isReadOnly) return;
  if (operation === "clear") sendCookie(control, deleteCookie(nameOf(config), attributesOf(config)));
  const userId = operation === "set" ? userIdText(session["_user_id"]) : undefined;
  if (userId === undefined) return;
  const seconds = durationSeconds ?? heldSeconds(session) ?? config.REMEMBER_COOKIE_DURATION;
  sendCookie(control, rememberCookie(userId, config, seconds));
}

function rememberCookie(userId: string, config: LoginConfig, seconds = DEFAULT_DURATION_SECONDS): string {
  const expires = new Date(Date.now() + seconds * 1000);
  const token = makeToken(userId, rememberKeyOf(config));
  return writeQuotedCookie(nameOf(config), token, { ...attributesOf(config), expires });
}

/** Beyond the year 9999 there is no date in Python either. */
function heldSeconds({ _remember_seconds: held }: Record<string, unknown>): number | undefined {
  return typeof held === "number" && Math.abs(held) <= MAX_LIFETIME_SECONDS ? held : undefined;
}

function nameOf({ REMEMBER_COOKIE_NAME = "remember_token" }: LoginConfig): string {
  return REMEMBER_COOKIE_NAME;
}

function attributesOf(config: LoginConfig): CookieAttributes {
  const { REMEMBER_COOKIE_DOMAIN: domain, REMEMBER_COOKIE_SAMESITE: sameSite } = config;
  const { REMEMBER_COOKIE_PATH: path = "/", REMEMBER_COOKIE_SECURE: secure = false } = config;
  const { REMEMBER_COOKIE_HTTPONLY: httpOnly = true } = config;
  const options = {
    ...(domain === undefined ? {} : { domain }),
    ...(sameSite === undefined ? {} : { sameSite }),
    path,
    secure,
    httpOnly,
  };
  return cookieAttributes(options, flaskVersionOf(config));
}

function flaskVersionOf({ flaskVersion = "3.1" }: LoginConfig): Version {
  return versionOf(flaskVersion, "flaskVersion");
}
