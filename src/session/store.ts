/** A record as a store holds it. */
export interface StoredRecord {
  /** What a codec decodes: nothing of the store's own framing (expiry header, columns). */
  readonly bytes: Uint8Array;
  /** Where the expiry lies beside the record (files); absent where the server keeps it (Redis). */
  readonly expiresAt?: Date;
  /** Names this state of the record. Opaque outside the store that made it; absent where the bytes themselves serve. */
  readonly version?: unknown;
}

/** The outcome of {@link Store.set}: stored, or somebody else was first and this is what is there now (`undefined`: gone). */
export type SetResult =
  | { readonly stored: true }
  | { readonly stored: false; readonly current: StoredRecord | undefined };

/** What {@link Store.get} found, and whether it has moved the expiry. */
export interface Found {
  readonly record: StoredRecord;
  readonly touched: boolean;
}

/**
 * The seam between sessions and a back end: what a request needs. Keys are `storeKey`s (key prefix and sid), instants
 * are absolute. No method retries or sets deadlines: that is the session's work.
 */
export interface Store {
  /** Among whom {@link Store.set} with `expected` is atomic; `"node"`: among Node processes only (files). */
  readonly compareAndSet: "everyone" | "node" | "none";
  /** The format that this back end's Python side always writes, where the configuration has no say (files). */
  readonly format?: "pickle";
  /**
   * @param options.touchUntil where the store can in the same round trip, moves the expiry there.
   * @returns the live record, or `undefined` for none or an expired one.
   * @throws StoreError; DecodeError where what lies there cannot be a record: a link in place of a file, a list in Redis
   */
  get(key: string, options?: { readonly touchUntil?: Date }): Promise<Found | undefined>;
  /**
   * @param expected the record that must still be there; `null`: there must be none; absent: whatever is there is replaced.
   * @throws StoreError
   */
  set(key: string, bytes: Uint8Array, expiresAt: Date, expected?: StoredRecord | null): Promise<SetResult>;
  /** Moves the expiry, nothing else. @returns false: the record is gone. @throws StoreError */
  touch(key: string, expiresAt: Date): Promise<boolean>;
  /** With `expected`: only if it is still that, where the store can. @returns whether it was deleted. @throws StoreError */
  delete(key: string, expected?: StoredRecord): Promise<boolean>;
  /** Opens what the store needs, a connection or a folder, which its first call does otherwise. Tried again after a failure. */
  open?(): Promise<void>;
  /** Closes what the store itself opened, nothing else. */
  close(): Promise<void>;
}

/** A record that a listing met. */
export interface ListedRecord {
  /** How the store finds it again: the key, or the name of a file. */
  readonly ref: string;
  /** The storeKey; absent where names are hashes (files). */
  readonly key?: string;
  readonly record: StoredRecord;
}

/** What {@link InspectableStore.check} found out. */
export interface StoreCheck {
  /** Such as `redis 7.0.15`; absent where the back end has no version. */
  readonly server?: string;
  /** The server's clock at the moment of the check. */
  readonly serverTime?: Date;
  /** What the user of the store may not do, in words; empty: nothing is missing. */
  readonly missingRights: readonly string[];
}

/** What people need of a store: to see what is in it and to tidy up. */
export interface InspectableStore extends Store {
  /** Every record whose key starts with `prefix`, streamed; never blocks the server. @throws StoreError */
  list(prefix: string): AsyncIterable<ListedRecord>;
  /** Deletes only if it is still what was listed. @throws StoreError */
  deleteListed(listed: ListedRecord): Promise<boolean>;
  /** Deletes expired records where the back end does not. @returns how many; 0 where it does. @throws StoreError */
  deleteExpired(options?: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number, total?: number) => void;
  }): Promise<number>;
  /** Reaches the back end and tells what it is. @throws StoreError */
  check(): Promise<StoreCheck>;
}
