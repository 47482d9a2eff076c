/** Logins that Flask-Login 0.5 to 0.6.3 and Node give and take in turn. */
export { LoginRequiredError, type LoginRequiredReason } from "../errors.ts";
export { type LoadOptions, type Login, loadLogin } from "./login/load.ts";
export {
  freshLoginRequired,
  type GuardOptions,
  type GuardRequest,
  type GuardResponse,
  loginRequired,
} from "./login/require.ts";
export { type LoginOptions, login, logout } from "./login/verbs.ts";
export type { ExtensionRequest, HeaderLookup } from "./request.ts";
