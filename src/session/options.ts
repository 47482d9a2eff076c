import type { Limits } from "../bytes/limits.ts";
import type { PickleProtocol, Python2Strings } from "../codecs/codec.ts";
import type { SessionEvent } from "./events.ts";
import type { Store } from "./store.ts";

/** SameSite as Werkzeug writes it. */
export type SameSite = "Strict" | "Lax" | "None";

/** Attributes of the session cookie. */
export interface CookieOptions {
  /** Flask: SESSION_COOKIE_DOMAIN. Absent: host-only. */
  readonly domain?: string;
  /** Flask: SESSION_COOKIE_PATH, else APPLICATION_ROOT. @defaultValue "/" */
  readonly path?: string;
  /** Flask: SESSION_COOKIE_HTTPONLY. @defaultValue true */
  readonly httpOnly?: boolean;
  /** Flask: SESSION_COOKIE_SECURE. @defaultValue false */
  readonly secure?: boolean;
  /** Flask: SESSION_COOKIE_SAMESITE. */
  readonly sameSite?: SameSite;
}

/** How sids are signed by apps that made their own signer. */
export interface SidSigner {
  /** @defaultValue "flask-session" */
  readonly salt?: string;
  /** @defaultValue "hmac" */
  readonly keyDerivation?: "concat" | "django-concat" | "hmac" | "none";
  /** A digest of `node:crypto`. @defaultValue "sha1" */
  readonly digest?: string;
}

/** A Flask-Session release line, named by its first two numbers. */
export type FlaskSessionVersion = "0.3" | "0.4" | "0.5" | "0.6" | "0.7" | "0.8";

/** Options of {@link createSessions}; `flaskConfig` makes them from Flask's own keys. */
export interface SessionOptions {
  /** Where records lie. Flask: SESSION_TYPE and SESSION_REDIS, SESSION_FILE_DIR and so on. */
  readonly store: Store;
  /** Flask: SECRET_KEY. Needed only where sids are signed. */
  readonly secretKey?: string | Uint8Array | undefined;
  /** Flask: SESSION_USE_SIGNER. @defaultValue false */
  readonly useSigner?: boolean;
  /** For apps that sign sids in their own way. */
  readonly sidSigner?: SidSigner;
  /** Flask: SESSION_KEY_PREFIX. @defaultValue "session:" */
  readonly keyPrefix?: string;
  /** Flask: SESSION_ID_LENGTH, bytes of randomness in a sid. @defaultValue 32 */
  readonly sidLengthBytes?: number;
  /** Flask: SESSION_COOKIE_NAME. @defaultValue "session" */
  readonly cookieName?: string;
  /** Flask: SESSION_COOKIE_DOMAIN and the like. */
  readonly cookie?: CookieOptions;
  /** Flask: PERMANENT_SESSION_LIFETIME, seconds, more than 0. @defaultValue 2678400 (31 days) */
  readonly lifetimeSeconds?: number;
  /** Flask: SESSION_PERMANENT, whether a new session starts with `_permanent: true`. @defaultValue true */
  readonly permanent?: boolean;
  /** Flask: SESSION_REFRESH_EACH_REQUEST. @defaultValue true */
  readonly refreshEachRequest?: boolean;
  /** Flask: SESSION_SERIALIZATION_FORMAT, of new records under Flask-Session >= 0.7. @defaultValue "msgpack" */
  readonly serializationFormat?: "msgpack" | "json";
  /** The Flask-Session beside us; in a mixed fleet the oldest one running. @defaultValue "0.8" */
  readonly flaskSessionVersion?: FlaskSessionVersion;
  /** The Flask beside us. @defaultValue "3.1" */
  readonly flaskVersion?: string;
  /** Protocol of written pickles: 2 for a Flask on Python 2. @defaultValue 4, which every Python since 3.4 reads */
  readonly pickleProtocol?: PickleProtocol;
  /**
   * How the native strings in pickles of Python 2 are read. "latin1" reads what Flask on Python 3 does not: all strings,
   * and the dates, which Python 2 kept in one. @defaultValue "ascii", as Flask on Python 3
   */
  readonly python2Strings?: Python2Strings;
  /** Limits of the decoders. */
  readonly limits?: Partial<Limits>;
  /** Deadline of a read of the store, in milliseconds. @defaultValue 1000 */
  readonly readTimeoutMillis?: number;
  /** Deadline of a save with all its retries, in milliseconds. @defaultValue 5000 */
  readonly saveTimeoutMillis?: number;
  /** Told what happens; what it throws is swallowed. Without it, config warnings go to `process.emitWarning`. */
  readonly onEvent?: (event: SessionEvent) => void;
  /** Keys of extensions, by extension, as `flaskConfig` has read and checked them. */
  readonly extensions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What `flaskConfig` warns of; emitted by {@link createSessions}. */
  readonly warnings?: readonly string[];
}
