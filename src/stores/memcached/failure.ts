/** What goes wrong between a store and memcached, as errors that show neither keys nor records. */
import { FlaskSessionError, RecordTooLargeError, StoreError, StoreUnavailableError } from "../../errors.ts";
import { type DriverError, DriverFailure, driverFailure } from "../driver-failure.ts";

const TOO_LARGE = "SERVER_ERROR object too large for cache";
const TOO_MANY = "ERROR Too many open connections";
/** Answers that are shown whole. Of another only its kind is: a proxy may repeat what it was sent. */
const KNOWN: ReadonlySet<string> = new Set([TOO_LARGE, TOO_MANY, "SERVER_ERROR out of memory storing object"]);
const KIND = /^(?:ERROR|CLIENT_ERROR|SERVER_ERROR)(?= |$)/;

/** What the server refused; its answer is the `code` of the cause. */
export function refusal(status: string, command: string): StoreError {
  const answer = KNOWN.has(status) ? status : KIND.exec(status)?.[0];
  if (answer === undefined) return notMemcached();
  const options = { cause: new DriverFailure("Refusal", answer, command) };
  if (answer === TOO_LARGE) return new RecordTooLargeError("The record is larger than memcached takes", options);
  const message = `memcached refused ${command}: ${answer}`;
  return answer === TOO_MANY ? new StoreUnavailableError(message, options) : new StoreError(message, options);
}

/** Whether a store's error stands for such an answer of the server. */
export function isRefusal(error: unknown, answer: RegExp): boolean {
  return error instanceof StoreError && error.cause instanceof DriverFailure && answer.test(error.cause.code);
}

/** What the socket or a user's client threw: the server could not be asked. An error of ours stays what it is. */
export function unreachable(thrown: unknown, command: string): FlaskSessionError {
  if (thrown instanceof FlaskSessionError) return thrown;
  const cause = driverFailure(thrown as DriverError, command);
  return new StoreUnavailableError(`Cannot reach memcached: ${cause.message}`, { cause });
}

/** The connection ended, without an error or because of somebody else's. */
export function closed(command: string): StoreUnavailableError {
  const cause = new DriverFailure("ConnectionClosed", "", command);
  return new StoreUnavailableError(`Cannot reach memcached: ${cause.message}`, { cause });
}

/** Something answers that is no memcached, or answers another question than was asked. */
export function notMemcached(): StoreError {
  return new StoreError("Cannot use memcached: what answers does not speak its text protocol");
}
