/** Tokens against forged requests, which Flask-WTF 0.14 to 1.3 and Node give and take in turn. */
export { CsrfError, type CsrfReason } from "../errors.ts";
export { type CsrfRequest, csrfProtect } from "./csrf/protect.ts";
export { generateCsrf, validateCsrf } from "./csrf/token.ts";
export type { ExtensionRequest, HeaderLookup } from "./request.ts";
