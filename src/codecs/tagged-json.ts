/** The JSON of Flask's own cookie, in which a dict of one key such as `{" t": […]}` stands for a type that JSON lacks. */
import { DEFAULT_LIMITS, type Limits } from "../bytes/limits.ts";
import type { Exact } from "../values/exact.ts";
import type { FormatRules } from "../values/format-rules.ts";
import { decodeJson } from "./json-decode.ts";
import { PYTHON } from "./json-dialect.ts";
import { COMPACT_ASCII, pythonJson } from "./python-json.ts";
import { untagged } from "./tagged-json-read.ts";
import { refusal, refuseTagKey, tagged } from "./tagged-json-write.ts";

/** How the Flask beside us differs from the newest. */
export interface TaggedJsonDialect {
  /** Flask >= 1.0: a user's dict that looks like a tag is escaped by the tag ` di`. Before, it was read as the tag. */
  readonly escapesTags: boolean;
  /** Werkzeug >= 2.0 reads datetimes as aware UTC; before, as naive. */
  readonly awareDatetimes: boolean;
}

/** The serializer of Flask >= 2.0. */
export const NEWEST_FLASK: TaggedJsonDialect = { escapesTags: true, awareDatetimes: true };

/** Reads and writes the payload of Flask's cookie; the tags of Flask 3.1.3's `TaggedJSONSerializer`. */
export class TaggedJson {
  readonly #dialect: TaggedJsonDialect;
  readonly #limits: Limits;
  /** What JavaScript may not newly put into a session: what Flask raises on, or would turn into something else. */
  readonly rules: FormatRules;

  constructor(dialect: TaggedJsonDialect = NEWEST_FLASK, limits: Limits = DEFAULT_LIMITS) {
    this.#dialect = dialect;
    this.#limits = limits;
    this.rules = {
      refuse: (value) => refusal(value) ?? refuseTagKey(value, dialect),
      hasNoReferences: true,
      refuseKey: (key) => (typeof key === "string" ? undefined : "the keys of tagged JSON are strings"),
    };
  }

  /** @throws DecodeError for what is no JSON, and for a tag whose content Flask fails on */
  decode(bytes: Uint8Array): Exact {
    return untagged(decodeJson(bytes, this.#limits, PYTHON), this.#dialect);
  }

  /** Keys keep their order, which Flask sorts; it reads them in any. @throws EncodeError */
  encode(value: Exact): Uint8Array {
    return Buffer.from(pythonJson(tagged(value, this.#dialect), COMPACT_ASCII), "latin1");
  }
}
