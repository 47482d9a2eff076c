/** Refuses forged requests to an Express application, as `CSRFProtect` of Flask-WTF 1.3.0 does to a Flask application. */
import type { CsrfConfig } from "../../config/extension-keys.ts";
import { CsrfError } from "../../errors.ts";
import { controlOf, type ExtensionRequest, headerOf } from "../request.ts";
import { csrfConfigOf, fieldNameOf } from "./config.ts";
import { validateCsrf } from "./token.ts";

/** What is asked of a request of Express 4 or 5. */
export interface CsrfRequest extends ExtensionRequest {
  readonly method?: string | undefined;
  /** Whether it came over HTTPS, as far as the application trusts proxies. */
  readonly secure?: boolean;
  /** What `express.urlencoded()` or a parser of multipart forms has made of the body. */
  readonly body?: unknown;
  readonly app?: { get(name: string): unknown } | undefined;
}

const METHODS = ["POST", "PUT", "PATCH", "DELETE"];
const HEADERS = ["X-CSRFToken", "X-CSRF-Token"];
const FORM = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)(?:;|$)/i;

/**
 * Middleware for behind `flaskSession` and the parser of forms. A refused request goes to the error handler as a
 * {@link CsrfError}. WTF_CSRF_ENABLED and WTF_CSRF_CHECK_DEFAULT false: nothing is checked.
 */
export function csrfProtect(): (request: CsrfRequest, response: unknown, next: (error?: unknown) => void) => void {
  return (request, _response, next) => {
    const passed = () => next();
    protect(request).then(passed, next);
  };
}

async function protect(request: CsrfRequest): Promise<void> {
  const config = csrfConfigOf(controlOf(request.session));
  const { WTF_CSRF_ENABLED = true, WTF_CSRF_CHECK_DEFAULT = true, WTF_CSRF_METHODS = METHODS } = config;
  if (!WTF_CSRF_ENABLED || !WTF_CSRF_CHECK_DEFAULT || !WTF_CSRF_METHODS.includes(request.method ?? "")) return;
  await validateCsrf(request, tokenOf(request, config));
  if (request.secure === true && config.WTF_CSRF_SSL_STRICT !== false) checkReferrer(request);
}

/** In the form's field, in one that ends in its name, in a header. */
function tokenOf(request: CsrfRequest, config: CsrfConfig): string | undefined {
  const { WTF_CSRF_HEADERS = HEADERS } = config;
  const field = fieldNameOf(config);
  const form = formOf(request);
  const suffixed = Object.keys(form).filter((name) => name.endsWith(field));
  const candidates = [form[field], ...suffixed.map((name) => form[name])].map(firstText);
  const headers = WTF_CSRF_HEADERS.map((name) => headerOf(request, name.toLowerCase()));
  return [...candidates, ...headers].find((token) => token !== undefined && token !== "");
}

/** A body of JSON is no form to Flask. */
function formOf(request: CsrfRequest): Readonly<Record<string, unknown>> {
  const { body } = request;
  const isForm = FORM.test(headerOf(request, "content-type") ?? "");
  return isForm && typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
}

/** Of several fields of one name Flask takes the first. */
function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : undefined;
}

/** The page that posts must be this host's own: a network between may plant cookies over plain HTTP. */
function checkReferrer(request: CsrfRequest): void {
  const referrer = headerOf(request, "referer");
  if (referrer === undefined || referrer === "") throw new CsrfError("The referrer header is missing.");
  const ours = originOf(`https://${hostOf(request)}/`);
  if (ours === undefined || originOf(referrer) !== ours) throw new CsrfError("The referrer does not match the host.");
}

/** The host as the application trusts it, asked in Express's own way, without the port that HTTPS has anyway; Werkzeug's `get_host`. */
function hostOf(request: CsrfRequest): string {
  const trusts = request.app?.get("trust proxy fn");
  const forwarded = typeof trusts === "function" && trusts(request.socket?.remoteAddress, 0) === true;
  const claimed = forwarded ? headerOf(request, "x-forwarded-host")?.split(",", 1)[0]?.trim() : undefined;
  return (claimed || headerOf(request, "host") || "").replace(/:443$/, "");
}

/** Scheme, host in lower case and the port as it is written, which is how Python compares; no default ports are cut off. */
function originOf(uri: string): string | undefined {
  const [, scheme, authority] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)/.exec(uri) ?? [];
  const [, host, port] = /^(?:.*@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority ?? "") ?? [];
  if (scheme === undefined || host === undefined || host === "") return undefined;
  return `${scheme.toLowerCase()}://${host.toLowerCase()}:${port === undefined || port === "" ? "" : Number(port)}`;
}
