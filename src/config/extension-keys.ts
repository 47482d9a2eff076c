/** The keys of Flask-Login and Flask-WTF, spelled and meant as in Python; each extension of ours gets its own. */
import { booleanOf, type Check, type Checks, kindOf, oneOf, refused, textOf, wholeNumber } from "../session/checks.ts";
import { cookieDomainOf, cookieNameOf, cookiePathOf, sameSiteOf } from "../session/cookie-attributes.ts";
import { type Duration, lifetimeSecondsOf } from "../session/lifetime.ts";
import { secretKeyOf } from "../session/option-checks.ts";
import type { SameSite } from "../session/options.ts";

/** Keys of Flask-Login 0.5 to 0.6.3. */
export interface LoginKeys {
  /** "basic", "strong"; None: no protection. @defaultValue "basic" */
  readonly SESSION_PROTECTION?: string | null | undefined;
  /** @defaultValue "remember_token" */
  readonly REMEMBER_COOKIE_NAME?: string | undefined;
  /** Seconds, or their parts in place of a `timedelta`. @defaultValue 365 days */
  readonly REMEMBER_COOKIE_DURATION?: number | Duration | undefined;
  /** @defaultValue None */
  readonly REMEMBER_COOKIE_DOMAIN?: string | null | undefined;
  /** @defaultValue "/" */
  readonly REMEMBER_COOKIE_PATH?: string | null | undefined;
  /** @defaultValue False */
  readonly REMEMBER_COOKIE_SECURE?: boolean | null | undefined;
  /** @defaultValue True, False before Flask-Login 0.6 */
  readonly REMEMBER_COOKIE_HTTPONLY?: boolean | null | undefined;
  /** @defaultValue None */
  readonly REMEMBER_COOKIE_SAMESITE?: string | null | undefined;
  /** Whether every request of somebody who is logged in sends the cookie again. @defaultValue False */
  readonly REMEMBER_COOKIE_REFRESH_EACH_REQUEST?: boolean | null | undefined;
}

/** Keys of Flask-WTF 0.14 to 1.3 that concern CSRF. */
export interface CsrfKeys {
  /** @defaultValue True */
  readonly WTF_CSRF_ENABLED?: boolean | undefined;
  /** @defaultValue True */
  readonly WTF_CSRF_CHECK_DEFAULT?: boolean | undefined;
  /** @defaultValue SECRET_KEY */
  readonly WTF_CSRF_SECRET_KEY?: string | Uint8Array | null | undefined;
  /** Of the form's field and of the session's key. @defaultValue "csrf_token" */
  readonly WTF_CSRF_FIELD_NAME?: string | undefined;
  /** Seconds that a token is good for; None: as long as the session. @defaultValue 3600 */
  readonly WTF_CSRF_TIME_LIMIT?: number | null | undefined;
  /** @defaultValue ["X-CSRFToken", "X-CSRF-Token"] */
  readonly WTF_CSRF_HEADERS?: readonly string[] | undefined;
  /** @defaultValue ["POST", "PUT", "PATCH", "DELETE"] */
  readonly WTF_CSRF_METHODS?: readonly string[] | undefined;
  /** Whether HTTPS wants a referrer of this host. @defaultValue True */
  readonly WTF_CSRF_SSL_STRICT?: boolean | undefined;
}

/** What the keys are once checked; None is absence, but where it means something of its own. */
interface Turned {
  readonly SESSION_PROTECTION: "basic" | "strong" | null;
  /** Whole seconds. */
  readonly REMEMBER_COOKIE_DURATION: number;
  readonly REMEMBER_COOKIE_SAMESITE: SameSite;
  readonly WTF_CSRF_TIME_LIMIT: number | null;
}

type Checked<Keys> = {
  readonly [Key in keyof Keys]?: Key extends keyof Turned ? Turned[Key] : Exclude<Keys[Key], null | undefined>;
};

/** What every extension gets. */
export interface SharedConfig {
  /** The key that it signs with, as Flask's config has it. */
  readonly SECRET_KEY?: string | Uint8Array;
  /** As the session's option; absent: its default. */
  readonly clockSkewSeconds?: number;
  /** Likewise. */
  readonly flaskVersion?: string;
  /** Likewise. */
  readonly flaskSessionVersion?: string;
}

