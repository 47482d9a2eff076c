/** From the options of the session cookie to the attributes that are sent. */
import { booleanOf, type Checks, refused, textOf } from "./checks.ts";
import type { CookieAttributes } from "./cookie.ts";
import type { CookieOptions, SameSite } from "./options.ts";
import { isBefore, type Version } from "./versions.ts";

/** `token` of RFC 9110, which RFC 6265 takes for names. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

/** What may stand in a host name, underscores of private networks included; a port is cut off, as Werkzeug does. */
const DOMAIN = /^\.*[A-Za-z0-9_][A-Za-z0-9_.-]*(?::\d*)?$/;

/** Control characters and the semicolon end an attribute (CVE-2024-47764). */
const ENDS_ATTRIBUTE = /[\p{Cc};]/u;

/** What Werkzeug >= 2.3 leaves as it is in a path, besides letters and digits; `%` because it may be encoded already. */
const UNSAFE_IN_PATH = /[^A-Za-z0-9_.\-~%!$&'()*+,/:=@]/gu;

/** What older Werkzeugs leave too: a path was a URL to them. */
const UNSAFE_IN_OLD_PATH = /[^A-Za-z0-9_.\-~%!$&'()*+,/:=@?#[\]]/gu;

/** A cookie's name. */
export function cookieNameOf(value: unknown, name: string): string {
  const text = textOf(value, name);
  if (!TOKEN.test(text))
    throw refused(name, 'it must be a cookie name of RFC 6265: ASCII without space and ()<>@,;:\\"/[]?={}');
  return text;
}

/** A host name, with or without leading dots. */
export function cookieDomainOf(value: unknown, name: string): string {
  const text = textOf(value, name);
  if (!DOMAIN.test(text)) throw refused(name, "it must be a host name in ASCII (the xn-- form of others)");
  return text;
}

/** A path, not percent-encoded or already so. */
export function cookiePathOf(value: unknown, name: string): string {
  const text = textOf(value, name);
  if (ENDS_ATTRIBUTE.test(text)) throw refused(name, "it must not hold control characters or a semicolon");
  return text;
}

const SAME_SITE: Readonly<Record<string, SameSite>> = { strict: "Strict", lax: "Lax", none: "None" };

/** SameSite in any case, as Werkzeug takes it. */
export function sameSiteOf(value: unknown, name: string): SameSite {
  const text = typeof value === "string" ? value.toLowerCase() : "";
  if (!Object.hasOwn(SAME_SITE, text)) throw refused(name, 'it must be "Strict", "Lax" or "None"');
  return SAME_SITE[text] as SameSite;
}

/** Checks of {@link CookieOptions}. */
export const COOKIE_CHECKS: Checks<CookieOptions> = {
  domain: cookieDomainOf,
  path: cookiePathOf,
  httpOnly: booleanOf,
  secure: booleanOf,
  sameSite: sameSiteOf,
  partitioned: booleanOf,
};

/** What Flask's side sends, given checked options. */
export function cookieAttributes(options: CookieOptions, flaskVersion: Version): CookieAttributes {
  const { domain, path = "/", httpOnly = true, secure = false, sameSite, partitioned = false } = options;
  return {
    ...(domain === undefined ? {} : { domain: sentDomain(domain, flaskVersion) }),
    path: path.replace(isBefore(flaskVersion, 2, 3) ? UNSAFE_IN_OLD_PATH : UNSAFE_IN_PATH, encodeURIComponent),
    httpOnly,
    secure,
    ...(sameSite === undefined ? {} : { sameSite }),
    ...(partitioned ? { partitioned } : {}),
    dashedExpires: isBefore(flaskVersion, 2, 0),
  };
}

/** Why browsers will not keep the cookie, which Flask sends all the same. */
export function cookieWarnings(name: string, { domain, path, secure, sameSite }: CookieAttributes): string[] {
  const prefix = /^__(?:host|secure)-/i.exec(name)?.[0].toLowerCase();
  const rules: readonly (readonly [broken: boolean, rule: string])[] = [
    [sameSite === "None" && !secure, "SameSite=None without Secure"],
    [prefix !== undefined && !secure, "the prefix __Host- or __Secure- in its name without Secure"],
    [prefix === "__host-" && path !== "/", "the prefix __Host- in its name and a path other than /"],
    [prefix === "__host-" && domain !== undefined, "the prefix __Host- in its name and a domain"],
  ];
  return rules.filter(([broken]) => broken).map(([, rule]) => `Browsers drop a session cookie with ${rule}`);
}

/** The port goes; so do leading dots since Werkzeug 2.3, to browsers the same. */
function sentDomain(domain: string, flaskVersion: Version): string {
  const host = domain.replace(/:.*$/, "");
  return isBefore(flaskVersion, 2, 3) ? host : host.replace(/^\.+/, "");
}
