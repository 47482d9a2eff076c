/** What goes wrong between a store and DynamoDB, as errors that show neither keys nor records. */
import { StoreError, StoreUnavailableError } from "../../errors.ts";
import { type DriverError, DriverFailure, driverFailure } from "../driver-failure.ts";

/** What the SDK throws for an answer, and, without these, for having none. */
interface SdkError extends DriverError {
  readonly $fault?: "client" | "server";
}

/** Refusals that pass by themselves. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
]);

/** What answers calls its refusal, where that is a name: a proxy may say anything. */
const NAME = /^[A-Za-z]{1,60}$/;

/**
 * The error of a store for what the client threw.
 * @param command its name, without arguments
 */
export function storeError(thrown: unknown, command: string): StoreError {
  const error = thrown as SdkError;
  if (error.$fault === undefined) {
    const cause = driverFailure(error, command);
    return new StoreUnavailableError(`Cannot reach DynamoDB: ${cause.message}`, { cause });
  }
  const refusal = NAME.test(error.name) ? error.name : "an error";
  const options = { cause: new DriverFailure("Refusal", refusal, command) };
  return error.$fault === "server" || UNAVAILABLE.has(refusal)
    ? new StoreUnavailableError(`DynamoDB cannot serve ${command} now: ${refusal}`, options)
    : new StoreError(`DynamoDB refused ${command}: ${refusal}`, options);
}

/** Whether a store's error stands for this refusal, such as `ConditionalCheckFailedException`. */
export function isRefusal(error: unknown, name: string): boolean {
  return error instanceof StoreError && error.cause instanceof DriverFailure && error.cause.code === name;
}
