/** Opens and reads the sessions of requests: the framework-free core. */
import { CodecError } from "../errors.ts";
import { resolveCookieOptions } from "./cookie-session/options.ts";
import { CookieSessions } from "./cookie-session/sessions.ts";
import { Deadline } from "./deadline.ts";
import { type OpenedSession, RequestSession } from "./opened-session.ts";
import type { SessionOptions } from "./options.ts";
import { readOnlySession } from "./read-only.ts";
import { type LoadedRecord, loadRecord, tooDeep } from "./record.ts";
import { type ResolvedOptions, resolveOptions } from "./resolved-options.ts";
import type { Session } from "./session.ts";
import { type PresentedSid, SidCookie, sidHash } from "./sid.ts";
import { type Environment, type Origin, SessionState } from "./state.ts";

/** The sessions of one Flask app, as `createSessions` makes them. */
export interface Sessions {
  /**
   * Opens the session of a request. Without a session cookie the store is not asked; an unknown, malformed or badly
   * signed sid gives a new session under a new sid.
   * @param cookieHeader the request's Cookie header
   * @throws StoreError; never for anything that a client can send
   */
  open(cookieHeader: string | undefined): Promise<OpenedSession>;
  /** As {@link open}, but at once where the store need not be asked, and throwing at once what cannot be tried. */
  openNow(cookieHeader: string | undefined): OpenedSession | Promise<OpenedSession>;
  /** Reads a session and changes nothing: no write, no lifetime, no Set-Cookie. Its verbs throw ReadOnlySessionError. @throws StoreError */
  read(cookieHeader: string | undefined): Promise<Readonly<Session>>;
  /** Opens the store, so that a wrong address or folder shows at start. @throws StoreError, ConfigError */
  ready(): Promise<void>;
  /** Waits for saves under way and closes what the library itself opened. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes the sessions of a Flask app: in a store, or in Flask's own cookie.
 * @throws ConfigError that names the option
 */
export function createSessions(options: SessionOptions): Sessions {
  // Not everybody has types: what is no object is refused where options are checked.
  return (options as SessionOptions | undefined)?.cookieSession === undefined
    ? new StoredSessions(resolveOptions(options))
    : new CookieSessions(resolveCookieOptions(options));
}

class StoredSessions implements Sessions {
  readonly #options: ResolvedOptions;
  readonly #environment: Environment;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#environment = { options, sids: new SidCookie(options) };
  }

  async open(cookieHeader: string | undefined): Promise<OpenedSession> {
    return this.openNow(cookieHeader);
  }

  openNow(cookieHeader: string | undefined): OpenedSession | Promise<OpenedSession> {
    const { brought, sid } = this.#environment.sids.read(cookieHeader);
    return sid === undefined ? this.#opened({ brought }) : this.#openStored(sid);
  }

  async read(cookieHeader: string | undefined): Promise<Readonly<Session>> {
    const { sid }: PresentedSid = this.#environment.sids.read(cookieHeader);
    const loaded = sid === undefined ? undefined : (await this.#load(sid)).loaded;
    if (sid === undefined || loaded === undefined) return this.#readOnly();
    let session: Readonly<Session> | undefined;
    const error = tooDeep(() => {
      session = this.#readOnly(sid, loaded);
    });
    if (error !== undefined) this.#options.emit?.({ type: "corrupt", sidHash: sidHash(sid), error });
    return session ?? this.#readOnly();
  }

  async ready(): Promise<void> {
    await this.#options.store.open?.();
  }

  async close(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    await this.#options.store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #readOnly(sid?: string, loaded?: LoadedRecord): Readonly<Session> {
    const { extensions, defaultFormat, cookieName } = this.#options;
    const format = loaded?.format ?? defaultFormat;
    return readOnlySession(loaded?.tree, { ...(sid === undefined ? {} : { sid }), format, cookieName, extensions });
  }

  async #openStored(sid: string): Promise<OpenedSession> {
    const { refreshEachRequest, lifetimeSeconds } = this.#options;
    const touchUntil = refreshEachRequest ? new Date(Date.now() + lifetimeSeconds * 1000) : undefined;
    const started = performance.now();
    const { loaded, touched } = await this.#load(sid, touchUntil);
    this.#options.emit?.({
      type: "opened",
      sidHash: sidHash(sid),
      found: loaded !== undefined,
      durationMillis: performance.now() - started,
    });
    return this.#opened(loaded === undefined ? { brought: true } : { brought: true, sid, loaded, renewed: touched });
  }

  #opened(origin: Origin): OpenedSession {
    return new RequestSession(new SessionState(this.#environment, origin), (work) => void this.#track(work));
  }

  async #track(work: Promise<unknown>): Promise<void> {
    this.#underWay.add(work);
    await work;
    this.#underWay.delete(work);
  }

  /** What lies under a sid; a record that cannot be read is told of and left alone. */
  async #load(sid: string, touchUntil?: Date): Promise<{ loaded: LoadedRecord | undefined; touched: boolean }> {
    const { store, keyPrefix, readTimeoutMillis, emit } = this.#options;
    try {
      const call = store.get(keyPrefix + sid, touchUntil === undefined ? {} : { touchUntil });
      const found = await new Deadline(readTimeoutMillis).within(call);
      if (found === undefined) return { loaded: undefined, touched: false };
      const loaded = loadRecord(found.record, this.#options);
      if (loaded?.dangerous !== undefined) {
        emit?.({ type: "dangerous-pickle", sidHash: sidHash(sid), name: loaded.dangerous });
      }
      return { loaded, touched: found.touched };
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      emit?.({ type: "corrupt", sidHash: sidHash(sid), error });
      return { loaded: undefined, touched: false };
    }
  }
}
