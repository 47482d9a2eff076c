/** What one request knows of its session: what the store holds, what the handler has, what has changed. */
import type { Format } from "../codecs/codec.ts";
import { codecOf } from "../codecs/fallback.ts";
import { PyDict } from "../values/exact.ts";
import type { FormatRules } from "../values/format-rules.ts";
import type { SessionEvent } from "./events.ts";
import { LiveTree } from "./live-tree.ts";
import { pythonRules } from "./python-rules.ts";
import { type LoadedRecord, nextFormatOf } from "./record.ts";
import type { ResolvedOptions } from "./resolved-options.ts";
import { type SidCookie, sidHash } from "./sid.ts";
import type { StoredRecord } from "./store.ts";
import { blankTree, keepTextKeys, overlay } from "./tree.ts";

/** What is the same for every session that one `createSessions` opens. */
export interface Environment {
  readonly options: ResolvedOptions;
  readonly sids: SidCookie;
}

/** The changes that a save has taken upon itself. */
export interface Taken {
  readonly keys: ReadonlySet<string>;
  readonly forced: boolean;
  readonly clears: number;
}

/** Where a request's session comes from. */
export interface Origin {
  /** The visitor sent a session cookie, of whatever worth. */
  readonly brought: boolean;
  /** Absent: a new session. */
  readonly sid?: string;
  readonly loaded?: LoadedRecord;
  /** The store has moved the expiry while it read. */
  readonly renewed?: boolean;
}

/** The state that the verbs of a session, and the end of its request, work on. */
export class SessionState extends LiveTree {
  readonly environment: Environment;
  /** What the store is believed to hold; null: nothing. */
  held: StoredRecord | null;
  /** The tree of `held`. The same node as `tree` until a merge makes them differ. */
  base: PyDict;
  format: Format;
  /** Set where `held` is a pickle that would run code in Python. */
  dangerous: string | undefined;
  /** The record was destroyed by somebody else; nothing of this sid is written any more. */
  gone = false;
  /** This request has stored the session, so its cookie is sent. */
  stored = false;
  /** The store has renewed the lifetime while it read. */
  readonly renewed: boolean;
  #sid: string | undefined;
  #clears = 0;
  #clearsStored = 0;

  constructor(environment: Environment, { brought, sid, loaded, renewed = false }: Origin) {
    super(loaded?.tree ?? blankTree(environment.options.permanent), brought);
    this.environment = environment;
    this.#sid = sid;
    this.held = loaded?.record ?? null;
    this.base = this.tree;
    this.format = loaded?.format ?? environment.options.defaultFormat;
    this.dangerous = loaded?.dangerous;
    this.renewed = renewed;
  }

  /** Made when it is first needed. */
  get sid(): string {
    this.#sid ??= this.environment.sids.make();
    return this.#sid;
  }

  get storeKey(): string {
    return this.environment.options.keyPrefix + this.sid;
  }

  /** When a record that is written now expires. */
  get expiresAt(): Date {
    return new Date(Date.now() + this.environment.options.lifetimeSeconds * 1000);
  }

  /** Whether the handler has removed everything, so that nothing saved meanwhile may stay. */
  get isCleared(): boolean {
    return this.#clears !== this.#clearsStored;
  }

  /** Removes every key but `_permanent`; on a conflict nothing of what others saved survives either. */
  override clear(): void {
    for (const key of Object.keys(this.live)) if (key !== "_permanent") Reflect.deleteProperty(this.live, key);
    keepTextKeys(this.tree);
    this.#clears++;
    this.forced = true;
  }

  /** Becomes an empty new session under a new sid; what the handler holds stays known, wherever it is put next. */
  reset(): void {
    this.empty();
    this.forget();
    this.removed = true;
  }

  /** Becomes a blank new session that a new object shows. */
  restart(): void {
    this.forget(blankTree(this.environment.options.permanent));
    this.hide();
    this.forced = true;
  }

  /** Leaves the record and its sid behind, and what they held where another tree is given. */
  forget(tree: PyDict = this.tree): void {
    this.tree = tree;
    this.base = tree;
    this.format = this.environment.options.defaultFormat;
    this.dangerous = undefined;
    this.gone = false;
    this.stored = false;
    this.changed.clear();
    this.forced = false;
    this.#clearsStored = this.#clears;
    this.renew();
  }

  /** Takes a new sid; the store holds nothing under it, and a cookie with the old one leads nowhere. */
  renew(): void {
    this.withdraw(this.environment.options.cookieName);
    this.held = null;
    this.#sid = undefined;
  }

  /** What the store should hold: the changed keys over what it holds. */
  content({ keys }: Taken): PyDict {
    return this.isCleared || this.base === this.tree ? this.tree : overlay(keys, this.tree, this.base);
  }

  /** Hands the changes to a save; what the handler changes meanwhile gathers anew. */
  take(): Taken {
    const taken = { keys: this.changed, forced: this.forced, clears: this.#clears };
    this.changed = new Set();
    this.forced = false;
    return taken;
  }

  /** The save has failed, or must be tried again: its changes are pending as before. */
  giveBack({ keys, forced }: Taken): void {
    for (const key of keys) this.changed.add(key);
    this.forced ||= forced;
  }

  /** The store holds this now. */
  settle(record: StoredRecord | null, content: PyDict, { clears }: Taken): void {
    this.held = record;
    this.base = content;
    this.#clearsStored = clears;
  }

  /** Every key that this request has ever changed is pending again, over a tree that has none of them. */
  keepOwnChanges(): void {
    this.base = new PyDict();
    for (const key of this.everChanged) this.changed.add(key);
  }

  /** Drops what is pending. @returns its keys */
  drop(): readonly string[] {
    return [...this.take().keys];
  }

  /** Events name the session by a hash; where nobody listens nothing is computed. */
  emit(make: (sidHash: string) => SessionEvent, sid: string = this.sid): void {
    const { emit } = this.environment.options;
    if (emit !== undefined) emit(make(sidHash(sid)));
  }

  /** What the format cannot hold, nor the one in which Flask saves the record next: it would be an error at every request. */
  protected override get rules(): readonly FormatRules[] {
    const { rules } = codecOf(this.format);
    const next = nextFormatOf(this.format, this.environment.options);
    return [rules, ...(next === undefined ? [] : [codecOf(next).nextRules]), ...pythonRules(this)];
  }
}
