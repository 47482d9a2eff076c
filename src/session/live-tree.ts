/** The dict of a session, the object on which a handler sees it, and what the handler has done there. */
import { HeadersSentError } from "../errors.ts";
import { PyDict } from "../values/exact.ts";
import type { FormatRules } from "../values/format-rules.ts";
import { patch } from "../values/patch.ts";
import { type View, view } from "../values/view.ts";

/** What sessions in a store and in a cookie have in common. */
export abstract class LiveTree {
  /** What the handler's object shows, and what {@link patch} writes into. */
  tree: PyDict;
  /** The visitor sent a session cookie, of whatever worth. */
  readonly brought: boolean;
  /** The handler has looked at the session. */
  accessed = false;
  /** The lifetime was renewed by hand. */
  touched = false;
  /** This request has emptied the session, so its cookie is deleted. */
  removed = false;
  /** The head of the response has gone out. */
  headSent = false;
  /** Set-Cookies of extensions. */
  cookies: readonly string[] = [];
  /** Every key that this request has changed, stored or not. */
  readonly everChanged: Set<string> = new Set();
  /** Changed and pending. */
  protected changed: Set<string> = new Set();
  /** Counts as changed, whatever the patch finds. */
  protected forced = false;
  #live: Record<string, unknown> | undefined;
  #isShown = false;
  #view: View | undefined;

  protected constructor(tree: PyDict, brought: boolean) {
    this.tree = tree;
    this.brought = brought;
  }

  /** What the handler may not newly put in. */
  protected abstract get rules(): readonly FormatRules[];

  /** Removes what the handler sees; what the store or the cookie is told, each kind of session knows. */
  abstract clear(): void;
  /** Queues a Set-Cookie of an extension. @throws HeadersSentError */
  addCookie(text: string): void {
    if (this.headSent) throw new HeadersSentError("Cannot add a cookie: the head of the response went out");
    this.cookies = [...this.cookies, text];
  }

  /** Takes back queued Set-Cookies of the session's name: what has become of the session here is newer. */
  protected withdraw(cookieName: string): void {
    this.cookies = this.cookies.filter((text) => !text.startsWith(`${cookieName}=`));
  }

  /** Whether something is pending. */
  get isChanged(): boolean {
    return this.forced || this.changed.size > 0;
  }

  /** The keys of the dict that are not str, as the handler sees them. */
  get otherKeys(): ReadonlyMap<unknown, unknown> {
    const { keys } = this.tree;
    return this.#view === undefined || keys.every((key) => typeof key === "string") ? new Map() : this.#view.otherKeys;
  }

  /** Whether a handler has an object to work on. */
  get isShown(): boolean {
    return this.#isShown;
  }

  /** The handler's object; after {@link hide} the former one, until the new one is shown. */
  get live(): Record<string, unknown> {
    return this.#live as Record<string, unknown>;
  }

  /** Shows the tree on an object, which {@link patch} watches from then on. */
  show(live: object): void {
    this.#view = view(this.tree, live, this.#view);
    this.#live = live as Record<string, unknown>;
    this.#isShown = true;
  }

  /** The next look gets a new object. */
  hide(): void {
    this.#isShown = false;
  }

  /** Writes what the handler did into the tree. @throws EncodeError */
  patch(): void {
    if (!this.#isShown || this.#view === undefined) return;
    try {
      patch(this.live, this.#view, this.tree, this.changed, this.rules);
    } finally {
      for (const key of this.changed) this.everChanged.add(key);
    }
  }

  /** Counts as changed, whatever the patch finds. */
  force(): void {
    this.forced = true;
  }

  /** Removes every key, from the handler's object and from the tree. */
  protected empty(): void {
    for (const key of Object.keys(this.live)) Reflect.deleteProperty(this.live, key);
    this.tree.keys = [];
    this.tree.values = [];
  }
}
