/** What goes wrong between a store and Redis, as errors that show neither keys nor records. */
import { StoreError, StoreUnavailableError } from "../../errors.ts";
import { type DriverError, DriverFailure, driverFailure } from "../driver-failure.ts";

/** A reply starts with its code. Of the rest nothing is shown: an unknown command is answered with its arguments. */
const REPLY = /^(?:ERR unknown command|[A-Z][A-Z0-9]+(?= ))/;

/** Replies of a server that is there and cannot serve now. */
const UNAVAILABLE: ReadonlySet<string> = new Set(["BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "TRYAGAIN"]);

/**
 * The error of a store for what a client threw. What is no reply of the server comes from the connection.
 * @param command its name, without arguments
 */
export function storeError(thrown: unknown, command: string): StoreError {
  const error = thrown as DriverError;
  const reply = REPLY.exec(error.message)?.[0];
  if (reply === undefined) {
    const cause = driverFailure(error, command);
    return new StoreUnavailableError(`Cannot reach Redis: ${cause.message}`, { cause });
  }
  const options = { cause: new DriverFailure(error.name, reply, command) };
  return UNAVAILABLE.has(reply)
    ? new StoreUnavailableError(`Redis cannot serve ${command} now: ${reply}`, options)
    : new StoreError(`Redis refused ${command}: ${reply}`, options);
}

/** Whether a store's error stands for this reply, such as `NOSCRIPT`. */
export function isReply(error: unknown, code: string): boolean {
  return error instanceof StoreError && error.cause instanceof DriverFailure && error.cause.code === code;
}
