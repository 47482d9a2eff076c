/** The session object: the session's keys are its own properties, its verbs and facts lie on its prototype. */
import type { Format } from "../codecs/codec.ts";
import { ReadOnlySessionError } from "../errors.ts";

/** Keys that every session of the program may have. Augment it; without that a key is `unknown`. */
// oxlint-disable-next-line typescript/no-empty-interface, typescript/no-empty-object-type
export interface SessionData {}

/** express-session's callback. */
export type Done = (error?: unknown) => void;

/** What can be done with a session, and what is known of it. */
export interface SessionVerbs {
  /** Flask's regenerate: a new sid, the data kept, the old record deleted at once. @throws StoreError, StoreRecordError, HeadersSentError */
  regenerate(): Promise<void>;
  /** express-session's regenerate: a new sid and a new, empty session object. */
  regenerate(done: Done): void;
  /** Deletes the record; the session is then empty and new, and a later change starts a new sid. @throws StoreError */
  destroy(): Promise<void>;
  destroy(done: Done): void;
  /** Stores what has changed now. @throws StoreError, EncodeError */
  save(): Promise<void>;
  save(done: Done): void;
  /** Renews the lifetime now, also where `refreshEachRequest` is off. @throws StoreError */
  touch(): Promise<void>;
  /** Removes every key but `_permanent`, what others save meanwhile too; the record is deleted at the end of the request. */
  clear(): void;
  /** The session id, unsigned. `undefined` in Flask's own cookie, which has none, and where `read()` found no session. */
  readonly sid: string | undefined;
  /** No record was found. */
  readonly new: boolean;
  /** Something has changed, nested values too. @throws EncodeError where a value cannot be stored */
  readonly modified: boolean;
  /** Flask's `session.permanent`: the key `_permanent`. */
  permanent: boolean;
}

/** Verbs that only {@link SessionStatics.of} reaches. */
export interface SessionControl extends SessionVerbs {
  /** The keys of the dict that are not str, read-only; they are kept and written back. */
  readonly otherKeys: ReadonlyMap<unknown, unknown>;
  /** The format in which the session is stored next; `tagged-json` is that of Flask's own cookie. */
  readonly format: Format | "tagged-json";
  /** It came from `read()`: what would change it throws. */
  readonly isReadOnly: boolean;
  /** The name of the session's cookie. */
  readonly cookieName: string;
  /** What the cookie must hold for Flask to find the record; `undefined` where there is no record, or none that this request may write. */
  readonly signedSid: string | undefined;
  /**
   * Queues a Set-Cookie that the response carries after the session's own; one of the session's name replaces it.
   * @throws HeadersSentError
   */
  addCookie(text: string): void;
  /** The keys of an extension, as `flaskConfig` has read and checked them. */
  config(extension: string): Readonly<Record<string, unknown>>;
}

/** Names that `T` declares itself; an index signature declares none. */
type Known<T> = keyof { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };

/** A session with keys `T`: a key that has the name of a verb hides the verb, as at run time. */
export type Session<T extends object = SessionData & { [key: string]: unknown }> = T & Omit<SessionVerbs, Known<T>>;

/** The statics of {@link Session}. */
export interface SessionStatics {
  /** The verbs of a session, also where its keys have their names. @throws TypeError for what is no session */
  of(session: object): SessionControl;
}

/** Makes the object that a handler gets. @internal */
export function createSession(control: SessionControl): object {
  return new SessionObject(control);
}

class SessionObject {
  readonly #control: SessionControl;

  constructor(control: SessionControl) {
    this.#control = control;
  }

  static of(session: object): SessionControl {
    if (typeof session !== "object" || session === null || !(#control in session)) {
      throw new TypeError("Not a session of flask-session-node");
    }
    return session.#control;
  }

  get sid(): string | undefined {
    return this.#control.sid;
  }

  set sid(_value: unknown) {
    throw new TypeError("session.sid is not assignable: regenerate() takes a new one");
  }

  get new(): boolean {
    return this.#control.new;
  }

  set new(_value: unknown) {
    throw new TypeError("session.new is not assignable");
  }

  get modified(): boolean {
    return this.#control.modified;
  }

  set modified(_value: unknown) {
    throw new TypeError("session.modified is not assignable: changes are noticed, nested ones too");
  }

  get permanent(): boolean {
    return this.#control.permanent;
  }

  set permanent(value: unknown) {
    this.#control.permanent = Boolean(value);
  }

  regenerate(done?: Done): Promise<void> | void {
    return done === undefined ? this.#control.regenerate() : this.#control.regenerate(done);
  }

  destroy(done?: Done): Promise<void> | void {
    return done === undefined ? this.#control.destroy() : this.#control.destroy(done);
  }

  save(done?: Done): Promise<void> | void {
    return done === undefined ? this.#control.save() : this.#control.save(done);
  }

  touch(): Promise<void> {
    return this.#control.touch();
  }

  clear(): void {
    this.#control.clear();
  }
}
Object.defineProperty(SessionObject, "name", { value: "Session" });

/** Reaches what a session object hides behind its keys. */
export const Session: SessionStatics = { of: (session) => SessionObject.of(session) };

/** What is known of a session that `read()` gave. @internal */
export interface ReadFacts {
  readonly sid?: string;
  /** There is such a session. */
  readonly found: boolean;
  readonly permanent: boolean;
  readonly format: SessionControl["format"];
  readonly cookieName: string;
  readonly extensions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The control of a session that `read()` gave: facts, and verbs that throw. @internal */
export class ReadOnlyControl implements SessionControl {
  readonly sid: string | undefined;
  readonly new: boolean;
  readonly modified = false;
  readonly isReadOnly = true;
  readonly signedSid = undefined;
  readonly format: SessionControl["format"];
  readonly cookieName: string;
  otherKeys: ReadonlyMap<unknown, unknown> = new Map();
  readonly #permanent: boolean;
  readonly #extensions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  constructor({ sid, found, permanent, format, cookieName, extensions }: ReadFacts) {
    this.sid = sid;
    this.new = !found;
    this.format = format;
    this.cookieName = cookieName;
    this.#permanent = permanent;
    this.#extensions = extensions;
  }

  get permanent(): boolean {
    return this.#permanent;
  }

  set permanent(_value: boolean) {
    refuse("permanent");
  }

  regenerate(): never {
    return refuse("regenerate");
  }

  destroy(): never {
    return refuse("destroy");
  }

  save(): never {
    return refuse("save");
  }

  touch(): never {
    return refuse("touch");
  }

  clear(): never {
    return refuse("clear");
  }

  addCookie(): never {
    return refuse("addCookie");
  }

  config(extension: string): Readonly<Record<string, unknown>> {
    return this.#extensions[extension] ?? {};
  }
}

function refuse(verb: string): never {
  throw new ReadOnlySessionError(
    `Cannot ${verb === "permanent" ? "assign permanent" : `call ${verb}()`} on a session that read() gave`,
  );
}
