/** What goes wrong between a store and a database, as errors that show neither keys nor records nor passwords. */
import {
  ConfigError,
  type FlaskSessionError,
  RecordTooLargeError,
  StoreError,
  StoreUnavailableError,
} from "../../errors.ts";
import { type DriverError, DriverFailure } from "../driver-failure.ts";
import type { Failure, Reason } from "./driver.ts";

/** What failed. */
interface Failed {
  /** The database, as messages call it. */
  readonly database: string;
  /** The table, as the configuration names it. */
  readonly table: string;
  /** The first word of the statement. */
  readonly command: string;
}

type MakeError = (failed: Failed, cause: DriverFailure) => FlaskSessionError;

const refused: MakeError = ({ database, command }, cause) =>
  new StoreError(`${database} refused ${command}: ${cause.code}`, { cause });

const ERRORS: Readonly<Record<Reason, MakeError>> = {
  duplicate: refused,
  refused,
  busy: ({ database, command }, cause) =>
    new StoreUnavailableError(`${database} cannot serve ${command} now: ${cause.code}`, { cause }),
  unavailable: ({ database }, cause) =>
    new StoreUnavailableError(`Cannot reach ${database}: ${cause.message}`, { cause }),
  missing: ({ database, table }, cause) =>
    new ConfigError(
      `There is no table ${JSON.stringify(table)} in ${database}: start Flask first, which makes it, or give the option create: true`,
      { cause },
    ),
  "too large": ({ database, command }, cause) =>
    new RecordTooLargeError(`The record is larger than ${database} takes: ${cause.code} in ${command}`, { cause }),
};

/** The error of a store for what a driver threw. Drivers keep the statement and its values; none of that is taken over. */
export function sqlError(thrown: unknown, { reason, code }: Failure, failed: Failed): FlaskSessionError {
  return ERRORS[reason](failed, new DriverFailure((thrown as DriverError).name, code, failed.command));
}
