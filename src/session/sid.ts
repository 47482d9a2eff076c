/** Session ids: how they are made, signed and read from a cookie. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { BadSignature } from "../errors.ts";
import { Signer } from "../signing/signer.ts";
import { readCookie } from "./cookie.ts";
import type { ResolvedOptions } from "./resolved-options.ts";

/** What every back end can hold as a key with a prefix before it; nothing else reaches one. */
const SID = /^[A-Za-z0-9_-]{1,128}$/;

/** What a Cookie header says of the session. `brought`: there is a session cookie, of whatever worth. */
export interface PresentedSid {
  readonly brought: boolean;
  readonly sid: string | undefined;
}

const NOTHING: PresentedSid = { brought: false, sid: undefined };
const WORTHLESS: PresentedSid = { brought: true, sid: undefined };

/** Reads and writes the value of the session cookie, as Flask-Session 0.8.0's signer does. */
export class SidCookie {
  readonly #options: ResolvedOptions;
  readonly #signer: Signer | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    const { sidSigner, secretKey } = options;
    if (sidSigner !== undefined)
      this.#signer = new Signer({ secretKey: secretKey as string | Uint8Array, ...sidSigner });
  }

  /** A sid for a new session, as the Flask-Session beside us makes it. */
  make(): string {
    return this.#options.newSidKind === "uuid4"
      ? randomUUID()
      : randomBytes(this.#options.sidLengthBytes).toString("base64url");
  }

  /** The cookie's value for a sid. */
  write(sid: string): string {
    return this.#signer === undefined ? sid : this.#signer.sign(sid);
  }

  /** @param cookieHeader the request's Cookie header */
  read(cookieHeader: string | undefined): PresentedSid {
    if (cookieHeader === undefined) return NOTHING;
    const value = readCookie(cookieHeader, this.#options.cookieName, this.#options.duplicateCookies);
    if (value === undefined || value === "") return NOTHING;
    const sid = this.#unsign(value);
    return sid !== undefined && SID.test(sid) ? { brought: true, sid } : WORTHLESS;
  }

  #unsign(value: string): string | undefined {
    if (this.#signer === undefined) return value;
    try {
      return this.#signer.unsign(value);
    } catch (error) {
      if (!(error instanceof BadSignature)) throw error;
      this.#options.emit?.({ type: "signature-refused", reason: "signature" });
      return undefined;
    }
  }
}

/** How events name a session: the same in every process, and no way back to the sid. */
export function sidHash(sid: string): string {
  return createHash("sha256").update(sid).digest("hex").slice(0, 12);
}
