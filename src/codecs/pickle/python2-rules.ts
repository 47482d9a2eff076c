/** What Python 2, for which protocol 2 is written, has no class for. */
import { type Exact, PyDateTime, PyGlobal, PyObject } from "../../values/exact.ts";
import type { FormatRules } from "../../values/format-rules.ts";

/** Modules of Python 3 whose time zones Python 2 lacks; it has those of pytz and dateutil. */
const ZONES: ReadonlySet<string> = new Set(["datetime", "zoneinfo"]);

/** Since Python 3.2 there is `datetime.timezone`, since 3.9 `zoneinfo`. All else that JavaScript makes, Python 2 has too. */
export const python2Rules: FormatRules = {
  refuse(value: Exact): string | undefined {
    const callee = value instanceof PyDateTime && value.tzinfo instanceof PyObject ? value.tzinfo.callee : undefined;
    const isUnknown = callee instanceof PyGlobal && ZONES.has(callee.module);
    return isUnknown
      ? "Python 2 has no such time zone: use py.datetime without tzinfo, or pickleProtocol 3"
      : undefined;
  },
};
