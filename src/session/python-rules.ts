import { python2Rules } from "../codecs/pickle/python2-rules.ts";
import type { FormatRules } from "../values/format-rules.ts";
import type { SessionState } from "./state.ts";

/** What the Python that reads a record next has no class for, whatever the record's format can hold. */
export function pythonRules({ format, environment }: Pick<SessionState, "format" | "environment">): FormatRules[] {
  return format === "pickle" && environment.options.pickleProtocol === 2 ? [python2Rules] : [];
}
