/** What every event tells. */
interface EventFacts {
  /** First 12 hex digits of SHA-256 of the sid: the same in every process, and no way back to the sid. */
  readonly sidHash?: string;
}

interface TimedFacts extends EventFacts {
  /** Time that the store took. */
  readonly durationMillis: number;
}

/** What happened to a session, for logs and metrics. No event carries a sid, a secret or a value. */
export type SessionEvent =
  | (TimedFacts & { readonly type: "opened"; readonly found: boolean })
  | (TimedFacts & { readonly type: "saved"; readonly tries: number })
  | (TimedFacts & { readonly type: "touched" })
  /** The session has a new sid; `sidHash` is of the old one. */
  | (TimedFacts & { readonly type: "regenerated"; readonly newSidHash: string })
  | (TimedFacts & { readonly type: "destroyed" })
  /** Others had changed the record; our keys were merged over theirs. */
  | (EventFacts & { readonly type: "merged"; readonly keys: readonly string[] })
  /** Both sides had changed these keys; this request's values won. */
  | (EventFacts & { readonly type: "clash"; readonly keys: readonly string[] })
  /** The record was destroyed meanwhile; these changed keys were not stored. */
  | (EventFacts & { readonly type: "gone"; readonly keys: readonly string[] })
  /**
   * The record cannot be read; its bytes stay as they are, the visitor gets a fresh session. Or Flask's own cookie was to
   * be refreshed and is deeper than what Flask reads for certain; it stays as it was.
   */
  | (EventFacts & { readonly type: "corrupt"; readonly error: Error })
  /** The record is a pickle that would run code in Python; its bytes are never stored again. */
  | (EventFacts & { readonly type: "dangerous-pickle"; readonly name: string })
  /** The cookie's signature does not fit, or Flask's own cookie is too old or from the future. */
  | { readonly type: "signature-refused"; readonly reason: "signature" | "expired" | "future" }
  /** Flask's own cookie is too large to be sent again only to be refreshed; it stays as it was. */
  | { readonly type: "cookie-too-large"; readonly sizeBytes: number }
  /** Keys were changed after the head went out, and the browser does not know the sid; they were not stored. */
  | (EventFacts & { readonly type: "headers-sent"; readonly keys: readonly string[]; readonly error: Error })
  | { readonly type: "config-warning"; readonly message: string }
  /** A session could not be stored, or its lifetime renewed, where the response no longer waits for it. */
  | (EventFacts & { readonly type: "store-error"; readonly error: Error });
