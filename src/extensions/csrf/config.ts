/** What Flask's config says of CSRF. */
import type { CsrfConfig } from "../../config/extension-keys.ts";
import type { SessionControl } from "../../session/session.ts";

/** Seconds that the clocks of Node and Flask may differ where nothing is said. */
export const DEFAULT_SKEW_SECONDS = 2;

/** The keys, as `flaskConfig` has checked them. */
export function csrfConfigOf(control: SessionControl): CsrfConfig {
  return control.config("csrf");
}

/** The name of the form's field, and of the session's key. */
export function fieldNameOf({ WTF_CSRF_FIELD_NAME = "csrf_token" }: CsrfConfig): string {
  return WTF_CSRF_FIELD_NAME;
}