/** What `config("login")` gives. */
export type LoginConfig = Checked<LoginKeys> & SharedConfig;

/** What `config("csrf")` gives. */
export type CsrfConfig = Checked<CsrfKeys> & SharedConfig;

const LOGIN_CHECKS: Checks<Checked<LoginKeys>> = {
  SESSION_PROTECTION: (value, key) => (value === null ? null : oneOf("basic", "strong")(value, key)),
  REMEMBER_COOKIE_NAME: cookieNameOf,
  REMEMBER_COOKIE_DURATION: lifetimeSecondsOf,
  REMEMBER_COOKIE_DOMAIN: cookieDomainOf,
  REMEMBER_COOKIE_PATH: cookiePathOf,
  REMEMBER_COOKIE_SECURE: booleanOf,
  REMEMBER_COOKIE_HTTPONLY: booleanOf,
  REMEMBER_COOKIE_SAMESITE: sameSiteOf,
  REMEMBER_COOKIE_REFRESH_EACH_REQUEST: booleanOf,
};

const CSRF_CHECKS: Checks<Checked<CsrfKeys>> = {
  WTF_CSRF_ENABLED: booleanOf,
  WTF_CSRF_CHECK_DEFAULT: booleanOf,
  WTF_CSRF_SECRET_KEY: secretKeyOf,
  WTF_CSRF_FIELD_NAME: textOf,
  WTF_CSRF_TIME_LIMIT: (value, key) => (value === null ? null : wholeNumber(0, Number.MAX_SAFE_INTEGER)(value, key)),
  WTF_CSRF_HEADERS: textsOf,
  WTF_CSRF_METHODS: textsOf,
  WTF_CSRF_SSL_STRICT: booleanOf,
};

/** The keys of each extension, under the name by which `config(name)` gives them. */
const EXTENSIONS: Readonly<Record<string, Readonly<Record<string, Check<unknown>>>>> = {
  login: LOGIN_CHECKS,
  csrf: CSRF_CHECKS,
};

/** None means something of its own here; elsewhere it is absence. */
const NONE_MATTERS: ReadonlySet<string> = new Set(["SESSION_PROTECTION", "WTF_CSRF_TIME_LIMIT"]);

/** Keys of extensions by extension, each with what they share. */
export type ExtensionConfigs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Whether Flask-Login or Flask-WTF knows the key. */
export function isExtensionKey(key: string): boolean {
  return Object.values(EXTENSIONS).some((checks) => Object.hasOwn(checks, key));
}

/** What {@link SharedConfig} names. */
const SHARED = ["SECRET_KEY", "clockSkewSeconds", "flaskVersion", "flaskSessionVersion"] as const;

/** Picks the keys of extensions out of a config; an extension without any is left out. @throws ConfigError that names the key */
export function extensionConfigs(config: object, given: SharedConfig): ExtensionConfigs {
  const shared = Object.fromEntries(SHARED.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]]])));
  const configs = Object.entries(EXTENSIONS).map(([name, checks]): [string, object] => [
    name,
    { ...shared, ...checkedKeys(config, checks) },
  ]);
  return Object.fromEntries(configs.filter(([, keys]) => Object.keys(keys).length > 0)) as ExtensionConfigs;
}

function checkedKeys(config: object, checks: Readonly<Record<string, Check<unknown>>>): Record<string, unknown> {
  const given = Object.entries(config).filter(([key, value]) => Object.hasOwn(checks, key) && isGiven(key, value));
  return Object.fromEntries(given.map(([key, value]) => [key, (checks[key] as Check<unknown>)(value, key)]));
}

function isGiven(key: string, value: unknown): boolean {
  return value !== undefined && (value !== null || NONE_MATTERS.has(key));
}

function textsOf(value: unknown, key: string): readonly string[] {
  if (!Array.isArray(value)) throw refused(key, `it must be a list of texts, not ${kindOf(value)}`);
  return value.map((text) => textOf(text, key));
}
