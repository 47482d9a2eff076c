/** Which hosts and paths the session cookie is for, by the rules of the Flask beside us. */
import { isIP } from "node:net";
import { refused } from "../session/checks.ts";
import { cookieDomainOf } from "../session/cookie-attributes.ts";
import type { CookieOptions } from "../session/options.ts";
import { isBefore, type Version } from "../session/versions.ts";
import type { CheckedKeys } from "./key-checks.ts";

/**
 * As `get_cookie_domain` and `get_cookie_path` of Flask 0.12 to 3.1.
 * @throws ConfigError where Flask would send no path, or SERVER_NAME is no host name
 */
export function cookieScope(keys: CheckedKeys, flaskVersion: Version): Pick<CookieOptions, "domain" | "path"> {
  const path = cookiePath(keys, flaskVersion);
  const domain = cookieDomain(keys, path, flaskVersion);
  return domain === undefined ? { path } : { domain, path };
}

function cookiePath({ SESSION_COOKIE_PATH, APPLICATION_ROOT = "/" }: CheckedKeys, flaskVersion: Version): string {
  const path = SESSION_COOKIE_PATH || APPLICATION_ROOT;
  if (isBefore(flaskVersion, 1, 0)) return path || "/";
  if (path === null) {
    throw refused("APPLICATION_ROOT", "with None Flask sends a cookie without a path, one for each folder");
  }
  return path;
}

function cookieDomain(keys: CheckedKeys, path: string, flaskVersion: Version): string | undefined {
  const { SESSION_COOKIE_DOMAIN, SERVER_NAME } = keys;
  if (typeof SESSION_COOKIE_DOMAIN === "string") return SESSION_COOKIE_DOMAIN;
  if (SESSION_COOKIE_DOMAIN === false || !SERVER_NAME || !isBefore(flaskVersion, 2, 3)) return undefined;
  const host = SERVER_NAME.replace(/:[^:]*$/, "");
  const domain = isBefore(flaskVersion, 1, 0) ? firstDomain(host, path) : laterDomain(host, path);
  return domain === undefined ? undefined : cookieDomainOf(domain, "SERVER_NAME");
}

/** Flask 0.x: Chrome did not like cookies of `.localhost`. */
function firstDomain(host: string, path: string): string | undefined {
  if (host === "localhost") return undefined;
  return path === "/" ? `.${host}` : host.replace(/^\.+/, "");
}

/** Flask 1.0 to 2.2: no domain for names without a dot; of an app at the root, subdomains too. */
function laterDomain(serverName: string, path: string): string | undefined {
  const host = serverName.replace(/^\.+/, "");
  if (!host.includes(".")) return undefined;
  return path === "/" && isIP(host) === 0 ? `.${host}` : host;
}
