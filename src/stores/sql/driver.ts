/** What the store needs of a database driver, whichever it is. */
import type { Dialect } from "./dialect.ts";
import type { Sql } from "./sql-text.ts";

/** A row by the names of its columns; values are as the driver gives them. */
export type Row = Readonly<Record<string, unknown>>;

/** What a statement came to. */
export interface Outcome {
  readonly rows: readonly Row[];
  /** How many rows it inserted, updated or deleted. */
  readonly changed: number;
}

/**
 * Why a statement failed. `duplicate`: it is there already. `busy`: others hold what it needs, and it has left no
 * trace. `unavailable`: the connection or the server. `missing`: there is no such table.
 */
export type Reason = "duplicate" | "busy" | "unavailable" | "missing" | "too large" | "refused";

/** A driver's error, as far as it may be shown. */
export interface Failure {
  readonly reason: Reason;
  /** The database's or the system's code, such as `SQLITE_FULL`, `42501` or `ECONNREFUSED`; empty where there is none. */
  readonly code: string;
}

/** Sends statements, one at a time or side by side. */
export interface Driver {
  readonly dialect: Dialect;
  /** Rejects with what the driver throws, for which {@link Driver.failureOf} has the words. */
  send(statement: Sql): Promise<Outcome>;
  failureOf(thrown: unknown): Failure;
}

/** What the driver's own code says. */
export function codeOf(thrown: unknown): string {
  const { code } = thrown as { readonly code?: unknown };
  return typeof code === "string" ? code : "";
}

/** The number in a column, which drivers give as a number, a bigint, text or bytes; NaN for NULL. */
export function numberIn(value: unknown): number {
  return Number(String(value));
}

/** The text in a column, which drivers give as text or as its UTF-8. */
export function textIn(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString() : String(value);
}

/** The bytes in a column, which drivers give as bytes or, asked so, as hex. */
export function bytesIn(value: unknown): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "hex") : (value as Uint8Array);
}
