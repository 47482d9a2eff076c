/** What one request knows of its session in Flask's own cookie. */

import { PyDict } from "../../values/exact.ts";
import type { FormatRules } from "../../values/format-rules.ts";
import { LiveTree } from "../live-tree.ts";
import type { ResolvedCookieOptions } from "./options.ts";

/** Where a request's session comes from. */
export interface CookieOrigin {
  /** The cookie's value as it came in; absent: there was none. */
  readonly token?: string;
  /** What it holds; absent: a new session. */
  readonly tree?: PyDict | undefined;
}

/** The state that the verbs of a session, and the end of its request, work on. */
export class CookieState extends LiveTree {
  readonly options: ResolvedCookieOptions;
  /** Characters of the cookie's value that the session came in, which the browser keeps; 0 of a new session. */
  readonly broughtLength: number;
  /** No cookie was found that holds a session. */
  isNew: boolean;

  constructor(options: ResolvedCookieOptions, { token = "", tree }: CookieOrigin) {
    super(tree ?? new PyDict(), token !== "");
    this.options = options;
    this.broughtLength = tree === undefined ? 0 : token.length;
    this.isNew = tree === undefined;
  }

  /** Removes every key, `_permanent` too. */
  override clear(): void {
    this.withdraw(this.options.cookieName);
    this.empty();
    this.forced = true;
  }

  /** Is sent anew, with what it holds. */
  renew(): void {
    this.withdraw(this.options.cookieName);
    this.force();
  }

  /** Becomes an empty new session; what the handler sets from now on is sent. */
  reset(): void {
    this.withdraw(this.options.cookieName);
    this.empty();
    this.drop();
    this.isNew = true;
    this.removed = true;
  }

  /** Becomes an empty new session that a new object shows. */
  restart(): void {
    this.withdraw(this.options.cookieName);
    this.tree = new PyDict();
    this.isNew = true;
    this.drop();
    this.hide();
    this.forced = true;
  }

  /** Drops what is pending. @returns its keys */
  drop(): readonly string[] {
    const keys = [...this.changed];
    this.changed.clear();
    this.forced = false;
    return keys;
  }

  protected override get rules(): readonly FormatRules[] {
    return [this.options.codec.rules];
  }
}
