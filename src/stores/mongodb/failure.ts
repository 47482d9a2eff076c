/** What goes wrong between a store and MongoDB, as errors that show neither keys nor records. */
import { FlaskSessionError, StoreError, StoreUnavailableError } from "../../errors.ts";
import { type DriverError, DriverFailure, driverFailure } from "../driver-failure.ts";

/** The codes that a session may meet, by the server's own names, which older servers do not send for all. */
const NAMES: ReadonlyMap<unknown, string> = new Map([
  [11000, "DuplicateKey"],
  [13, "Unauthorized"],
  [18, "AuthenticationFailed"],
  [8000, "AtlasError"],
  [10334, "BSONObjectTooLarge"],
  [50, "MaxTimeMSExpired"],
  [91, "ShutdownInProgress"],
  [112, "WriteConflict"],
  [189, "PrimarySteppedDown"],
  [262, "ExceededTimeLimit"],
  [10107, "NotWritablePrimary"],
  [11600, "InterruptedAtShutdown"],
  [11602, "InterruptedDueToReplStateChange"],
  [13435, "NotPrimaryNoSecondaryOk"],
  [13436, "NotPrimaryOrSecondary"],
]);

/** What a server says that is there and cannot serve now. */
const UNAVAILABLE: ReadonlySet<unknown> = new Set([50, 91, 112, 189, 262, 10107, 11600, 11602, 13435, 13436]);

/** The driver's classes for an answer of the server. */
const ANSWERS: ReadonlySet<string> = new Set(["MongoServerError", "MongoWriteConcernError", "MongoBulkWriteError"]);

/**
 * The error of a store for what the client threw. What is no answer of the server comes from the connection. An error of
 * ours stays what it is.
 * @param command its name, without arguments
 */
export function storeError(thrown: unknown, command: string): FlaskSessionError {
  if (thrown instanceof FlaskSessionError) return thrown;
  const error = thrown as DriverError;
  if (!ANSWERS.has(error.name)) {
    const cause = driverFailure(error, command);
    return new StoreUnavailableError(`Cannot reach MongoDB: ${cause.message}`, { cause });
  }
  const answer = NAMES.get(error.code) ?? `error ${Number(error.code)}`;
  const options = { cause: new DriverFailure(error.name, answer, command) };
  return UNAVAILABLE.has(error.code)
    ? new StoreUnavailableError(`MongoDB cannot serve ${command} now: ${answer}`, options)
    : new StoreError(`MongoDB refused ${command}: ${answer}`, options);
}

/** Whether a store's error stands for a document whose `_id` is taken. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof StoreError && error.cause instanceof DriverFailure && error.cause.code === "DuplicateKey";
}
