/** One request to the session of a login. */
import type { LoginConfig } from "../../config/extension-keys.ts";
import type { SessionControl } from "../../session/session.ts";
import { Uuid } from "../../values/value-types.ts";
import { controlOf, type ExtensionRequest, sessionOf } from "../request.ts";

/** What the steps of Flask-Login work on. */
export interface Visit {
  readonly request: ExtensionRequest;
  readonly control: SessionControl;
  /** The keys, as `flaskConfig` has checked them. */
  readonly config: LoginConfig;
  /** Where they write; of a session that `read()` gave a copy, that nobody sees. */
  readonly session: Record<string, unknown>;
}

/** @throws TypeError where the request has no session */
export function visitOf(request: ExtensionRequest): Visit {
  const session = sessionOf(request);
  const control = controlOf(session);
  return { request, control, config: control.config("login"), session: control.isReadOnly ? { ...session } : session };
}

/** A user id as text; `undefined` for what names no user. Flask-Login hands whatever it finds to the user loader. */
export function userIdText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return isNumber || value instanceof Uuid ? String(value) : undefined;
}
